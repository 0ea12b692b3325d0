"""The check: everything there is to say about a return, in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from oneworkforce.workforce.core.checking.columns import mark_columns, matched
from oneworkforce.workforce.core.checking.context import Checked, Context
from oneworkforce.workforce.core.checking.fields import Part, read_fields
from oneworkforce.workforce.core.checking.groups import mark_groups
from oneworkforce.workforce.core.checking.marks import Marks
from oneworkforce.workforce.core.checking.publisher import Sent, has_publisher_rules, mark_publisher
from oneworkforce.workforce.core.checking.rows import real_rows
from oneworkforce.workforce.core.checking.whole import mark_month, mark_whole
from oneworkforce.workforce.core.findings import Findings
from oneworkforce.workforce.core.reading.raw import Raw
from oneworkforce.workforce.core.specification import Format, Specification, format_named, specification


def check(raw_by_part: Mapping[str, Raw], context: Context, columns: Mapping[str, Mapping[str, str]] | None = None) -> Checked:
    """The return is read into types and everything wrong with it is known at once.

    Parameters:
        raw_by_part: part ("" where the format has one) to its table of text.
        context: who sends for when, and what is known from before.
        columns: part to header to field, where a person chose it; headers that it does not name are matched by name.
    Returns: rows in types and all findings; every rule speaks, whatever other rules say.

    >>> from datetime import date
    >>> frame = pl.DataFrame({"Job Role": ["Care worker"], "Service": ["Home care"], "Funded Posts FTE": ["x"], "Vacant FTE": ["0"], "_row": [2]})
    >>> vacancies = Raw(frame, "vacancies.csv", "csv")
    >>> context = Context("simple_return", "PROV1", ("PROV1",), date(2026, 3, 1), date(2026, 4, 7))
    >>> check({"vacancies": vacancies}, context).findings.table.select("rule", "row").row(1)
    ('simple_return.vacancies.funded_fte.type', 2)
    """
    (started,) = begun([Asked(raw_by_part, context, columns or {})])
    return started.finished(context.previous)


@dataclass(frozen=True, eq=False)
class Asked:
    """A return to be checked: as `check` takes it."""

    raw_by_part: Mapping[str, Raw]
    context: Context
    columns: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, eq=False)
class Begun:
    """A return that is checked as far as it goes without the one before it.

    Axes: rows[part][row] × fields, headers[part][field]. Until they have been looked at, rows are text under headers.
    """

    asked: Asked
    rows: dict[str, pl.DataFrame]
    headers: Mapping[str, dict[str, str]]
    marks: Mapping[str, Marks]

    def finished(self, previous: pl.DataFrame | None) -> Checked:
        """The return, checked to its end. Parameters: previous as in `Context`. To be called once."""
        format = format_named(self.asked.context.format)
        _mark_people(format, self.rows, self.marks, replace(self.asked.context, previous=previous))
        notes = [self.asked.raw_by_part[part].notes for part in self.rows]
        findings = Findings.joined([*notes, *(self.marks[part].findings() for part in format.part_names)])
        return Checked(format.format, self.rows, findings, self.headers)


def begun(several: Sequence[Asked]) -> list[Begun]:
    """Several returns, each checked as far as it goes without the one before it: as one by one, in less time."""
    started = [_begun(asked) for asked in several]
    theirs = [place for place, one in enumerate(started) if has_publisher_rules(one.asked.context.format)]
    sent = [Sent(one.rows, _sent_headers(one), one.marks, one.asked.context) for one in (started[place] for place in theirs)]
    for place, typed in zip(theirs, mark_publisher(sent), strict=True):
        marks = started[place].marks
        started[place].rows.update({part: frame.with_columns(marks[part].numbers.alias("_row")) for part, frame in typed.items()})
    _read_own([one for one in started if not has_publisher_rules(one.asked.context.format)])
    for one in started:
        for part in one.rows:
            mark_groups(one.rows, specification(one.asked.context.format, part), one.headers[part], one.marks[part])
    return started


def _read_own(several: Sequence[Begun]) -> None:
    """The rows of formats without a publisher's rules, so far text, are in types."""
    whose = [(one, part) for one in several for part in one.rows]
    parts = [
        Part(one.rows[part], specification(one.asked.context.format, part), one.headers[part], one.marks[part], one.asked.context)
        for one, part in whose
    ]
    for (one, part), typed in zip(whose, read_fields(parts), strict=True):
        one.rows[part] = typed.with_columns(one.marks[part].numbers.alias("_row"))


def _sent_headers(one: Begun) -> dict[str, tuple[str, ...]]:
    return {part: one.asked.raw_by_part[part].headers for part in one.rows}


def _begun(given: Asked) -> Begun:
    context = given.context
    asked = format_named(context.format)
    marks = {part: Marks(part, pl.Series([], dtype=pl.Int64)) for part in asked.part_names}
    mark_month(marks[asked.part_names[0]], context)
    _mark_missing_parts(asked, given.raw_by_part, marks)
    rows: dict[str, pl.DataFrame] = {}
    headers: dict[str, dict[str, str]] = {}
    for part in asked.part_names:
        if part in given.raw_by_part:
            chosen = dict(given.columns.get(part, {}))
            rows[part], headers[part] = _read(given.raw_by_part[part], specification(context.format, part), chosen, marks[part], context)
    return Begun(given, rows, headers, marks)


def _mark_missing_parts(asked: Format, raw_by_part: Mapping[str, Raw], marks: Mapping[str, Marks]) -> None:
    for part in asked.part_names:
        if part not in raw_by_part and part not in asked.optional:
            message = f"The {part} part of the return was not sent."
            marks[part].say(f"{asked.format}.{part}.not_sent", "error", message, f"Send the {part} file together with the others.")


def _read(raw: Raw, asked: Specification, chosen: dict[str, str], marks: Marks, context: Context) -> tuple[pl.DataFrame, dict[str, str]]:
    """The part's rows as text, and field to header; everything that its columns say is marked.

    Axes: [row] × the file's headers, or the specification's where the publisher has rules of its own.
    """
    names = [name for name in raw.frame.columns if name != "_row"]
    columns = _columns(asked, names, chosen)
    headers = {field: header for header, field in columns.items()}
    mark_columns(marks, asked, names, columns, context.month)
    frame = real_rows(raw.frame, asked, headers, marks)
    marks.numbers = frame.get_column("_row").cast(pl.Int64)
    if not frame.height and asked.part not in format_named(asked.format).optional:
        remedy = "Send the file with its rows. If there is truly nothing to report, send a nil return."
        marks.say(f"{asked.name}.no_rows", "error", "The file has a header and no rows.", remedy)
    if has_publisher_rules(asked.format):
        return frame.select(pl.col(header).alias(asked.field(name).label) for name, header in headers.items()), headers
    return frame, headers


def _columns(asked: Specification, names: list[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Header to field: what a person chose, then what the names say."""
    known = {header: field for header, field in chosen.items() if header in names and field in asked.names}
    rest = matched(asked, [name for name in names if name not in chosen])
    return known | {header: field for header, field in rest.items() if field not in known.values()}


def _mark_people(asked: Format, rows: Mapping[str, pl.DataFrame], marks: Mapping[str, Marks], context: Context) -> None:
    """The part with a row a person is looked at as a whole."""
    part = next((part for part in ("", "staff", "worker") if part in rows), None)
    if asked.kind == "people" and part is not None and rows[part].height:
        mark_whole(rows[part], specification(asked.format, part), marks[part], context)
