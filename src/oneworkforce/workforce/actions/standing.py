"""What is decided once and holds for every later return: unknown values, columns, cadences, reminders, who sends for whom."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from oneworkforce.audit import actions as audit
from oneworkforce.errors import Invalid
from oneworkforce.jobs import actions as jobs
from oneworkforce.partners import queries as partners
from oneworkforce.vocabulary import code_list
from oneworkforce.workforce import folders, intake, permissions, policies
from oneworkforce.workforce.actions.checking import context_of, snapshot_rows
from oneworkforce.workforce.actions.pictures import ask_for_picture
from oneworkforce.workforce.actions.receiving import ask_for_check
from oneworkforce.workforce.core.assignments import CODE_LISTS
from oneworkforce.workforce.core.specification import format_named, specification
from oneworkforce.workforce.identifiers import pseudonym_key
from oneworkforce.workforce.lifecycles import ACCEPTED, CHECKED
from oneworkforce.workforce.models import Cadence, ColumnMapping, Reminder, Return, SendingAgreement, Snapshot, Unmapped, UnmappedUse
from oneworkforce.workforce.queries import rows as stored
from oneworkforce.workforce.queries.calendar import due_returns


def list_of(field: str) -> str:
    """The shared code list that answers an unknown value of a field."""
    ends = {
        "job_role": "job_roles",
        "role": "job_roles",
        "service": "services",
        "leaving_reason": "leaving_reasons",
        "contract": "contracts",
    }
    return CODE_LISTS.get(field) or next((name for ending, name in ends.items() if field.endswith(ending)), "job_roles")


@transaction.atomic
def resolve_unmapped(unmapped_id: int, code: str, *, by: Any) -> None:
    """The value means that code from now on, for every partner; accepted returns that hold it are converted again as long work."""
    permissions.check_can_resolve(by)
    value = Unmapped.objects.select_for_update().filter(pk=unmapped_id).first()
    if value is None:
        raise Invalid("That value is not in the queue any more.")
    policies.check_code(code, code_list(list_of(value.field)).codes, "value")
    value.code, value.resolved_by, value.resolved_at = code, by, timezone.now()
    value.save(update_fields=["code", "resolved_by", "resolved_at"])
    audit.record("unknown value resolved", by=by, about=f"{value.format}:{value.field}:{value.source_code}", code=code)
    if UnmappedUse.objects.filter(unmapped=value, return_of__state__in=(ACCEPTED, CHECKED)).exists():
        jobs.start(
            "convert_again",
            by=by,
            title=f"Reading “{value.source_label or value.source_code}” as {code_list(list_of(value.field)).label(code)} in every return",
            task="oneworkforce.workforce.tasks.convert_again",
            arguments={"unmapped_id": value.pk},
            key=f"convert:{value.pk}",
            address="/workforce/unmapped/",
        )


def convert_again(unmapped_id: int, *, by: Any = None, say: Callable[[int, int], None] | None = None) -> int:
    """Every return that holds the value has snapshots that know it; the earlier snapshots stay and are no longer current. How many.

    Done again after it was killed, it goes on where it stopped.
    """
    uses = UnmappedUse.objects.filter(unmapped_id=unmapped_id, return_of__state__in=(ACCEPTED, CHECKED)).select_related(
        "return_of__partner"
    )
    done, total = 0, uses.count()
    for use in uses.order_by("return_of__month", "pk"):
        _convert_one(use.return_of, by)
        done += 1
        if say:
            say(done, total)
    if done:
        ask_for_picture(by=by)
    return done


def _convert_one(return_: Return, by: Any) -> None:
    files = tuple(intake.SentFile(file.name, folders.uploads() / file.path, file.part) for file in return_.files.all())
    chosen = stored.chosen_columns(return_.partner.code, return_.format)
    context = context_of(return_, return_.format)
    taken = intake.take_in(files, return_.format, lambda format: context, lambda format: chosen)
    key = pseudonym_key(folders.keys())
    outcome = intake.outcome_of(taken, taken.findings, context, stored.decided(return_.format), key, stored.postcodes())
    written = intake.write_snapshots(outcome, folders.snapshots())
    with transaction.atomic():
        now = {row.kind: row.digest for row in Snapshot.objects.filter(return_of=return_, current=True)}
        fresh = [row for row in snapshot_rows(return_.pk, written) if now.get(row.kind) != row.digest]
        Snapshot.objects.filter(return_of=return_, current=True, kind__in=[row.kind for row in fresh]).update(current=False)
        Snapshot.objects.bulk_create(fresh)
        left = {(field, code) for field, code, _, _ in outcome.unmapped}
        for use in UnmappedUse.objects.filter(return_of=return_).select_related("unmapped"):
            if (use.unmapped.field, use.unmapped.source_code) not in left:
                use.delete()
        audit.record("return converted again", by=by, about=return_, snapshots=[row.digest for row in fresh])


@transaction.atomic
def remember_columns(uuid: uuids.UUID | str, chosen: Mapping[str, Mapping[str, str]], *, by: Any) -> None:
    """These headers of this partner mean these fields from now on, and the return is checked again with them.

    Parameters: chosen part → header → field; a blank field forgets the header.
    """
    return_ = stored.return_row(uuid, lock=True)
    permissions.check_can_send(by, return_.partner.code)
    policies.check_open(return_)
    for part, columns in chosen.items():
        for header, field in columns.items():
            if field and field not in specification(return_.format, part).names:
                raise Invalid(f"{format_named(return_.format).label} has no field {field!r}.")
            key = {"partner_id": return_.partner_id, "format": return_.format, "part": part, "header": header[:200]}
            if field:
                ColumnMapping.objects.filter(**key | {"header": header[:200]}).delete()
                ColumnMapping.objects.create(**key, field=field)
            else:
                ColumnMapping.objects.filter(**key).delete()
    audit.record("columns remembered", by=by, about=return_, columns={part: dict(columns) for part, columns in chosen.items()})
    ask_for_check(return_, by=by)


@transaction.atomic
def set_cadence(
    partner: str, format: str, *, interval_months: int, due_day: int, first_month: date, by: Any, last_month: date | None = None
) -> None:
    """The partner owes the format every so many months, by that day of the following month."""
    permissions.check_can_run_city(by)
    policies.check_format_is_sent(format, partners.partner(partner))
    policies.check_interval(interval_months, due_day)
    Cadence.objects.update_or_create(
        partner_id=stored.organisation_id(partner),
        format=format,
        defaults={
            "interval_months": interval_months,
            "due_day": due_day,
            "first_month": first_month.replace(day=1),
            "last_month": last_month,
        },
    )
    audit.record("cadence set", by=by, about=f"organisation:{partner}", format=format, interval_months=interval_months, due_day=due_day)


@transaction.atomic
def agree_sending(partner: str, sender: str, *, by: Any) -> None:
    """The sender may send this partner's returns; the partner's own data lead or the city team has said so."""
    permissions.check_can_arrange(by, partner)
    policies.check_other(partner, sender)
    SendingAgreement.objects.get_or_create(
        partner_id=stored.organisation_id(partner),
        sender_id=stored.organisation_id(sender),
        ended_at=None,
        defaults={"agreed_at": timezone.now(), "agreed_by": by},
    )
    audit.record("sending agreed", by=by, about=f"organisation:{partner}", sender=sender)


@transaction.atomic
def end_sending(partner: str, sender: str, *, by: Any) -> None:
    """The sender may no longer send this partner's returns."""
    permissions.check_can_arrange(by, partner)
    open_ones = SendingAgreement.objects.filter(partner__code=partner, sender__code=sender, ended_at=None)
    if not open_ones.update(ended_at=timezone.now()):
        raise Invalid("There is no such agreement to end.")
    audit.record("sending ended", by=by, about=f"organisation:{partner}", sender=sender)


def send_reminders(*, by: Any, today: date | None = None, ahead: timedelta = timedelta(days=5)) -> int:
    """Every data lead has had one reminder for each return that is due within the days ahead, and one when it is overdue. How many e-mails."""
    permissions.check_can_run_city(by)
    day = today or timezone.localdate()
    sent = 0
    for due in due_returns(day + ahead, since=day - timedelta(days=62)):
        kind = "overdue" if due.due < day else "due"
        sent += _remind(due.partner, due.partner_name, due.format, due.month, due.due, kind, by)
    return sent


def _remind(partner: str, name: str, format: str, month: date, due: date, kind: str, by: Any) -> int:
    leads = partners.data_leads(partner)
    if not leads:
        return 0
    with transaction.atomic():
        _, new = Reminder.objects.get_or_create(
            partner_id=stored.organisation_id(partner),
            format=format,
            month=month,
            kind=kind,
            defaults={"sent_at": timezone.now(), "people": len(leads)},
        )
        if not new:
            return 0
        audit.record("reminder sent", by=by, about=f"organisation:{partner}", format=format, month=month, kind=kind)
    label = format_named(format).label
    words = "was due" if kind == "overdue" else "is due"
    send_mail(
        f"One Workforce: the {label} return for {month:%B %Y} {words} on {due.day} {due:%B}",
        f"Hello,\n\nThe {label} return of {name} for {month:%B %Y} {words} on {due.day} {due:%B %Y}.\n\n"
        "Sign in and open “Send a return”. If there is nothing to report, send a nil return: it takes a minute.\n",
        None,
        [lead.email for lead in leads],
    )
    return len(leads)
