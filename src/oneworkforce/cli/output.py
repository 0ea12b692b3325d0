"""How every command speaks: words and tables for a person, one JSON object for a program."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

console = Console()
errors = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of words.")]


def say_json(value: Mapping[str, Any]) -> None:
    """The object is on standard output as JSON; dates and paths as text."""
    print(json.dumps(value, indent=2, default=str, ensure_ascii=False))


def say_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """The rows are on the terminal as a table that wraps; numbers with thousands separators, to the right."""
    table = Table(title=title, title_justify="left", header_style="bold")
    rows = [list(row) for row in rows]
    for index, column in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[index], int | float) for row in rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*[f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value) for value in row])
    console.print(table)


def progress(quiet: bool = False) -> Progress:
    """A bar with what is being done and how far it is; silent where `quiet`."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=errors, disable=quiet, transient=not errors.is_terminal)
