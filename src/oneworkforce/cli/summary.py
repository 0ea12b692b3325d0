"""The summary of a city: what came in, what was wrong with it, the city in numbers, and where everything is."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

from oneworkforce.cli.output import console, say_json, say_table

NUMBERS = ("people", "fte", "starters", "leavers", "turnover", "stability", "sickness_rate", "agency_share", "funded_fte", "vacant_fte")
"""The city's measures, in the order in which they are told."""


def sign_in_file(home: Path) -> Path:
    """Where the demonstration sign-ins are written down."""
    return home / "demonstration-sign-ins.txt"


def clear(folder: Path) -> None:
    """The folder is gone, and whatever a killed run had left in it."""
    shutil.rmtree(folder, ignore_errors=True)


def show(by: Any, home: Path, as_json: bool) -> None:
    """The summary is on the terminal, or is one JSON object; every figure in it is a released one."""
    from oneworkforce.workforce import queries

    came, wrong = queries.came_in(), queries.was_wrong()
    build = queries.current_build()
    if as_json:
        city = _figures(by, build.last_month) if build else {}
        data = {"came_in": [c.as_data() for c in came], "wrong": [w.as_data() for w in wrong], "city": city}
        say_json({**data, "picture": build.digest if build else None, "sign_ins": str(sign_in_file(home))})
        return
    console.print("\n[bold]SYNTHETIC CITY. No real person is in it.[/bold]\n")
    columns = ["Format", "Returns", "Partners", "Accepted", "Rows"]
    say_table("What came in", columns, [[c.format, c.returns, c.partners, c.accepted, c.rows] for c in came])
    columns = ["", "What was wrong", "Rows", "Returns"]
    say_table("What was wrong with it", columns, [[w.severity, w.message, w.rows, w.returns] for w in wrong])
    if build:
        say_table(f"The city in {build.last_month:%B %Y}", ["Measure", "Figure"], list(_figures(by, build.last_month).items()))
        _say_sectors(by, build.last_month)
    _say_where(home, build)


def _figures(by: Any, month: date) -> dict[str, str]:
    """Label of each measure to its released text, for the whole city."""
    from oneworkforce.workforce import queries

    city = queries.released_table("city", by=by).where(month=month)
    there = {measure.name: measure for measure in city.measures}
    return {there[name].label: city.texts(name)[0] for name in NUMBERS if name in there and len(city)}


def _say_sectors(by: Any, month: date) -> None:
    from oneworkforce.workforce import queries

    sectors = queries.released_table("sector", by=by).where(month=month)
    there = [sectors.measure(name) for name in ("people", "fte", "turnover", "vacant_fte") if name in {m.name for m in sectors.measures}]
    labels = [sectors.dimension("sector").text(code) for code in sectors.table["sector"]]
    rows = list(zip(labels, *(sectors.texts(measure.name) for measure in there), strict=True))
    say_table("By sector", ["Sector", *(measure.label for measure in there)], rows)


def _say_where(home: Path, build: Any) -> None:
    console.print(f"Returns as sent: {home / 'synthetic' / 'returns'}", soft_wrap=True)
    if build:
        console.print(f"The picture's files: {build.folder}", soft_wrap=True)
    console.print(f"Sign-ins for a demonstration ({sign_in_file(home)}):", soft_wrap=True)
    for line in sign_in_file(home).read_text().splitlines():
        console.print(f"  {line}", highlight=False, soft_wrap=True)
