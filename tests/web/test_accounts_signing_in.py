"""Signing in and out, forgotten passwords, lock-out, invitations."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from oneworkforce.accounts import actions as accounts
from oneworkforce.accounts.models import Person
from oneworkforce.audit import queries as audit
from oneworkforce.errors import Invalid
from oneworkforce.partners.models import Invitation, Membership
from tests.web.conftest import PASSWORD


def _sign_in(client: Client, email: str, password: str = PASSWORD) -> int:
    return client.post("/accounts/login/", {"login": email, "password": password}).status_code


def test_one_signs_in_with_an_address_in_any_capitals_and_out_again(people: SimpleNamespace, client: Client) -> None:
    assert _sign_in(client, "Analyst@Example.org") == 302
    assert "Sign out" in client.get("/").content.decode()
    client.post("/accounts/logout/")
    assert client.get("/").status_code == 302


def test_signing_out_takes_a_press_not_a_visit(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("analyst")
    client.get("/accounts/logout/")
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/password/change/", "/accounts/password/reset/"])
def test_no_page_shows_markup_as_text(address: str, signed_in: Callable[[str], Client], client: Client) -> None:
    page = (signed_in("analyst") if "change" in address else client).get(address).content.decode()
    assert "&lt;" not in page


def test_a_wrong_password_says_so_without_saying_who_exists(people: SimpleNamespace) -> None:
    pages = [
        Client().post("/accounts/login/", {"login": who, "password": "wrong"}).content.decode()
        for who in ("analyst@example.org", "no@example.org")
    ]
    assert all("There is a problem" in page for page in pages)
    said = [re.findall(r'<a href="#">(.*?)</a>|error-summary__list">(.*?)</ul>', page, re.S) for page in pages]
    assert said[0] == said[1]


def test_five_wrong_passwords_close_the_door_for_that_address_alone(people: SimpleNamespace, client: Client) -> None:
    seen = [_sign_in(client, "analyst@example.org", "wrong") for _ in range(5)]
    assert seen == [200, 200, 200, 200, 429]
    assert _sign_in(client, "ANALYST@example.org") == 429
    assert _sign_in(client, "viewer@example.org") == 302


def test_someone_shut_out_cannot_sign_in(people: SimpleNamespace, client: Client) -> None:
    accounts.set_active(people.analyst, False, by=people.city_team)
    _sign_in(client, "analyst@example.org")
    assert client.get("/").status_code == 302


def test_a_new_password_is_set_by_a_link_that_works_once(people: SimpleNamespace, client: Client) -> None:
    assert client.post("/accounts/password/reset/", {"email": "analyst@example.org"}).status_code == 302
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)
    assert link
    assert mail.outbox[0].subject == "One Workforce: Set a new password"
    page = client.get(link[1], follow=True)
    address = page.redirect_chain[-1][0]
    assert client.post(address, {"password1": "short", "password2": "short"}).status_code == 200
    assert client.post(address, {"password1": "four grey geese", "password2": "four grey geese"}).status_code == 302
    assert _sign_in(client, "analyst@example.org", "four grey geese") == 302
    assert "This link does not work" in Client().get(link[1], follow=True).content.decode()


def test_an_unknown_address_gets_the_same_page_and_no_mail(people: SimpleNamespace, client: Client) -> None:
    answer = client.post("/accounts/password/reset/", {"email": "no@example.org"}, follow=True)
    assert "Look in your e-mail" in answer.content.decode()
    assert mail.outbox == []


def test_a_password_is_changed(signed_in: Callable[[str], Client], client: Client) -> None:
    given = {"oldpassword": PASSWORD, "password1": "four grey geese", "password2": "four grey geese"}
    assert signed_in("analyst").post("/accounts/password/change/", given).status_code == 302
    assert _sign_in(client, "analyst@example.org", "four grey geese") == 302


@pytest.mark.django_db
def test_nobody_signs_up_by_themselves(client: Client) -> None:
    assert "by invitation" in client.get("/accounts/signup/").content.decode()
    client.post("/accounts/signup/", {"email": "me@example.org", "password1": "four grey geese"})
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("email", "password"), [("not an address", "four grey geese"), ("a@example.org", "short"), ("a@example.org", "password1234")]
)
@pytest.mark.django_db
def test_a_person_needs_an_address_and_a_password_that_is_hard_to_guess(email: str, password: str) -> None:
    with pytest.raises(Invalid):
        accounts.add_person(email=email, name="Ann", password=password, by=None)
    assert not Person.objects.exists()


def test_two_people_cannot_have_one_address(people: SimpleNamespace) -> None:
    with pytest.raises(Invalid, match="can already sign in"):
        accounts.add_person(email="ANALYST@example.org", name="Ann", password="four grey geese", by=None)


# Invitations


@pytest.fixture
def invitation(signed_in: Callable[[str], Client], django_capture_on_commit_callbacks: Callable[..., object]) -> str:
    """The address in the e-mail to new@example.org, invited to the trust as an analyst by its data lead."""
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        answer = signed_in("data_lead").post("/partners/RR8/members/", {"email": "new@example.org", "role": "analyst"})
    assert answer.status_code == 302
    found = re.search(r"http://testserver(\S+)", mail.outbox[0].body)
    assert found
    return found[1]


def test_someone_invited_joins_with_a_name_and_a_password(invitation: str, client: Client) -> None:
    assert "as analyst" in client.get(invitation).content.decode()
    assert client.post(invitation, {"name": "New Person", "password": "four grey geese"}).status_code == 302
    assert client.get("/partners/RR8/").status_code == 200
    assert Membership.objects.get(person__email="new@example.org").role == "analyst"
    assert [entry.event for entry in audit.events(limit=2)] == ["invitation accepted", "person added"]


def test_an_invitation_works_once(invitation: str, client: Client) -> None:
    client.post(invitation, {"name": "New Person", "password": "four grey geese"})
    assert Client().get(invitation).status_code == 422
    assert Client().post(invitation, {"name": "Another", "password": "four grey geese"}).status_code == 422
    assert Person.objects.filter(name="Another").count() == 0


def test_an_invitation_runs_out(invitation: str, client: Client) -> None:
    Invitation.objects.update(expires=timezone.now() - timedelta(minutes=1))
    assert client.get(invitation).status_code == 422


def test_a_withdrawn_invitation_does_not_work(invitation: str, client: Client, signed_in: Callable[[str], Client]) -> None:
    pk = Invitation.objects.get().pk
    assert signed_in("other_lead").post(f"/partners/RR8/invitations/{pk}/withdraw/").status_code == 403
    assert signed_in("data_lead").post(f"/partners/RR8/invitations/{pk}/withdraw/").status_code == 302
    assert client.get(invitation).status_code == 422


def test_a_weak_password_is_refused_and_nothing_is_made(invitation: str, client: Client) -> None:
    answer = client.post(invitation, {"name": "New Person", "password": "short"})
    assert answer.status_code == 422
    assert "too short" in answer.content.decode()
    assert not Person.objects.filter(email="new@example.org").exists()


def test_the_token_is_not_kept(invitation: str) -> None:
    assert invitation.rstrip("/").rsplit("/", 1)[1] not in str(list(Invitation.objects.values()))


def test_a_second_invitation_replaces_the_first(invitation: str, signed_in: Callable[[str], Client], client: Client) -> None:
    signed_in("data_lead").post("/partners/RR8/members/", {"email": "new@example.org", "role": "viewer"})
    assert client.get(invitation).status_code == 422
    assert Invitation.objects.filter(withdrawn=None).get().role == "viewer"


def test_an_invitation_opens_nobody_elses_account(invitation: str, people: SimpleNamespace, add_person: Callable[..., Person]) -> None:
    add_person("new")  # they can sign in by now
    client = Client()
    answer = client.get(invitation)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")
    client.force_login(people.viewer, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(invitation).status_code == 422
    client.force_login(Person.objects.get(email="new@example.org"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(invitation).status_code == 302
    assert Membership.objects.filter(person__email="new@example.org").exists()
