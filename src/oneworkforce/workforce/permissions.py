"""Who may do what with a return. `by=None` is the command line on the installation's own machine, which may do everything."""

from __future__ import annotations

from typing import Any

from oneworkforce.errors import Refused
from oneworkforce.partners import permissions as partners
from oneworkforce.workforce.models import Return, SendingAgreement


def can_send(person: Any, partner_code: str) -> bool:
    """Whether the person may send the partner's returns: as one of its data leads, the city team, or for an organisation that sends for it."""
    return person is None or partners.can(person, "send", partner_code) or bool(sending_for(person, partner_code))


def check_can_send(person: Any, partner_code: str) -> None:
    """Raises `Refused` unless the person may send the partner's returns."""
    if not can_send(person, partner_code):
        raise Refused(partners.SENTENCES["send"] + " Your own organisation can send for it once it has agreed to that.")


def sending_for(person: Any, partner_code: str) -> tuple[str, ...]:
    """The organisations on whose behalf the person may send this partner's returns, by agreement."""
    own = [code for code, role in partners.roles_of(person).items() if role == "data_lead"]
    agreed = SendingAgreement.objects.filter(partner__code=partner_code, sender__code__in=own, ended_at=None)
    return tuple(agreed.values_list("sender__code", flat=True))


def can_arrange(person: Any, partner_code: str) -> bool:
    """Whether the person may say who sends the partner's returns: one of its own data leads, or the city team."""
    return person is None or partners.can(person, "send", partner_code)


def check_can_arrange(person: Any, partner_code: str) -> None:
    """Raises `Refused` unless the person may say who sends the partner's returns."""
    if not can_arrange(person, partner_code):
        raise Refused(partners.SENTENCES["send"])


def sends_for(person: Any) -> tuple[str, ...]:
    """The codes of every partner whose returns the person may send as a data lead, its own first and then those by agreement."""
    own = [code for code, role in partners.roles_of(person).items() if role == "data_lead"]
    agreed = SendingAgreement.objects.filter(sender__code__in=own, ended_at=None).order_by("partner__name")
    return tuple(dict.fromkeys([*own, *agreed.values_list("partner__code", flat=True)]))


def check_can_decide(person: Any, return_: Return) -> None:
    """Raises `Refused` unless the person may accept the return or send it back."""
    if person is not None:
        partners.check(person, "decide", return_.partner.code)


def can_decide(person: Any, return_: Return) -> bool:
    """Whether the person may accept the return or send it back."""
    return person is None or partners.can(person, "decide", return_.partner.code)


def check_can_withdraw(person: Any, return_: Return) -> None:
    """Raises `Refused` unless the person may take the return back."""
    check_can_send(person, return_.partner.code)


def can_see_return(person: Any, return_: Return) -> bool:
    """Whether the person may see that the return is there and how it stands."""
    return person is None or partners.can(person, "see_partner", return_.partner.code) or _sent_it(person, return_)


def check_can_see_return(person: Any, return_: Return) -> None:
    """Raises `Refused` unless the person may see the return."""
    if not can_see_return(person, return_):
        raise Refused(partners.SENTENCES["see_partner"])


def can_see_rows(person: Any, return_: Return) -> bool:
    """Whether the person may see rows about people: the partner's data leads, and those of the organisation that sent it."""
    return person is None or partners.can(person, "see_people", return_.partner.code) or _sent_it(person, return_)


def check_can_see_rows(person: Any, return_: Return) -> None:
    """Raises `Refused` unless the person may see rows about people."""
    if not can_see_rows(person, return_):
        raise Refused(partners.SENTENCES["see_people"])


def check_can_resolve(person: Any) -> None:
    """Raises `Refused` unless the person may say what an unknown role means."""
    if person is not None:
        partners.check(person, "resolve_roles")


def can_resolve(person: Any) -> bool:
    """Whether the person may say what an unknown role means."""
    return person is None or partners.can(person, "resolve_roles")


def check_can_run_city(person: Any) -> None:
    """Raises `Refused` unless the person is of the city team: cadences, reminders, loading a folder."""
    if person is not None and not partners.is_city_team(person):
        raise Refused("Only the city team may do this, because it counts for every partner.")


def can_run_city(person: Any) -> bool:
    """Whether the person is of the city team."""
    return person is None or partners.is_city_team(person)


def check_can_see_picture(person: Any) -> None:
    """Raises `Refused` unless the person may see the city's picture."""
    if person is not None:
        partners.check(person, "see_picture")


def profile_of(person: Any) -> str:
    """The disclosure profile under which the person sees the city: analysts, data leads and the city team more than viewers."""
    return "analyst" if person is None or partners.can(person, "plan") else "partner"


def _sent_it(person: Any, return_: Return) -> bool:
    return return_.sender_id is not None and partners.can(person, "see_people", return_.sender.code)  # type: ignore[union-attr]
