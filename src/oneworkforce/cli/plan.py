"""`oneworkforce plan`: run a planning model from a folder, and say again what a stored run said."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from oneworkforce.cli.output import AsJson, console, progress, say_json, say_table
from oneworkforce.planning.core import results
from oneworkforce.planning.core.folder import read_folder
from oneworkforce.planning.core.results import Result

app = typer.Typer(no_args_is_help=True)


@app.command("run")
def run(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Folder with model.yaml, stock.csv and the other tables.")],
    engine: Annotated[str, typer.Option(help="expected, ensemble or simulate.")] = "expected",
    draws: Annotated[int | None, typer.Option(min=1, help="Draws of the ensemble, runs of the simulation.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="The same seed gives the same result.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write the tables to, as Parquet and CSV.")] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Threads; the result does not depend on it.")] = None,
    as_json: AsJson = False,
) -> None:
    """The model's projection: stock, flows and, where there is demand, the gap."""
    known = read_folder(model)
    with progress(quiet=as_json) as bar:
        task = bar.add_task(f"{known.name}: {engine}", total=draws or known.draws)
        found = results.run(
            known, engine, draws, seed, threads=threads, progress=lambda done, total: bar.update(task, completed=done, total=total)
        )
    written = found.write(out) if out else ()
    if as_json:
        print(found.as_json())
        return
    _say(found)
    if written:
        console.print(f"Written to {out}: {', '.join(path.name for path in written)}.")


def _say(found: Result) -> None:
    """The whole system's stock period by period, with its range where the run has one."""
    totals = found.tables["totals"]
    shown = [name for name in ("period", "headcount", "mean", "sd", "p05", "p50", "p95", "fte") if name in totals.columns]
    rows = [[round(value, 1) if isinstance(value, float) else value for value in row] for row in totals.select(shown).iter_rows()]
    say_table(f"{found.provenance['engine']}: everyone, by period", shown, rows)
    for note in found.notes:
        console.print(f"Note: {note}", highlight=False)


@app.command("check")
def check(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="Folder with model.yaml, stock.csv and the other tables.")],
    as_json: AsJson = False,
) -> None:
    """Whether a model folder can be run; everything that is wrong with it, at once."""
    known = read_folder(model)
    found = {"model": known.name, "cells": known.axes.cells, "periods": known.calendar.periods, "assumptions": len(known.assumptions.name)}
    if as_json:
        say_json({**found, "findings": []})
    else:
        console.print(
            f"{known.name} can be run: {known.axes.cells:,} cells, {known.calendar.periods} periods, {found['assumptions']:,} assumptions."
        )
