"""The generator's tables: every figure about the world, dated and with its source."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl

_TABLES = files("oneworkforce.workforce.core.synthesis") / "tables"


@cache
def table(name: str) -> pl.DataFrame:
    """The rows of `tables/<name>.csv`; numbers are numbers, everything else is text with "" where blank.

    >>> table("age_leaving").columns
    ['age_band', 'relative_leaving', 'source']
    """
    numbers = (
        "heads",
        "fte_per_head",
        "annual_rate",
        "value",
        "tolerance",
        "rate",
        "share",
        "rate_percent",
        "residents",
        "imd_2025_decile",
        "doctor_tilt",
    )
    measures = ("relative_leaving", "relative_vacancy", "posts_growth", "mean_age", "sd_age", "lowest_age", "female_share", "feeder_share")
    kinds = ("bank_share", "agency_share", "fixed_term_share", "vacancy_rate", "log_sd")
    whole = ("count", "minimum", "month", "from_age", "asc_wds_code")
    text = pl.read_csv((_TABLES / f"{name}.csv").read_bytes(), infer_schema=False).fill_null("")
    floats = [pl.col(column).cast(pl.Float64, strict=False) for column in (*numbers, *measures, *kinds) if column in text.columns]
    return text.with_columns(*floats, *(pl.col(column).cast(pl.Int64) for column in whole if column in text.columns))


def published(figure: str) -> float:
    """The value of a figure of `calibration.csv`.

    >>> published("adult_social_care_turnover")
    0.34
    """
    return float(table("calibration").row(by_predicate=pl.col("figure") == figure, named=True)["value"])
