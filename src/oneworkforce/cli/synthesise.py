"""`oneworkforce synthesise`: a synthetic city's returns, and its truth, in a folder."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from oneworkforce.cli.output import AsJson, console, progress, say_json
from oneworkforce.workforce.core.synthesis import synthesise as make_city


def synthesise(
    out: Annotated[Path, typer.Argument(help="Folder to write to; it is made, and must be empty.")],
    people: Annotated[int, typer.Option(min=50, help="How many people work in the city.")] = 60_000,
    months: Annotated[int, typer.Option(min=1, max=240, help="How many months of returns.")] = 36,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    last_month: Annotated[datetime, typer.Option(formats=["%Y-%m"], help="The last month, as 2026-10.")] = datetime(2026, 10, 1),
    as_json: AsJson = False,
) -> None:
    """A synthetic Leeds is in OUT: the returns each partner would send, and apart from them the truth they were made from."""
    with progress(as_json) as bar:
        task = bar.add_task("Making a synthetic city", total=None)

        def report(doing: str, done: int, total: int) -> None:
            bar.update(task, description=doing, completed=done, total=total)

        month = date(last_month.year, last_month.month, 1)
        summary = make_city(out, people=people, months=months, seed=seed, last_month=month, report=report)
    if as_json:
        say_json(asdict(summary))
    else:
        console.print(f"SYNTHETIC: no real person is in it. {summary}")
