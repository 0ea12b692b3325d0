"""`oneworkforce formats` and `template`: what can be sent, and an empty form of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from oneworkforce.cli.output import AsJson, console, say_json, say_table
from oneworkforce.workforce.core import reference, specification, templates


def formats(
    format_code: Annotated[str, typer.Argument(metavar="[FORMAT]", help="One format, to see its fields.")] = "",
    as_json: AsJson = False,
) -> None:
    """Every format of return that can be read; with a FORMAT, its fields, codes and checks."""
    if format_code:
        parts = [specification.specification(format_code, part) for part in specification.format_row(format_code).parts]
        if as_json:
            say_json({"format": format_code, "parts": [reference.as_data(part) for part in parts]})
        else:
            for part in parts:
                console.print(reference.markdown(part), markup=False, highlight=False)
        return
    rows = specification.formats()
    if as_json:
        say_json({"formats": [row.as_data() for row in rows]})
    else:
        say_table("Formats", ["Code", "What it is", "Kind", "Parts"], [[row.code, row.label, row.kind, ", ".join(row.parts)] for row in rows])


def template(
    format_code: Annotated[str, typer.Argument(metavar="FORMAT", help="As `oneworkforce formats` names it.")],
    out: Annotated[Path, typer.Argument(help="File to write: .xlsx (drop-downs and notes) or .csv.")],
    as_json: AsJson = False,
) -> None:
    """An empty template of the format is in the file OUT, with its notes."""
    content = templates.workbook(format_code) if out.suffix.lower() == ".xlsx" else templates.csv_text(format_code)
    out.write_bytes(content)
    if as_json:
        say_json({"format": format_code, "written": str(out)})
    else:
        console.print(f"Template for {format_code} written to {out}.")
