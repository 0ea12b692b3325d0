"""The true rates: how likely each person is to leave the partner in a month, and how fast a vacancy is filled."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
from scipy.special import ndtr

from oneworkforce.vocabulary import code_list
from oneworkforce.workforce.core.synthesis.tables import published, table

OLDEST = 72
"""The age in years beyond which nobody is put into the city."""

_STARTERS_YOUNGER = 6

ADULT_SOCIAL_CARE = ("local_authority", "social_care")


def age_edges() -> np.ndarray:
    """The first age in years of each known age band, youngest first."""
    bands = code_list("age_bands").table.filter(pl.col("from_age") != "")
    return bands["from_age"].fill_null("").cast(pl.Int64).to_numpy()


def known_bands() -> list[str]:
    """The codes of the age bands in the order of `age_edges`."""
    return [code for code, start in code_list("age_bands").column("from_age").items() if start]


@cache
def ages_in_post(role: str, yearly: float) -> tuple[np.ndarray, float]:
    """The ages of a role's staff that stay as they are, and the factor on `age_leaving.csv` with which `yearly` of them leave in a year.

    Axes: shares[age], age in whole years from 0 to `OLDEST` − 1. Found as the fixed point of: leave by age, grow a year older, and be replaced,
    three in ten by newcomers (`newcomer_ages`), the rest by people as old as the leavers under 60.
    """
    newcomers, ages = newcomer_ages(role), np.arange(OLDEST)
    band = np.maximum(np.searchsorted(age_edges(), ages, side="right") - 1, 0)
    relative = table("age_leaving")["relative_leaving"].to_numpy()[band]
    shares: np.ndarray = newcomers
    factor = yearly
    for _ in range(150):
        factor = yearly / float((shares * relative).sum())
        leavers = shares * relative * factor
        movers = leavers * (ages < 60)
        older = np.concatenate([[0.0], (shares * np.exp(-relative * factor))[:-1]])
        gap = 1 - older.sum()
        shares = older + gap * (0.3 * newcomers + 0.7 * movers / movers.sum())
    return shares, factor


@cache
def newcomer_ages(role: str) -> np.ndarray:
    """The shares of newcomers to a role by age in whole years: normal about six years under `mean_age`, from `lowest_age` on.

    >>> round(float(newcomer_ages("care_worker").sum()), 6)
    1.0
    """
    facts = table("roles").row(by_predicate=pl.col("role") == role, named=True)
    edges = np.clip(np.arange(OLDEST + 1), facts["lowest_age"], OLDEST)
    shares: np.ndarray = np.diff(ndtr((edges - facts["mean_age"] + _STARTERS_YOUNGER) / facts["sd_age"]))
    shares /= shares.sum()
    return shares


@cache
def role_rates() -> pl.DataFrame:
    """[sector, role, heads, rate]: the yearly rate of a role before age, scaled to the published rate of its staff group and sector."""
    staffing = (
        table("staffing").join(table("kinds").select("kind", "sector"), on="kind", how="left").join(table("roles"), on="role", how="left")
    )
    base = table("leaving_rates").select("sector", "group", "annual_rate")
    exact = staffing.join(base, on=["sector", "group"], how="left")
    whole = base.filter(pl.col("group") == "All staff groups").select("sector", whole_rate="annual_rate")
    rated = exact.join(whole, on="sector", how="left").with_columns(rate=pl.coalesce("annual_rate", "whole_rate"))
    level = (pl.col("heads") * pl.col("relative_leaving")).sum().over("sector", "group") / pl.col("heads").sum().over("sector", "group")
    rated = rated.with_columns(rate=pl.col("rate") * pl.col("relative_leaving") / level)
    roles = rated.group_by("sector", "role", maintain_order=True).agg(
        pl.col("heads").sum(), rate=(pl.col("rate") * pl.col("heads")).sum() / pl.col("heads").sum()
    )
    social = pl.col("sector").is_in(ADULT_SOCIAL_CARE)
    turnover = (pl.col("rate") * pl.col("heads")).filter(social).sum() / pl.col("heads").filter(social).sum()
    return roles.with_columns(
        rate=pl.when(social).then(pl.col("rate") * published("adult_social_care_turnover") / turnover).otherwise("rate")
    )


@cache
def leaving_rates() -> pl.DataFrame:
    """The rates that the simulation uses for permanent and fixed-term staff, exactly: they depend on sector, role and age band and on nothing else.

    Axes: [sector × role × age band] × `sector, role, age_band, monthly_probability, annual_rate`. A person in post at the start of a month
    leaves the partner in it with `monthly_probability`; `annual_rate` is 12 times that (leavers a year over average staff). Leaving means
    leaving the partner: a move to another partner counts, a transfer of employer (merger, TUPE, network change) does not.

    >>> leaving_rates().filter(pl.col("monthly_probability") > 1).height
    0
    """
    relative = table("age_leaving")["relative_leaving"].to_numpy()
    rows = []
    for sector, role, _, rate in role_rates().iter_rows():
        by_age = ages_in_post(role, rate)[1] * relative
        rows += [(sector, role, band, float(value) / 12, float(value)) for band, value in zip(known_bands(), by_age, strict=True)]
    return pl.DataFrame(rows, schema=["sector", "role", "age_band", "monthly_probability", "annual_rate"], orient="row")


@cache
def vacancy_rates() -> pl.DataFrame:
    """[kind × role] × `kind, role, vacancy_rate, fill_probability`: the share of posts that stand vacant, and the chance a month that one is filled.

    The two belong together: with m people a month leaving a role (or promoted out of it) and vacancy share v, filling at m(1 − v)/v keeps the
    share where it is.
    """
    kinds = table("kinds").select("kind", "sector", kind_rate="vacancy_rate")
    staffing = (
        table("staffing")
        .join(kinds, on="kind", how="left", maintain_order="left")
        .join(table("roles").select("role", "relative_vacancy"), on="role", how="left", maintain_order="left")
    )
    level = (pl.col("heads") * pl.col("relative_vacancy")).sum().over("kind") / pl.col("heads").sum().over("kind")
    staffing = staffing.with_columns(vacancy_rate=(pl.col("kind_rate") * pl.col("relative_vacancy") / level).clip(0.0005, 0.5))
    staffing = staffing.join(role_rates().select("sector", "role", "rate"), on=["sector", "role"], how="left", maintain_order="left")
    rates = staffing.group_by("kind", "role", maintain_order=True).agg(pl.col("heads").sum(), pl.col("vacancy_rate", "rate").first())
    leaving = pl.Series("leaving", _with_promotions(rates)) / rates["heads"] / 12
    return rates.select(
        "kind", "role", "vacancy_rate", fill_probability=(leaving * (1 - pl.col("vacancy_rate")) / pl.col("vacancy_rate")).clip(0.0, 0.95)
    )


def _with_promotions(rates: pl.DataFrame) -> list[float]:
    """People a year out of each role of each kind: those who leave, and those promoted into roles that are filled from it."""
    feeders = {row["role"]: (row["feeder_role"], row["feeder_share"]) for row in table("roles").iter_rows(named=True) if row["feeder_role"]}
    leavers = {(kind, role): heads * rate for kind, role, heads, _, rate in rates.iter_rows()}
    out = dict(leavers)
    for _ in range(len(feeders)):
        promoted = dict.fromkeys(leavers, 0.0)
        for (kind, role), people in out.items():
            feeder, share = feeders.get(role, ("", 0.0))
            if (kind, feeder) in promoted:
                promoted[kind, feeder] += share * people
        out = {key: leavers[key] + promoted[key] for key in leavers}
    return list(out.values())
