"""What a released table says, case by case."""

from __future__ import annotations

import pickle
import time
from datetime import date

import numpy as np
import polars as pl
import pytest

from oneworkforce.errors import Invalid, Unanswerable
from oneworkforce.publication.core.disclosure import TOTAL, Dimension, Measure, Released, Status, release
from oneworkforce.publication.core.profiles import Profile, profile, profile_names
from oneworkforce.publication.core.provenance import SYNTHETIC_NOTICE, Provenance
from tests.core.publication_tables import AUGUST, DIMENSIONS, JULY, JUNE, MADE, MEASURES, PEOPLE, released, rows

ROLE = Dimension("role", "Job role")


def of_roles(people: dict[str, int], rules: str = "partner", **more: object) -> Released:
    table = pl.DataFrame({"role": list(people), "people": list(people.values())})
    return release(table, name="r", title="R", dimensions=(ROLE,), measures=(PEOPLE,), profile=profile(rules), provenance=MADE, **more)  # type: ignore[arg-type]


def test_a_released_table_comes_from_release_alone() -> None:
    shown = released()
    with pytest.raises(TypeError, match="from nowhere else"):
        Released(shown.name, shown.title, shown.dimensions, shown.measures, shown.profile, shown.provenance, shown.table, None)


def test_the_table_given_out_is_a_copy() -> None:
    shown = released()
    before = shown.texts("people")
    taken = shown.table
    taken[0, "people"] = 99
    assert shown.texts("people") == before


def test_a_hidden_figure_is_gone_from_the_table_and_from_what_is_kept_of_it() -> None:
    shown = of_roles({"a": 4, "b": 31, "c": 47}, "analyst")
    assert shown.table.filter(pl.col("people_status").cast(pl.String).str.starts_with("hidden"))["people"].to_list() == [None, None]
    assert pickle.loads(pickle.dumps(shown)).texts("people") == shown.texts("people")


@pytest.mark.parametrize(
    ("rules", "people", "texts"),
    [
        ("own", {"a": 0, "b": 1, "c": 12}, ["0", "1", "12", "13"]),
        ("partner", {"a": 0, "b": 7, "c": 12}, ["0", "5", "10", "20"]),
        ("analyst", {"a": 0, "b": 7, "c": 12}, ["0", "7", "12", "19"]),
        ("analyst", {"a": 3, "b": 7, "c": 40}, ["fewer than 5", "hidden", "40", "50"]),
        ("analyst", {"a": 3}, ["fewer than 5", "fewer than 5"]),
        ("public", {"a": 0, "b": 60, "c": 70}, ["fewer than 5", "60", "70", "130"]),
        ("published", {"a": 2, "b": 3, "c": 0}, ["2", "3", "0", "5"]),
    ],
)
def test_what_each_profile_shows(rules: str, people: dict[str, int], texts: list[str]) -> None:
    assert of_roles(people, rules).texts("people") == texts


def test_two_small_parts_whose_total_would_give_both_away_say_only_hidden() -> None:
    assert of_roles({"a": 4, "b": 4}, "analyst").texts("people") == ["hidden", "hidden", "8"]


def test_months_are_taken_one_by_one_and_have_no_total() -> None:
    shown = released("own")
    assert shown.codes("month") == (JUNE, JULY, AUGUST)
    assert shown.value("people", month=JUNE, role=TOTAL, sector=TOTAL) == 568


def test_fte_and_the_rate_are_hidden_with_the_people_behind_them() -> None:
    shown = released("analyst").where(month=JUNE, role="nurse", sector="third_sector")
    assert [shown.texts(measure.name)[0] for measure in MEASURES] == ["fewer than 5", "hidden", "hidden", "hidden"]


def test_a_rate_is_worked_out_from_what_is_shown() -> None:
    shown = released().where(month=JUNE, role="care_worker", sector="social_care")
    assert (shown.value("people"), shown.value("leavers"), shown.value("turnover")) == (300, 30, 10)
    assert shown.texts("turnover") == ["10.0%"]


def test_a_figure_of_too_few_partners_is_hidden_and_counted_by_partner_where_the_table_says_who() -> None:
    table = pl.DataFrame(
        {"role": ["a", "a", "b", "b", "b", "c"], "partner": ["P", "Q", "P", "Q", "R", "Z"], "people": [50, 60, 40, 30, 20, 80]}
    )
    shown = release(
        table,
        name="r",
        title="R",
        dimensions=(ROLE,),
        measures=(PEOPLE,),
        profile=profile("public"),
        provenance=MADE,
        contributors="partner",
    )
    assert shown.statuses("people")[0] is Status.HIDDEN_CONTRIBUTORS
    assert shown.statuses("people")[2] is Status.HIDDEN_CONTRIBUTORS
    assert shown.statuses("people")[3] in (Status.ROUNDED, Status.HIDDEN_SECONDARY)


def test_numbers_of_contributors_do_as_well() -> None:
    table = pl.DataFrame({"role": ["a", "b", "c"], "partners": [2, 9, 9], "people": [50, 60, 40]})
    shown = release(
        table,
        name="r",
        title="R",
        dimensions=(ROLE,),
        measures=(PEOPLE,),
        profile=profile("public"),
        provenance=MADE,
        contributors="partners",
    )
    assert shown.statuses("people")[0] is Status.HIDDEN_CONTRIBUTORS
    assert shown.texts("people")[0] == "hidden"


def test_whoever_has_most_of_a_figure_cannot_work_out_the_few_others_in_it() -> None:
    rows = {
        "role": ["a", "a", "b", "b", "c", "d", "d"],
        "partner": ["P", "Q", "P", "Q", "P", "P", "Q"],
        "people": [50, 3, 40, 30, 80, 60, 55],
    }
    shown = release(
        pl.DataFrame(rows),
        name="r",
        title="R",
        dimensions=(ROLE,),
        measures=(PEOPLE,),
        profile=profile("partner"),
        provenance=MADE,
        contributors="partner",
    )
    found = dict(zip(shown.table["role"], shown.statuses("people"), strict=True))
    assert found["a"] is Status.HIDDEN_CONTRIBUTORS
    assert shown.value("people", role="c") == 80


def test_one_partners_own_figures_without_contributors_are_not_hidden_for_being_one_partners() -> None:
    assert of_roles({"a": 50, "b": 60}).texts("people") == ["50", "60", "110"]


def test_a_total_given_is_kept_because_people_with_two_jobs_count_once() -> None:
    assert of_roles({"a": 50, "b": 60, TOTAL: 100}, "own").texts("people") == ["50", "60", "100"]


def test_an_unknown_figure_stays_unknown_and_an_absent_row_is_a_zero() -> None:
    table = pl.DataFrame({"role": ["a", "a", "b"], "month": [JUNE, JULY, JULY], "people": [None, 20, 30]})
    shown = release(
        table, name="r", title="R", dimensions=(DIMENSIONS[0], ROLE), measures=(PEOPLE,), profile=profile("own"), provenance=MADE
    )
    assert shown.where(month=JUNE).texts("people") == ["not known", "0", "0"]


def test_an_estimate_has_no_total_unless_given() -> None:
    table = pl.DataFrame({"role": ["a", "b"], "p95": [10.0, 20.0]})
    shown = release(
        table,
        name="r",
        title="R",
        dimensions=(ROLE,),
        measures=(Measure("p95", "High", "estimate"),),
        profile=profile("own"),
        provenance=MADE,
    )
    assert shown.texts("p95") == ["10.0", "20.0", "not known"]


def test_without_totals_nothing_can_be_subtracted_and_no_other_cell_is_hidden() -> None:
    assert of_roles({"a": 3, "b": 30}, "analyst", totals=False).texts("people") == ["fewer than 5", "30"]


def test_no_rows_make_an_empty_table_with_its_zero_total() -> None:
    table = pl.DataFrame(schema={"role": pl.String, "people": pl.Int64})
    shown = release(table, name="r", title="R", dimensions=(ROLE,), measures=(PEOPLE,), profile=profile("partner"), provenance=MADE)
    assert list(shown.lines()) == [("All", "0")]


@pytest.mark.parametrize(
    ("columns", "dimensions", "message"),
    [
        ({"role": ["a"]}, ("role",), "no column people"),
        ({"role": ["a"], "people": [-1]}, ("role",), "negative"),
        ({name: ["a"] for name in "wxyz"} | {"people": [1]}, tuple("wxyz"), "at most three"),
    ],
)
def test_a_table_that_cannot_be_released_says_why(columns: dict[str, list[object]], dimensions: tuple[str, ...], message: str) -> None:
    with pytest.raises(Invalid, match=message):
        release(
            pl.DataFrame(columns),
            name="r",
            title="R",
            dimensions=tuple(Dimension(name, name) for name in dimensions),
            measures=(PEOPLE,),
            profile=profile("partner"),
            provenance=MADE,
        )


def test_choosing_among_rows_and_measures_changes_no_figure() -> None:
    shown = released()
    few = shown.where(month=[JULY, AUGUST], sector="nhs_trust").only("fte")
    wanted = shown.table.filter(pl.col("month").is_in([JULY, AUGUST]), pl.col("sector") == "nhs_trust")["fte"].to_list()
    assert few.table["fte"].to_list() == wanted
    assert few.headings == ("Month", "Job role", "Sector", "FTE")


def test_profiles_are_dated() -> None:
    assert profile_names() == ("analyst", "own", "partner", "public", "published")
    assert profile("public", on=date(2026, 6, 1)).threshold == 5
    with pytest.raises(Unanswerable):
        profile("public", on=date(2020, 1, 1))
    with pytest.raises(KeyError, match="there are: analyst"):
        profile("private")


def test_a_profile_that_would_round_a_count_to_zero_or_uses_a_rule_not_in_force_is_refused() -> None:
    values = vars(profile("partner"))
    with pytest.raises(ValueError, match="read as zero"):
        Profile(**{**values, "threshold": 2})
    with pytest.raises(ValueError, match="dominance"):
        Profile(**{**values, "dominance": 0.8})


def test_provenance_says_that_it_is_synthetic_first_and_who_is_missing() -> None:
    assert MADE.made_of[0] == SYNTHETIC_NOTICE
    assert MADE.who_is_missing[1] == "Carried forward: Meadow House, simple return, June 2026"
    assert Provenance("r", (), (), "0", ()).who_is_missing == ("Nobody: every return that was due is in.",)


def test_forty_roles_by_eight_sectors_by_thirty_six_months_take_well_under_a_third_of_a_second() -> None:
    generator = np.random.default_rng(1)
    months = [date(2024 + step // 12, step % 12 + 1, 1) for step in range(36)]
    table = pl.DataFrame(
        [{"month": m, "role": f"r{r:02}", "sector": f"s{s}"} for m in months for r in range(40) for s in range(8)],
    ).with_columns(people=generator.negative_binomial(0.4, 0.01, 36 * 320))
    dimensions = (DIMENSIONS[0], ROLE, Dimension("sector", "Sector"))

    def once() -> float:
        start = time.perf_counter()
        release(table, name="t", title="T", dimensions=dimensions, measures=(PEOPLE,), profile=profile("analyst"), provenance=MADE)
        return time.perf_counter() - start

    once()  # the first time includes compiling
    assert min(once() for _ in range(3)) < 0.3
    assert rows().height == 24
