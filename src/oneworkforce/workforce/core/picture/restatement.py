"""What a later picture says otherwise of months that an earlier one had already shown."""

from __future__ import annotations

import polars as pl

from oneworkforce.workforce.core.picture.flows import KINDS
from oneworkforce.workforce.core.picture.picture import Picture

_KEY = ("partner", "format", "month")
_INWARD = KINDS[:4]


def balance(picture: Picture) -> pl.DataFrame:
    """How every partner's staff came to be what they are, month by month, to the person.

    Axes: [partner × format × month] × `partner, format, month, start, starter, transfer_in, into_view, contract_in, leaver, transfer_out,
    out_of_view, contract_out, end, fte`. start + what came − what went = end in every row.
    """
    stock = picture.facts.group_by(_KEY).agg(pl.col("people").sum().cast(pl.Int64).alias("end"), pl.col("fte").sum())
    counted = [(pl.col("kind") == kind).sum().cast(pl.Int64).alias(kind) for kind in KINDS]
    flows = picture.flows.filter("staff").group_by(_KEY).agg(counted)
    every = _every_month(picture, pl.concat([stock.select("partner", "format"), flows.select("partner", "format")]).unique())
    joined = every.join(stock, on=_KEY, how="left").join(flows, on=_KEY, how="left").fill_null(0).sort(_KEY)
    start = pl.col("end").shift(1, fill_value=0).over("partner", "format", order_by="month")
    return joined.with_columns(start=start).select(*_KEY, "start", *KINDS, "end", "fte")


def _every_month(picture: Picture, cells: pl.DataFrame) -> pl.DataFrame:
    return cells.join(pl.DataFrame({"month": pl.Series(picture.months, dtype=pl.Date)}), how="cross")


def restatements(previous: Picture, current: Picture) -> pl.DataFrame:
    """Every figure that both pictures have and the current one states otherwise, each marked with why.

    Axes: [figure] × `partner, format, month, measure (end, fte, and the flows), before, after, because`. because: `new_return` where
    the month itself stands on another return than before, `other_month` where only the returns around it changed.
    """
    months = sorted(set(previous.months) & set(current.months))
    sides = [_figures(picture).filter(pl.col("month").is_in(months)) for picture in (previous, current)]
    joined = (
        sides[0]
        .join(sides[1], on=[*_KEY, "measure"], how="full", coalesce=True, suffix="_after")
        .rename({"value": "before", "value_after": "after"})
    )
    changed = joined.with_columns(pl.col("before", "after").fill_null(0.0)).filter((pl.col("before") - pl.col("after")).abs() > 1e-9)
    return _because(changed, previous, current).sort(*_KEY, "measure")


def _figures(picture: Picture) -> pl.DataFrame:
    kept = balance(picture).drop("start").with_columns(pl.col("partner", "format").cast(pl.String))
    return kept.unpivot(index=_KEY, variable_name="measure").with_columns(pl.col("value").cast(pl.Float64))


def _because(changed: pl.DataFrame, previous: Picture, current: Picture) -> pl.DataFrame:
    standing = [picture.coverage.select(*_KEY, "snapshot", "status", "age") for picture in (previous, current)]
    of_month = changed.join(standing[0], on=_KEY, how="left").join(standing[1], on=_KEY, how="left", suffix="_now")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_now")) for name in ("snapshot", "status", "age"))
    because = pl.when(same).then(pl.lit("other_month")).otherwise(pl.lit("new_return"))
    return of_month.with_columns(because=because).select(*_KEY, "measure", "before", "after", "because")
