"""Every write to organisations, members and successions."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from oneworkforce.accounts import actions as accounts
from oneworkforce.accounts import queries as people
from oneworkforce.audit import actions as audit
from oneworkforce.errors import Invalid
from oneworkforce.partners import permissions, policies, queries
from oneworkforce.partners.core.files import Rows, as_date, read_register
from oneworkforce.partners.core.roles import CITY_TEAM_CODE, CITY_TEAM_KIND, ROLES
from oneworkforce.partners.models import Invitation, Membership, Organisation, Site, Succession

INVITATION_LASTS = timedelta(days=14)


@transaction.atomic
def add_partner(
    *,
    code: str,
    name: str,
    sector: str,
    by: Any,
    kind: str = "",
    size_band: str = "",
    parent: str = "",
    opened: date | None = None,
    is_synthetic: bool = False,
) -> queries.Partner:
    """There is a partner with that code; raises `Invalid` where the code is taken or the sector unknown."""
    policies.check_code_is_free(code)
    policies.check_sector(sector, kind)
    above = Organisation.objects.get(code=parent) if parent else None
    made = Organisation.objects.create(
        code=code, name=name, sector=sector, kind=kind, size_band=size_band, parent=above, opened=opened, is_synthetic=is_synthetic
    )
    audit.record("partner added", by=by, about=made)
    return queries.partner(code)


@transaction.atomic
def load_partners(folder: Path, *, by: Any) -> int:
    """Every partner, site and succession of the folder's CSV files is here as the files say, and the partners are counted.

    Loading the same files again changes nothing; a partner that the files leave out stays as it was. `by=None` is the command line.
    """
    if by is not None:
        permissions.check(by, "record_succession")
    register = read_register(folder)
    _load_organisations(register.partners)
    keys = dict(Organisation.objects.values_list("code", "pk"))
    policies.check_known(keys, register)
    sites = [
        Site(
            code=row["code"],
            name=row["name"],
            organisation_id=keys[row["organisation"]],
            postcode=row.get("postcode", ""),
            lsoa21=row.get("lsoa21", ""),
        )
        for row in register.sites
    ]
    Site.objects.bulk_create(
        sites, update_conflicts=True, unique_fields=["code"], update_fields=["name", "organisation", "postcode", "lsoa21"]
    )
    successions = [
        Succession(predecessor_id=keys[row["predecessor"]], successor_id=keys[row["successor"]], date=row["date"], kind=row["kind"])
        for row in register.successions
    ]
    Succession.objects.bulk_create(successions, ignore_conflicts=True)
    audit.record("partners loaded", by=by, partners=len(register.partners), sites=len(sites), successions=len(successions))
    return len(register.partners)


def _load_organisations(rows: Rows) -> None:
    made = [
        Organisation(
            code=row["code"],
            name=row["name"],
            sector=row["sector"],
            kind=row.get("kind", ""),
            size_band=row.get("size_band", ""),
            opened=as_date(row.get("opened", ""), row["code"]),
            closed=as_date(row.get("closed", ""), row["code"]),
            is_synthetic=row.get("synthetic", "") == "yes",
        )
        for row in rows
    ]
    fields = ["name", "sector", "kind", "size_band", "opened", "closed", "is_synthetic"]
    Organisation.objects.bulk_create(made, update_conflicts=True, unique_fields=["code"], update_fields=fields)
    by_code = {organisation.code: organisation for organisation in Organisation.objects.all()}
    with_parent = [(by_code[row["code"]], by_code.get(row["parent"])) for row in rows if row.get("parent")]
    for part, parent in with_parent:
        part.parent = parent
    Organisation.objects.bulk_update([part for part, _ in with_parent], ["parent"], batch_size=200)


@transaction.atomic
def ensure_city_team(*, by: Any, is_synthetic: bool = False) -> queries.Partner:
    """The city team is an organisation, whether or not it was before."""
    if not Organisation.objects.filter(code=CITY_TEAM_CODE).exists():
        add_partner(code=CITY_TEAM_CODE, name="One Workforce city team", sector="", kind=CITY_TEAM_KIND, by=by, is_synthetic=is_synthetic)
    return queries.partner(CITY_TEAM_CODE)


@transaction.atomic
def add_member(person: Any, partner_code: str, role: str, *, by: Any) -> queries.Belonging:
    """The person belongs to the partner in that role, and in no other. `by=None` is the command line."""
    if by is not None:
        permissions.check_can_invite(by, partner_code, role)
    policies.check_role(role, partner_code)
    organisation = Organisation.objects.get(code=partner_code)
    before = Membership.objects.filter(person_id=person.pk, organisation=organisation).first()
    if before:
        policies.check_not_last_lead(before, role)
    Membership.objects.update_or_create(person_id=person.pk, organisation=organisation, defaults={"role": role})
    audit.record("member added", by=by, about=organisation, person=person.pk, role=role)
    return queries.Belonging(queries.partner(partner_code), role)


@transaction.atomic
def remove_member(person_id: int, partner_code: str, *, by: Any) -> None:
    """The person no longer belongs to the partner; what they did stays in the record."""
    permissions.check_can_invite(by, partner_code)
    membership = Membership.objects.select_for_update().filter(person_id=person_id, organisation__code=partner_code).first()
    if membership is None:
        raise Invalid("That person does not belong to this partner, so there is nothing to remove.")
    permissions.check_can_invite(by, partner_code, membership.role)
    policies.check_not_last_lead(membership, "")
    membership.delete()
    audit.record("member removed", by=by, about=membership.organisation, person=person_id, role=membership.role)


@transaction.atomic
def invite(email: str, partner_code: str, role: str, *, by: Any, address: str) -> str:
    """An invitation is on its way, and its token is returned; an earlier one to the same person and partner no longer works.

    Parameters:
        address: the accept page's full address, with `TOKEN` where the token goes.
    """
    permissions.check_can_invite(by, partner_code, role)
    policies.check_role(role, partner_code)
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid(f"{email!r} is not an e-mail address. Enter one such as name@example.nhs.uk.") from error
    organisation = Organisation.objects.get(code=partner_code)
    policies.check_not_member(email, organisation)
    now = timezone.now()
    Invitation.objects.filter(email__iexact=email, organisation=organisation, accepted=None, withdrawn=None).update(withdrawn=now)
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        email=email.lower(),
        organisation=organisation,
        role=role,
        token_digest=digest(token),
        invited_by_id=by.pk,
        expires=now + INVITATION_LASTS,
    )
    audit.record("member invited", by=by, about=organisation, role=role)
    link = address.replace("TOKEN", token)
    transaction.on_commit(lambda: _send_invitation(email, str(by), organisation.name, ROLES[role].label, link))
    return token


@transaction.atomic
def withdraw_invitation(invitation_id: int, partner_code: str, *, by: Any) -> None:
    """The invitation no longer works."""
    permissions.check_can_invite(by, partner_code)
    open_ones = Invitation.objects.filter(pk=invitation_id, organisation__code=partner_code, accepted=None, withdrawn=None)
    if not open_ones.update(withdrawn=timezone.now()):
        raise Invalid("That invitation was already accepted or withdrawn.")
    audit.record("invitation withdrawn", by=by, about=f"organisation:{partner_code}", invitation=invitation_id)


@transaction.atomic
def accept_invitation(token: str, *, name: str = "", password: str = "", by: Any = None) -> Any:
    """Whoever holds the token belongs to the partner; a new person can sign in with the name and password given. The person is returned.

    Someone who can sign in already must have done so (`by`), so that a leaked invitation opens nobody's account.
    """
    found = Invitation.objects.select_for_update().filter(token_digest=digest(token)).select_related("organisation").first()
    found = policies.check_can_be_accepted(found)
    person = people.person_by_email(found.email)
    if person is None:
        person = accounts.add_person(email=found.email, name=name, password=password, by=None)
    elif by is None or by.pk != person.pk:
        raise Invalid(f"Someone can already sign in as {found.email}. Sign in with that address first, then open the invitation again.")
    Membership.objects.update_or_create(person=person, organisation=found.organisation, defaults={"role": found.role})
    Invitation.objects.filter(pk=found.pk).update(accepted=timezone.now())
    audit.record("invitation accepted", by=person, about=found.organisation, role=found.role)
    return person


@transaction.atomic
def record_succession(predecessor: str, successor: str, on: date, kind: str, *, by: Any) -> None:
    """From that date the successor stands where the predecessor stood; the picture shows no one leaving because of it."""
    if by is not None:
        permissions.check(by, "record_succession")
    before, after = Organisation.objects.get(code=predecessor), Organisation.objects.get(code=successor)
    policies.check_succession(before, after, on)
    Succession.objects.create(predecessor=before, successor=after, date=on, kind=kind)
    if kind in {"merger", "rename"} and before.closed is None:
        before.closed = on
        before.save(update_fields=["closed"])
    audit.record("succession recorded", by=by, about=after, predecessor=predecessor, date=on, kind=kind)


def digest(token: str) -> str:
    """What is kept of a token: its SHA-256. The token has 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _send_invitation(email: str, who: str, partner: str, role: str, link: str) -> None:
    send_mail(
        f"One Workforce: {who} invites you to join {partner}",
        f"Hello,\n\n{who} invites you to join {partner} on One Workforce, as: {role}.\n\n"
        f"Open this page to choose a password:\n{link}\n\nThe invitation works for {INVITATION_LASTS.days} days and only once. "
        "If you did not expect it, do nothing.\n",
        None,
        [email],
    )
