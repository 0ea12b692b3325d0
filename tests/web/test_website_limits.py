"""What a page loads, what an upload may weigh, and what a person reads when something goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import path

from oneworkforce.errors import Invalid, Refused, Unanswerable
from oneworkforce.website import errors, static_build, urls


def _raises(error: Exception) -> Callable[..., None]:
    def view(request: object) -> None:
        raise error

    return view


urlpatterns = [
    *urls.urlpatterns,
    path("refused/", _raises(Refused("Only the city team may."))),
    path("invalid/", _raises(Invalid("Row 3 has no code. Add it.", ["row 3: no code"]))),
    path("unanswerable/", _raises(Unanswerable("No return holds sickness for this month."))),
    path("broken/", _raises(ZeroDivisionError())),
]
handler500 = urls.handler500


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/refused/", 403, "Only the city team may."),
        ("/invalid/", 422, "row 3: no code"),
        ("/unanswerable/", 404, "No return holds sickness for this month."),
    ],
)
@pytest.mark.urls(__name__)
def test_an_error_of_the_house_is_a_page_that_says_what_to_do(
    address: str, status: int, said: str, signed_in: Callable[[str], Client]
) -> None:
    answer = signed_in("analyst").get(address)
    assert answer.status_code == status
    assert said in answer.content.decode()
    assert "Start from Today" in answer.content.decode()


@pytest.mark.urls(__name__)
def test_a_fault_of_ours_says_so_and_shows_nothing_of_the_inside(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("analyst")
    client.raise_request_exception = False
    answer = client.get("/broken/")
    assert answer.status_code == 500
    assert "The fault is ours" in answer.content.decode()
    assert "ZeroDivisionError" not in answer.content.decode()


@pytest.mark.django_db
def test_an_upload_over_the_limit_is_answered_before_any_of_it_is_read(settings: Any, client: Client) -> None:
    settings.ONEWORKFORCE_UPLOAD_LIMIT = 2 * 1024**3 - 1
    unread = BytesIO(b"x" * 100)
    answer = client.generic("POST", "/partners/RR8/members/", b"", CONTENT_LENGTH=str(2 * 1024**3), **{"wsgi.input": unread})
    assert answer.status_code == 413
    assert "The most that can be sent at once is 2,048 MB" in answer.content.decode()
    assert unread.tell() == 0


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused(signed_in: Callable[[str], Client], people: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.data_lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post("/partners/RR8/members/", {"email": "new@example.org", "role": "viewer"})
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()


def test_the_pages_load_nothing_from_elsewhere_and_no_licensed_font() -> None:
    css = (static_build.BUILT / "nhsuk.css").read_text()
    assert "@font-face" not in css
    assert "rutiger" not in css
    assert not re.search(r"url\((?!images/|[\"']?data:)", css)
    for name in re.findall(r"url\((images/[^)]+)\)", css):
        assert (static_build.BUILT / name).exists()


def test_building_again_writes_nothing() -> None:
    before = {path: path.stat().st_mtime_ns for path in static_build.BUILT.rglob("*")}
    static_build.build()
    assert {path: path.stat().st_mtime_ns for path in static_build.BUILT.rglob("*")} == before


@pytest.mark.django_db
def test_the_page_for_a_bad_request_is_a_page(rf: RequestFactory) -> None:
    assert errors.bad_request(rf.get("/")).status_code == 400
