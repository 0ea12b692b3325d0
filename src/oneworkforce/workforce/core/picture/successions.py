"""Successions: people who went because their partner merged, moved or was renamed did not leave, and where they came they did not join.

A person's pseudonym belongs to one partner, so the people of a succession are matched by what the two returns both know of them, the
closest likeness first, one for one. Who has no match stays a leaver or a starter, unless the successor has not yet sent a return, or
the newcomer's service began before the gap: then they went out of, or came into, view.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oneworkforce.workforce.core.picture.months import numbers
from oneworkforce.workforce.core.picture.returns import Returns
from oneworkforce.workforce.core.picture.spells import (
    INTO_VIEW,
    LEAVER,
    OUT_OF_VIEW,
    STARTER,
    TRANSFER_IN,
    TRANSFER_OUT,
    Neighbours,
    Rows,
    Spells,
)

HANDOVER_MONTHS = 2
"""Months after a succession's date within which its people may still change from one return to the other."""

LIKENESSES = (
    ("pseudonym",),
    ("role", "sex", "ethnicity", "start"),
    ("role", "sex", "ethnicity", "age_band"),
    ("role", "sex"),
    ("role",),
    (),
)
"""What must be the same for two records to be taken as one person's, in the order tried; the last one only where the partner ended."""

_REASONS_OF_TRANSFER = ("transfer", "not_known")


def with_transfers(
    spell: Spells, rows: Rows, near: Neighbours, frame: pl.DataFrame, returns: Returns, successions: pl.DataFrame
) -> tuple[Spells, NDArray[np.int64]]:
    """The spells with transfers told apart from leaving and joining, and for every head the head that follows it (−1: none).

    Axes: frame[row] assignments; successions[succession] × `predecessor, successor, date, kind`.
    """
    followed_by = np.full(spell.row.size, -1, dtype=np.int64)
    dated = successions.select(
        pl.int_range(pl.len()).alias("succession"), "predecessor", "successor", numbers("date").alias("date"), "kind"
    ).filter(pl.col("date").is_between(returns.first, returns.last))
    if dated.is_empty():
        return spell, followed_by
    going = _candidates(spell, rows, near, frame, returns, dated, going=True)
    coming = _candidates(spell, rows, near, frame, returns, dated, going=False)
    pairs = _pairs(going, coming)
    came, went, came_in, went_in = spell.came.copy(), spell.went.copy(), spell.came_in.copy(), spell.went_in.copy()
    out, into = pairs["going"].to_numpy(), pairs["coming"].to_numpy()
    went[out], came[into], followed_by[out] = TRANSFER_OUT, TRANSFER_IN, into
    went_in[out], came_in[into] = pairs["went_in"].to_numpy(), pairs["came_in"].to_numpy()
    unseen = _unseen(going, pairs, dated, returns)
    went[unseen["head"].to_numpy()], went_in[unseen["head"].to_numpy()] = OUT_OF_VIEW, unseen["went_in"].to_numpy()
    served = coming.join(pairs, left_on="head", right_on="coming", how="anti").filter(pl.col("start").is_between(0, pl.col("opens") - 1))
    came[served["head"].to_numpy()] = INTO_VIEW
    return spell.moved(came=came, went=went, came_in=came_in, went_in=went_in), followed_by


def _candidates(
    spell: Spells, rows: Rows, near: Neighbours, frame: pl.DataFrame, returns: Returns, dated: pl.DataFrame, *, going: bool
) -> pl.DataFrame:
    """Heads whose going (or coming) falls in the handover of a succession of their partner: what is known of them, and when it may be.

    Returns: [succession × head] × `succession, kind, date, head, pseudonym, role, sex, ethnicity, age_band, start, opens, closes`.
    """
    partner, kind = ("predecessor", LEAVER) if going else ("successor", STARTER)
    at_partner = returns.grid["partner"].cast(pl.String).is_in(dated[partner].implode()).to_numpy()
    heads = np.flatnonzero((spell.went if going else spell.came) == kind)
    heads = heads[at_partner[spell.grid[heads]] & ~spell.passing[heads]]
    grid, row = spell.grid[heads], spell.row[heads]
    own = frame[rows.order[row]].select("role", "sex", "ethnicity", "age_band", pl.col("partner").cast(pl.String))
    opens, closes = (near.month[grid], near.after[grid]) if going else (near.before[grid], near.month[grid])
    closing = np.append((returns.grid["status"] == "closed").to_numpy()[1:], False)
    known = own.with_columns(
        head=heads, pseudonym=rows.pseudonym[row], start=rows.start[row], opens=opens + 1, closes=closes,
        reason=_reasons(spell, rows, frame, heads), ended=closing[grid],
    )  # fmt: skip
    met = known.join(dated, left_on="partner", right_on=partner)
    met = met.filter((pl.col("opens") <= pl.col("date") + HANDOVER_MONTHS) & (pl.col("closes") >= pl.col("date")))
    return met.filter(pl.col("reason").is_in(_REASONS_OF_TRANSFER)) if going else met


def _reasons(spell: Spells, rows: Rows, frame: pl.DataFrame, heads: NDArray[np.int64]) -> pl.Series:
    """Why each of these heads left, `not_known` where no row says."""
    row = spell.reason_row[heads]
    said = (
        frame["leaving_reason"][rows.order[np.maximum(row, 0)]].cast(pl.String).fill_null("not_known")
        if row.size
        else pl.Series([], dtype=pl.String)
    )
    return pl.select(pl.when(pl.Series(row >= 0, dtype=pl.Boolean)).then(said).otherwise(pl.lit("not_known"))).to_series()


def _pairs(going: pl.DataFrame, coming: pl.DataFrame) -> pl.DataFrame:
    """Who went and who came, matched one for one: `going, coming` (heads) and the months `went_in, came_in`."""
    found = pl.DataFrame(schema={"going": pl.Int64, "coming": pl.Int64, "went_in": pl.Int32, "came_in": pl.Int32})
    for likeness in LIKENESSES:
        left = going.join(found, left_on="head", right_on="going", how="anti")
        right = coming.join(found, left_on="head", right_on="coming", how="anti")
        if not likeness:
            left = left.filter("ended")
        found = pl.concat([found, _matched(left, right, ["succession", *likeness])])
    return found


def _matched(left: pl.DataFrame, right: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    ranked = [side.sort("head").with_columns(rank=pl.int_range(pl.len()).over(key)) for side in (left, right)]
    right_side = ranked[1].select(*key, "rank", coming="head", opens_right="opens", closes_right="closes")
    met = ranked[0].join(right_side, on=[*key, "rank"]).sort("succession", "head")
    met = met.unique("head", keep="first", maintain_order=True).unique("coming", keep="first", maintain_order=True)
    return met.select(
        going=pl.col("head").cast(pl.Int64),
        coming=pl.col("coming").cast(pl.Int64),
        went_in=pl.col("date").clip(pl.col("opens"), pl.col("closes")).cast(pl.Int32),
        came_in=pl.col("date").clip(pl.col("opens_right"), pl.col("closes_right")).cast(pl.Int32),
    )


def _unseen(going: pl.DataFrame, pairs: pl.DataFrame, dated: pl.DataFrame, returns: Returns) -> pl.DataFrame:
    """Heads that went to a successor from which no return has come since, and the month they went: `head, went_in`."""
    sent = (
        returns.grid.filter(pl.col("status").is_in(["accepted", "nil"]))
        .group_by(pl.col("partner").cast(pl.String))
        .agg(latest=pl.col("m").max())
    )
    silent = dated.join(sent, left_on="successor", right_on="partner", how="left").filter(
        pl.col("latest").is_null() | (pl.col("latest") < pl.col("date"))
    )
    waiting = going.filter(pl.col("succession").is_in(silent["succession"].implode()))
    left = waiting.join(pairs, left_on="head", right_on="going", how="anti").sort("succession", "head")
    went_in = pl.col("date").clip(pl.col("opens"), pl.col("closes")).cast(pl.Int32).alias("went_in")
    return left.unique("head", keep="first", maintain_order=True).select("head", went_in)
