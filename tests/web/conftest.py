"""What web tests may use: a home of their own, organisations, people in every role, a signed-in client; on SQLite or PostgreSQL.

`ONEWORKFORCE_TEST_DATABASE=postgresql` runs the same tests on a PostgreSQL that is started for them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from oneworkforce.accounts.models import Person
from oneworkforce.partners.models import Membership, Organisation

PASSWORD = "three brown owls"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The tests' database: SQLite as it is, or a PostgreSQL of this session's own."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    if os.environ.get("ONEWORKFORCE_TEST_DATABASE") == "postgresql":
        from tests.web.postgresql import server

        with server(tmp_path_factory.getbasetemp().parent if worker != "main" else tmp_path_factory.getbasetemp()) as settings:
            connections.databases["default"] = connections.configure_settings(
                {"default": {**settings, "TEST": {"NAME": f"test_{worker}"}}}
            )["default"]
            del connections["default"]
            yield
            connections["default"].close()
    else:
        connections["default"].settings_dict["TEST"]["NAME"] = f"file:test_{worker}?mode=memory&cache=shared"
        yield


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    """A home folder of the test's own."""
    settings.ONEWORKFORCE_HOME = tmp_path / "home"
    settings.ONEWORKFORCE_HOME.mkdir()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return settings.ONEWORKFORCE_HOME


@pytest.fixture
def organisations(db: None) -> SimpleNamespace:
    """A trust, a practice, a care home, and the city team; `synthetic` is False on each."""
    rows = {
        "trust": ("RR8", "Leeds Teaching Hospitals NHS Trust", "nhs_trust", "trust"),
        "practice": ("B86001", "Hyde Park Surgery", "general_practice", "practice"),
        "care_home": ("SC001", "Beech House", "social_care", "care_home"),
        "city_team": ("ONEWF", "One Workforce city team", "", "city_team"),
    }
    return SimpleNamespace(
        **{
            key: Organisation.objects.create(code=code, name=name, sector=sector, kind=kind)
            for key, (code, name, sector, kind) in rows.items()
        }
    )


@pytest.fixture
def add_person(db: None) -> Callable[..., Person]:
    """add_person("ann", trust="data_lead"): someone who signs in as ann@example.org, in those roles at those organisations."""

    def add(name: str, memberships: dict[Organisation, str] | None = None) -> Person:
        person = Person(email=f"{name}@example.org", name=name.replace("_", " ").capitalize())
        person.set_password(PASSWORD)
        person.save()
        for organisation, role in (memberships or {}).items():
            Membership.objects.create(person=person, organisation=organisation, role=role)
        return person

    return add


@pytest.fixture
def people(organisations: SimpleNamespace, add_person: Callable[..., Person]) -> SimpleNamespace:
    """One person in each role: data_lead, analyst and viewer of the trust; other_lead of the care home; city_team; outsider of nothing."""
    return SimpleNamespace(
        data_lead=add_person("data_lead", {organisations.trust: "data_lead"}),
        analyst=add_person("analyst", {organisations.trust: "analyst"}),
        viewer=add_person("viewer", {organisations.trust: "viewer"}),
        other_lead=add_person("other_lead", {organisations.care_home: "data_lead"}),
        city_team=add_person("city_team", {organisations.city_team: "city_team"}),
        outsider=add_person("outsider"),
    )


@pytest.fixture
def signed_in(people: SimpleNamespace) -> Callable[[str | Person], Client]:
    """signed_in("analyst"): a client signed in as that person of `people`, or as the person given."""

    def sign_in(who: str | Person) -> Client:
        client = Client()
        person = getattr(people, who) if isinstance(who, str) else who
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def run_tasks() -> Callable[[], None]:
    """run_tasks(): every waiting task has been run, as a worker would; the test needs `@pytest.mark.django_db(transaction=True)`."""
    from oneworkforce.jobs.tasks import run_waiting

    return run_waiting
