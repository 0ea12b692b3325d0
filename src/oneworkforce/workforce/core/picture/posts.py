"""The posts of every month: funded, filled and vacant, each line standing until the partner's next return of posts."""

from __future__ import annotations

import polars as pl

from oneworkforce.workforce.core.picture.dimensions import Dimensions
from oneworkforce.workforce.core.picture.months import dates, numbers
from oneworkforce.workforce.core.picture.returns import POSTS_ONLY, Returns

_OUT = ("month", "partner", "format", "sector", "service", "role", "staff_group", "funded_fte", "filled_fte", "vacant_fte", "age")


def posts_by_month(lines: pl.DataFrame, returns: Returns, dims: Dimensions) -> pl.DataFrame:
    """Every line of posts in every month that it stands for; where a partner has an establishment, its other returns' posts stand aside.

    Axes: lines[row] in the columns of `Posts`, Enum types. Returns: [line × month] × `month, partner, format, sector, service, role,
    staff_group, funded_fte, filled_fte, vacant_fte, age` (months since the return). Filled FTE not stated is funded − vacant, not below 0.
    A return that says nothing of posts is followed by the last one that did.
    """
    summed = lines.group_by("partner", "format", "service", "role", m=numbers("month")).agg(
        pl.col("funded_fte", "vacant_fte").sum(),
        pl.col("filled_fte").fill_null((pl.col("funded_fte") - pl.col("vacant_fte")).clip(0)).sum(),
    )
    standing = _standing(lines, returns)
    spread = standing.join(summed, on=["partner", "format", "m"])
    held = spread.with_columns(age=pl.col("month_number") - pl.col("m"), month=dates(spread["month_number"].to_numpy()))
    own = pl.col("format").cast(pl.String).is_in(POSTS_ONLY)
    preferred = held.filter(own | ~own.any().over("partner", "month"))
    return dims.with_following(preferred).select(_OUT).sort("month", "partner", "service", "role")


def _standing(lines: pl.DataFrame, returns: Returns) -> pl.DataFrame:
    """The months that each return of posts stands for: up to the next one, the partner's closing, or as long as a return may be carried."""
    formats = lines["format"].unique()
    spoken = lines.select("partner", "format", m=numbers("month")).unique().with_columns(speaks=pl.lit(True))
    silent = returns.grid.filter(
        pl.col("status").is_in(["closed", "nil"]) & pl.col("format").is_in(formats.cast(pl.String).implode())
    ).select(pl.col("partner").cast(lines.schema["partner"]), pl.col("format").cast(lines.schema["format"]), "m", speaks=pl.lit(False))
    ends = pl.concat([spoken, silent]).unique(["partner", "format", "m"], keep="first").sort("partner", "format", "m")
    after = pl.col("m").shift(-1).over("partner", "format").fill_null(returns.last + 1)
    ends = ends.with_columns(until=pl.min_horizontal(after, pl.col("m") + 13, pl.lit(returns.last + 1)).cast(pl.Int32)).filter("speaks")
    ranges = ends.with_columns(month_number=pl.int_ranges("m", "until", dtype=pl.Int32)).explode("month_number")
    return ranges.drop_nulls("month_number").select("partner", "format", "m", "month_number")
