"""`oneworkforce returns`: check a file anywhere, before it is sent; send, accept and list returns in the city."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from oneworkforce.cli.output import AsJson, console, say_json, say_table
from oneworkforce.cli.site import person, site
from oneworkforce.errors import Invalid
from oneworkforce.workforce.core import annotated
from oneworkforce.workforce.core.checking import Checked, Context, check
from oneworkforce.workforce.core.published import Published, read_published
from oneworkforce.workforce.core.reading import Raw, read_tables, recognise
from oneworkforce.workforce.core.specification import format_named

app = typer.Typer(no_args_is_help=True)


Files = Annotated[list[Path], typer.Argument(help="The return's file, or its files where it has several parts.")]
Month = Annotated[datetime | None, typer.Option(formats=["%Y-%m"], help="The month it is for, as 2026-10.")]
Format = Annotated[str, typer.Option("--as", metavar="FORMAT", help="The format; without it, it is recognised from the headers.")]


@app.command("check")
def check_files(
    files: Files,
    as_format: Format = "",
    partner: Annotated[str, typer.Option(help="Code of the partner it is about; without it, that is not checked.")] = "",
    month: Month = None,
    annotate: Annotated[Path | None, typer.Option(help="Write the return here as XLSX with its findings marked.")] = None,
    as_json: AsJson = False,
) -> None:
    """Every finding of the return, all at once; nothing is sent. Exit code 1 where an error would stop it."""
    format_code, tables = _read(files, as_format)
    if format_named(format_code).kind == "published":
        _say_published(files, [read_published(raw) for raw in tables.values()], as_json)
        return
    context = Context(format_code, partner, (partner,) if partner else (), _month(month), date.today())
    checked = check(tables, context)
    if annotate:
        annotate.write_bytes(annotated.workbook(tables, checked))
    _say_checked(format_code, checked, as_json)
    raise typer.Exit(1 if checked.findings.has_errors else 0)


def _read(files: list[Path], as_format: str) -> tuple[str, dict[str, Raw]]:
    """The format and part to its table; raises Invalid where a table is of no format or of another than the rest."""
    asked = (format_named(as_format).format,) if as_format else None
    found = [(raw, recognise(raw, asked)) for path in files for raw in read_tables(path, path.name)]
    known = [(raw, recognised) for raw, recognised in found if recognised.format]
    if not known:
        raise Invalid(found[0][1].sentence)
    formats = {recognised.format for _, recognised in known}
    if len(formats) > 1:
        raise Invalid(f"These files are of several formats ({', '.join(sorted(formats))}). Check each return by itself.")
    return known[0][1].format, {recognised.part: raw for raw, recognised in known}


def _month(month: datetime | None) -> date:
    """The month asked for, else the last one that has ended."""
    if month:
        return month.date().replace(day=1)
    today = date.today()
    return date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1)


def _say_published(files: list[Path], published: list[Published], as_json: bool) -> None:
    if as_json:
        say_json({"format": published[0].kind, "tables": [{"kind": p.kind, "period": p.period, "rows": p.table.height} for p in published]})
        return
    for path, table in zip(files, published, strict=False):
        console.print(
            f"[bold]{path.name}[/bold]: {format_named(table.kind).label}, {table.period}, {table.table.height:,} rows. Read without a finding."
        )
        console.print(f"Source: {table.source} Licence: {table.licence}", soft_wrap=True)
        for caution in table.cautions:
            console.print(f"  Caution: {caution}", soft_wrap=True)


def _say_checked(format_code: str, checked: Checked, as_json: bool) -> None:
    counts = {severity: checked.findings.count(severity) for severity in ("error", "warning", "note")}
    rows = {part: frame.height for part, frame in checked.rows.items()}
    if as_json:
        say_json({"format": format_code, "rows": rows, "counts": counts, "findings": checked.findings.table.to_dicts()})
        return
    console.print(f"[bold]{format_named(format_code).label}[/bold] ({format_code}): {sum(rows.values()):,} rows read.")
    if checked.findings.table.is_empty():
        console.print("Nothing to say: it could be accepted as it is.")
        return
    columns = ["", "Column", "What is wrong", "What to do", "Rows", "First"]
    by_rule = checked.findings.by_rule().iter_rows(named=True)
    say_table(
        f"{counts['error']:,} errors, {counts['warning']:,} warnings, {counts['note']:,} notes",
        columns,
        [
            [r["severity"], r["column"], r["message"], r["remedy"], r["count"], ", ".join(str(row) for row in r["first_rows"] if row)]
            for r in by_rule
        ],
    )


By = Annotated[str, typer.Option("--by", metavar="E-MAIL", help="Who does it: the address with which they sign in.")]


@app.command("send")
def send(
    files: Files,
    partner: Annotated[str, typer.Option(help="Code of the partner it is about.")],
    month: Annotated[datetime, typer.Option(formats=["%Y-%m"], help="The month it is for, as 2026-10.")],
    by: By,
    as_format: Format = "",
    correction: Annotated[bool, typer.Option(help="It corrects a return that was already accepted.")] = False,
    as_json: AsJson = False,
) -> None:
    """The return is received and checked in the city; exit code 1 where errors stop it."""
    with site():
        from contextlib import ExitStack

        from django.core.files import File

        from oneworkforce.workforce import actions

        with ExitStack() as opened:
            uploads = [File(opened.enter_context(path.open("rb")), name=path.name) for path in files]
            sent = actions.receive_return(
                uploads, partner=partner, month=_month(month), by=person(by), format=as_format, correction=correction
            )
        actions.check_return(sent.uuid, by=person(by))
        _say_return(str(sent.uuid), as_json)


@app.command("accept")
def accept(
    reference: Annotated[str, typer.Argument(help="The return's reference, as `returns list` shows it.")],
    by: By,
    answer: Annotated[str, typer.Option(help="Why the warnings are right, where there are any.")] = "",
    confirm: Annotated[bool, typer.Option("--confirm", help="The movement since the last return is right.")] = False,
    as_json: AsJson = False,
) -> None:
    """The return is accepted, and the city's picture will be made again with it."""
    with site():
        from oneworkforce.workforce import actions

        actions.accept_return(reference, by=person(by), answer=answer, movement_confirmed=confirm)
        _say_return(reference, as_json)


@app.command("list")
def list_returns(
    partner: Annotated[str, typer.Option(help="Only this partner's.")] = "",
    month: Month = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at the most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """The returns that the city has received, the latest first."""
    with site():
        from oneworkforce.workforce import queries

        rows = queries.returns_sent(partner=partner, month=_month(month) if month else None, limit=limit)
        if as_json:
            say_json({"returns": [row.as_data() for row in rows]})
            return
        columns = ["Reference", "Partner", "Format", "Month", "State", "Errors", "Warnings"]
        say_table("Returns", columns, [[r.reference, r.partner, r.format, f"{r.month:%Y-%m}", r.state, r.errors, r.warnings] for r in rows])


def _say_return(reference: str, as_json: bool) -> None:
    from oneworkforce.workforce import queries

    row = queries.one_return(reference)
    if as_json:
        say_json(row.as_data())
    else:
        console.print(f"{row.reference}: {row.state}, {row.errors:,} errors, {row.warnings:,} warnings.")
    if row.errors:
        raise typer.Exit(1)
