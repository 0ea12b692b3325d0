"""Posts: the rows of an establishment or a list of vacancies become posts."""

from __future__ import annotations

import polars as pl

from oneworkforce.workforce.core.conversion.shapes import PostsShape
from oneworkforce.workforce.core.conversion.source import Source, column


def posts_of(source: Source, shape: PostsShape) -> pl.DataFrame:
    """One row a post or line of alike posts, in the columns of `Posts`.

    Vacant FTE is as given; where a return gives no filled FTE it stays unknown.
    """
    context = source.context
    (role,) = source.many_codes({"role": (shape.role, "unmapped")})
    return source.rows.select(
        pl.lit(context.month).alias("month"),
        pl.lit(context.partner).alias("partner"),
        pl.lit(context.format).alias("format"),
        source.pseudonym("post", context.format, (shape.post,)) if shape.post else pl.lit(None, dtype=pl.UInt64).alias("post"),
        role,
        source.first_code(shape.service, shape.default_service).alias("service"),
        column(shape.site).alias("site"),
        column(shape.funded_fte).fill_null(0.0).alias("funded_fte"),
        column(shape.filled_fte, pl.Float64).alias("filled_fte"),
        column(shape.vacant_fte).fill_null(0.0).alias("vacant_fte"),
        column(shape.vacant_since, pl.Date).alias("vacant_since"),
        pl.col("_row").alias("row"),
    )
