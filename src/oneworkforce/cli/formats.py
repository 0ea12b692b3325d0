"""`oneworkforce formats` and `template`: what can be sent, and an empty form of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from oneworkforce.cli.output import AsJson, console, say_json, say_table
from oneworkforce.workforce.core import reference, templates
from oneworkforce.workforce.core.specification import format_list, format_named, specification


def formats(
    format_code: Annotated[str, typer.Argument(metavar="[FORMAT]", help="One format, to see its fields.")] = "",
    as_json: AsJson = False,
) -> None:
    """Every format of return that can be read; with a FORMAT, its fields, codes and checks."""
    if format_code:
        parts = [specification(format_code, part) for part in format_named(format_code).part_names]
        if as_json:
            say_json({"format": format_code, "parts": [reference.as_data(part) for part in parts]})
        else:
            for part in parts:
                console.print(reference.markdown(part), markup=False, highlight=False)
        return
    rows = format_list()
    if as_json:
        say_json({"formats": [row.as_data() for row in rows]})
    else:
        say_table(
            "Formats",
            ["Code", "What it is", "Kind", "Parts"],
            [[row.format, row.label, row.kind, ", ".join(row.part_names)] for row in rows],
        )


def template(
    format_code: Annotated[str, typer.Argument(metavar="FORMAT", help="As `oneworkforce formats` names it.")],
    out: Annotated[Path, typer.Argument(help="File to write: .xlsx (drop-downs and notes) or .csv.")],
    part: Annotated[str, typer.Option(help="For .csv: which part, where the format has several.")] = "",
    as_json: AsJson = False,
) -> None:
    """An empty template of the format is in the file OUT, with its notes."""
    first = part or format_named(format_code).part_names[0]
    out.write_bytes(templates.workbook(format_code) if out.suffix.lower() == ".xlsx" else templates.csv_text(format_code, first))
    if as_json:
        say_json({"format": format_code, "written": str(out)})
    else:
        console.print(f"Template for {format_code} written to {out}.")
