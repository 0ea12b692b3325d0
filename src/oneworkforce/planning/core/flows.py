"""Every flow of a run as a table, added up to the reported axes; they balance with the table `stock`."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from oneworkforce.planning.core.engine import Run
from oneworkforce.planning.core.engine.paths import entries
from oneworkforce.planning.core.model import Floats, Integers

_ENDS = ("role", "organisation", "age_band", "group")


def flows(found: Run) -> pl.DataFrame:
    """`period, kind, from_role, to_role, …, reason, source, headcount`: who left, moved, aged and joined in each period.

    Axes: one row a period (from 1), kind, from and to along each reported axis, and reason or source. For every row of
    the stock: start − leave − moves and ageing out + moves and ageing in + joiners = end. A simulation adds `mean`, the
    mean over its runs.
    """
    model, path = found.structure.model, found.expected
    kinds: list[tuple[str, Any, Any, str, Any, Any]] = [
        ("leave", model.leaving.cell, None, "reason", _named(model.leaving.reasons, model.leaving.reason), _leaving(found)),
        ("move", model.moves.from_cell, model.moves.to_cell, "", None, _moving(found)),
    ]
    ageing = np.flatnonzero((model.ageing.next_cell >= 0) & (model.ageing.share > 0))
    if "age_band" in model.report and ageing.size:
        kinds.append(("age", ageing, model.ageing.next_cell[ageing], "", None, _age(found, ageing)))
    cells, sources, weight = _joining_entries(found)
    several = [path.joins[:, cells] * weight]
    if found.counted is not None:
        several.append(found.counted.join[:, cells] * weight)
    kinds.append(("join", None, cells, "source", sources, np.array(several)))
    tables = [_table(found, *kind) for kind in kinds if kind[5].shape[-1]]
    ends = [f"{end}_{axis}" for axis in _ENDS if axis in model.report for end in ("from", "to")]
    order = ["period", "kind", *ends, "reason", "source"]
    values = ["headcount"] + (["mean"] if found.counted is not None else [])
    schema = {"period": pl.Int64, "kind": pl.String} | dict.fromkeys(order[2:], pl.String) | dict.fromkeys(values, pl.Float64)
    joined = (
        pl.concat([table.select(pl.col(name).cast(kind) for name, kind in schema.items()) for table in tables])
        if tables
        else pl.DataFrame(schema=schema)
    )
    return (
        joined.group_by(order, maintain_order=True)
        .agg(pl.col(values).sum())
        .filter(pl.any_horizontal(pl.col(values) != 0))
        .sort("period", maintain_order=True)
    )


def _named(names: tuple[str, ...], index: Integers) -> Any:
    return np.array(names, dtype=object)[index]


def _leaving(found: Run) -> Floats:
    """People who left, [path or mean, t, entry]: the opening stock of the period times the probability."""
    model = found.structure.model
    chance = entries(found.structure.leave_order, found.expected.leave)
    several = [found.expected.stock[:-1, model.leaving.cell] * chance]
    if found.counted is not None:
        several.append(entries(found.structure.leave_order, found.counted.leave))
    return np.array(several)


def _moving(found: Run) -> Floats:
    model = found.structure.model
    chance = entries(found.structure.move_order, found.expected.move)
    several = [found.expected.stock[:-1, model.moves.from_cell] * chance]
    if found.counted is not None:
        several.append(entries(found.structure.move_order, found.counted.move))
    return np.array(several)


def _age(found: Run, ageing: Integers) -> Floats:
    """People who aged, [path or mean, t, cell]: the share of those there after leaving and moving."""
    model = found.structure.model
    before = found.expected.stock[:-1]
    middle = before * found.expected.stay
    chance = entries(found.structure.move_order, found.expected.move)
    np.add.at(middle.T, model.moves.to_cell, (before[:, model.moves.from_cell] * chance).T)
    several = [middle[:, ageing] * model.ageing.share[ageing]]
    if found.counted is not None:
        several.append(found.counted.age[:, ageing])
    return np.array(several)


def _joining_entries(found: Run) -> tuple[Integers, Any, Floats]:
    """Cells that recruits join, their source, and each source's part of the cell's recruits [t, entry]."""
    model, joining = found.structure.model, found.structure.model.joining
    periods = model.calendar.periods
    if joining.rule == "fill" or not joining.cell.size:
        cells = np.flatnonzero(found.expected.joins.any(axis=0))
        return cells, np.full(cells.size, "", dtype=object), np.ones((periods, cells.size))
    given = np.ones(joining.cell.size) if joining.shared else model.assumptions.central[joining.assumption]
    part = np.tile(given * joining.weight, (periods, 1))
    when = np.arange(1, periods + 1)[:, None]
    part[(joining.period != 0) & (joining.period != when)] = 0.0
    whole = np.zeros((periods, model.axes.cells))
    np.add.at(whole.T, joining.cell, part.T)
    total = whole[:, joining.cell]
    weight = np.divide(part, total, out=np.zeros_like(part), where=total > 0)
    return joining.cell, _named(joining.sources, joining.source), weight


def _table(found: Run, kind: str, start: Integers | None, end: Integers | None, what: str, names: Any, number: Floats) -> pl.DataFrame:
    """One kind of flow, long. Axes: start and end cell [entry], number[path or mean, t, entry]."""
    model = found.structure.model
    periods = number.shape[1]
    along = model.axes.positions()
    columns: dict[str, Any] = {"period": np.repeat(np.arange(1, periods + 1), number.shape[2]), "headcount": number[0].ravel()}
    if number.shape[0] > 1:
        columns["mean"] = number[1].ravel()
    for axis in _ENDS:
        codes = np.array(model.axes.codes(axis), dtype=object)
        for side, cells in (("from", start), ("to", end)):
            columns[f"{side}_{axis}"] = None if cells is None else list(codes[along[axis][cells]]) * periods
    for label in ("reason", "source"):
        columns[label] = [name or None for name in names] * periods if label == what else None
    return pl.DataFrame(
        columns, schema_overrides={name: pl.String for name in columns if name not in ("period", "headcount", "mean")}
    ).with_columns(pl.lit(kind).alias("kind"))
