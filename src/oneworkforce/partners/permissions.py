"""Who may do what at which partner. `check_…` raises `Refused` with the sentence the person sees; `can_…` is its boolean twin.

The verbs are those of the table in `core/roles.py`; each predicate is a `rules` one, so that they can be combined.
"""

from __future__ import annotations

from typing import Any

import rules

from oneworkforce.errors import Refused
from oneworkforce.partners.core.roles import CITY_TEAM_KIND, allows
from oneworkforce.partners.models import Membership

SENTENCES = {
    "see_partner": "You may see only the partners you belong to. Ask the city team if you need to see this one.",
    "see_picture": "Your account belongs to no partner yet, so there is nothing it may see. Ask your data lead for an invitation.",
    "see_own_figures": "Only this partner's own data leads and analysts may see its figures in full.",
    "see_people": "Only this partner's own data leads may see rows about its people.",
    "plan": "Only analysts, data leads and the city team may run projections.",
    "send": "Only this partner's data leads and the city team may send its returns.",
    "decide": "Only this partner's data leads and the city team may accept a return or send it back.",
    "invite": "Only this partner's data leads and the city team may invite or remove its members.",
    "record_succession": "Only the city team may record that one organisation follows another.",
    "resolve_roles": "Only the city team may decide what an unknown role means, because the answer counts for every partner.",
    "read_audit": "Only the city team may read the audit record.",
}


def roles_of(person: Any) -> dict[str, str]:
    """Partner code to role for every partner the person belongs to."""
    if not getattr(person, "is_authenticated", False) or not person.is_active:
        return {}
    return dict(Membership.objects.filter(person_id=person.pk).values_list("organisation__code", "role"))


def _may(verb: str) -> rules.Predicate:
    """The rule of one verb: some role of the person allows it at the partner whose code is given; with no code, at any."""

    @rules.predicate(name=verb)
    def may(person: Any, code: str | None = None) -> bool:
        return any(allows(role, verb, here=not code or held_at == code) for held_at, role in roles_of(person).items())

    return may


for _verb in SENTENCES:
    rules.set_rule(_verb, _may(_verb))


def can(person: Any, verb: str, partner_code: str = "") -> bool:
    """Whether the person may use the verb at that partner; with no partner, whether at any."""
    return bool(rules.test_rule(verb, person, partner_code or None))


def check(person: Any, verb: str, partner_code: str = "") -> None:
    """Nothing happens where the person may; raises `Refused` with the verb's sentence where not."""
    if not can(person, verb, partner_code):
        raise Refused(SENTENCES[verb])


@rules.predicate
def is_city_team(person: Any) -> bool:
    """Whether the person belongs to the city team."""
    return Membership.objects.filter(person_id=person.pk, role="city_team", organisation__kind=CITY_TEAM_KIND).exists()


def can_see_partner(person: Any, code: str) -> bool:
    """Whether the person may open the partner's page."""
    return can(person, "see_partner", code)


def check_can_see_partner(person: Any, code: str) -> None:
    """Raises `Refused` unless the person may open the partner's page."""
    check(person, "see_partner", code)


def can_invite(person: Any, code: str) -> bool:
    """Whether the person may invite and remove members of the partner."""
    return can(person, "invite", code)


def check_can_invite(person: Any, code: str, role: str = "viewer") -> None:
    """Raises `Refused` unless the person may invite to the partner, and the role is one that they may give."""
    check(person, "invite", code)
    if role == "city_team" and not is_city_team(person):
        raise Refused("Only the city team may add someone to the city team.")
