"""The fast picture is the slow one, and its flows balance, for any small city that Hypothesis can think of."""

from __future__ import annotations

from collections import Counter
from datetime import date

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oneworkforce.workforce.core.assignments import Assignments, Posts, empty
from oneworkforce.workforce.core.picture import balance, build, exposures, restatements, table, table_definitions
from oneworkforce.workforce.core.picture.facts import COUNTS
from oneworkforce.workforce.core.picture.months import first_day, number
from tests.generative.reference_picture import reference

FIRST = number(date(2024, 1, 1))
PARTNERS = ("A", "B", "C")
FORMATS = ("nwrs", "simple_return")
ROLES = ("care_worker", "staff_nurse")
CONTRACTS = ("permanent", "fixed_term", "bank", "student")
SEXES = ("female", "male")


@st.composite
def cities(draw: st.DrawFn, most_months: int = 18) -> dict[str, pl.DataFrame]:
    """A few partners, a few people each, returns that come and do not come, dates of every kind of wrong, and successions."""
    months = draw(st.integers(1, most_months))
    expected, rows = [], []
    for partner in PARTNERS[: draw(st.integers(1, 3))]:
        for format_ in FORMATS[: draw(st.integers(1, 2))]:
            sent = draw(
                st.lists(
                    st.sampled_from(["accepted", "accepted", "nil", "missing", "not_due", "carried"]), min_size=months, max_size=months
                )
            )
            for month, status in enumerate(sent):
                snapshot = f"{partner}{format_}{month}" if status in ("accepted", "nil") else None
                expected.append(
                    {"partner": partner, "format": format_, "month": first_day(FIRST + month), "status": status, "snapshot": snapshot}
                )
                if status == "accepted":
                    rows += draw(_rows(partner, format_, FIRST + month))
    return {
        "assignments": pl.DataFrame(rows, schema=_schema()),
        "organisations": _organisations(draw, months),
        "successions": draw(_successions(months)),
        "expected": pl.DataFrame(expected),
    }


def _schema() -> dict[str, pl.DataType]:
    return dict(empty(Assignments).schema)


@st.composite
def _rows(draw: st.DrawFn, partner: str, format_: str, month: int) -> list[dict[str, object]]:
    near = st.integers(month - 15, month + 3).map(first_day) | st.none()
    rows = []
    for person in draw(st.lists(st.integers(1, 6), unique=True, max_size=5)):
        for assignment in range(1, draw(st.sampled_from([1, 1, 1, 2])) + 1):
            leaving = draw(st.none() | st.none() | near)
            rows.append(
                {
                    "month": first_day(month), "partner": partner, "format": format_,
                    "person": person + 100 * PARTNERS.index(partner) + 1000 * FORMATS.index(format_), "assignment": assignment,
                    "role": draw(st.sampled_from(ROLES)), "service": "home_care", "site": None,
                    "contract": draw(st.sampled_from(CONTRACTS)), "age_band": draw(st.sampled_from(["25_29", "60_64"])),
                    "sex": draw(st.sampled_from(SEXES)), "ethnicity": "white", "disability": "no", "deprivation": "1",
                    "fte": draw(st.sampled_from([0.25, 0.5, 1.0])), "start_date": draw(near), "leaving_date": leaving,
                    "leaving_reason": draw(st.sampled_from([None, "retirement", "transfer", "not_known"])) if leaving else None,
                    "sickness_days": draw(st.sampled_from([None, 0.0, 2.5])), "available_days": draw(st.sampled_from([None, 30.0])), "row": 2,
                }
            )  # fmt: skip
    return rows


def _organisations(draw: st.DrawFn, months: int) -> pl.DataFrame:
    day = st.integers(FIRST, FIRST + months + 1).map(first_day)
    closed = [draw(st.none() | st.none() | day) for _ in PARTNERS]
    return pl.DataFrame(
        {
            "code": PARTNERS,
            "name": PARTNERS,
            "sector": ["social_care", "third_sector", "general_practice"],
            "kind": "x",
            "opened": None,
            "closed": closed,
        },
        schema_overrides={"opened": pl.Date, "closed": pl.Date},
    )


@st.composite
def _successions(draw: st.DrawFn, months: int) -> pl.DataFrame:
    pairs = draw(st.lists(st.permutations(PARTNERS), max_size=2))
    rows = [
        {
            "predecessor": pair[0], "successor": pair[1], "date": first_day(FIRST + draw(st.integers(0, months))),
            "kind": draw(st.sampled_from(["merger", "tupe", "network_change", "rename"])),
        }
        for pair in pairs
    ]  # fmt: skip
    return pl.DataFrame(rows, schema={"predecessor": pl.String, "successor": pl.String, "date": pl.Date, "kind": pl.String})


def built(city: dict[str, pl.DataFrame]):
    return build(city["assignments"], empty(Posts), city["organisations"], city["successions"], city["expected"])


MANY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
FEW = settings(MANY, max_examples=25)


@MANY
@given(cities())
def test_the_fast_picture_is_the_slow_one(city: dict[str, pl.DataFrame]) -> None:
    picture = built(city)
    told = [city[name].to_dicts() for name in ("assignments", "organisations", "successions", "expected")]
    stock, flows, moves = reference(*told)
    key = ("month", "partner", "format", "role", "contract", "sex")
    summed = picture.facts.group_by(key).agg(pl.col(COUNTS).cast(pl.Float64).sum())
    fast = {(number(row[0]), *row[1 : len(key)]): dict(zip(COUNTS, row[len(key) :], strict=True)) for row in summed.iter_rows()}
    fast = {cell: values for cell, values in fast.items() if any(values.values())}
    assert fast.keys() == stock.keys()
    for cell, values in fast.items():
        assert {name: round(value, 9) for name, value in values.items()} == {name: round(float(stock[cell][name]), 9) for name in COUNTS}, (
            cell
        )
    columns = ("month", "partner", "format", "kind", "staff", "reason", "exposed", "role", "contract")
    assert Counter((number(row[0]), *row[1:]) for row in picture.flows.select(columns).iter_rows()) == flows
    columns = ("month", "partner", "format", "from_role", "to_role")
    assert Counter((number(row[0]), *row[1:]) for row in picture.moves.select(columns).iter_rows()) == moves


@FEW
@given(cities())
def test_start_and_what_came_less_what_went_is_the_end_at_every_partner_in_every_month(city: dict[str, pl.DataFrame]) -> None:
    inward = ("starter", "transfer_in", "into_view", "contract_in")
    outward = ("leaver", "transfer_out", "out_of_view", "contract_out")
    lines = balance(built(city))
    assert (
        lines["start"] + lines.select(pl.sum_horizontal(inward)).to_series() - lines.select(pl.sum_horizontal(outward)).to_series()
    ).equals(lines["end"].alias("start"))


@FEW
@given(cities())
def test_transfers_in_are_transfers_out(city: dict[str, pl.DataFrame]) -> None:
    picture = built(city)
    kinds = Counter(picture.flows["kind"])
    assert kinds["transfer_in"] == kinds["transfer_out"]


@FEW
@given(cities(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(city: dict[str, pl.DataFrame], random) -> None:
    order = list(range(city["assignments"].height))
    random.shuffle(order)
    shuffled = {**city, "assignments": city["assignments"][order], "expected": city["expected"].reverse()}
    assert restatements(built(city), built(shuffled)).is_empty()
    assert table(built(city), "sector_role").equals(table(built(shuffled), "sector_role"))


@FEW
@given(cities(), st.sampled_from([name for name in table_definitions() if name != "city"]))
def test_every_table_adds_up_to_the_city(city: dict[str, pl.DataFrame], name: str) -> None:
    picture = built(city)
    whole = table(picture, "city")
    columns = [column for column in table_definitions()[name].columns if column in whole.columns]
    for cells in (table(picture, name), table(picture, name, per_partner=True)):
        if cells.height:
            summed = cells.group_by("month").agg(pl.col(columns).sum()).sort("month")
            difference = summed.select(columns) - whole.select(columns)
            assert difference.select(pl.all().abs().max() < 1e-9).row(0) == (True,) * len(columns)


@FEW
@given(cities(), st.sampled_from(["city", "sector", "sector_role", "role_age_band"]))
def test_contributors_are_the_partners_with_anyone_and_the_largest_is_the_one_with_most(city: dict[str, pl.DataFrame], name: str) -> None:
    picture = built(city)
    keys = ["month", *table_definitions()[name].dimensions]
    found = table(picture, name).select(*keys, "contributors", "largest")
    anyone = pl.any_horizontal(pl.col("people", "other_people", "leavers", "starters", "role_changes") > 0)
    own = (
        table(picture, name, per_partner=True)
        .group_by(keys)
        .agg(
            anyone.sum().cast(pl.Int64).alias("contributors"),
            largest=pl.max_horizontal(pl.col("people").max(), pl.col("leavers").max(), pl.col("role_changes").max()),
        )
    )
    assert found.sort(keys).rows() == own.sort(keys).select(found.columns).rows()


@FEW
@given(cities())
def test_nobody_leaves_who_was_not_at_risk(city: dict[str, pl.DataFrame]) -> None:
    cells = exposures(built(city))
    reasons = [name for name in cells.columns if name.startswith("leavers_")]
    assert (cells["leavers"] <= cells["exposure"]).all()
    assert cells.select(pl.sum_horizontal(reasons)).to_series().equals(cells["leavers"].alias(reasons[0]))


@FEW
@given(cities(), st.data())
def test_a_late_return_is_restated_where_it_changes_something_and_nowhere_before_the_return_it_follows(city, data) -> None:
    sent = city["expected"].filter(pl.col("status") == "accepted")
    if sent.is_empty():
        return
    late = sent[data.draw(st.integers(0, sent.height - 1))]
    key = ["partner", "format", "month"]
    before = {
        **city,
        "assignments": city["assignments"].join(late, on=key, how="anti"),
        "expected": city["expected"].with_columns(
            status=pl.when(pl.struct(key).is_in(late.select(pl.struct(key)).to_series().implode()))
            .then(pl.lit("missing"))
            .otherwise("status")
        ),
    }
    changes = restatements(built(before), built(city))
    at = late.row(0, named=True)
    heard = sent.filter((pl.col("partner") == at["partner"]) & (pl.col("format") == at["format"]) & (pl.col("month") < at["month"]))
    touched = city["successions"].height > 0 or city["organisations"]["closed"].is_not_null().any()
    if not touched:
        assert changes.filter((pl.col("partner") != at["partner"]) | (pl.col("format") != at["format"])).is_empty()
        if heard.height:
            nil = city["expected"].filter(
                (pl.col("status") == "nil") & (pl.col("partner") == at["partner"]) & (pl.col("format") == at["format"])
            )
            latest = max(m for m in [*heard["month"], *nil.filter(pl.col("month") < at["month"])["month"]])
            assert changes.filter(pl.col("month") <= latest).is_empty()
    assert (changes["before"] != changes["after"]).all()
