"""Homes: how deprived the area is in which a person lives, from the postcode, which is then set aside."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl

_IMD = "leeds_imd2025_lsoa21.csv"


@cache
def _fifths() -> pl.DataFrame:
    """Small area (2021) to fifth of the Index of Multiple Deprivation 2025, 1 the most deprived."""
    text = (files("oneworkforce.workforce") / "public_data" / _IMD).read_bytes()
    table = pl.read_csv(text, columns=["lsoa21_code", "IMD_decile"])
    return table.select(lsoa21=pl.col("lsoa21_code"), fifth=((pl.col("IMD_decile") + 1) // 2).cast(pl.String))


def deprivation(postcode: pl.Series, postcodes: pl.DataFrame | None) -> pl.Series:
    """The fifth of areas in England, 1 the most deprived, of each home; `unknown` where the postcode is blank or in no directory.

    Axes: postcode[row] in the form `LS8 5DL`; postcodes[row] × `postcode, lsoa21` as the user supplied them, None where nobody did.

    >>> deprivation(pl.Series(["LS8 5DL", None]), None).to_list()
    ['unknown', 'unknown']
    """
    if postcodes is None or not postcodes.height or postcode.null_count() == len(postcode):
        return pl.Series("deprivation", ["unknown"]).new_from_index(0, len(postcode))
    packed = pl.col("postcode").str.replace_all(" ", "", literal=True).str.to_uppercase()
    directory = postcodes.select(packed.alias("packed"), "lsoa21").join(_fifths(), on="lsoa21").unique("packed")
    lived = pl.DataFrame([postcode.alias("postcode")]).select(packed.alias("packed"))
    return (
        lived.join(directory, on="packed", how="left", maintain_order="left").get_column("fifth").fill_null("unknown").alias("deprivation")
    )
