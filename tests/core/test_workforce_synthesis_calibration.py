"""The synthetic city beside the published figures."""

from __future__ import annotations

import polars as pl
import pytest

from oneworkforce.workforce.core.synthesis import calibration, leaving_rates, truth_of, vacancy_rates
from oneworkforce.workforce.core.synthesis.tables import table


@pytest.mark.parametrize(("people", "months", "seed"), [(60_000, 24, 1), (60_000, 12, 2), (6000, 36, 3)])
def test_every_calibrated_figure_is_near_the_published_one(people: int, months: int, seed: int) -> None:
    found = calibration(truth_of(people, months, seed))
    off = found.filter((pl.col("synthetic") / pl.col("published") - 1).abs() > pl.col("tolerance"))
    assert off.is_empty(), off.to_dicts()
    assert {"Adult social care turnover", "RR8 sickness absence", "RR8 staff in post: Nurses & health visitors"} <= set(found["figure"])


def test_every_figure_of_the_tables_has_its_source() -> None:
    for name in ("staffing", "leaving_rates", "sickness", "ethnicity", "calibration", "age_leaving", "reasons", "kinds", "dirt"):
        rows = table(name)
        assert (rows["source"] != "").all(), name
        if "date" in rows.columns:
            undated = rows.filter(pl.col("date") == "")["source"]
            assert undated.str.contains("assumption").all(), name


def test_the_true_rates_are_probabilities_and_cover_every_role_and_age() -> None:
    rates = leaving_rates()
    assert rates["monthly_probability"].is_between(0, 0.25).all()
    assert rates.group_by("sector", "role").len()["len"].unique().to_list() == [11]
    pairs = table("staffing").join(table("kinds"), on="kind").select("sector", "role").unique()
    assert pairs.join(rates, on=["sector", "role"], how="anti").is_empty()
    assert vacancy_rates()["fill_probability"].is_between(0, 0.95).all()
