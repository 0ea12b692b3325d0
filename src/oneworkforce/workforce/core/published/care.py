"""Adult social care: turnover by local authority."""

from __future__ import annotations

import polars as pl


def turnover(typed: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Measures by authority and financial year, with `is_turnover` where the measure is turnover (per cent a year)."""
    tidy = typed.with_columns(is_turnover=pl.col("measure").str.to_lowercase().str.contains("turnover"))
    return tidy.sort("measure", "area_name", "financial_year"), _span(tidy)


def distribution(typed: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Quartiles of turnover across authorities by financial year (per cent a year, unweighted)."""
    tidy = typed.with_columns(pl.col("authorities").cast(pl.Int64)).sort("financial_year")
    return tidy, _span(tidy)


def _span(table: pl.DataFrame) -> str:
    first, last = str(table["financial_year"].min()), str(table["financial_year"].max())
    return first if first == last else f"{first} to {last}"
