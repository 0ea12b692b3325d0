"""The table that a small partner fills on screen: it starts from the people of the last accepted return."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from oneworkforce.audit import actions as audit
from oneworkforce.workforce import folders, intake, permissions
from oneworkforce.workforce.core.specification import specification
from oneworkforce.workforce.lifecycles import ACCEPTED
from oneworkforce.workforce.models import Return

FORMAT, PART = "simple_return", "staff"
SPARE = 3
"""Empty rows after the last person."""

_EACH_MONTH = ("leaving_date", "leaving_reason", "sickness_days")
"""Fields that start empty, since they are about the new month."""


@dataclass(frozen=True)
class Column:
    """One column of the table: its field, what a person calls it, how it is entered (`choice`, `open` to other words, `number`, `text`)."""

    field: str
    label: str
    kind: str
    required: bool
    help: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """The table as it stands. Axes: rows[person] × field → text."""

    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, str], ...]
    since: date | None = None

    def filled(self, posted: Mapping[str, str]) -> Sheet:
        """The table as a person has filled it: cells are posted as `3.weekly_hours`, a row to leave out as `3.leave_out`."""
        kept = [name.partition(".")[0] for name in posted if re.fullmatch(r"[0-9]{1,4}\.[a-z_]+", name)]
        numbers = sorted({int(number) for number in kept if f"{number}.leave_out" not in posted})
        rows = tuple({column.field: posted.get(f"{number}.{column.field}", "").strip() for column in self.columns} for number in numbers)
        return replace(self, rows=rows)

    def longer(self) -> Sheet:
        """The table with more empty rows."""
        return replace(self, rows=(*self.rows, *({} for _ in range(SPARE))))

    @property
    def people(self) -> tuple[Mapping[str, str], ...]:
        """The rows that have anything in them."""
        return tuple(row for row in self.rows if any(row.values()))


@cache
def columns() -> tuple[Column, ...]:
    """The columns of the table, as the specification says."""
    made = []
    for field in specification(FORMAT, PART).fields:
        labels = tuple(label for table, _ in field.code_tables for label in table.labels.values())
        kind = ("open" if field.type == "text" else "choice") if labels else "number" if field.type in ("number", "integer") else "text"
        made.append(Column(field.field, field.label, kind, field.is_required, field.help, labels))
    return tuple(made)


def sheet_of(partner: str, month: date, *, by: Any) -> Sheet:
    """The table for a month, started from the last accepted return: a read of rows about people, and recorded as one. Raises: Refused."""
    permissions.check_can_send(by, partner)
    last = (
        Return.objects.filter(partner__code=partner, format=FORMAT, state=ACCEPTED, month__lt=month, nil=False).order_by("-month").first()
    )
    empty: tuple[Mapping[str, str], ...] = tuple({} for _ in range(SPARE))
    if last is None:
        return Sheet(columns(), empty)
    permissions.check_can_see_rows(by, last)
    audit.record("last return read to fill a new one", by=by, about=last)
    return Sheet(columns(), (*_people(last), *empty), last.month)


def _people(last: Return) -> tuple[Mapping[str, str], ...]:
    files = tuple(intake.SentFile(file.name, folders.uploads() / file.path, file.part) for file in last.files.all())
    _, parts, _ = intake.recognised(files, FORMAT)
    if PART not in parts:
        return ()
    raw, recognition = parts[PART]
    rows = raw.frame.rename({header: field for header, field in recognition.columns.items() if header in raw.frame.columns})
    known = [column.field for column in columns() if column.field in rows.columns]
    stayed = [row for row in rows.select(known).fill_null("").iter_rows(named=True) if not row.get("leaving_date") and any(row.values())]
    return tuple({field: "" if field in _EACH_MONTH else value for field, value in row.items()} for row in stayed)
