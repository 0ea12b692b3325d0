"""The picture as a whole: what it refuses, its tables and definitions, and what it makes of a synthetic city whose truth is known."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from oneworkforce.errors import Invalid, Unanswerable
from oneworkforce.measures import byar
from oneworkforce.workforce.core.assignments import Assignments, Posts, empty
from oneworkforce.workforce.core.picture import (
    Picture,
    balance,
    build,
    compare,
    demand,
    exposures,
    measure,
    measures,
    stock,
    table,
    table_definitions,
    with_intervals,
    with_measures,
)
from tests.core.synthetic_returns import City, city_of

STAFF = ("permanent", "fixed_term")
ORGANISATIONS = pl.DataFrame(
    {"code": ["A"], "name": ["A"], "sector": ["icb"], "kind": ["icb"], "opened": [None], "closed": [None]},
    schema_overrides={"opened": pl.Date, "closed": pl.Date},
)


def expected(*rows: tuple[str, str, date, str]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["partner", "format", "month", "status"], orient="row")
    return frame.with_columns(snapshot=pl.lit(None, pl.String))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return city_of(tmp_path_factory.mktemp("synthetic") / "city", people=4000, months=14, seed=5)


@pytest.fixture(scope="module")
def picture(city: City) -> Picture:
    return city.picture()


def test_no_returns_make_no_picture() -> None:
    with pytest.raises(Invalid, match="no picture"):
        build(empty(Assignments), empty(Posts), ORGANISATIONS)


def test_a_city_in_which_everything_is_missing_has_a_picture_that_says_so() -> None:
    found = build(empty(Assignments), empty(Posts), ORGANISATIONS, None, expected(("A", "nwrs", date(2026, 1, 1), "missing")))
    assert found.coverage["status"].to_list() == ["missing"]
    assert table(found, "sector").is_empty()
    assert exposures(found).is_empty()


@pytest.mark.parametrize(
    ("organisations", "said"),
    [
        (ORGANISATIONS.with_columns(code=pl.lit("B")), "not among the organisations: A"),
        (ORGANISATIONS.with_columns(sector=pl.lit("shipping")), "not in the list of sectors"),
        (pl.concat([ORGANISATIONS, ORGANISATIONS]), "stands twice"),
        (ORGANISATIONS.drop("closed"), "closed"),
    ],
)
def test_organisations_that_cannot_be_used_are_refused(organisations: pl.DataFrame, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        build(empty(Assignments), empty(Posts), organisations, None, expected(("A", "nwrs", date(2026, 1, 1), "accepted")))


def test_every_partner_balances_in_every_month(picture: Picture) -> None:
    lines = balance(picture)
    came = pl.sum_horizontal("start", "starter", "transfer_in", "into_view", "contract_in")
    went = pl.sum_horizontal("leaver", "transfer_out", "out_of_view", "contract_out")
    assert lines.filter(came - went != pl.col("end")).is_empty()
    assert lines["end"].sum() > 0


def test_leavers_are_those_of_the_truth_within_what_chance_leaves_open(city: City, picture: Picture) -> None:
    rates = city.truth["rates"].select("sector", "role", "age_band", "monthly_probability")
    known = (
        exposures(picture).with_columns(pl.col("sector", "role", "age_band").cast(pl.String)).join(rates, on=["sector", "role", "age_band"])
    )
    by_sector = known.group_by("sector").agg(pl.col("leavers").sum(), true=(pl.col("exposure") * pl.col("monthly_probability")).sum())
    low, high = byar(by_sector["leavers"].to_numpy(), level=0.999)
    outside = by_sector.filter((pl.col("true") < pl.Series(low)) | (pl.col("true") > pl.Series(high)))
    assert outside.is_empty(), outside
    assert by_sector["leavers"].sum() > 300


def test_a_trusts_starters_and_leavers_are_the_truths_to_the_person_but_for_the_dirt(city: City, picture: Picture) -> None:
    """Monthly returns, none missing: only what dirt hides (a dropped duplicate, a wrong code) and second jobs may differ, by one in fifty."""
    events = city.truth["events"].filter((pl.col("partner") == "RR8") & pl.col("contract").is_in(STAFF) & (pl.col("month") > 0))
    flows = picture.flows.filter((pl.col("partner") == "RR8") & pl.col("staff"))
    for event, kind in (("start", "starter"), ("leave", "leaver")):
        true, found = (events["event"] == event).sum(), (flows["kind"] == kind).sum()
        assert abs(found - true) <= max(2, true / 50), (event, true, found)


def test_successions_are_transfers_and_not_mass_leaving(city: City, picture: Picture) -> None:
    """At the succession everybody goes over, or stands carried until the successor's next return; only before it did some leave."""
    assert city.successions.height
    for predecessor, day in city.successions.select("predecessor", "date").iter_rows():
        since = balance(picture).filter((pl.col("partner") == predecessor) & (pl.col("month") >= day))
        assert since["leaver"].sum() <= 1
        assert since["out_of_view"].sum() == 0
        assert since["transfer_out"].sum() + since["end"].max() > 0
    assert (picture.flows["kind"] == "transfer_out").sum() > 10


def test_stocks_and_demand_of_a_month_are_its_tables(picture: Picture) -> None:
    last = picture.months[-1]
    cell = table(picture, "city").filter(pl.col("month") == last).row(0, named=True)
    assert stock(picture, last)["headcount"].sum() == cell["people"]
    assert demand(picture, last)["funded_fte"].sum() == pytest.approx(cell["funded_fte"])
    with pytest.raises(Unanswerable, match="has the months"):
        stock(picture, date(1999, 1, 1))
    with pytest.raises(Unanswerable, match="has the months"):
        demand(picture, date(1999, 1, 1))


def test_every_table_has_its_figures_and_no_more_than_three_dimensions(picture: Picture) -> None:
    for name, definition in table_definitions().items():
        found = table(picture, name)
        assert found.columns == ["month", *definition.dimensions, *definition.columns, "contributors", "largest"]
        assert len(definition.dimensions) <= 3
        assert found.null_count().sum_horizontal().item() == 0
        assert found.select("month", *definition.dimensions).is_unique().all()


def test_a_table_that_is_not_there_is_named_with_those_that_are(picture: Picture) -> None:
    with pytest.raises(KeyError, match="sector_role"):
        table(picture, "everything")
    with pytest.raises(KeyError, match="turnover"):
        measure("happiness")


def test_every_measure_is_defined_and_every_rate_can_be_made_of_a_table(picture: Picture) -> None:
    columns = set(table(picture, "city").columns)
    for entry in measures():
        assert entry.label
        assert entry.definition.endswith(".")
        assert entry.interval in ("", "share", "rate")
        assert {name for name in (entry.numerator, entry.denominator) if name} <= columns, entry.name


def test_moves_between_partners_are_openly_not_known(picture: Picture) -> None:
    found = with_measures(table(picture, "city"), ("moves_between_partners",))
    assert found["moves_between_partners"].null_count() == found.height
    assert "Not known until" in measure("moves_between_partners").definition


def test_rates_have_intervals_where_a_count_tells(picture: Picture) -> None:
    found = with_intervals(with_measures(table(picture, "sector"), ("turnover", "stability")), ("turnover", "stability"))
    known = found.filter((pl.col("month") == picture.months[-1]) & (pl.col("leavers_12") > 0) & (pl.col("stay_base") > 0))
    assert known.height
    assert known.filter(~pl.col("turnover").is_between("turnover_low", "turnover_high")).is_empty()
    assert known.filter(~pl.col("stability").is_between("stability_low", "stability_high")).is_empty()
    with pytest.raises(ValueError, match="no interval"):
        with_intervals(found, ("vacancy_rate",))


def test_two_months_side_by_side(picture: Picture) -> None:
    first, last = picture.months[0], picture.months[-1]
    found = compare(table(picture, "sector"), ("sector",), ("people",), first, last)
    assert (found["people_after"] - found["people_before"]).equals(found["people_change"].alias("people_after"))
    whole = compare(table(picture, "city"), (), ("people", "fte"), first, last)
    assert whole.height == 1
    assert whole["people_after"].item() == found["people_after"].sum()
    with pytest.raises(Unanswerable, match="no figures for January 1999"):
        compare(table(picture, "sector"), ("sector",), ("people",), date(1999, 1, 1), last)
