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
    known = _directory(postcodes)
    found = [known.get(text) or known.get(_packed(text)) if text else None for text in postcode.to_list()]
    return pl.Series("deprivation", found, dtype=pl.String).fill_null("unknown")


def _packed(text: str) -> str:
    return text.replace(" ", "").upper()


def _directory(postcodes: pl.DataFrame) -> dict[str, str]:
    """Postcode, as given and packed, to fifth. Made once for a directory that many returns are held against."""
    if not _kept or _kept[0][0] is not postcodes:
        pairs = postcodes.join(_fifths(), on="lsoa21").select("postcode", "fifth").rows()
        _kept[:] = [(postcodes, {name: fifth for postcode, fifth in pairs for name in (postcode, _packed(postcode))})]
    return _kept[0][1]


_kept: list[tuple[pl.DataFrame, dict[str, str]]] = []
