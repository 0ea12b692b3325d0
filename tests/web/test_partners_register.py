"""Partners: loaded from files, listed, looked after; members and successions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client

from oneworkforce.audit import queries as audit
from oneworkforce.errors import Invalid, Refused
from oneworkforce.partners import actions, permissions, queries
from oneworkforce.partners.core.roles import ROLES
from oneworkforce.partners.models import Membership, Organisation

PARTNERS = """code,name,sector,kind,size_band,parent,opened,closed,synthetic
U1,Armley Network,general_practice,network,medium,,,,yes
B1,Armley Surgery,general_practice,practice,small,U1,2001-04-01,,yes
B2,Wortley Surgery,general_practice,practice,small,U1,,2025-04-01,yes
"""
SITES = "code,name,organisation,postcode,lsoa21\nB1-1,Main surgery,B1,LS12 1AA,E01011264\n"
SUCCESSIONS = "predecessor,successor,date,kind\nB2,B1,2025-04-01,merger\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("partners.csv", PARTNERS), ("sites.csv", SITES), ("successions.csv", SUCCESSIONS)):
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.django_db
def test_a_folder_of_files_becomes_partners_and_loading_it_again_changes_nothing(folder: Path) -> None:
    for _ in range(2):
        assert actions.load_partners(folder, by=None) == 3
        assert [(p.code, p.parent, p.closed, p.is_synthetic) for p in queries.partners()] == [
            ("U1", "", None, True),
            ("B1", "U1", None, True),
            ("B2", "U1", date(2025, 4, 1), True),
        ]
        assert [site.organisation for site in queries.sites()] == ["B1"]
        assert [(s.predecessor, s.successor, s.kind) for s in queries.successions()] == [("B2", "B1", "merger")]
    assert audit.count(audit.Wanted("partners loaded")) == 2


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        ("partners.csv", "code,name", "kode,name", "partners.csv has no column code"),
        ("partners.csv", "U1,Armley Network,general_practice", "U1,Armley Network,moon", "row 2: 'moon' is not a sector"),
        ("partners.csv", "B2,Wortley", "B1,Wortley", "row 4: the code B1 is there twice"),
        ("partners.csv", "2001-04-01", "1/4/2001", "row 3, opened: '1/4/2001' is not a date"),
        ("partners.csv", "small,U1,2001", "small,U9,2001", "names the partner U9"),
        ("sites.csv", "surgery,B1", "surgery,B9", "sites.csv names the partner B9"),
        ("successions.csv", "merger", "magic", "'magic' is not a kind"),
    ],
)
@pytest.mark.django_db
def test_a_faulty_file_says_where_and_nothing_is_loaded(folder: Path, name: str, before: str, after: str, said: str) -> None:
    (folder / name).write_text((folder / name).read_text().replace(before, after))
    with pytest.raises(Invalid, match=said):
        actions.load_partners(folder, by=None)
    assert not Organisation.objects.exists()


@pytest.mark.django_db
def test_a_return_may_bear_the_codes_of_parts_sites_and_those_that_came_before(folder: Path) -> None:
    actions.load_partners(folder, by=None)
    assert set(queries.speaks_for("B1")) == {"B1", "B2", "B1-1"}
    assert set(queries.speaks_for("U1")) == {"U1", "B1", "B2", "B1-1"}


@pytest.mark.django_db
def test_frames_have_the_columns_that_the_picture_reads(folder: Path) -> None:
    assert queries.organisations_frame().is_empty()
    assert queries.successions_frame().columns == ["predecessor", "successor", "date", "kind"]
    actions.load_partners(folder, by=None)
    frame = queries.organisations_frame()
    assert frame.columns == ["code", "name", "sector", "kind", "size_band", "parent", "opened", "closed"]
    assert frame["parent"].to_list() == ["U1", "U1", None]
    assert queries.successions_frame()["date"].to_list() == [date(2025, 4, 1)]


# The list


def test_the_list_is_searched_filtered_and_paged(signed_in: Callable[[str], Client]) -> None:
    Organisation.objects.bulk_create(Organisation(code=f"C{n:03}", name=f"Care home {n:03}", sector="social_care") for n in range(60))
    client = signed_in("city_team")
    first = client.get("/partners/").content.decode()
    assert "Page 1 of 3" in first
    assert "Page 3 of 3" in client.get("/partners/", {"sector": "social_care", "page": 3}).content.decode()
    assert "sector=social_care&amp;page=2" in client.get("/partners/", {"sector": "social_care"}).content.decode()
    found = client.get("/partners/", {"search": "rr8"}).content.decode()
    assert "1 partner<" in found
    assert "No partner fits" in client.get("/partners/", {"search": "zebra"}).content.decode()


def test_someone_sees_their_own_partners_in_the_list(signed_in: Callable[[str], Client]) -> None:
    page = signed_in("viewer").get("/partners/").content.decode()
    assert "/partners/RR8/" in page
    assert "/partners/SC001/" not in page


# Members


@pytest.mark.parametrize("role", ["viewer", "analyst", "other_lead", "outsider"])
def test_only_its_leads_and_the_city_team_invite(role: str, people: SimpleNamespace) -> None:
    with pytest.raises(Refused):
        actions.invite("a@example.org", "RR8", "viewer", by=getattr(people, role), address="TOKEN")


def test_a_lead_cannot_make_anyone_city_team(people: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="city team"):
        actions.invite("a@example.org", "RR8", "city_team", by=people.data_lead, address="TOKEN")
    with pytest.raises(Invalid, match="only role there"):
        actions.invite("a@example.org", "RR8", "city_team", by=people.city_team, address="TOKEN")


def test_a_member_is_removed_and_the_last_lead_is_not(people: SimpleNamespace, signed_in: Callable[[str], Client]) -> None:
    client = signed_in("data_lead")
    assert client.post(f"/partners/RR8/members/{people.viewer.pk}/remove/").status_code == 302
    assert not Membership.objects.filter(person=people.viewer).exists()
    answer = client.post(f"/partners/RR8/members/{people.data_lead.pk}/remove/")
    assert answer.status_code == 422
    assert "last data lead" in answer.content.decode()


def test_someone_who_belongs_already_is_not_invited_again(signed_in: Callable[[str], Client]) -> None:
    answer = signed_in("data_lead").post("/partners/RR8/members/", {"email": "Viewer@example.org", "role": "analyst"})
    assert answer.status_code == 422
    assert "already belongs" in answer.content.decode()


def test_someone_of_two_partners_chooses_which_to_work_as(
    people: SimpleNamespace, organisations: SimpleNamespace, signed_in: Callable[[str], Client]
) -> None:
    Membership.objects.create(person=people.viewer, organisation=organisations.practice, role="viewer")
    client = signed_in("viewer")
    assert "for Hyde Park Surgery" in client.get("/").content.decode()
    assert client.post("/partners/working-as/", {"partner": "RR8"}).status_code == 302
    assert "for Leeds Teaching Hospitals" in client.get("/").content.decode()
    assert client.post("/partners/working-as/", {"partner": "SC001"}).status_code == 422


@pytest.mark.parametrize(
    ("role", "verb", "here", "elsewhere"),
    [
        ("data_lead", "send", True, False),
        ("data_lead", "see_people", True, False),
        ("analyst", "send", False, False),
        ("analyst", "see_own_figures", True, False),
        ("viewer", "see_own_figures", False, False),
        ("city_team", "send", True, True),
        ("city_team", "see_people", False, False),
        ("city_team", "see_own_figures", False, False),
    ],
)
def test_what_a_role_may_do_here_and_elsewhere(role: str, verb: str, here: bool, elsewhere: bool, people: SimpleNamespace) -> None:
    person = getattr(people, role)
    assert (permissions.can(person, verb, "RR8"), permissions.can(person, verb, "SC001")) == (here, elsewhere)


def test_every_verb_has_a_sentence_and_every_sentence_a_verb() -> None:
    assert set(permissions.SENTENCES) == {verb for role in ROLES.values() for verb in role.here | role.anywhere}


# Successions


def test_the_city_team_records_that_one_follows_another(organisations: SimpleNamespace, signed_in: Callable[[str], Client]) -> None:
    given = {"predecessor": "SC001", "successor": "RR8", "date": "2026-04-01", "kind": "merger"}
    assert signed_in("city_team").post("/partners/successions/", given).status_code == 302
    assert queries.partner("SC001").closed == date(2026, 4, 1)
    again = signed_in("city_team").post("/partners/successions/", given)
    assert (again.status_code, "already recorded" in again.content.decode()) == (422, True)
    back = signed_in("city_team").post("/partners/successions/", {**given, "predecessor": "RR8", "successor": "SC001"})
    assert "round in a circle" in back.content.decode()
    assert signed_in("data_lead").post("/partners/successions/", given).status_code == 403
