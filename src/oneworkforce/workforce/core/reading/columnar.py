"""Parquet files: typed tables, read as text like every other."""

from __future__ import annotations

import io

import polars as pl

from oneworkforce.errors import Invalid
from oneworkforce.workforce.core.findings import Findings
from oneworkforce.workforce.core.reading.layout import check_has_rows
from oneworkforce.workforce.core.reading.raw import ROW, Limits, Raw


def read_parquet(data: bytes, name: str, limits: Limits) -> Raw:
    """The table of a Parquet file, its cells as text; row numbers count a header row, as if it were a spreadsheet."""
    if data[-4:] != b"PAR1":
        raise Invalid(f"{name} is cut off: a Parquet file ends as it begins, this one does not. The upload broke off; send it again.")
    try:
        lazy = pl.scan_parquet(io.BytesIO(data))
        schema = lazy.collect_schema()
        _check_shape(schema, int(lazy.select(pl.len()).collect().item()), name, limits)
        frame = lazy.select(pl.all().cast(pl.String)).collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise Invalid(f"{name} is damaged: it cannot be read as a Parquet file. Export it again and send it.") from None
    if ROW in frame.columns:
        frame = frame.drop(ROW)
    frame = frame.with_row_index(ROW, 2).with_columns(pl.col(ROW).cast(pl.Int64))
    check_has_rows(frame, name, limits)
    return Raw(frame, name, "parquet", notes=Findings.of([]))


def _check_shape(schema: pl.Schema, rows: int, name: str, limits: Limits) -> None:
    """Columns and rows are within the limits and every column is plain; told from the file's foot, before its rows are unpacked."""
    if len(schema) > limits.columns:
        raise Invalid(
            f"{name} has {len(schema)} columns; the limit is {limits.columns}. Take out the columns that the return does not ask for."
        )
    if rows > limits.rows:
        raise Invalid(f"{name} has {rows:,} rows; the limit is {limits.rows:,}. Send it in parts.")
    nested = [column for column, dtype in schema.items() if dtype.is_nested() or dtype in (pl.Binary, pl.Object)]
    if nested:
        raise Invalid(f"{name}: the column “{nested[0]}” holds lists or bytes, not single values. Write it as text and send it again.")
