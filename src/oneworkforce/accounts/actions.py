"""Every write to people."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from oneworkforce.accounts.models import Person
from oneworkforce.audit import actions as audit
from oneworkforce.audit.actions import HasKey
from oneworkforce.errors import Invalid


@transaction.atomic
def add_person(*, email: str, name: str, password: str, by: HasKey | None) -> Person:
    """The person can sign in; raises `Invalid` where the address is taken or not an address, or the password is too easy to guess."""
    address = email.strip().lower()
    if Person.objects.filter(email__iexact=address).exists():
        raise Invalid(f"Someone with the address {address} can already sign in.")
    person = Person(email=address, name=name.strip())
    _check(lambda: validate_email(address))
    _check(lambda: validate_password(password, person))
    person.set_password(password)
    person.save()
    audit.record("person added", by=by or person, about=person)
    return person


@transaction.atomic
def set_active(person: Person, active: bool, *, by: HasKey | None) -> None:
    """The person can sign in (again), or no longer can."""
    person.is_active = active
    person.save(update_fields=["is_active"])
    audit.record("person let in" if active else "person shut out", by=by, about=person)


def _check(rule: Callable[[], None]) -> None:
    try:
        rule()
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from error
