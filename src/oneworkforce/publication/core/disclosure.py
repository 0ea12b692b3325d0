"""Disclosure control: the one door through which a figure leaves.

`release` hides small counts, hides figures of too few partners, rounds, and hides whatever else would give a hidden figure
away. What is promised of every hidden figure, and the limits of the promise, are in docs/explanation/disclosure.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oneworkforce.errors import Invalid
from oneworkforce.publication.core.cube import Cube, lay_out
from oneworkforce.publication.core.profiles import Profile
from oneworkforce.publication.core.provenance import Provenance
from oneworkforce.publication.core.released import _TOKEN, Released
from oneworkforce.publication.core.tables import TOTAL, Code, Dimension, Measure, Status

__all__ = ["TOTAL", "Code", "Dimension", "Measure", "Released", "Request", "Status", "release", "release_together"]

Floats = NDArray[np.float64]
Statuses = NDArray[np.int8]

_STATUS_CODES = pl.Series([status.code for status in Status], dtype=pl.Enum([status.code for status in Status]))
_HIDDEN = [status for status in Status if status.hidden]


@dataclass(frozen=True, eq=False)
class Request:
    """A table that asks to be released; the fields are the parameters of `release`."""

    table: pl.DataFrame
    name: str
    title: str
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    profile: Profile
    provenance: Provenance
    totals: bool = True
    contributors: str | None = None


@dataclass(frozen=True)
class _Cells:
    """One measure of the cube as a reader sees it: `shown` is NaN wherever nothing is shown."""

    shown: Floats
    status: Statuses

    @property
    def hidden(self) -> NDArray[np.bool_]:
        return _among(self.status, *_HIDDEN)

    @property
    def zero(self) -> NDArray[np.bool_]:
        zero: NDArray[np.bool_] = (self.shown == 0) & (self.status == Status.SHOWN)
        return zero


def _among(status: Statuses, *wanted: Status) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.isin(status, wanted)
    return found


def release(
    table: pl.DataFrame,
    *,
    name: str,
    title: str,
    dimensions: tuple[Dimension, ...],
    measures: tuple[Measure, ...],
    profile: Profile,
    provenance: Provenance,
    totals: bool = True,
    contributors: str | None = None,
) -> Released:
    """The table may be shown: no hidden figure is in it, and none can be worked out from it.

    Parameters:
        table: a row a cell, or several rows a cell (they are added up); a column for each dimension (text, or dates) and for each
            measure but rates. A row whose code is `TOTAL` is a total given (a count of distinct people does not add up).
        dimensions: at most three with a total; those without (months) are taken one by one.
        contributors: the column with the partner's code (the table then has a row for each cell and partner, the better way), or
            with the number of partners; None where the figures are one partner's own, or no partner's.

    Returns: a row for every combination of codes, totals included where `totals`; absent combinations are zero.

    Raises: Invalid where the table lacks a column, a count is negative, or more than three dimensions have totals.

    >>> from oneworkforce.publication.core.profiles import profile
    >>> people = pl.DataFrame({"role": ["nurse", "nurse", "porter"], "sector": ["a", "b", "a"], "people": [12, 3, 41]})
    >>> role, sector = Dimension("role", "Job role"), Dimension("sector", "Sector")
    >>> made = Provenance("an example", (), (), "0.1.0", ())
    >>> shown = release(people, name="people", title="People", dimensions=(role, sector), measures=(Measure("people", "People"),),
    ...                 profile=profile("partner"), provenance=made)
    >>> for line in shown.where(role="nurse").lines(): print(line)
    ('nurse', 'a', '10')
    ('nurse', 'b', 'fewer than 5')
    ('nurse', 'All', '15')
    """
    return _release(Request(table, name, title, dimensions, measures, profile, provenance, totals, contributors))


def release_together(requests: Sequence[Request]) -> tuple[Released, ...]:
    """Tables of the same people are released so that a cell they share is hidden in all of them or in none.

    Cells are the same where their codes are, and the dimensions that only one of the tables has are at their totals. A cell hidden
    in one to protect another is hidden, and protected, in the others; this is repeated until nothing changes. Give coarse tables first:
    later ones fall in with them.
    """
    works, released = list[_Work](), list[Released]()
    for request in requests:  # what an earlier table hides, a later one takes over instead of choosing for itself
        work = _begun(request)
        hidden, behind = _asked_of(_finished(work), _hidden_together(released)) if released else ({}, frozenset())
        works.append(_again(work, hidden, behind) if behind else work)
        released.append(_finished(works[-1]))
    while True:
        together = _hidden_together(released)
        asked = [_asked_of(table, together) for table in released]
        if not any(behind for _, behind in asked):
            return tuple(released)
        works = [_again(work, hidden, behind) if behind else work for work, (hidden, behind) in zip(works, asked, strict=True)]
        released = [_finished(work) if behind else table for work, (_, behind), table in zip(works, asked, released, strict=True)]


_CELL = "_cell"


def _hidden_together(tables: Sequence[Released]) -> pl.DataFrame:
    """Every cell that any of the tables hides to protect another cell.

    Axes: [cell] × `_cell` (what the cell is, whatever table it stands in) and a column for each measure, true where it is hidden.
    """
    hidden = []
    for table in tables:
        flags = [(pl.col(f"{each.name}_status") == Status.HIDDEN_SECONDARY.code).alias(repr(each)) for each in table.measures]
        marked = table.table.select(_cell(table), *flags)
        hidden.append(marked.filter(pl.any_horizontal(pl.exclude(_CELL))) if flags else marked.clear())
    return pl.concat(hidden, how="diagonal").group_by(_CELL).agg(pl.all().any())


def _asked_of(table: Released, together: pl.DataFrame) -> tuple[dict[str, pl.DataFrame], frozenset[str]]:
    """By measure, every cell that this table must hide because one of the tables does; and the measures that do not hide them all yet."""
    measures = [each for each in table.measures if repr(each) in together.columns]
    if not measures or not len(table):
        return {}, frozenset()
    says_little = [Status.HIDDEN_SECONDARY.code, Status.HIDDEN_CONTRIBUTORS.code, Status.MISSING.code]
    cells = table.table.with_columns(_cell(table)).join(together, on=_CELL, how="left", maintain_order="left")
    asked = {each.name: cells[repr(each)].fill_null(False) for each in measures}
    behind = frozenset(name for name, hidden in asked.items() if (hidden & ~cells[f"{name}_status"].is_in(says_little)).any())
    if not behind:
        return {}, behind
    names = [dimension.name for dimension in table.dimensions]
    return {name: cells.filter(hidden).select(names) for name, hidden in asked.items() if hidden.any()}, behind


def _cell(table: Released) -> pl.Expr:
    """What each cell is, as a number: its codes and their dimensions, those at their totals left out. Cells that are the same are equal."""
    whole = pl.lit(0, dtype=pl.UInt64)
    for dimension in table.dimensions:
        code = pl.col(dimension.name).cast(pl.String).fill_null("")
        named = pl.concat_str(pl.lit(f"{dimension.name}="), code).hash()
        whole = whole ^ (named if dimension.total is None else pl.when(code == TOTAL).then(pl.lit(0, dtype=pl.UInt64)).otherwise(named))
    return whole.alias(_CELL)


@dataclass(frozen=True, eq=False)
class _Work:
    """A table on its way: laid out, and each measure as a reader would see it so far."""

    request: Request
    cube: Cube
    cells: dict[str, _Cells]


def _release(request: Request) -> Released:
    return _finished(_begun(request))


def _begun(request: Request) -> _Work:
    cube = lay_out(request.table, request.dimensions, request.measures, request.contributors, request.totals)
    return _again(_Work(request, cube, {}), {}, frozenset(measure.name for measure in request.measures))


def _again(work: _Work, hidden: Mapping[str, pl.DataFrame], behind: frozenset[str]) -> _Work:
    """These measures, and those that need them, hide what the other tables hide as well."""
    cells, changed = dict(work.cells), set(behind)
    for measure in _in_order(work.request.measures):
        if measure.name not in changed and changed.isdisjoint(measure.needs):
            continue
        changed.add(measure.name)
        if measure.kind == "rate":
            cells[measure.name] = _rate(measure, cells)
        else:
            cells[measure.name] = _released(work.cube, measure, work.request.profile, cells, hidden.get(measure.name))
    return _Work(work.request, work.cube, cells)


def _finished(work: _Work) -> Released:
    request = work.request
    columns = work.cube.columns(request.dimensions)
    for measure in request.measures:
        columns |= _as_columns(work.cube, measure, work.cells[measure.name], request.dimensions)
    table = pl.DataFrame(columns)
    return Released(request.name, request.title, request.dimensions, request.measures, request.profile, request.provenance, table, _TOKEN)


def _in_order(measures: tuple[Measure, ...]) -> list[Measure]:
    """Each measure after those that it needs."""
    left, done = list(measures), list[Measure]()
    while left:
        ready = [measure for measure in left if set(measure.needs) <= {other.name for other in done}]
        if not ready:
            raise Invalid(f"The measures {', '.join(measure.name for measure in left)} need measures that are not in the table.")
        done += ready
        left = [measure for measure in left if measure not in ready]
    return done


def _as_columns(cube: Cube, measure: Measure, cells: _Cells, order: tuple[Dimension, ...]) -> dict[str, pl.Series]:
    value = pl.Series(measure.name, cube.flat(cells.shown, order), dtype=pl.Float64).fill_nan(None)
    value = value.cast(pl.Int64) if measure.kind == "count" else value
    status = _STATUS_CODES.gather(cube.flat(cells.status, order))
    return {measure.name: value, f"{measure.name}_status": status.alias(f"{measure.name}_status")}


def _released(cube: Cube, measure: Measure, profile: Profile, cells: dict[str, _Cells], elsewhere: pl.DataFrame | None) -> _Cells:
    """One measure that is not a rate: hidden where it must be, rounded elsewhere."""
    value = cube.values[measure.name]
    if measure.kind == "count" and (value < 0).any():
        raise Invalid(f"The count {measure.name} is negative somewhere; a difference is a measure of kind amount.")
    parent = cells[measure.of] if measure.of else None
    status = _first_hidden(cube, measure, profile, parent)
    if elsewhere is not None and not profile.hides_nothing:
        unless = _among(status, Status.MISSING, Status.HIDDEN_CONTRIBUTORS)
        status[cube.marked(elsewhere) & ~unless] = Status.HIDDEN_SECONDARY
    shown, low, high = _rounded(value, measure, profile)
    if not profile.hides_nothing and measure.additive:
        from oneworkforce.publication.core import needs  # compiled code, loaded only where something may be hidden

        added = needs.secondary(cube, measure, profile, status, parent.zero if parent else None, low, high)
        status[added & (status != Status.HIDDEN_CONTRIBUTORS)] = Status.HIDDEN_SECONDARY
    shown[_among(status, *_HIDDEN, Status.MISSING)] = np.nan
    return _Cells(shown, status)


def _first_hidden(cube: Cube, measure: Measure, profile: Profile, parent: _Cells | None) -> Statuses:
    """The status of every cell from the cell itself and the people behind it."""
    value = cube.values[measure.name]
    status = np.full(value.shape, Status.SHOWN if profile.rounding == 1 else Status.ROUNDED, dtype=np.int8)
    status[value == 0] = Status.SHOWN
    if parent is not None:
        status = np.where(parent.hidden, parent.status, status).astype(np.int8)
        if measure.kind in ("count", "amount", "estimate"):
            status[status == Status.HIDDEN_SMALL] = Status.HIDDEN_SECONDARY
    if cube.contributors is not None:
        few = (cube.contributors > 0) & (cube.contributors < profile.minimum_contributors)
        status[few & (status != Status.HIDDEN_SMALL)] = Status.HIDDEN_CONTRIBUTORS
    if profile.contributors_attack and measure.name in cube.rest:  # whoever has most of a cell knows its own part, and so the rest
        rest = cube.rest[measure.name]
        status[(rest > 0) & (rest < profile.threshold) & (status != Status.HIDDEN_SMALL)] = Status.HIDDEN_CONTRIBUTORS
    if measure.kind == "count":
        status[(value < profile.threshold) & (value > 0)] = Status.HIDDEN_SMALL
        if not profile.zeros_shown:
            status[value == 0] = Status.HIDDEN_SMALL
    status[np.isnan(value)] = Status.MISSING
    return status


def _rounded(value: Floats, measure: Measure, profile: Profile) -> tuple[Floats, Floats, Floats]:
    """What would be shown, and the least and most that it can stand for."""
    if measure.kind == "count":
        shown = np.floor(value / profile.rounding + 0.5) * profile.rounding
        low, high = np.ceil(shown - profile.rounding / 2), np.ceil(shown + profile.rounding / 2) - 1
        low = np.where(value > 0, np.maximum(low, max(profile.threshold, 1)), 0.0)
        return shown, np.minimum(low, value), np.where(value > 0, np.maximum(high, value), 0.0)
    if profile.hides_nothing:
        return value.copy(), value, value
    base = float(profile.rounding) if profile.rounding > 1 else 10.0**-profile.decimals
    shown = np.floor(value / base + 0.5) * base
    least = np.where(value < 0, -np.inf, 0.0)
    low, high = np.maximum(shown - base / 2, least), shown + base / 2
    return np.round(shown, profile.decimals), np.minimum(low, value), np.maximum(high, value)


def _rate(measure: Measure, cells: dict[str, _Cells]) -> _Cells:
    """A rate from what is shown of its parts, so that it says no more than they do."""
    above, below = cells[str(measure.numerator)], cells[str(measure.denominator)]
    shown = np.full(above.shown.shape, np.nan)
    possible = ~np.isnan(above.shown) & ~np.isnan(below.shown) & (below.shown != 0)
    np.divide(above.shown * measure.scale, below.shown, out=shown, where=possible)
    status = np.where(possible, Status.SHOWN, Status.MISSING).astype(np.int8)
    status[(above.status == Status.ROUNDED) & possible] = Status.ROUNDED
    for part in (below, above):
        status = np.where(part.hidden, part.status, status).astype(np.int8)
    shown = np.round(shown, measure.decimals + 1)
    return _Cells(shown, status)
