"""Reads of returns: the list, one return with what was found in it, its rows, its history."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from oneworkforce.audit import actions as audit
from oneworkforce.jobs import queries as jobs
from oneworkforce.workforce import folders, intake, permissions
from oneworkforce.workforce.core import annotated
from oneworkforce.workforce.core.checking import Checked
from oneworkforce.workforce.core.findings import Findings
from oneworkforce.workforce.core.specification import format_named, header_key, specification
from oneworkforce.workforce.lifecycles import ACCEPTED, CHECKED, OPEN_STATES, RECEIVED, RETURN
from oneworkforce.workforce.models import FindingCount, Return, Unmapped
from oneworkforce.workforce.queries.rows import chosen_columns, return_row

FIRST = 5
"""Rows of a rule that are shown on the page; all are in the download."""


@dataclass(frozen=True)
class Sent:
    """A return as lists show it."""

    reference: str
    partner: str
    partner_name: str
    sender_name: str
    format: str
    month: date
    version: int
    state: str
    nil: bool
    synthetic: bool
    rows: int
    people: int
    errors: int
    warnings: int
    notes: int
    sent_by: str
    received_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str
    answer: str

    @property
    def format_label(self) -> str:
        """The format in words."""
        return format_named(self.format).label if self.format else "Not recognised yet"

    @property
    def open(self) -> bool:
        """Whether it is still to be decided."""
        return self.state in OPEN_STATES

    def as_data(self) -> dict[str, Any]:
        """As one JSON object."""
        return asdict(self)


@dataclass(frozen=True)
class RuleFound:
    """How often one rule spoke about one column."""

    severity: str
    rule: str
    part: str
    column: str
    message: str
    remedy: str
    count: int
    rows: tuple[int, ...]


@dataclass(frozen=True)
class NearMiss:
    """A header that the format does not know, and what it may be."""

    part: str
    header: str
    suggestion: str
    chosen: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OneReturn:
    """Everything that a return's page shows."""

    sent: Sent
    files: tuple[tuple[str, str, int], ...]
    rules: tuple[RuleFound, ...]
    near_misses: tuple[NearMiss, ...]
    movement: dict[str, Any]
    movement_asks: bool
    history: tuple[Sent, ...]
    unmapped: tuple[tuple[str, str, int], ...]
    job: jobs.Progress | None
    verbs: tuple[str, ...]
    replaces: str = ""
    on_screen: bool = False
    remembered: tuple[tuple[str, str, str], ...] = ()
    stopped: str = ""

    def count(self, severity: str) -> int:
        """How many findings have this severity."""
        return int({"error": self.sent.errors, "warning": self.sent.warnings, "note": self.sent.notes}[severity])

    def of(self, severity: str) -> tuple[RuleFound, ...]:
        """The rules of that severity that spoke."""
        return tuple(rule for rule in self.rules if rule.severity == severity)


@dataclass(frozen=True)
class Wanted:
    """Which returns: of one partner, format, month or state, or any; `codes` those that the reader may see, None for all."""

    partner: str = ""
    format: str = ""
    month: date | None = None
    state: str = ""
    search: str = ""
    codes: tuple[str, ...] | None = None


def returns_sent(
    wanted: Wanted | None = None, *, partner: str = "", month: date | None = None, offset: int = 0, limit: int = 50
) -> tuple[Sent, ...]:
    """The returns that are wanted, the latest first."""
    found = _found(wanted or Wanted(partner=partner, month=month)).select_related("partner", "sender", "sent_by", "decided_by")
    return tuple(_sent(row) for row in found[offset : offset + limit])


def count_returns(wanted: Wanted) -> int:
    """How many returns are wanted."""
    return _found(wanted).count()


def months_sent() -> tuple[date, ...]:
    """Every month for which there is a return, the latest first."""
    return tuple(Return.objects.order_by("-month").values_list("month", flat=True).distinct())


def one_return(reference: uuids.UUID | str) -> Sent:
    """The return of that number; raises `Unanswerable` where there is none."""
    return _sent(return_row(reference))


def return_page(reference: uuids.UUID | str) -> OneReturn:
    """The return of that number with all that its page shows, save rows about people."""
    row = return_row(reference)
    history = (
        Return.objects.filter(partner_id=row.partner_id, format=row.format, month=row.month).exclude(pk=row.pk)
        if row.format
        else Return.objects.none()
    )
    counts = FindingCount.objects.filter(return_of=row)
    unmapped = Unmapped.objects.filter(uses__return_of=row, code="").values_list("field", "source_label", "uses__rows")
    return OneReturn(
        _sent(row),
        tuple(row.files.values_list("part", "name", "size")),
        tuple(RuleFound(c.severity, c.rule, c.part, c.column, c.message, c.remedy, c.count, tuple(c.first_rows)) for c in counts),
        _near_misses(row),
        row.movement,
        row.movement_asks,
        tuple(_sent(one) for one in history.select_related("partner", "sender", "sent_by", "decided_by")),
        tuple(unmapped),
        jobs.active_job(f"check:{row.uuid}") if row.state in OPEN_STATES else None,
        RETURN.verbs(row.state),
        str(row.replaces.uuid) if row.replaces else "",
        row.on_screen,
        _remembered(row),
        _stopped(row),
    )


def finding_rows(reference: uuids.UUID | str, *, by: Any, rule: str = "", limit: int = 100) -> pl.DataFrame:
    """The findings themselves, of one rule where it is named: a read of rows about people, and recorded as one.

    Axes: [finding] × the columns of `core.findings.SCHEMA`. Raises: Refused.
    """
    row = return_row(reference)
    permissions.check_can_see_rows(by, row)
    audit.record("findings read", by=by, about=row, rule=rule)
    table = _findings(row).table
    return (table.filter(pl.col("rule") == rule) if rule else table).head(limit)


def annotated_workbook(reference: uuids.UUID | str, *, by: Any) -> tuple[str, bytes]:
    """The return as a workbook with its cells marked, for its own data lead: a file name and the file. Recorded. Raises: Refused."""
    row = return_row(reference)
    permissions.check_can_see_rows(by, row)
    audit.record("annotated return read", by=by, about=row)
    files = tuple(intake.SentFile(file.name, folders.uploads() / file.path, file.part) for file in row.files.all())
    _, parts, _ = intake.recognised(files, row.format)
    content = annotated.workbook({part: raw for part, (raw, _) in parts.items()}, Checked(row.format, {}, _findings(row)))
    return f"{row.partner.code}-{row.format or 'return'}-{row.month:%Y-%m}-checked.xlsx", content


def findings_csv(reference: uuids.UUID | str, *, by: Any) -> tuple[str, bytes]:
    """All findings of a return as CSV: a file name and the file. Recorded. Raises: Refused."""
    row = return_row(reference)
    permissions.check_can_see_rows(by, row)
    audit.record("findings read", by=by, about=row, rule="")
    return f"{row.partner.code}-{row.format or 'return'}-{row.month:%Y-%m}-findings.csv", annotated.findings_csv(_findings(row))


def _findings(row: Return) -> Findings:
    path = folders.uploads() / row.folder / "findings.parquet"
    if not row.folder or not path.exists():
        return Findings.of([])
    return Findings(pl.read_parquet(path))


def _found(wanted: Wanted) -> Any:
    found = Return.objects.all()
    named = {"partner__code": wanted.partner, "format": wanted.format, "month": wanted.month, "state": wanted.state}
    found = found.filter(**{name: value for name, value in named.items() if value})
    if wanted.search:
        found = found.filter(partner__name__icontains=wanted.search)
    return found if wanted.codes is None else found.filter(partner__code__in=wanted.codes)


def _near_misses(row: Return) -> tuple[NearMiss, ...]:
    """Headers that a person could match: near misses, and any unknown one while a required column is missing."""
    if not row.format or row.state not in OPEN_STATES:
        return ()
    found = []
    for part, said in row.recognition.items():
        asked = specification(row.format, part)
        taken = set(said["columns"].values())
        fields = tuple((field.field, field.label) for field in asked.fields if field.field not in taken)
        by_label = {header_key(field.label): field.field for field in asked.fields}
        for header in said["unknown"]:
            near = said["suggestions"].get(header, "")
            if near or said["missing"]:
                found.append(NearMiss(part, header, near, by_label.get(header_key(near), ""), fields))
    return tuple(found)


def _remembered(row: Return) -> tuple[tuple[str, str, str], ...]:
    """Part, header and field in words of every column of this return that a person matched before."""
    if not row.format or row.state not in OPEN_STATES:
        return ()
    chosen = chosen_columns(row.partner.code, row.format)
    return tuple(
        (part, header, specification(row.format, part).field(field).label)
        for part, said in row.recognition.items()
        for header, field in chosen.get(part, {}).items()
        if header in said["columns"] or header in said["unknown"]
    )


def _stopped(row: Return) -> str:
    """Why the last check of a return that is still to be checked ended without a result; blank where none did."""
    if row.state != RECEIVED:
        return ""
    last = jobs.last_job(f"check:{row.uuid}")
    return last.message if last and not last.active else ""


def _sent(row: Return) -> Sent:
    return Sent(
        str(row.uuid),
        row.partner.code,
        row.partner.name,
        row.sender.name if row.sender else "",
        row.format,
        row.month,
        row.version,
        row.state,
        row.nil,
        row.synthetic,
        row.rows,
        row.people,
        row.errors,
        row.warnings,
        row.notes,
        str(row.sent_by) if row.sent_by else "the command line",
        row.received_at,
        (str(row.decided_by) if row.decided_by else "the command line") if row.decided_at else "",
        row.decided_at,
        row.reason,
        row.answer,
    )


def waiting(codes: Iterable[str] | None) -> dict[str, int]:
    """How many returns of those partners (None: of all) stand in each open state."""
    found = Return.objects.filter(state__in=OPEN_STATES)
    if codes is not None:
        found = found.filter(partner__code__in=list(codes))
    counts = dict.fromkeys(OPEN_STATES, 0)
    for state in found.values_list("state", flat=True):
        counts[state] += 1
    return counts


def last_people(partner: str, format: str) -> int:
    """How many people the partner's last accepted return was about; 0 where there is none."""
    found = (
        Return.objects.filter(partner__code=partner, format=format, state=ACCEPTED)
        .order_by("-month")
        .values_list("people", flat=True)
        .first()
    )
    return found or 0


def to_decide(codes: Iterable[str] | None, limit: int = 5) -> tuple[Sent, ...]:
    """Checked returns that wait for a decision, the longest waiting first."""
    found = Return.objects.filter(state=CHECKED).select_related("partner", "sender", "sent_by", "decided_by").order_by("received_at")
    if codes is not None:
        found = found.filter(partner__code__in=list(codes))
    return tuple(_sent(row) for row in found[:limit])
