"""What the planning room takes from the picture: people at risk and what became of them, the stock of a month, and funded posts."""

from __future__ import annotations

from datetime import date

import polars as pl

from oneworkforce.errors import Unanswerable
from oneworkforce.vocabulary import code_list
from oneworkforce.workforce.core.picture.picture import Picture

_CELL = ("sector", "role", "age_band")


def exposures(picture: Picture) -> pl.DataFrame:
    """Person-months at risk and what became of them, for every month whose comings and goings are known.

    Axes: [sector × role × age band × month] × `sector, role, age_band, month, exposure, leavers, leavers_<reason> (each leaving reason),
    joiners`. exposure: staff in post at the end of the month before, at partners whose returns tell who left since. leavers: those of them
    who left the partner in the month. joiners: starters, under what they started as; they are at risk from the next month on.
    """
    last = picture.months[-1]
    at_risk = (
        picture.facts.filter(pl.col("at_risk") > 0).group_by(*_CELL, "month").agg(pl.col("at_risk").sum().cast(pl.Int64).alias("exposure"))
    )
    at_risk = at_risk.with_columns(pl.col("month").dt.offset_by("1mo")).filter(pl.col("month") <= last)
    staff = picture.flows.filter("staff")
    reasons = code_list("leaving_reasons").codes
    by_reason = [(pl.col("reason") == reason).sum().cast(pl.Int64).alias(f"leavers_{reason}") for reason in reasons]
    left = staff.filter((pl.col("kind") == "leaver") & pl.col("exposed"))
    leavers = left.group_by(*_CELL, "month").agg(pl.len().cast(pl.Int64).alias("leavers"), *by_reason)
    joiners = staff.filter(pl.col("kind") == "starter").group_by(*_CELL, "month").agg(pl.len().cast(pl.Int64).alias("joiners"))
    joined = at_risk.join(leavers, on=[*_CELL, "month"], how="full", coalesce=True).join(
        joiners, on=[*_CELL, "month"], how="full", coalesce=True
    )
    counts = ["exposure", "leavers", *(f"leavers_{reason}" for reason in reasons), "joiners"]
    return joined.with_columns(pl.col(counts).fill_null(0)).select(*_CELL, "month", *counts).sort(*_CELL, "month")


def stock(picture: Picture, month: date) -> pl.DataFrame:
    """Staff in post at the end of a month: `sector, role, age_band, headcount, fte`.

    FTE is of the people's assignments under each assignment's own role. Raises: Unanswerable where the picture has no such month.
    """
    _check_month(picture, month)
    here = picture.facts.filter(pl.col("month") == month).group_by(_CELL)
    found = here.agg(pl.col("people").sum().cast(pl.Int64).alias("headcount"), pl.col("fte").sum())
    return found.filter((pl.col("headcount") > 0) | (pl.col("fte") > 0)).sort(_CELL)


def demand(picture: Picture, month: date) -> pl.DataFrame:
    """Funded posts of a month: `sector, role, funded_fte, filled_fte, vacant_fte`. Raises: Unanswerable where there is no such month."""
    _check_month(picture, month)
    here = picture.posts.filter(pl.col("month") == month).group_by("sector", "role")
    return here.agg(pl.col("funded_fte", "filled_fte", "vacant_fte").sum()).sort("sector", "role")


def role_moves(picture: Picture) -> pl.DataFrame:
    """Changes of main role within a partner: `sector, from_role, to_role, age_band, month, people`."""
    return (
        picture.moves.group_by("sector", "from_role", "to_role", "age_band", "month")
        .agg(pl.len().cast(pl.Int64).alias("people"))
        .sort(pl.all())
    )


def _check_month(picture: Picture, month: date) -> None:
    if month not in picture.months:
        raise Unanswerable(f"The picture has the months {picture.months[0]:%B %Y} to {picture.months[-1]:%B %Y}, not {month:%B %Y}.")
