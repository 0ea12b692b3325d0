"""The city's people, from the Office for National Statistics: population by age, its projection, ethnic groups."""

from __future__ import annotations

import polars as pl


def estimates(typed: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Population by year, area, sex and single year of age: `age` (90 is 90 and over, null all ages), `is_total`, `population`."""
    tidy = _aged(typed.with_columns(sex=pl.col("sex").fill_null("persons"), age=pl.col("age").fill_null("All ages")))
    order = ["year", "area_code", "area_name", "sex", "age", "is_total", "population"]
    return tidy.select(order).sort("area_code", "year", "sex", "age"), _years(tidy["year"])


def projection(typed: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Projected population in the shape of `estimates`; years that the file leaves out are not made up."""
    years = [column for column in typed.columns if column.startswith("year_") and typed[column].null_count() < typed.height]
    long = typed.unpivot(years, index=["area_code", "area_name", "sex", "age"], variable_name="year", value_name="population")
    tidy = _aged(long.with_columns(pl.col("year").str.strip_prefix("year_").cast(pl.Int64), pl.col("population").round(0).cast(pl.Int64)))
    order = ["year", "area_code", "area_name", "sex", "age", "is_total", "population"]
    return tidy.select(order).sort("area_code", "year", "sex", "age"), _years(tidy["year"])


def ethnicity(typed: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Residents by ethnic group: `broad_group`, `ethnic_group`, `people`, `percent` (worked out from people); the file's two kinds of row become one."""
    count = typed.filter(pl.col("ethnic_group").str.ends_with("(number)"))
    group = pl.col("ethnic_group").str.strip_suffix("(number)").str.strip_chars()
    tidy = count.select(
        area_code=pl.col("area_code").fill_null("England"),
        area_name=pl.col("area_name"),
        broad_group=group.str.split(": ").list.first(),
        ethnic_group=group.str.split(": ").list.last(),
        people=pl.col("value").cast(pl.Int64),
        percent=(100 * pl.col("value") / pl.col("value").sum().over("area_name")),
    )
    return tidy.sort("area_name", "broad_group", "ethnic_group"), "21 March 2021"


def _aged(table: pl.DataFrame) -> pl.DataFrame:
    """The table with `age` a number and `is_total` where it is all ages."""
    total = pl.col("age").str.to_lowercase() == "all ages"
    age = pl.col("age").str.extract(r"^(\d+)").cast(pl.Int64)
    return table.with_columns(is_total=total, age=pl.when(total).then(None).otherwise(age))


def _years(years: pl.Series) -> str:
    first, last = str(years.min()), str(years.max())
    return f"mid-{first}" if first == last else f"mid-{first} to mid-{last}"
