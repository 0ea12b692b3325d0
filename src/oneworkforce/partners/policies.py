"""When it may be done: each raises `Invalid` with the text that the person reads."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils import timezone

from oneworkforce.errors import Invalid
from oneworkforce.partners.core.files import Register
from oneworkforce.partners.core.roles import CITY_TEAM_KIND, ROLES
from oneworkforce.partners.models import Invitation, Membership, Organisation, Succession
from oneworkforce.vocabulary import code_list


def check_code_is_free(code: str) -> None:
    """No partner has the code."""
    if Organisation.objects.filter(code=code).exists():
        raise Invalid(f"There is already a partner with the code {code}.")


def check_sector(sector: str, kind: str) -> None:
    """The sector is one of the vocabulary's; the city team has none."""
    if sector not in code_list("sectors").codes and not (kind == CITY_TEAM_KIND and not sector):
        raise Invalid(f"There is no sector {sector!r}. There are: {', '.join(code_list('sectors').codes)}.")


def check_role(role: str, partner_code: str) -> None:
    """The partner exists and the role is one that its members can have."""
    organisation = Organisation.objects.filter(code=partner_code).first()
    if organisation is None:
        raise Invalid(f"There is no partner with the code {partner_code}.")
    if role not in ROLES:
        raise Invalid(f"There is no role {role!r}. There are: {', '.join(ROLES)}.")
    if (role == "city_team") != (organisation.kind == CITY_TEAM_KIND):
        raise Invalid("The role “City team” belongs to the city team, and it is the only role there.")


def check_not_last_lead(membership: Membership, next_role: str) -> None:
    """Someone would still be data lead (or in the city team) afterwards."""
    if membership.role not in {"data_lead", "city_team"} or next_role == membership.role:
        return
    others = Membership.objects.filter(organisation=membership.organisation, role=membership.role).exclude(pk=membership.pk)
    if not others.exists():
        last = ROLES[membership.role].label.lower()
        raise Invalid(f"This is the last {last} of {membership.organisation}. Add another first, so that someone can act for it.")


def check_not_member(email: str, organisation: Organisation) -> None:
    """Nobody with that address belongs to the partner yet."""
    if Membership.objects.filter(person__email__iexact=email, organisation=organisation).exists():
        raise Invalid(f"{email} already belongs to {organisation}.")


def check_can_be_accepted(invitation: Invitation | None) -> Invitation:
    """The invitation, which exists, is still open, and its time has not passed."""
    if invitation is None or invitation.withdrawn:
        raise Invalid("This invitation does not work, or was withdrawn. Ask whoever invited you to send another.")
    if invitation.accepted:
        raise Invalid("This invitation was already used. Sign in instead.")
    if invitation.expires <= timezone.now():
        raise Invalid("This invitation has run out. Ask whoever invited you to send another.")
    return invitation


def check_known(codes: Collection[str], register: Register) -> None:
    """Every partner that a site, a parent or a succession of the files names is known, and every kind of succession too."""
    named = [("partners.csv", row["parent"]) for row in register.partners if row.get("parent")]
    named += [("sites.csv", row["organisation"]) for row in register.sites]
    named += [("successions.csv", row[column]) for row in register.successions for column in ("predecessor", "successor")]
    for file, code in named:
        if code not in codes:
            raise Invalid(f"{file} names the partner {code}, which is neither in partners.csv nor known here.")
    for row in register.successions:
        if row["kind"] not in Succession.KINDS:
            raise Invalid(f"successions.csv: {row['kind']!r} is not a kind of succession. There are: {', '.join(Succession.KINDS)}.")


def check_succession(predecessor: Organisation, successor: Organisation, on: date) -> None:
    """The two differ, the step is not recorded yet, and it closes no circle."""
    if predecessor.pk == successor.pk:
        raise Invalid("An organisation can’t follow itself. Choose two different ones.")
    if Succession.objects.filter(predecessor=predecessor, successor=successor, date=on).exists():
        raise Invalid(f"It is already recorded that {successor} followed {predecessor} on that day.")
    pairs = list(Succession.objects.values_list("predecessor_id", "successor_id"))
    reached, frontier = {successor.pk}, [successor.pk]
    while frontier:
        here = frontier.pop()
        for before, after in pairs:
            if before == here and after not in reached:
                reached.add(after)
                frontier.append(after)
    if predecessor.pk in reached:
        raise Invalid(f"{predecessor} already follows {successor}, so this would go round in a circle.")
