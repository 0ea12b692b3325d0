"""A received return is checked: everything there is to say about it is stored, and its rows wait as snapshots for the decision.

A check that was killed is simply done again: files are named by their content or replaced whole, and rows change in one transaction.
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from oneworkforce.audit import actions as audit
from oneworkforce.errors import Invalid
from oneworkforce.partners import queries as partners
from oneworkforce.workforce import folders, intake, policies
from oneworkforce.workforce.core.checking import Context
from oneworkforce.workforce.core.findings import Finding, Findings
from oneworkforce.workforce.identifiers import pseudonym_key
from oneworkforce.workforce.lifecycles import ACCEPTED, OPEN_STATES
from oneworkforce.workforce.models import FindingCount, Return, ReturnFile, Snapshot, Unmapped, UnmappedUse
from oneworkforce.workforce.queries import rows as stored
from oneworkforce.workforce.snapshots import load

Say = Callable[[int, str], None]
"""Told how many of the four steps are done and what is being done."""

FINDINGS = "findings.parquet"


def check_return(uuid: uuids.UUID | str, *, by: Any = None, say: Say | None = None) -> Return:
    """The return is checked: its format is known, its findings are stored, and where nothing stops it its rows are snapshots.

    Raises: Invalid where it was decided already, or where the disk is full; then it stays as it was and can be checked again.
    """
    tell = say or _silent
    return_ = stored.return_row(uuid)
    policies.check_step(return_, "checked")
    tell(0, "Reading the file")
    files = tuple(intake.SentFile(file.name, folders.uploads() / file.path, file.part) for file in return_.files.all())
    taken = intake.take_in(files, return_.format, lambda format: context_of(return_, format), lambda format: _chosen(return_, format))
    findings = Findings.joined([taken.findings, Findings.of(_standing(return_, taken.format))])
    tell(1, "Putting the rows in the city's own shape")
    outcome = intake.outcome_of(
        taken, findings, context_of(return_, taken.format), stored.decided(taken.format), pseudonym_key(folders.keys()), stored.postcodes()
    )
    tell(2, "Storing what was found")
    try:
        written = intake.write(outcome, str(return_.uuid), _places(return_))
    except OSError as error:
        raise Invalid("The disk is full, so the check could not be stored. Nothing was changed. Tell whoever runs the site.") from error
    tell(3, "Writing the result")
    return _checked(return_, outcome, written, by)


def context_of(return_: Return, format: str) -> Context:
    """Who sends what for when, and the partner's rows of the last accepted return."""
    before = stored.previous_snapshot(return_.partner.code, format, return_.month)
    previous = load([before[1]], folders.snapshots()).collect() if before else None
    code = return_.partner.code
    return Context(format, code, partners.speaks_for(code), return_.month, timezone.localdate(), previous)


def _chosen(return_: Return, format: str) -> intake.Chosen:
    return stored.chosen_columns(return_.partner.code, format)


def _standing(return_: Return, format: str) -> list[Finding]:
    """What is wrong with a return only because of others: known once its format is recognised."""
    if not format or return_.format:
        return []
    try:
        policies.check_format_is_sent(format, partners.partner(return_.partner.code))
        policies.check_not_accepted_already(partners.partner(return_.partner.code), format, return_.month, return_.correction)
    except Invalid as error:
        return [Finding("return.standing", "error", str(error), "Withdraw this return, and send it again as what it is.")]
    return []


def _places(return_: Return) -> intake.Places:
    return intake.Places(folders.snapshots(), folders.identifiers(), folders.keys(), folders.uploads() / return_.folder / FINDINGS)


@transaction.atomic
def _checked(return_: Return, outcome: intake.Outcome, written: intake.Written, by: Any) -> Return:
    changes = columns_of(outcome) | {"state": policies.check_step(return_, "checked"), "checked_at": timezone.now()}
    if not return_.format and outcome.format:
        same = Return.objects.filter(partner_id=return_.partner_id, format=outcome.format, month=return_.month)
        changes["version"] = same.count() + 1
        changes["replaces"] = same.filter(state=ACCEPTED).first() if return_.correction else None
    changed = Return.objects.filter(pk=return_.pk, state__in=OPEN_STATES).update(**changes)
    policies.check_decided_once(return_, changed)
    for name, part in outcome.parts.items():
        ReturnFile.objects.filter(return_of=return_, name=name).update(part=part)
    FindingCount.objects.filter(return_of=return_).delete()
    FindingCount.objects.bulk_create(finding_counts(return_.pk, outcome.findings))
    Snapshot.objects.filter(return_of=return_).delete()
    Snapshot.objects.bulk_create(snapshot_rows(return_.pk, written))
    UnmappedUse.objects.filter(return_of=return_).delete()
    note_unmapped([(return_.pk, outcome.format, outcome.unmapped)])
    audit.record(
        "return checked",
        by=by,
        about=return_,
        format=outcome.format,
        errors=changes["errors"],
        warnings=changes["warnings"],
        rows=outcome.rows,
    )
    return stored.return_row(return_.uuid)


def columns_of(outcome: intake.Outcome) -> dict[str, Any]:
    """The columns of a return that its check fills."""
    return {
        "format": outcome.format,
        "rows": outcome.rows,
        "people": outcome.people,
        "errors": outcome.findings.count("error"),
        "warnings": outcome.findings.count("warning"),
        "notes": outcome.findings.count("note"),
        "recognition": outcome.recognition,
        "movement": outcome.movement,
        "movement_asks": outcome.movement_asks,
    }


def finding_counts(return_id: int, findings: Findings) -> list[FindingCount]:
    """One row a rule and column of the findings, ready to be stored."""
    if not findings.table.height:
        return []
    return [
        FindingCount(
            return_of_id=return_id,
            severity=row["severity"],
            rule=row["rule"][:120],
            part=row["part"],
            column=row["column"][:120],
            message=row["message"],
            remedy=row["remedy"],
            count=row["count"],
            first_rows=[number for number in row["first_rows"] if number is not None],
        )
        for row in findings.by_rule().iter_rows(named=True)
    ]


def snapshot_rows(return_id: int, written: intake.Written) -> list[Snapshot]:
    """One row a snapshot that was written, ready to be stored."""
    now = timezone.now()
    return [
        Snapshot(return_of_id=return_id, kind=kind, digest=digest, rows=rows, created_at=now) for kind, digest, rows in written.snapshots
    ]


def note_unmapped(several: list[tuple[int, str, list[tuple[str, str, str, int]]]]) -> None:
    """Every value that no mapping knew is in the queue, with the returns that hold it.

    Parameters: several returns, each its key, its format, and `field, code, label, rows` a value.
    """
    seen: dict[tuple[str, str, str], str] = {}
    uses: list[tuple[tuple[str, str, str], int, int]] = []
    for return_id, format, values in several:
        for field, code, label, rows in values:
            key = (format, field, code[:200])
            seen[key] = label[:200]
            uses.append((key, return_id, rows))
    if not seen:
        return
    now = timezone.now()
    Unmapped.objects.bulk_create(
        (Unmapped(format=key[0], field=key[1], source_code=key[2], source_label=label, first_seen=now) for key, label in seen.items()),
        ignore_conflicts=True,
    )
    known = {(row.format, row.field, row.source_code): row.pk for row in Unmapped.objects.filter(source_code__in={key[2] for key in seen})}
    UnmappedUse.objects.bulk_create(
        (UnmappedUse(unmapped_id=known[key], return_of_id=return_id, rows=rows) for key, return_id, rows in uses)
    )


def _silent(done: int, message: str) -> None:
    """Nobody is listening."""
