"""Both databases: the one asked for is the one tested, and the migrations are whole on it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from oneworkforce.errors import Invalid
from oneworkforce.website.database import database
from oneworkforce.website.keys import secret_key


@pytest.mark.django_db
def test_the_tests_run_on_the_database_that_was_asked_for() -> None:
    assert connection.vendor == os.environ.get("ONEWORKFORCE_TEST_DATABASE", "sqlite")


@pytest.mark.django_db
def test_the_migrations_say_all_that_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_the_site_says_that_it_is_alive_and_ready(client: Client) -> None:
    assert client.get("/health/").json() == {"alive": True, "ready": True}


def test_the_database_is_embedded_unless_an_address_is_given(tmp_path: Path) -> None:
    embedded = database("", tmp_path)
    assert embedded["NAME"] == str(tmp_path / "db.sqlite3")
    assert embedded["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert database("sqlite:////srv/city.sqlite3", tmp_path)["NAME"] == "/srv/city.sqlite3"
    served = database("postgresql://ow:s%40fe@db:5433/city?sslmode=require", tmp_path)
    assert (served["HOST"], served["PORT"], served["NAME"], served["PASSWORD"]) == ("db", "5433", "city", "s@fe")
    assert served["OPTIONS"] == {"sslmode": "require"}


def test_another_kind_of_address_says_which_there_are(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="postgresql://"):
        database("mysql://localhost/city", tmp_path)


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    made = secret_key(tmp_path)
    path = tmp_path / "keys" / "secret_key"
    assert len(made) > 60
    assert secret_key(tmp_path) == made
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret_key"]
