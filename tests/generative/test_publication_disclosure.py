"""An attacker with an integer program tries to work out the hidden cells of random tables."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oneworkforce.publication.core.disclosure import TOTAL, Dimension, Measure, Released, Request, Status, release, release_together
from oneworkforce.publication.core.profiles import Profile, profile
from oneworkforce.publication.core.provenance import Provenance
from tests.generative.attacker import Key, all_keys, intervals

MADE = Provenance("test", (), (), "0", (), synthetic=True)
PEOPLE = Measure("people", "People")
FTE = Measure("fte", "FTE", "sum", unit="FTE", of="people")
COUNTS = st.one_of(st.just(0), st.integers(1, 6), st.integers(1, 6), st.integers(7, 60))
PROFILES = st.sampled_from([profile("public"), profile("partner"), profile("analyst"), replace(profile("analyst"), threshold=3)])


def examples(number: int) -> settings:
    return settings(max_examples=number, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def tables(draw: st.DrawFn, dimensions: int, longest: int) -> pl.DataFrame:
    """A table of people with their FTE, a row an inner cell."""
    lengths = [draw(st.integers(1, longest)) for _ in range(dimensions)]
    keys = all_keys(*lengths)
    people = draw(st.lists(COUNTS, min_size=len(keys), max_size=len(keys)))
    hours = draw(st.lists(st.integers(0, 20), min_size=len(keys), max_size=len(keys)))
    columns = {f"d{axis}": [key[axis] for key in keys] for axis in range(dimensions)}
    return pl.DataFrame(columns | {"people": people, "fte": [p * h / 20 for p, h in zip(people, hours, strict=True)]})


def released(table: pl.DataFrame, rules: Profile, *measures: Measure, contributors: str | None = None) -> Released:
    dimensions = tuple(Dimension(name, name) for name in table.columns if name.startswith("d"))
    return release(
        table,
        name="t",
        title="T",
        dimensions=dimensions,
        measures=measures or (PEOPLE,),
        profile=rules,
        provenance=MADE,
        contributors=contributors,
    )


def check_hidden(shown: Released, truth: dict[Key, float], found: dict[Key, tuple[float, float]]) -> None:
    """Every value that "fewer than" leaves open is possible inside; no hidden cell is known to less than the threshold's width."""
    rules = shown.profile
    least = 1 if rules.zeros_shown else 0
    statuses = dict(zip(truth, shown.statuses("people"), strict=True))
    for key, (low, high) in found.items():
        assert low <= truth[key] <= high
        if TOTAL not in key and truth[key] < rules.threshold:
            assert (low, min(high, rules.threshold - 1)) == (least, rules.threshold - 1), (key, low, high)
        assert high - low >= max(rules.threshold - 2, 1), (key, low, high, statuses[key])


def whole(table: pl.DataFrame, measure: str = "people") -> dict[Key, float]:
    """The truth of every cell, totals included, in the order of the released rows."""
    shown = released(table, profile("own"), PEOPLE, FTE)
    keys = shown.table.select([d.name for d in shown.dimensions]).rows()
    return dict(zip(keys, shown.table[measure].to_list(), strict=True))


@examples(120)
@given(tables(1, 6), PROFILES)
def test_one_dimension_hides(table: pl.DataFrame, rules: Profile) -> None:
    shown = released(table, rules)
    check_hidden(shown, whole(table), intervals(shown, "people"))


@examples(100)
@given(tables(2, 4), PROFILES)
def test_two_dimensions_hide(table: pl.DataFrame, rules: Profile) -> None:
    shown = released(table, rules)
    check_hidden(shown, whole(table), intervals(shown, "people"))


@examples(30)
@given(tables(3, 3), PROFILES)
def test_three_dimensions_hide(table: pl.DataFrame, rules: Profile) -> None:
    shown = released(table, rules)
    check_hidden(shown, whole(table), intervals(shown, "people"))


@examples(60)
@given(tables(2, 4), PROFILES)
def test_fte_hides_with_its_people_and_cannot_be_worked_out(table: pl.DataFrame, rules: Profile) -> None:
    shown = released(table, rules, PEOPLE, FTE)
    statuses = zip(shown.statuses("people"), shown.statuses("fte"), strict=True)
    assert all(fte.hidden for people, fte in statuses if people.hidden)
    truth = whole(table, "fte")
    nobody = {key: 0.0 for key, number in whole(table).items() if number == 0 and rules.zeros_shown}
    for key, (low, high) in intervals(shown, "fte", nobody).items():
        assert low - 1e-6 <= truth[key] <= high + 1e-6
        assert high - low >= max(rules.threshold - 2, 1) - 1e-6, (key, low, high)


@examples(60)
@given(tables(2, 3), st.data(), PROFILES)
def test_a_contributor_who_knows_its_own_cells_learns_no_small_one(table: pl.DataFrame, data: st.DataObject, rules: Profile) -> None:
    owners = data.draw(st.lists(st.sampled_from("PQRST"), min_size=2 * table.height, max_size=2 * table.height))
    second = table.with_columns(pl.col("people") // 2, pl.col("fte") / 2)
    rows = pl.concat([table, second]).with_columns(partner=pl.Series(owners))
    shown, truth = released(rows, rules, contributors="partner"), whole(rows)
    statuses = dict(zip(truth, shown.statuses("people"), strict=True))
    for attacker in set(owners):
        mine, rest = rows.filter(partner=attacker), rows.filter(pl.col("partner") != attacker)
        others = whole(pl.concat([rest, mine.with_columns(people=pl.lit(0, pl.Int64), fte=0.0)]))
        own = {key: number for key, number in truth.items() if number > 0 and others[key] == 0}
        for key, (low, high) in intervals(shown, "people", own).items():
            if statuses[key] is Status.HIDDEN_SMALL and truth[key] == others[key] > 0:
                assert high > low, (attacker, key, low, high)


@examples(60)
@given(tables(2, 4), PROFILES)
def test_a_rate_says_no_more_than_what_is_shown_of_its_parts(table: pl.DataFrame, rules: Profile) -> None:
    leavers, rate = (
        Measure("leavers", "Leavers", of="people"),
        Measure("rate", "Rate", "rate", unit="%", numerator="leavers", denominator="people", scale=100.0),
    )
    shown = released(table.with_columns(leavers=pl.col("people") // 4), rules, PEOPLE, leavers, rate)
    for people, left, share in shown.table.select("people", "leavers", "rate").iter_rows():
        if people is None or left is None:
            assert share is None
        elif people:
            assert share == pytest.approx(100 * left / people, abs=0.01)


@examples(40)
@given(tables(3, 3), PROFILES)
def test_tables_released_together_say_the_same_of_a_cell_they_share(table: pl.DataFrame, rules: Profile) -> None:
    first, second, third = (Dimension(f"d{axis}", f"D{axis}") for axis in range(3))
    pair = release_together(
        [
            Request(table, name, name, dimensions, (PEOPLE,), rules, MADE)
            for name, dimensions in (("a", (first, second)), ("b", (first, third)))
        ]
    )
    for code in pair[0].codes("d0"):
        one, other = (shown.where(d0=code, **{name: TOTAL}) for shown, name in zip(pair, ("d1", "d2"), strict=True))
        assert (one.texts("people"), one.statuses("people")) == (other.texts("people"), other.statuses("people"))
    for shown in pair:
        names = [dimension.name for dimension in shown.dimensions]
        inner = table.group_by(names).agg(pl.col("people").sum(), pl.col("fte").sum()).sort(names)
        check_hidden(shown, whole(inner), intervals(shown, "people"))
