"""A model folder: files in, a checked `Model` out; everything that is wrong with any of them is said at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from oneworkforce.errors import Invalid
from oneworkforce.planning.core import building, recruiting
from oneworkforce.planning.core.building import Bench
from oneworkforce.planning.core.model import Model
from oneworkforce.planning.core.settings import FILE, Settings, read_settings
from oneworkforce.planning.core.tables import LATER, TABLES, Row, nearest, read_table, wrong
from oneworkforce.workforce.core.findings import Finding, Findings

ASIDE = (".md", ".txt", ".py", ".ipynb", ".xlsx")
"""Files that may lie beside a model and are not part of it."""


def read_folder(folder: Path) -> Model:
    """The model in this folder, checked; raises Invalid with every finding (file, row, column, remedy) where it cannot be."""
    if not folder.is_dir():
        raise Invalid(f"There is no folder {folder}. Give the folder that holds model.yaml.")
    paths = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return read_model({path.name: path.read_bytes() for path in paths if path.suffix.lower() not in ASIDE})


def read_model(files: Mapping[str, bytes]) -> Model:
    """The model that these files hold, by name; raises Invalid with every finding where they do not hold one.

    >>> model = read_model({
    ...     "model.yaml": b"{name: Small, first_period: 2025, period: year, periods: 2, rates: per_period}",
    ...     "stock.csv": b"role,headcount\\nnurse,100\\n",
    ...     "leaving.csv": b"role,rate\\nnurse,0.1\\n",
    ... })
    >>> model.axes.role, model.stock.tolist()
    (('nurse',), [100.0])
    """
    findings = _file_findings(files)
    settings, said = read_settings(files[FILE]) if FILE in files else read_settings(b"{}")
    findings += said if FILE in files else []
    rows: dict[str, list[Row]] = {}
    for table in TABLES:
        rows[table], said = read_table(table, files[f"{table}.csv"]) if f"{table}.csv" in files else ([], [])
        findings += said
    if not rows["stock"] and "stock.csv" in files and not any(finding.part == "stock.csv" for finding in findings):
        findings.append(wrong("stock.csv", "empty", "stock.csv has no rows.", "Give one row for each role."))
    bench = Bench(findings)
    model = _build(rows, settings, bench, files) if rows["stock"] else None
    if bench.findings or model is None:
        raise _invalid(bench.findings)
    return model


def _build(rows: Mapping[str, list[Row]], settings: Settings, bench: Bench, files: Mapping[str, bytes]) -> Model:
    axes = building.build_axes(rows, settings, bench)
    stock, fte = building.build_stock(rows, axes, bench)
    leaving = building.build_leaving(rows, axes, bench)
    moves = building.build_moves(rows, axes, bench)
    ageing = building.build_ageing(rows, axes, bench)
    joining = recruiting.build_joining(rows, axes, stock, settings, bench)
    demand = recruiting.build_demand(rows, axes, settings, bench)
    for axis in settings.report:
        if axis not in axes.used:
            bench.findings.append(wrong(FILE, "axes", f"report names {axis}, which the model does not use.", "Remove it.", column="report"))
    assumptions = bench.assumptions()
    building.check_row_sums(axes, leaving, moves, assumptions, settings.calendar.per_year, bench)
    return Model(
        name=settings.name,
        calendar=settings.calendar,
        rates_per_period=settings.rates_per_period,
        axes=axes,
        stock=stock,
        fte_per_head=fte,
        assumptions=assumptions,
        leaving=leaving,
        moves=moves,
        ageing=ageing,
        joining=joining,
        demand=demand,
        report=settings.report or axes.used,
        tolerance=settings.tolerance,
        draws=settings.draws,
        seed=settings.seed,
        sources=settings.sources,
        inputs={name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    )


def _file_findings(files: Mapping[str, bytes]) -> list[Finding]:
    known = [FILE, *(f"{table}.csv" for table in TABLES)]
    later = [f"{table}.csv" for table in LATER]
    findings = [
        wrong(name, "missing_file", f"There is no {name}.", "A model folder needs model.yaml and stock.csv.")
        for name in known[:2]
        if name not in files
    ]
    for name in files:
        if name in later:
            findings.append(
                wrong(
                    name,
                    "not_yet",
                    f"{name} is not read by this version.",
                    "Take it out of the folder, so that nothing is left out unseen.",
                )
            )
        elif name not in known:
            findings.append(wrong(name, "unknown_file", f"{name} is not a file of a model.", nearest(name, known)))
    return findings


def _invalid(findings: list[Finding]) -> Invalid:
    places = [f"{found.part}{f' row {found.row}' if found.row else ''}: {found.message} {found.remedy}" for found in findings[:3]]
    more = f" … and {len(findings) - 3} more." if len(findings) > 3 else ""
    return Invalid(
        f"The model cannot be run: {len(findings)} thing{'s' if len(findings) != 1 else ''} to put right. {' '.join(places)}{more}",
        Findings.of(findings),
    )
