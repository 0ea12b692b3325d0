"""`oneworkforce picture`: the city's released tables, as a person of the city may see them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from oneworkforce.cli.output import AsJson, console, say_json, say_table
from oneworkforce.cli.site import person, site
from oneworkforce.errors import Invalid
from oneworkforce.workforce.core.picture import table_definitions

SHOWN = ("people", "fte", "starters", "leavers", "turnover", "sickness_rate", "vacant_fte")
"""Measures shown on the terminal; all are in the files."""


def picture(
    table: Annotated[str, typer.Argument(help="Which table; without one, the tables there are.")] = "",
    by: Annotated[
        str, typer.Option("--by", metavar="E-MAIL", help="Whose view: small numbers are hidden as for them.")
    ] = "city.team@synthetic.example",
    month: Annotated[datetime | None, typer.Option(formats=["%Y-%m"], help="One month, as 2026-10; without it, the last.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write every month of the table here: .csv or .xlsx.")] = None,
    as_json: AsJson = False,
) -> None:
    """A released table of the city's picture."""
    if not table:
        rows = [[name, definition.label] for name, definition in table_definitions().items()]
        if as_json:
            say_json({"tables": [{"name": name, "label": label} for name, label in rows]})
        else:
            say_table("Tables of the picture", ["Name", "What it is"], rows)
        return
    with site():
        from oneworkforce.publication.core import downloads
        from oneworkforce.workforce import queries

        released = queries.released_table(table, by=person(by))
        if out:
            out.write_bytes(downloads.to_xlsx(released) if out.suffix.lower() == ".xlsx" else downloads.to_csv(released))
        wanted = month.date().replace(day=1) if month else max(code for code in released.codes("month") if not isinstance(code, str))
        one = released.where(month=wanted)
        if not len(one):
            raise Invalid(f"The picture has no {wanted:%B %Y}. Choose one of its months.")
        if as_json:
            say_json({"table": table, "month": wanted, "synthetic": released.provenance.synthetic, "rows": one.table.to_dicts()})
            return
        measures = [measure for measure in one.measures if measure.name in SHOWN]
        dimensions = [dimension for dimension in one.dimensions if dimension.name != "month"]
        texts = [one.texts(measure.name) for measure in measures]
        labels = [[dimension.text(code) for code in one.table[dimension.name]] for dimension in dimensions]
        title = f"{released.title}, {wanted:%B %Y}{' (SYNTHETIC)' if released.provenance.synthetic else ''}"
        say_table(title, [d.label for d in dimensions] + [m.label for m in measures], list(zip(*labels, *texts, strict=True)))
        if out:
            console.print(f"Written to {out}.")
