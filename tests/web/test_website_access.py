"""Who may open which page, and what every page has."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from oneworkforce.partners.models import Organisation

ROLES = ("outsider", "viewer", "analyst", "data_lead", "other_lead", "city_team")

# address: the status for each of ROLES, in order. Someone who is not signed in is always sent to sign in.
MATRIX = {
    "/": (200, 200, 200, 200, 200, 200),
    "/partners/": (403, 200, 200, 200, 200, 200),
    "/partners/RR8/": (403, 200, 200, 200, 403, 200),
    "/partners/NOPE/": (404, 404, 404, 404, 404, 404),
    "/partners/RR8/members/": (403, 403, 403, 200, 403, 200),
    "/partners/successions/": (403, 403, 403, 403, 403, 200),
    "/partners/working-as/": (200, 200, 200, 200, 200, 200),
    "/about/audit/": (403, 403, 403, 403, 403, 200),
    "/about/help/": (200, 200, 200, 200, 200, 200),
    "/about/accessibility/": (200, 200, 200, 200, 200, 200),
    "/accounts/password/change/": (200, 200, 200, 200, 200, 200),
    "/jobs/999/": (404, 404, 404, 404, 404, 404),
    "/no/such/page/": (404, 404, 404, 404, 404, 404),
}
OPEN = ("/about/help/", "/about/accessibility/", "/health/", "/accounts/login/", "/accounts/password/reset/", "/accounts/signup/")


@pytest.mark.parametrize("address", MATRIX)
def test_each_role_opens_what_it_may_and_nothing_else(address: str, signed_in: Callable[[str], Client]) -> None:
    seen = tuple(signed_in(role).get(address).status_code for role in ROLES)
    assert seen == MATRIX[address]


@pytest.mark.parametrize("address", [address for address in MATRIX if address not in OPEN and address != "/no/such/page/"])
@pytest.mark.django_db
def test_someone_who_is_not_signed_in_is_asked_to(address: str, client: Client) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("address", OPEN)
@pytest.mark.django_db
def test_some_pages_are_open_to_everyone(address: str, client: Client) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", MATRIX)
def test_every_page_has_one_heading_a_title_a_skip_link_and_a_strict_policy(address: str, signed_in: Callable[[str], Client]) -> None:
    answer = signed_in("city_team").get(address)
    page = answer.content.decode()
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert re.search(r"<title>\S.* – One Workforce</title>", page)
    assert 'href="#maincontent"' in page
    assert 'id="maincontent"' in page
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", MATRIX)
def test_no_page_needs_what_the_policy_forbids(address: str, signed_in: Callable[[str], Client]) -> None:
    page = signed_in("city_team").get(address).content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
    assert "assets.nhs.uk" not in page
    assert "nhsuk-header__logo" not in page


@pytest.mark.parametrize("address", [*MATRIX, "/accounts/login/"])
def test_every_page_says_so_where_anything_is_synthetic(
    address: str, organisations: SimpleNamespace, signed_in: Callable[[str], Client]
) -> None:
    band = "<strong>Synthetic data.</strong>"
    client = signed_in("city_team") if address != "/accounts/login/" else Client()
    assert band not in client.get(address).content.decode()
    Organisation.objects.filter(code="RR8").update(is_synthetic=True)
    assert band in client.get(address).content.decode()


def test_the_menu_says_where_one_is_and_as_whom_one_works(signed_in: Callable[[str], Client]) -> None:
    page = signed_in("analyst").get("/partners/").content.decode()
    assert re.search(r'href="/partners/" aria-current="page"', page)
    assert "Leeds Teaching Hospitals NHS Trust" in page
    assert "Sign out" in page
