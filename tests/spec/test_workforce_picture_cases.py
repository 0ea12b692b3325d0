"""The picture by small cases: what two or three returns say, and what the picture makes of it."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from oneworkforce.workforce.core.assignments import Assignments, Posts, empty, valid
from oneworkforce.workforce.core.picture import Picture, balance, build, restatements, table, with_measures

KINDS = ("starter", "transfer_in", "into_view", "contract_in", "leaver", "transfer_out", "out_of_view", "contract_out")


def month(number: int) -> date:
    """Month 1 is January 2025."""
    return date(2025 + (number - 1) // 12, (number - 1) % 12 + 1, 1)


def row(at: int, person: int, partner: str = "A", **more: object) -> dict[str, object]:
    known = {
        "month": month(at), "partner": partner, "format": "simple_return", "person": person, "assignment": 1, "role": "care_worker",
        "service": "home_care", "site": None, "contract": "permanent", "age_band": "30_34", "sex": "female", "ethnicity": "white",
        "disability": "no", "deprivation": "1", "fte": 1.0, "start_date": None, "leaving_date": None, "leaving_reason": None,
        "sickness_days": None, "available_days": None, "row": 2,
    }  # fmt: skip
    return {**known, **more}


def picture(
    rows: list[dict[str, object]], returns: str | dict[str, str], successions: list[tuple[str, str, int, str]] | None = None, **more
):
    """`returns`: by partner, a letter a month from month 1: a accepted, n nil, m missing, - not due."""
    words = {"a": "accepted", "n": "nil", "m": "missing", "-": "not_due"}
    by_partner = returns if isinstance(returns, dict) else {"A": returns}
    expected = [
        (partner, "simple_return", month(at), words[letter], f"{partner}{at}" if letter == "a" else None)
        for partner, letters in by_partner.items()
        for at, letter in enumerate(letters, start=1)
    ]
    closed = more.get("closed", {})
    organisations = pl.DataFrame(
        [(code, code, "social_care", "care", None, month(closed[code]) if code in closed else None) for code in "ABC"],
        schema={"code": pl.String, "name": pl.String, "sector": pl.String, "kind": pl.String, "opened": pl.Date, "closed": pl.Date},
        orient="row",
    )
    succeeded = pl.DataFrame(
        [(before, after, month(at), kind) for before, after, at, kind in successions or []],
        schema={"predecessor": pl.String, "successor": pl.String, "date": pl.Date, "kind": pl.String},
        orient="row",
    )
    assignments = valid(Assignments, pl.DataFrame(rows, schema=empty(Assignments).schema))
    frame = pl.DataFrame(expected, schema=["partner", "format", "month", "status", "snapshot"], orient="row")
    return build(assignments, more.get("posts", empty(Posts)), organisations, succeeded, frame)


def flows(found: Picture, partner: str = "A") -> dict[int, dict[str, int]]:
    """By month, what came and went, without noughts."""
    lines = balance(found).filter(pl.col("partner") == partner).sort("month").to_dicts()
    return {at: told for at, line in enumerate(lines, start=1) if (told := {kind: line[kind] for kind in KINDS if line[kind]})}


def people(found: Picture, partner: str = "A") -> list[int]:
    return balance(found).filter(pl.col("partner") == partner).sort("month")["end"].to_list()


CASES = [
    # name, rows, returns, people by month, flows by month
    ("a first return brings people into view", [row(1, 1), row(1, 2)], "a", [2], {1: {"into_view": 2}}),
    (
        "present now and not before: a starter; before and not now: a leaver",
        [row(1, 1), row(2, 2)],
        "aa",
        [1, 1],
        {1: {"into_view": 1}, 2: {"starter": 1, "leaver": 1}},
    ),
    (
        "a row that says it left this month counts as gone at its end",
        [row(1, 1), row(2, 1, leaving_date=month(2), leaving_reason="retirement")],
        "aa",
        [1, 0],
        {1: {"into_view": 1}, 2: {"leaver": 1}},
    ),
    (
        "a nil return is nobody",
        [row(1, 1)],
        "an",
        [1, 0],
        {1: {"into_view": 1}, 2: {"leaver": 1}},
    ),
    (
        "a missing return is carried forward, nobody leaves",
        [row(1, 1), row(3, 1)],
        "ama",
        [1, 1, 1],
        {1: {"into_view": 1}},
    ),
    (
        "in a quarter, dates say when",
        [row(1, 1), row(4, 1, leaving_date=month(3), leaving_reason="voluntary"), row(4, 2, start_date=month(2))],
        "a--a",
        [1, 2, 1, 1],
        {1: {"into_view": 1}, 2: {"starter": 1}, 3: {"leaver": 1}},
    ),
    (
        "without dates, a quarter's starts and leaves spread over it by pseudonym",
        [row(1, 1), row(1, 2), row(1, 3), row(4, 4), row(4, 5), row(4, 6)],
        "a--a",
        [3, 3, 3, 3],
        {1: {"into_view": 3}, 2: {"starter": 1, "leaver": 1}, 3: {"starter": 1, "leaver": 1}, 4: {"starter": 1, "leaver": 1}},
    ),
    (
        "who came and went between two returns is both",
        [row(1, 9), row(4, 9), row(4, 1, start_date=month(2), leaving_date=month(4))],
        "a--a",
        [1, 2, 2, 1],
        {1: {"into_view": 1}, 2: {"starter": 1}, 4: {"leaver": 1}},
    ),
    (
        "an old leaver listed again is nobody",
        [row(1, 9), row(2, 9), row(2, 1, leaving_date=month(1))],
        "aa",
        [1, 1],
        {1: {"into_view": 1}},
    ),
    (
        "two jobs are one person, under the larger",
        [row(1, 1, fte=0.4), row(1, 1, assignment=2, fte=0.6, role="senior_care_worker")],
        "a",
        [1],
        {1: {"into_view": 1}},
    ),
    (
        "from bank to permanent is neither joining nor leaving",
        [row(1, 1, contract="bank"), row(2, 1), row(3, 1, contract="bank")],
        "aaa",
        [0, 1, 0],
        {2: {"contract_in": 1}, 3: {"contract_out": 1}},
    ),
    (
        "after more than twelve months of silence nothing is said of who came and went",
        [row(1, 1), row(15, 2)],
        "a" + "m" * 13 + "a",
        [1] * 13 + [0, 1],
        {1: {"into_view": 1}, 14: {"out_of_view": 1}, 15: {"into_view": 1}},
    ),
]


@pytest.mark.parametrize(("name", "rows", "returns", "stock", "came_and_went"), CASES, ids=[case[0] for case in CASES])
def test_returns_become_people_and_flows(name, rows, returns, stock, came_and_went) -> None:
    found = picture(rows, returns)
    assert people(found) == stock
    assert flows(found) == came_and_went


def test_a_merger_is_a_transfer_of_everybody_and_nobody_leaves() -> None:
    rows = [row(at, person, "A") for at in (1, 2) for person in (1, 2, 3)]
    rows += [row(at, 50, "B") for at in (1, 2)] + [row(3, person, "B") for person in (50, 61, 62, 63)]
    found = picture(rows, {"A": "aa-", "B": "aaa"}, [("A", "B", 3, "merger")])
    assert flows(found, "A") == {1: {"into_view": 3}, 3: {"transfer_out": 3}}
    assert flows(found, "B") == {1: {"into_view": 1}, 3: {"transfer_in": 3}}


def test_a_successor_that_is_new_gets_its_predecessors_people() -> None:
    rows = [row(at, person, "A") for at in (1, 2) for person in (1, 2)] + [row(3, person, "B") for person in (7, 8)]
    found = picture(rows, {"A": "aam", "B": "--a"}, [("A", "B", 3, "rename")])
    assert people(found, "A") == [2, 2, 0]
    assert flows(found, "B") == {3: {"transfer_in": 2}}


def test_until_the_successor_sends_a_return_the_predecessors_last_one_is_carried() -> None:
    rows = [row(at, person, "A") for at in (1, 2) for person in (1, 2)]
    found = picture(rows, {"A": "aa--", "B": "--mm"}, [("A", "B", 3, "merger")])
    assert people(found, "A") == [2, 2, 2, 2]
    assert found.coverage.filter(pl.col("partner") == "A")["status"].to_list() == ["accepted", "accepted", "carried", "carried"]
    late = picture([*rows, row(4, 7, "B"), row(4, 8, "B")], {"A": "aa--", "B": "--ma"}, [("A", "B", 3, "merger")])
    assert flows(late, "A") == {1: {"into_view": 2}, 3: {"transfer_out": 2}}
    assert people(late, "B") == [0, 0, 2, 2]


def test_who_goes_to_a_successor_that_has_sent_nothing_is_out_of_view() -> None:
    rows = [row(at, person, "A") for at in (1, 2) for person in (1, 2)] + [row(3, 1, "A")]
    found = picture(rows, {"A": "aaa", "B": "--m"}, [("A", "B", 3, "tupe")])
    assert flows(found, "A") == {1: {"into_view": 2}, 3: {"out_of_view": 1}}


def test_a_tupe_transfer_takes_those_whose_likeness_appears_and_others_still_leave() -> None:
    rows = [row(1, 1, role="care_worker"), row(1, 2, role="care_worker"), row(1, 3, role="administrator"), row(2, 3, role="administrator")]
    rows += [row(1, 50, "B"), row(2, 50, "B"), row(2, 60, "B", role="care_worker"), row(2, 61, "B", role="registered_manager")]
    found = picture(rows, {"A": "aa", "B": "aa"}, [("A", "B", 2, "tupe")])
    assert flows(found, "A")[2] == {"transfer_out": 1, "leaver": 1}
    assert flows(found, "B")[2] == {"transfer_in": 1, "starter": 1}


def test_a_partner_that_closes_with_no_successor_loses_its_people() -> None:
    found = picture([row(1, 1), row(2, 1)], "aa--", closed={"A": 3})
    assert flows(found) == {1: {"into_view": 1}, 3: {"leaver": 1}}
    assert found.coverage["status"].to_list() == ["accepted", "accepted", "closed", "closed"]


def test_stability_follows_people_through_a_merger() -> None:
    rows = [row(at, person, "A") for at in range(1, 7) for person in (1, 2)]
    rows += [row(at, person, "B") for at in range(7, 14) for person in (7, 8) if (at, person) not in ((12, 8), (13, 8))]
    found = picture(rows, {"A": "aaaaaa-------", "B": "------aaaaaaa"}, [("A", "B", 7, "merger")])
    last = table(found, "city").row(-1, named=True)
    assert (last["stay_base"], last["stayed"]) == (2, 1)


def test_turnover_is_a_years_leavers_by_the_average_staff_at_risk() -> None:
    rows = [row(at, person) for at in range(1, 14) for person in range(10) if not (at >= 7 and person == 0)]
    last = with_measures(table(picture(rows, "a" * 13), "city"), ("turnover", "stability")).row(-1, named=True)
    assert last["leavers_12"] == 1
    assert last["staff_years_12"] == pytest.approx((6 * 10 + 6 * 9) / 12)
    assert last["turnover"] == pytest.approx(100 / 9.5)
    assert last["stability"] == pytest.approx(90)


def test_days_available_follow_from_fte_where_they_are_not_said() -> None:
    rows = [row(1, 1, fte=0.5, sickness_days=2.0), row(1, 2, sickness_days=1.0, available_days=30.0), row(1, 3)]
    cell = table(picture(rows, "a"), "city").row(0, named=True)
    assert (cell["sickness_days"], cell["available_days"]) == (3.0, 30.0 + 31 * 0.5)


def test_fte_is_under_each_assignments_own_role_and_the_person_under_the_main_one() -> None:
    rows = [row(1, 1, fte=0.4), row(1, 1, assignment=2, fte=0.6, role="senior_care_worker"), row(1, 2, fte=0.3, contract="agency")]
    cells = {line["role"]: line for line in table(picture(rows, "a"), "sector_role").to_dicts()}
    assert {role: (line["people"], line["fte"], line["temporary_fte"]) for role, line in cells.items()} == {
        "care_worker": (0, 0.4, 0.3),
        "senior_care_worker": (1, 0.6, 0.0),
    }


def test_a_late_return_restates_the_months_that_it_stands_for() -> None:
    rows = [row(1, 1), row(3, 1), row(3, 2, start_date=month(3))]
    before, after = picture(rows, "ama"), picture([*rows, row(2, 1), row(2, 3)], "aaa")
    told = restatements(before, after).select("month", "measure", "before", "after", "because").rows()
    assert told == [
        (month(2), "end", 1.0, 2.0, "new_return"),
        (month(2), "fte", 1.0, 2.0, "new_return"),
        (month(2), "starter", 0.0, 1.0, "new_return"),
        (month(3), "leaver", 0.0, 1.0, "other_month"),
    ]


def test_coverage_says_what_each_month_stands_on() -> None:
    found = picture([row(2, 1)], {"A": "-a-m", "B": "mmmm"})
    lines = found.coverage.filter(pl.col("partner") == "A").select("status", "age", "overdue", "snapshot", "people").rows()
    assert lines == [
        ("not_due", None, False, None, 0),
        ("accepted", 0, False, "A2", 1),
        ("carried", 1, False, "A2", 1),
        ("carried", 2, True, "A2", 1),
    ]
    assert found.coverage.filter(pl.col("partner") == "B")["status"].to_list() == ["missing"] * 4
    assert found.sources(month(4)) == ("A2",)


def posts(*lines: tuple[int, str, str, float, float | None, float]) -> pl.DataFrame:
    rows = [
        {
            "month": month(at), "partner": partner, "format": format_, "post": None, "role": "care_worker", "service": "home_care",
            "site": None, "funded_fte": funded, "filled_fte": filled, "vacant_fte": vacant, "vacant_since": None, "row": 2,
        }
        for at, partner, format_, funded, filled, vacant in lines
    ]  # fmt: skip
    return valid(Posts, pl.DataFrame(rows, schema=empty(Posts).schema))


def test_posts_stand_until_the_next_return_of_posts_and_an_establishment_goes_before_other_returns() -> None:
    held = posts((1, "A", "simple_return", 9.0, None, 2.0), (2, "A", "establishment", 10.0, 7.0, 3.0))
    found = picture([row(1, 1), row(4, 1)], "a--a", posts=held)
    cells = with_measures(table(found, "city"), ("vacancy_rate",)).select("funded_fte", "filled_fte", "vacant_fte", "vacancy_rate").rows()
    assert cells[0] == pytest.approx((9.0, 7.0, 2.0, 100 * 2 / 9))
    assert cells[1:] == [(10.0, 7.0, 3.0, 30.0)] * 3
