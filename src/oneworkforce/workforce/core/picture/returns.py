"""Which returns the picture stands on: for every partner and format, the months that were received, and how each month is covered."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from oneworkforce.workforce.core.picture.months import dates, numbers

CARRIED_AT_MOST = 12
"""Months for which a return is carried forward; after that the partner is missing."""

POSTS_ONLY = ("establishment",)
"""Formats that speak of posts and never of people."""

ENDING_KINDS = ("merger", "rename")
"""Successions after which the predecessor sends nothing more."""

_KEY = ("partner", "format")
_RECEIVED = ("accepted", "nil")


@dataclass(frozen=True, eq=False)
class Returns:
    """Every return that was received or that follows from a succession or a closing, in the order of partner, format and month.

    Axes: grid[return] × `partner, format, m (month number), status (accepted, nil, closed, opened), snapshot, source (partner and format,
    counted from 0), before (month of the return before, null), after (month of the return after, null), linked_before, linked_after
    (no more than `CARRIED_AT_MOST` months lie between), until (first month for which this return does not stand any more)`.
    """

    grid: pl.DataFrame
    first: int
    last: int


def expected_from(frame: pl.DataFrame) -> pl.DataFrame:
    """The returns that these rows came from, each accepted: `partner, format, month, status, snapshot`.

    Axes: frame[row] with `partner, format, month`, the first two of an Enum type.
    """
    codes = pl.col("partner").to_physical().cast(pl.UInt64) * 65_536 + pl.col("format").to_physical().cast(pl.UInt64)
    packed = codes * 4_294_967_296 + pl.col("month").to_physical().cast(pl.UInt64)
    first_rows = frame.lazy().select(packed.alias("packed"), pl.int_range(pl.len()).alias("row")).unique("packed").select("row").collect()
    found = frame.select("partner", "format", "month")[first_rows["row"].sort()]
    return found.with_columns(
        pl.col("partner", "format").cast(pl.String), pl.lit("accepted").alias("status"), pl.lit(None, pl.String).alias("snapshot")
    )


def window(expected: pl.DataFrame) -> tuple[int, int]:
    """The first and the last month that these returns are for, as month numbers."""
    months = expected.select(m=numbers("month"))["m"].to_list()
    return min(months), max(months)


def returns(expected: pl.DataFrame, organisations: pl.DataFrame, successions: pl.DataFrame, months: tuple[int, int]) -> Returns:
    """The returns in order, with those that a succession or a closing stands for, each knowing its neighbours.

    Axes: expected[return] × `partner, format, month, status, snapshot`. months: first and last month number of the picture.
    """
    first, last = months
    received = expected.filter(pl.col("status").is_in(_RECEIVED)).select(*_KEY, numbers("month").alias("m"), "status", "snapshot")
    received = received.unique([*_KEY, "m"], keep="last", maintain_order=True)
    everything = pl.concat([received, _closings(received, organisations, successions, last), _openings(received, successions)])
    grid = everything.unique([*_KEY, "m"], keep="first", maintain_order=True).sort(*_KEY, "m")
    grid = grid.with_columns(
        source=(pl.struct(_KEY).rle_id()).cast(pl.Int32),
        before=pl.col("m").shift(1).over(_KEY),
        after=pl.col("m").shift(-1).over(_KEY),
    )
    return Returns(_linked(grid, last), first, last)


def _linked(grid: pl.DataFrame, last: int) -> pl.DataFrame:
    gap = pl.lit(CARRIED_AT_MOST)
    linked = grid.with_columns(
        linked_before=(pl.col("m") - pl.col("before") <= gap).fill_null(False),
        linked_after=(pl.col("after") - pl.col("m") <= gap).fill_null(False),
    )
    carried = pl.min_horizontal(pl.col("m") + CARRIED_AT_MOST + 1, pl.lit(last + 1)).cast(pl.Int32)
    until = pl.when(pl.col("status") == "closed").then("m").when("linked_after").then("after").otherwise(carried)
    return linked.with_columns(until=until)


def _closings(received: pl.DataFrame, organisations: pl.DataFrame, successions: pl.DataFrame, last: int) -> pl.DataFrame:
    """A return of nobody in the month in which a partner closed or was succeeded, where none of its own came then or later.

    While no successor has sent a return, the last one of the partner that ended is carried forward as any other.
    """
    closed = organisations.filter(pl.col("closed").is_not_null()).select(partner="code", m=numbers("closed"))
    ended = successions.filter(pl.col("kind").is_in(ENDING_KINDS)).select(partner="predecessor", m=numbers("date"))
    ends = pl.concat([closed, ended]).join(_awaited(received, successions), on="partner", how="anti")
    ends = ends.group_by("partner").agg(pl.col("m").min()).filter(pl.col("m") <= last)
    latest = received.group_by(_KEY).agg(pl.col("m").max().alias("latest"))
    found = latest.join(ends, on="partner").filter(pl.col("latest") < pl.col("m"))
    return found.select(*_KEY, "m", pl.lit("closed").alias("status"), pl.lit(None, pl.String).alias("snapshot"))


def _awaited(received: pl.DataFrame, successions: pl.DataFrame) -> pl.DataFrame:
    """Predecessors of whose successors none has sent a return since: `partner`."""
    latest = received.group_by("partner").agg(pl.col("m").max().alias("latest"))
    dated = successions.select("predecessor", "successor", m=numbers("date")).join(
        latest, left_on="successor", right_on="partner", how="left"
    )
    heard = dated.group_by(pl.col("predecessor").alias("partner")).agg(
        (pl.col("latest") >= pl.col("m")).fill_null(False).any().alias("heard")
    )
    return heard.filter(~pl.col("heard")).select("partner")


def _openings(received: pl.DataFrame, successions: pl.DataFrame) -> pl.DataFrame:
    """A return of nobody in the month before a new successor began, where its predecessor was in the picture."""
    earliest = received.group_by(_KEY).agg(pl.col("m").min().alias("earliest"))
    seen = earliest.group_by("partner").agg(pl.col("earliest").min().alias("seen"))
    dated = successions.select("predecessor", partner="successor", m=numbers("date") - 1)
    begun = dated.join(seen, left_on="predecessor", right_on="partner").filter(pl.col("seen") <= pl.col("m"))
    found = earliest.join(begun.group_by("partner").agg(pl.col("m").min()), on="partner").filter(pl.col("earliest") > pl.col("m"))
    return found.select(*_KEY, pl.col("m").cast(pl.Int32), pl.lit("opened").alias("status"), pl.lit(None, pl.String).alias("snapshot"))


def coverage(returns_: Returns, expected: pl.DataFrame) -> pl.DataFrame:
    """How every partner, format and month is covered.

    Axes: [partner and format × month] × `partner, format, month, status, age, overdue, snapshot`.
    status: accepted; nil (nobody, said so); carried (an earlier return stands, `age` months old); missing; not_due (nothing was due
    yet); closed. overdue: a return was due for this month and is not there. snapshot: of the return that stands, null where none.
    """
    said = expected.select(*_KEY, numbers("month").alias("month_number"), pl.col("status").alias("said"))
    said = said.unique([*_KEY, "month_number"], keep="last", maintain_order=True)
    sources = pl.concat([said.select(_KEY), returns_.grid.select(_KEY)]).unique().sort(_KEY)
    months = pl.DataFrame({"month_number": pl.Series(range(returns_.first, returns_.last + 1), dtype=pl.Int32)})
    standing = returns_.grid.select(*_KEY, "m", "status", "snapshot", "until").sort("m")
    every = sources.join(months, how="cross").sort("month_number")
    joined = every.join_asof(standing, left_on="month_number", right_on="m", by=list(_KEY), check_sortedness=False)
    joined = joined.join(said, on=[*_KEY, "month_number"], how="left")
    age = pl.col("month_number") - pl.col("m")
    status = (
        pl.when(pl.col("status") == "closed").then(pl.lit("closed"))
        .when(pl.col("status") == "opened").then(pl.lit("not_due"))
        .when(age == 0).then("status")
        .when(pl.col("month_number") < pl.col("until")).then(pl.lit("carried"))
        .when(pl.col("said") == "not_due").then(pl.lit("not_due"))
        .otherwise(pl.lit("missing"))
    )  # fmt: skip
    return (
        joined.with_columns(status=status, age=age)
        .with_columns(
            overdue=pl.col("status").is_in(["carried", "missing"]) & pl.col("said").is_in(["missing", "carried"]).fill_null(False),
            month=dates(joined["month_number"].to_numpy()),
            age=pl.when(pl.col("status").is_in(["accepted", "nil", "carried"])).then("age"),
            snapshot=pl.when(pl.col("status").is_in(["accepted", "nil", "carried"])).then("snapshot"),
        )
        .select(*_KEY, "month", "status", "age", "overdue", "snapshot")
        .sort(*_KEY, "month")
    )
