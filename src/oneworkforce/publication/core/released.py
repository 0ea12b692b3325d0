"""The noun that every figure leaves in: a table that has been through disclosure control."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from oneworkforce.publication.core.profiles import Profile
from oneworkforce.publication.core.provenance import Provenance
from oneworkforce.publication.core.tables import TOTAL, Code, Dimension, Measure, Status

_BY_CODE = {status.code: status for status in Status}


@dataclass(frozen=True)
class Column:
    """A column as a page shows it."""

    name: str
    heading: str
    numeric: bool


@dataclass(frozen=True)
class Cell:
    """A cell as a page shows it; `reason` says why, where the figure is withheld."""

    text: str
    withheld: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """A row as a page shows it; `total` where all that it is divided by is at its total."""

    cells: tuple[Cell, ...]
    total: bool


class _Token:
    """Held by `disclosure.release` alone."""


_TOKEN = _Token()


@dataclass(frozen=True, eq=False)
class Released:
    """A table that may be shown: every hidden figure is gone from it, not merely covered.

    Only `oneworkforce.publication.core.disclosure.release` makes one; `where` and `only` choose among its cells.

    Parameters:
        name: short, for the name of a file ("people-by-role").
        title: a sentence fragment for headings ("People by job role and sector").
        dimensions, measures: what its rows and columns are.
        profile: the rules it was released under.
        provenance: where it comes from.

    >>> Released("x", "X", (), (), None, None, None, None)
    Traceback (most recent call last):
    TypeError: A Released table comes from disclosure.release, and from nowhere else.
    """

    name: str
    title: str
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    profile: Profile
    provenance: Provenance
    _table: pl.DataFrame
    _token: _Token | None

    def __post_init__(self) -> None:
        if not isinstance(self._token, _Token):
            raise TypeError("A Released table comes from disclosure.release, and from nowhere else.")

    @property
    def table(self) -> pl.DataFrame:
        """A copy: the dimensions' codes, then for each measure its value (null where not shown) and `<measure>_status`."""
        return self._table.clone()

    def __len__(self) -> int:
        return self._table.height

    def dimension(self, name: str) -> Dimension:
        """The dimension of that name; raises KeyError."""
        return {dimension.name: dimension for dimension in self.dimensions}[name]

    def measure(self, name: str) -> Measure:
        """The measure of that name; raises KeyError."""
        return {measure.name: measure for measure in self.measures}[name]

    def codes(self, dimension: str) -> tuple[Code, ...]:
        """The codes of a dimension in the order of the rows."""
        return tuple(self._table[dimension].unique(maintain_order=True))

    def where(self, **chosen: Code | Collection[Code]) -> Released:
        """The rows with those codes. Nothing is worked out anew, so choosing gives nothing away."""
        kept = self._table
        for name, codes in chosen.items():
            self.dimension(name)
            wanted = [codes] if isinstance(codes, str | date) else list(codes)
            kept = kept.filter(pl.col(name).is_in(wanted))
        return replace(self, _table=kept)

    def only(self, *measures: str) -> Released:
        """The same rows with those measures, in that order."""
        kept = tuple(self.measure(name) for name in measures)
        columns = [dimension.name for dimension in self.dimensions]
        columns += [column for measure in kept for column in (measure.name, f"{measure.name}_status")]
        return replace(self, measures=kept, _table=self._table.select(columns))

    def titled(self, title: str) -> Released:
        """The same table under another title."""
        return replace(self, title=title)

    def value(self, measure: str, **chosen: Code) -> float | None:
        """The figure of one cell; None where it is not shown. Raises KeyError unless exactly one row is meant."""
        rows = self.where(**chosen)
        if len(rows) != 1:
            raise KeyError(f"{chosen} means {len(rows)} rows of {self.name}, not one.")
        number = rows._table[measure][0]
        return None if number is None else float(number)

    def statuses(self, measure: str) -> list[Status]:
        """What each row says of a measure."""
        return [_BY_CODE[code] for code in self._table[f"{measure}_status"]]

    def texts(self, measure: str) -> list[str]:
        """What a person reads in each row: "1,240", "fewer than 5", "hidden", "not known"."""
        shown = self.measure(measure)
        return [self._text(shown, number, status) for number, status in zip(self._table[measure], self.statuses(measure), strict=True)]

    def _text(self, measure: Measure, number: float | None, status: Status) -> str:
        if status is Status.MISSING or (number is None and not status.hidden):
            return "not known"
        if status is Status.HIDDEN_SMALL and measure.kind == "count":
            return self.profile.small_words
        if number is None:
            return "hidden"
        return words_of(number, measure, self.profile)

    def labels(self, dimension: str) -> list[str]:
        """What a person reads in each row of a dimension."""
        named = self.dimension(dimension)
        return [named.text(code) for code in self._table[dimension]]

    @property
    def headings(self) -> tuple[str, ...]:
        """The heading of every column that a person reads."""
        return (*(dimension.label for dimension in self.dimensions), *(measure.heading for measure in self.measures))

    def lines(self) -> Iterator[tuple[str, ...]]:
        """Every row as a person reads it, under `headings`."""
        columns = [self.labels(dimension.name) for dimension in self.dimensions]
        columns += [self.texts(measure.name) for measure in self.measures]
        return zip(*columns, strict=True)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns as a page shows them."""
        divided = (Column(dimension.name, dimension.label, False) for dimension in self.dimensions)
        return (*divided, *(Column(measure.name, measure.heading, True) for measure in self.measures))

    def cells(self, most: int | None = None) -> Iterator[Row]:
        """The first rows as a page shows them; None: all."""
        top = self if most is None or most >= len(self) else replace(self, _table=self._table.head(most))
        measured = [zip(top.texts(measure.name), top.statuses(measure.name), strict=True) for measure in self.measures]
        labels = list(zip(*(top.labels(dimension.name) for dimension in self.dimensions), strict=True)) or [()] * len(top)
        summed = [dimension.name for dimension in self.dimensions if dimension.total is not None]
        codes = top._table.select(summed).rows() if summed else [()] * len(top)
        for named, own, figures in zip(labels, codes, zip(*measured, strict=True), strict=True):
            shown = (Cell(text, text == "not known" or status.hidden, status.reason if status.hidden else "") for text, status in figures)
            yield Row((*(Cell(label) for label in named), *shown), bool(own) and all(code == TOTAL for code in own))

    @property
    def hidden(self) -> dict[Status, int]:
        """How many figures are hidden, by reason."""
        found = [status for measure in self.measures for status in self.statuses(measure.name) if status.hidden]
        return {status: found.count(status) for status in Status if status in found}

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of hidden and rounded figures, a sentence each."""
        lines = [self.profile.words]
        lines += [f"{_cells(number)}: {status.reason[0].lower()}{status.reason[1:]}" for status, number in self.hidden.items()]
        if self.profile.rounding > 1 and any(measure.kind == "rate" for measure in self.measures):
            lines.append("Rates are worked out from the rounded figures.")
        return tuple(lines)


def words_of(number: float, measure: Measure, profile: Profile) -> str:
    """A figure as one would write it: thousands parted, no more decimals than it has been released with.

    >>> from oneworkforce.publication.core.profiles import profile
    >>> words_of(1240.0, Measure("people", "People"), profile("public"))
    '1,240'
    """
    if measure.kind == "rate":
        return f"{number:,.{measure.decimals}f}{'%' if measure.unit == '%' else ''}"
    whole = measure.kind == "count" or profile.rounding > 1
    return f"{number:,.0f}" if whole else f"{number:,.{min(profile.decimals, 1)}f}"


def _cells(number: int) -> str:
    return f"{number:,} {'figure' if number == 1 else 'figures'}"
