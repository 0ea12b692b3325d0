"""What a run gives: tables `stock`, `flows`, `totals` and the gaps, with where they come from. A published schema.

| table | one row a |
| --- | --- |
| stock | period (0 is the opening) and code of each reported axis |
| flows | period, kind (leave, move, age, join), from, to, and reason or source |
| totals | period |
| gap | period and position of demand; gap_by_role, gap_by_organisation and gap_total add positions up |
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from oneworkforce.errors import Invalid
from oneworkforce.planning.core.engine import Run, ensemble, expected, simulate
from oneworkforce.planning.core.engine.simulation import Progress, silent
from oneworkforce.planning.core.flows import flows
from oneworkforce.planning.core.folder import read_folder
from oneworkforce.planning.core.model import AXES, Model

ENGINES = ("expected", "ensemble", "simulate")
FAN = ("p05", "p25", "p50", "p75", "p95")


@dataclass(frozen=True, eq=False)
class Result:
    """A run's tables, and what they are made of. `provenance` holds no clock: the same run gives the same result.

    Axes: tables by name, each long; `axes` the codes along each axis, `period` by its label from the opening.
    """

    tables: Mapping[str, pl.DataFrame]
    axes: Mapping[str, tuple[str, ...]]
    provenance: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    paths: Any = field(default=None, repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of every table's content; two runs of the same model, engine, draws and seed have the same."""
        content = hashlib.sha256()
        for name, table in self.tables.items():
            content.update(name.encode() + b"\n" + table.write_csv().encode())
        return content.hexdigest()

    def as_data(self) -> dict[str, Any]:
        """The result as plain values: provenance, axes, notes, and each table as a list of rows."""
        head = {"provenance": {**self.provenance, "digest": self.digest}, "axes": {axis: list(codes) for axis, codes in self.axes.items()}}
        return {**head, "notes": list(self.notes), **{name: table.to_dicts() for name, table in self.tables.items()}}

    def as_json(self) -> str:
        """The result as one JSON object."""
        return json.dumps(self.as_data(), ensure_ascii=False)

    def write(self, folder: Path) -> tuple[Path, ...]:
        """Every table is in the folder as Parquet and CSV, with provenance.json beside them; returns what was written."""
        folder.mkdir(parents=True, exist_ok=True)
        written = [folder / "provenance.json"]
        head = {key: value for key, value in self.as_data().items() if key in ("provenance", "axes", "notes")}
        written[0].write_text(json.dumps(head, indent=2, ensure_ascii=False) + "\n", "utf-8")
        for name, table in self.tables.items():
            written += [folder / f"{name}.parquet", folder / f"{name}.csv"]
            table.write_parquet(written[-2])
            table.write_csv(written[-1])
        return tuple(written)


def run(
    model: Model | Path,
    engine: str = "expected",
    draws: int | None = None,
    seed: int | None = None,
    *,
    threads: int | None = None,
    progress: Progress = silent,
) -> Result:
    """The result of running a model (or the folder that holds it); raises Invalid where either cannot be used.

    Parameters: engine (expected, ensemble or simulate); draws and seed (the model's own where not given).
    """
    if engine not in ENGINES:
        raise Invalid(f"There is no engine {engine}. There are: {', '.join(ENGINES)}.")
    known = model if isinstance(model, Model) else read_folder(model)
    number, luck = draws or known.draws, known.seed if seed is None else seed
    if not 1 <= number <= 1_000_000 or not 0 <= luck < 2**63:
        raise Invalid("Give between 1 and 1,000,000 draws, and a seed of 0 or more.")
    if engine == "expected":
        return result(expected(known))
    if engine == "ensemble":
        return result(ensemble(known, number, luck, threads=threads, progress=progress))
    return result(simulate(known, number, luck, progress=progress))


def result(found: Run) -> Result:
    """A run's findings as tables."""
    model = found.structure.model
    tables = {"stock": _stock(found), "flows": flows(found), "totals": _totals(found)}
    for name in dict.fromkeys(table for table, _ in found.structure.rows if table.startswith("gap")):
        tables[name] = _gap(found, name)
    used = {axis: model.axes.codes(axis) for axis in model.axes.used}
    return Result(tables, {"period": model.calendar.labels, **used}, _provenance(found), (*model.notes, *found.notes), found.paths)


def _provenance(found: Run) -> dict[str, Any]:
    model = found.structure.model
    random = {"draws": found.draws, "seed": found.seed} if found.engine != "expected" else {}
    return {
        "model": model.name,
        "engine": found.engine,
        **random,
        "first_period": model.calendar.first.isoformat(),
        "period": model.calendar.period,
        "periods": model.calendar.periods,
        "tolerance": model.tolerance,
        "inputs": dict(model.inputs),
        "sources": list(model.sources),
        "code_version": code_version(),
    }


def code_version() -> str:
    """The version of this package, "not installed" where it is run from a folder."""
    try:
        return version("oneworkforce")
    except PackageNotFoundError:
        return "not installed"


def _columns(found: Run, table: str) -> tuple[list[int], int]:
    """The aggregates that make a table, and how many periods there are with the opening."""
    chosen = [index for index, (name, _) in enumerate(found.structure.rows) if name == table]
    return chosen, found.expected.stock.shape[0]


def _labelled(found: Run, chosen: list[int], periods: int, axes: tuple[str, ...]) -> dict[str, Any]:
    """Period and codes of every row, periods outermost."""
    rows = [found.structure.rows[index][1] for index in chosen]
    columns: dict[str, Any] = {"period": np.repeat(np.arange(periods), len(chosen))}
    for place, axis in enumerate(axes):
        columns[axis] = [row[place] for row in rows] * periods
    return columns


def _spread(found: Run, chosen: list[int]) -> dict[str, Any]:
    """Mean, spread (and its two parts) and quantiles of these aggregates; nothing for the expected run."""
    if found.mean is None or found.sd is None or found.process_sd is None or found.parameter_sd is None or found.quantiles is None:
        return {}
    columns = {"mean": found.mean[:, chosen].ravel(), "sd": found.sd[:, chosen].ravel()}
    if found.engine == "ensemble":
        columns |= {"sd_process": found.process_sd[:, chosen].ravel(), "sd_parameters": found.parameter_sd[:, chosen].ravel()}
    return columns | {name: found.quantiles[:, chosen, place].ravel() for place, name in enumerate(FAN)}


def _fte(found: Run, chosen: list[int]) -> Any:
    """Full-time equivalents on the expected path of these aggregates of people; [t × a]."""
    reported, fte = found.structure.reported, found.structure.arrays.fte
    columns = []
    for index in chosen:
        cells = reported.cell[reported.start[index] : reported.start[index + 1]]
        columns.append(found.expected.stock[:, cells] @ fte[cells])
    return np.array(columns).T.ravel()


def _stock(found: Run) -> pl.DataFrame:
    model = found.structure.model
    chosen, periods = _columns(found, "stock")
    axes = tuple(axis for axis in AXES if axis in model.report)
    labels = _labelled(found, chosen, periods, axes)
    heads = {"headcount": found.expected.aggregates[:, chosen].ravel(), "fte": _fte(found, chosen)}
    table = pl.DataFrame({**labels, **heads, **_spread(found, chosen)})
    first = [axis for axis in ("role", "age_band", "organisation", "group") if axis in axes]
    return table.select("period", *first, pl.exclude("period", *first))


def _totals(found: Run) -> pl.DataFrame:
    chosen, periods = _columns(found, "totals")
    recruits = np.concatenate([[0.0], found.expected.joins.sum(axis=1)])
    heads = {"headcount": found.expected.aggregates[:, chosen].ravel(), "fte": _fte(found, chosen), "recruits": recruits}
    return pl.DataFrame({**_labelled(found, chosen, periods, ()), **heads, **_spread(found, chosen)})


def _gap(found: Run, name: str) -> pl.DataFrame:
    """Need, supply and the gap between them in full-time equivalents; above zero is a shortage."""
    demand, reported = found.structure.model.demand, found.structure.reported
    chosen, periods = _columns(found, name)
    axes = () if demand is None or name == "gap_total" else demand.axes if name == "gap" else (name.removeprefix("gap_by_"),)
    need = []
    for index in chosen:
        positions = reported.demand_position[reported.demand_start[index] : reported.demand_start[index + 1]]
        need.append(found.expected.demand[:, positions].sum(axis=1))
    needed, gap = np.array(need).T.ravel(), found.expected.aggregates[:, chosen].ravel()
    columns = {"demand": needed, "supply": needed - gap, "gap": gap, **_spread(found, chosen)}
    if found.beyond is not None and found.excess is not None:
        columns |= {"probability_short": found.beyond[:, chosen].ravel(), "expected_shortage": found.excess[:, chosen].ravel()}
    return pl.DataFrame({**_labelled(found, chosen, periods, axes), **columns})
