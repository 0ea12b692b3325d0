"""When a return may take a step. Each `check_…` raises `Invalid` with the sentence that the person reads."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from oneworkforce.errors import Invalid
from oneworkforce.partners import queries as partners
from oneworkforce.workforce.core.specification import Format, format_named
from oneworkforce.workforce.lifecycles import ACCEPTED, OPEN_STATES, RETURN, SENT_BACK, WITHDRAWN
from oneworkforce.workforce.models import Return

SMALL = 50
"""Staff up to which a partner can fill its return on screen."""


def check_step(return_: Return, verb: str) -> str:
    """The state that follows, where the life cycle has the step."""
    return RETURN.after(return_.state, verb)


def check_format_is_sent(format: str, partner: partners.Partner) -> Format:
    """The format is one that partners send."""
    asked = format_named(format)
    if asked.kind == "published":
        raise Invalid(f"{asked.label} is a published table, not a return. Its figures are on the page “Real context”.")
    if partner.kind == "city_team":
        raise Invalid("The city team sends no returns of its own. Choose the partner that the return is about.")
    return asked


def check_month(month: date, today: date) -> None:
    """The month is given by its first day and has begun."""
    if month.day != 1:
        raise Invalid("A return is about a whole month. Choose the month.")
    if month > today.replace(day=1):
        raise Invalid(f"{month:%B %Y} is in the future. A return can be sent for {today:%B %Y} or any month before it.")
    if month.year < 2000:
        raise Invalid(f"{month:%B %Y} is too long ago. Check the year.")


def check_partner_open(partner: partners.Partner, month: date) -> None:
    """The partner existed in that month."""
    if partner.closed and month > partner.closed:
        raise Invalid(f"{partner.name} closed in {partner.closed:%B %Y}, so it has no return for {month:%B %Y}. Choose its successor.")


def check_not_accepted_already(partner: partners.Partner, format: str, month: date, correction: bool) -> Return | None:
    """No return of this partner, format and month is accepted, unless this one is meant to correct it; the one it would replace."""
    earlier = Return.objects.filter(partner__code=partner.code, format=format, month=month, state=ACCEPTED).first()
    if earlier is not None and not correction:
        raise Invalid(
            f"The {format_named(format).label} return of {partner.name} for {month:%B %Y} was already accepted. "
            "If this one corrects it, say so, and it will replace the earlier one when it is accepted."
        )
    return earlier


def check_not_sent_before(partner_code: str, format: str, month: date, digest: str) -> None:
    """The very same file was not received before, unless it was withdrawn, or was sent back for the sake of its month or format."""
    for earlier in Return.objects.filter(digest=digest, nil=False).exclude(state=WITHDRAWN).select_related("partner", "sent_by"):
        if earlier.partner.code != partner_code:
            raise Invalid(f"This is the same file that was sent for {earlier.partner.name}. Check which partner it is about.")
        same = earlier.month == month and (not format or earlier.format == format)
        if earlier.state != SENT_BACK or same:
            when = timezone.localtime(earlier.received_at)
            raise Invalid(
                f"This is the same file that {earlier.sent_by} sent on {when.day} {when:%B %Y} for {earlier.month:%B %Y} "
                f"(it is {earlier.state}). It was not received again. If it is a correction, send the corrected file."
            )


def check_files(names: list[str], sizes: list[int], limit: int) -> None:
    """There is at least one file, none is empty, and together they are within the limit."""
    if not names:
        raise Invalid("Choose the file to send.")
    for name, size in zip(names, sizes, strict=True):
        if size == 0:
            raise Invalid(f"{name} is empty. Send the file again with its rows, or a nil return if there is nothing to report.")
    if sum(sizes) > limit:
        raise Invalid(f"The files are larger than {words_of_size(limit)} together, which is the limit. Send fewer columns, or CSV files.")


def words_of_size(size: int) -> str:
    """A number of bytes as one says it."""
    return f"{size / 1024**3:.0f} GB" if size >= 1024**3 else f"{max(size // 1024**2, 1):,} MB"


def check_can_be_accepted(return_: Return, *, answer: str, movement_confirmed: bool, today: date) -> None:
    """Nothing stands in the way of acceptance: every reason there is, in one sentence each."""
    check_step(return_, "accepted")
    reasons = []
    if return_.errors:
        reasons.append(f"It has {return_.errors:,} {'error' if return_.errors == 1 else 'errors'}. Correct the file and send it again.")
    if return_.warnings and not answer.strip():
        reasons.append(
            f"It has {return_.warnings:,} {'warning' if return_.warnings == 1 else 'warnings'} to answer: say why they are right."
        )
    if return_.movement_asks and not movement_confirmed:
        reasons.append("The movement since the last return is unusual: confirm that it is right.")
    if return_.month > today.replace(day=1):
        reasons.append(f"{return_.month:%B %Y} is in the future.")
    if reasons:
        raise Invalid("This return can’t be accepted yet. " + " ".join(reasons))


def check_replaces(return_: Return, accepted: Return | None) -> None:
    """The accepted return of the same partner, format and month, if there is one, is the one that this return replaces."""
    if accepted is None or accepted.pk == return_.pk:
        return
    if return_.replaces_id != accepted.pk:
        raise Invalid(
            f"Another return of {return_.partner} for {return_.month:%B %Y} was accepted in the meantime"
            f"{f' by {accepted.decided_by}' if accepted.decided_by else ''}. Nothing was changed. "
            "If this one corrects it, send it again as a correction."
        )


def check_decided_once(return_: Return, changed: int) -> None:
    """The step was this person's: where someone else was first, they are told who and what."""
    if changed:
        return
    now = Return.objects.select_related("decided_by").get(pk=return_.pk)
    raise Invalid(
        f"{now.decided_by or 'Someone else'} decided on this return at the same moment: it is {now.state}. Nothing else was changed."
    )


def check_reason(reason: str) -> str:
    """A reason was given."""
    if not reason.strip():
        raise Invalid("Say why, so that the partner knows what to do.")
    return reason.strip()


def check_open(return_: Return) -> None:
    """The return is still to be decided."""
    if return_.state not in OPEN_STATES:
        raise Invalid(f"This return is {return_.state}, so it can’t be changed. Send a corrected one instead.")


def check_small(people: int) -> None:
    """The partner is small enough to fill its return on screen."""
    if people > SMALL:
        raise Invalid(f"The last return had {people:,} people. A return for more than {SMALL} is sent as a file: download the template.")


def check_other(partner: str, sender: str) -> None:
    """The organisation that is to send is another one, so that there is something to agree."""
    if partner == sender:
        raise Invalid("A partner’s own data leads send its returns anyway. Choose another organisation.")


def check_code(value: Any, codes: tuple[str, ...], what: str) -> None:
    """The value is one of the shared codes."""
    if value not in codes:
        raise Invalid(f"Choose a {what} from the shared list.")


def check_interval(interval_months: int, due_day: int) -> None:
    """The cadence is one that a calendar can hold."""
    if not 1 <= interval_months <= 12 or not 1 <= due_day <= 28:
        raise Invalid("A return is due every 1 to 12 months, on day 1 to 28 of the following month.")
