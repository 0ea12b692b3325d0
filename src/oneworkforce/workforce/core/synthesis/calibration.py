"""The synthetic city held against the published figures to which it was calibrated."""

from __future__ import annotations

import numpy as np
import polars as pl

from oneworkforce.workforce.core.synthesis.rates import ADULT_SOCIAL_CARE
from oneworkforce.workforce.core.synthesis.register import counted_contracts, people_table, spells_table
from oneworkforce.workforce.core.synthesis.returns.staff import staff_of
from oneworkforce.workforce.core.synthesis.simulation import Truth
from oneworkforce.workforce.core.synthesis.tables import table

_TRUSTS = ("RR8", "RY6", "RGD", "QWO")
Row = tuple[str, float, float, str, float, str, str]


def calibration(truth: Truth) -> pl.DataFrame:
    """Each calibrated figure, as published and as it came out in one district of 60,000 people (scaled to its size where it is smaller).

    Axes: [figure] × `figure, published, synthetic, unit, tolerance, date, source`; `tolerance` is the relative difference that the tests allow.

    >>> from oneworkforce.workforce.core.synthesis import truth_of
    >>> calibration(truth_of(3000, 3, 1)).columns[:3]
    ['figure', 'published', 'synthetic']
    """
    spells = spells_table(truth)
    rows = [*_city(truth, spells), *_stocks(truth, spells), *_leavers(truth, spells), *_sickness(truth), *_ethnicity(truth, spells)]
    names = ["figure", "published", "synthetic", "unit", "tolerance", "date", "source"]
    return pl.DataFrame(rows, schema=names, orient="row")


def _years(truth: Truth) -> float:
    return len(truth.months) / 12


def staff_at_start(spells: pl.DataFrame) -> pl.DataFrame:
    """The spells of permanent and fixed-term staff that were under way when the period began."""
    return spells.filter((pl.col("start_month") < 0) & (pl.col("end_month") >= 0) & pl.col("contract").is_in(counted_contracts()))


def turnover(truth: Truth, spells: pl.DataFrame) -> float:
    """People a year who left their partner, over the average number of staff (permanent and fixed term)."""
    own = spells.filter(pl.col("contract").is_in(counted_contracts()))
    months = range(len(truth.months))
    average = sum(own.select(((pl.col("start_month") <= m) & (pl.col("end_month") > m)).sum()).item() for m in months) / len(truth.months)
    leavers = own.filter(pl.col("reason").is_not_null()).height
    return float(leavers / _years(truth) / max(1.0, average))


def _social_posts(truth: Truth) -> tuple[float, float]:
    """Adult social care posts at the end of the first month, and the share of funded ones that stands vacant, averaged over the months."""
    sectors = truth.district.partners["sector"].to_numpy()
    social = np.isin(sectors[truth.posts.partner], ADULT_SOCIAL_CARE)
    funded = social & truth.posts.funded
    shares = [float((truth.vacant[month][funded & (truth.posts.opens <= month)] >= 0).mean()) for month in range(len(truth.months))]
    return float((social & (truth.posts.opens == 0)).sum()), float(np.mean(shares))


def _city(truth: Truth, spells: pl.DataFrame) -> list[Row]:
    scale = truth.district.scale
    posts, vacant = _social_posts(truth)
    students = pl.col("contract") == "student"
    here = spells.filter((pl.col("start_month") < 0) & (pl.col("end_month") >= 0) & ~students)
    new = spells.filter((pl.col("origin") == "new_to_city") & ~students)
    social = spells.filter(pl.col("sector").is_in(ADULT_SOCIAL_CARE))
    found = {
        "people": here["person"].n_unique() / scale,
        "new_to_city": new["person"].n_unique() / _years(truth) / scale,
        "adult_social_care_posts": posts / scale,
        "adult_social_care_turnover": turnover(truth, social),
        "adult_social_care_vacancies": vacant,
    }
    if scale >= 1:
        found["partners"] = float(truth.district.partners.height)
    rows = table("calibration").filter(pl.col("figure").is_in(list(found)))
    return [
        (row["label"], row["value"], found[row["figure"]], row["unit"], row["tolerance"], row["date"], row["source"])
        for row in rows.iter_rows(named=True)
    ]


def _stocks(truth: Truth, spells: pl.DataFrame) -> list[Row]:
    """Staff in post of each trust by published staff group, at the start."""
    published = (
        table("staffing").filter(pl.col("kind").is_in(_TRUSTS) & (pl.col("date") != "")).group_by("kind", "group", maintain_order=True)
    )
    totals = published.agg(
        pl.col("heads").sum(), pl.col("date").first(), pl.col("source").first().str.replace("; roles within the group: assumption", "")
    )
    counted = dict_of(staff_at_start(spells).group_by("kind", "group").len())
    rows: list[Row] = []
    for kind, group, heads, day, source in totals.iter_rows():
        found = counted.get((kind, group), 0) / truth.district.scale
        rows.append(
            (f"{kind} staff in post: {group}", heads, found, "people", max(0.04, 4 / heads**0.5 / truth.district.scale**0.5), day, source)
        )
    return rows


def dict_of(counts: pl.DataFrame) -> dict[tuple[str, str], int]:
    """The first two columns of a table to its third.

    >>> dict_of(pl.DataFrame({"a": ["x"], "b": ["y"], "n": [1]}))
    {('x', 'y'): 1}
    """
    return {(first, second): number for first, second, number in counts.iter_rows()}


def _leavers(truth: Truth, spells: pl.DataFrame) -> list[Row]:
    """Turnover of the three trusts by published staff group: leavers a year over average staff."""
    rows: list[Row] = []
    for row in table("leaving_rates").filter((pl.col("sector") == "nhs_trust") & (pl.col("date") != "")).iter_rows(named=True):
        mine = spells.filter((pl.col("sector") == "nhs_trust") & (pl.col("group") == row["group"]))
        expected = mine.height * row["annual_rate"] * _years(truth)
        rows.append(
            (
                f"Turnover of the Leeds trusts: {row['group']}",
                row["annual_rate"],
                turnover(truth, mine),
                "share of staff a year",
                0.25 + 4 / max(1.0, expected) ** 0.5,
                row["date"],
                row["source"],
            )
        )
    return rows


def _sickness(truth: Truth) -> list[Row]:
    """Sickness absence of each trust: FTE days lost over FTE days available, over the period."""
    staff = staff_of(truth)
    frame = staff.spells.select("kind", "fte", "start_month", "end_month")
    rows: list[Row] = []
    for kind in _TRUSTS:
        lost = available = expected = 0.0
        for month, day in enumerate(truth.months):
            here = ((frame["kind"] == kind) & (frame["start_month"] <= month) & (frame["end_month"] > month)).to_numpy()
            fte = frame["fte"].to_numpy()[here]
            rate = table("sickness").filter((pl.col("organisation_or_sector") == kind) & (pl.col("month") == day.month))
            lost, available = lost + float((fte * staff.sick[month][here]).sum()), available + float(fte.sum())
            expected += float(fte.sum()) * rate["rate_percent"][0] / 100
        source, date = rate["source"][0], "2025-03"
        rows.append(
            (
                f"{kind} sickness absence",
                expected / available,
                lost / available,
                "share of days",
                0.05 + 12 / max(1.0, available) ** 0.5,
                date,
                source,
            )
        )
    return rows


def _ethnicity(truth: Truth, spells: pl.DataFrame) -> list[Row]:
    """The shares of ethnic groups among people who state one, beside the city's residents."""
    groups = table("ethnicity").group_by("code", maintain_order=True).agg(pl.col("residents").sum())
    present = people_table(truth).filter(pl.col("person").is_in(staff_at_start(spells)["person"].unique().implode()))
    stated = present.filter(pl.col("ethnicity") != "unknown")
    total, source = groups["residents"].sum(), "Office for National Statistics, Census 2021, ethnic group, Leeds residents"
    return [
        (
            f"Ethnic group: {code}",
            residents / total,
            float((stated["ethnicity"] == code).mean() or 0.0),
            "share of those who state it",
            0.15 + 3 / max(1, stated.height) ** 0.5 / (residents / total),
            "2021-03",
            source,
        )
        for code, residents in groups.iter_rows()
    ]
