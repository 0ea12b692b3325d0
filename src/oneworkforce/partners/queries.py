"""Reads of organisations, members and successions: dataclasses and frames, never a QuerySet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from oneworkforce.accounts import queries as people
from oneworkforce.errors import Unanswerable
from oneworkforce.partners import permissions
from oneworkforce.partners.core.roles import ROLES, allows
from oneworkforce.partners.models import Invitation, Membership, Organisation, Site, Succession
from oneworkforce.vocabulary import code_list


@dataclass(frozen=True)
class Partner:
    """An organisation as other rooms and pages see it."""

    code: str
    name: str
    sector: str
    kind: str
    size_band: str
    parent: str
    opened: date | None
    closed: date | None
    is_synthetic: bool

    @property
    def sector_label(self) -> str:
        """The sector in words."""
        return code_list("sectors").labels.get(self.sector, "City team" if self.kind == "city_team" else self.sector)


@dataclass(frozen=True)
class Belonging:
    """A partner that a person belongs to, and as what."""

    partner: Partner
    role: str

    @property
    def role_label(self) -> str:
        """The role in words."""
        return ROLES[self.role].label


@dataclass(frozen=True)
class Member:
    """A person who belongs to a partner."""

    person_id: int
    name: str
    email: str
    role: str
    since: datetime

    @property
    def role_label(self) -> str:
        """The role in words."""
        return ROLES[self.role].label


@dataclass(frozen=True)
class Place:
    """A site of a partner."""

    code: str
    name: str
    organisation: str
    postcode: str
    lsoa21: str


@dataclass(frozen=True)
class Follows:
    """One organisation stands where another stood, from a date."""

    predecessor: str
    predecessor_name: str
    successor: str
    successor_name: str
    date: date
    kind: str

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return Succession.KINDS[self.kind]


@dataclass(frozen=True)
class Invited:
    """An invitation that can still be accepted."""

    id: int
    email: str
    role: str
    organisation: str
    organisation_name: str
    expires: datetime

    @property
    def role_label(self) -> str:
        """The role in words."""
        return ROLES[self.role].label


def partner(code: str) -> Partner:
    """The partner with that code; raises `Unanswerable` where there is none."""
    found = Organisation.objects.select_related("parent").filter(code=code).first()
    if found is None:
        raise Unanswerable(f"There is no partner with the code {code}.")
    return _partner(found)


def partners(
    *, search: str = "", sector: str = "", codes: Iterable[str] | None = None, offset: int = 0, limit: int | None = None
) -> tuple[Partner, ...]:
    """Partners in order of name whose name or code holds the search, of that sector and those codes, where given."""
    found = _found(search, sector, codes).select_related("parent")
    return tuple(_partner(row) for row in found[offset : offset + limit if limit is not None else None])


def partner_count(*, search: str = "", sector: str = "", codes: Iterable[str] | None = None) -> int:
    """How many partners `partners` would give without a limit."""
    return _found(search, sector, codes).count()


def sector_counts() -> dict[str, int]:
    """How many partners there are in each sector that has any."""
    return dict(Organisation.objects.exclude(sector="").values_list("sector").annotate(Count("pk")).order_by("sector"))


def visible_codes(person: Any) -> tuple[str, ...] | None:
    """The codes of the partners that the person may see; None for every one."""
    roles = permissions.roles_of(person)
    if any(allows(role, "see_partner", here=False) for role in roles.values()):
        return None
    return tuple(roles)


def can_sign_in(email: str) -> bool:
    """Whether someone signs in with that address already."""
    return people.person_by_email(email) is not None


def sector_labels() -> dict[str, str]:
    """Sector code to the sector in words, in the vocabulary's order."""
    return code_list("sectors").labels


def any_synthetic() -> bool:
    """Whether any organisation is a made-up one, so that every page must say so."""
    return Organisation.objects.filter(is_synthetic=True).exists()


def belongings(person: Any) -> tuple[Belonging, ...]:
    """Every partner the person belongs to, and as what, in order of name."""
    rows = Membership.objects.filter(person_id=person.pk).select_related("organisation__parent")
    return tuple(Belonging(_partner(row.organisation), row.role) for row in rows)


def members(code: str) -> tuple[Member, ...]:
    """Everyone who belongs to the partner, in order of name."""
    rows = Membership.objects.filter(organisation__code=code).select_related("person").order_by("person__name")
    return tuple(Member(row.person_id, row.person.name, row.person.email, row.role, row.since) for row in rows)


def data_leads(code: str) -> tuple[Member, ...]:
    """The partner's data leads: who is reminded, and who decides."""
    return tuple(member for member in members(code) if member.role == "data_lead")


def invitations(code: str) -> tuple[Invited, ...]:
    """Invitations to the partner that can still be accepted, newest first."""
    return tuple(_invited(row) for row in _open_invitations().filter(organisation__code=code))


def invitation(token_digest: str) -> Invited | None:
    """The invitation with that digest, if it can still be accepted."""
    found = _open_invitations().filter(token_digest=token_digest).first()
    return _invited(found) if found else None


def sites(code: str = "") -> tuple[Place, ...]:
    """The partner's sites, or everyone's, in order of name."""
    rows = Site.objects.filter(organisation__code=code) if code else Site.objects.all()
    return tuple(Place(*row) for row in rows.values_list("code", "name", "organisation__code", "postcode", "lsoa21"))


def successions(code: str = "") -> tuple[Follows, ...]:
    """Who followed whom, the latest first; those of one partner, either way, where a code is given."""
    rows = Succession.objects.select_related("predecessor", "successor")
    if code:
        rows = rows.filter(Q(predecessor__code=code) | Q(successor__code=code))
    return tuple(
        Follows(row.predecessor.code, row.predecessor.name, row.successor.code, row.successor.name, row.date, row.kind) for row in rows
    )


def speaks_for(code: str) -> tuple[str, ...]:
    """The codes that the partner's return may bear: its own, its parts', its predecessors' and its sites'."""
    parts = list(Organisation.objects.filter(parent__code=code).values_list("code", flat=True))
    former, seen = [code, *parts], {code, *parts}
    pairs = list(Succession.objects.values_list("predecessor__code", "successor__code"))
    for successor in former:  # grows while it is walked: predecessors of predecessors
        for before, after in pairs:
            if after == successor and before not in seen:
                seen.add(before)
                former.append(before)
    return (*former, *Site.objects.filter(organisation__code__in=former).values_list("code", flat=True))


def organisations_frame() -> pl.DataFrame:
    """Axes: one row an organisation. Columns code, name, sector, kind, size_band, parent (text, null where none), opened, closed (date)."""
    columns = ("code", "name", "sector", "kind", "size_band", "parent__code", "opened", "closed")
    rows = list(Organisation.objects.exclude(kind="city_team").order_by("code").values_list(*columns))
    schema = {name.removesuffix("__code"): pl.Date if name in {"opened", "closed"} else pl.String for name in columns}
    return pl.DataFrame(rows, schema=schema, orient="row")


def successions_frame() -> pl.DataFrame:
    """Axes: one row a succession. Columns predecessor, successor, kind (text), date (date), in order of date."""
    rows = list(Succession.objects.order_by("date", "pk").values_list("predecessor__code", "successor__code", "date", "kind"))
    schema = {"predecessor": pl.String, "successor": pl.String, "date": pl.Date, "kind": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _found(search: str, sector: str, codes: Iterable[str] | None) -> QuerySet[Organisation]:
    found = Organisation.objects.order_by("name", "code")
    if search:
        found = found.filter(Q(name__icontains=search) | Q(code__iexact=search))
    if sector:
        found = found.filter(sector=sector)
    return found if codes is None else found.filter(code__in=list(codes))


def _open_invitations() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted=None, withdrawn=None, expires__gt=timezone.now()).select_related("organisation")


def _partner(row: Organisation) -> Partner:
    parent = row.parent.code if row.parent else ""
    return Partner(row.code, row.name, row.sector, row.kind, row.size_band, parent, row.opened, row.closed, row.is_synthetic)


def _invited(row: Invitation) -> Invited:
    return Invited(row.pk, row.email, row.role, row.organisation.code, row.organisation.name, row.expires)
