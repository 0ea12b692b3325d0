"""The roles a member can have, as one table: what code checks, what the help page shows."""

from __future__ import annotations

from dataclasses import dataclass

CITY_TEAM_CODE = "ONEWF"
CITY_TEAM_KIND = "city_team"


@dataclass(frozen=True)
class Role:
    """A role, in words, and the verbs it may use: `here` at its own partner, `anywhere` at every partner."""

    code: str
    label: str
    says: str
    here: frozenset[str] = frozenset()
    anywhere: frozenset[str] = frozenset()


_SEE = frozenset({"see_partner", "see_picture"})
_ANALYSE = _SEE | {"see_own_figures", "plan"}
_LEAD = _ANALYSE | {"send", "decide", "see_people", "invite"}

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role("data_lead", "Data lead", "Sends this partner's returns, decides on them, and invites colleagues.", here=_LEAD),
        Role("analyst", "Analyst", "Sees this partner's own figures in full and plans with them.", here=_ANALYSE),
        Role("viewer", "Viewer", "Sees the city's picture and how this partner's returns stand.", here=_SEE),
        Role(
            "city_team",
            "City team",
            "Looks after the partners, the shared roles and the picture; sees no partner's people.",
            here=_ANALYSE | {"invite"},
            anywhere=_SEE | {"plan", "send", "decide", "invite", "record_succession", "resolve_roles", "read_audit"},
        ),
    )
}


def allows(role: str, verb: str, *, here: bool) -> bool:
    """Whether a role may use a verb, at its own partner (`here`) or at another.

    >>> allows("viewer", "send", here=True), allows("data_lead", "send", here=True), allows("data_lead", "send", here=False)
    (False, True, False)
    >>> allows("city_team", "see_people", here=False)
    False
    """
    held = ROLES[role]
    return verb in held.anywhere or (here and verb in held.here)
