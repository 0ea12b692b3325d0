"""Posts: the rows of an establishment or a list of vacancies become posts."""

from __future__ import annotations

import polars as pl

from oneworkforce.workforce.core.conversion.shapes import PostsShape
from oneworkforce.workforce.core.conversion.source import Source


def posts_of(source: Source, shape: PostsShape) -> pl.DataFrame:
    """One row a post or line of alike posts, in the columns of `Posts`.

    Vacant FTE is as given; where a return gives no filled FTE it stays unknown.
    """
    context = source.context
    post = source.pseudonym("post", context.format, (shape.post,)) if shape.post else source.column("", pl.UInt64)
    return source.rows.select(
        pl.lit(context.month).alias("month"),
        pl.lit(context.partner).alias("partner"),
        pl.lit(context.format).alias("format"),
        post.alias("post"),
        source.codes(shape.role, "unmapped").alias("role"),
        source.first_codes(shape.service, shape.default_service).alias("service"),
        source.column(shape.site).alias("site"),
        source.column(shape.funded_fte, pl.Float64).fill_null(0.0).alias("funded_fte"),
        source.column(shape.filled_fte, pl.Float64).alias("filled_fte"),
        source.column(shape.vacant_fte, pl.Float64).fill_null(0.0).alias("vacant_fte"),
        source.column(shape.vacant_since, pl.Date).alias("vacant_since"),
        pl.col("_row").cast(pl.Int64).alias("row"),
    )
