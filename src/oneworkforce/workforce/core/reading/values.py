"""Values: text cells become dates, numbers, codes and postcodes, with Excel's damage undone where it can be.

Every builder takes an expression over text and gives `Cleaned`: the typed value, and two masks. Values are parsed once a column in bulk:
the usual layout first, the rarer ones only over the distinct cells that are left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

import polars as pl

EXCEL_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!")
"""What a workbook's failed formula leaves in a cell."""

SCIENTIFIC = r"^\d(\.\d+)?E\+\d{2,3}$"
"""How Excel writes a long identifier once it has taken it for a number; the digits after the sixth are lost."""

_EXCEL_DAY_ZERO = date(1899, 12, 30)
_DATE_LAYOUTS = (
    (r"^\d{1,2}/\d{1,2}/[12]\d{3}$", "%d/%m/%Y", False),
    (r"^[12]\d{3}/\d{1,2}/\d{1,2}$", "%Y/%m/%d", False),
    (r"^\d{1,2}/[A-Za-z]{3,9}/[12]\d{3}$", "%d/%B/%Y", False),
    (r"^(19|20)\d{6}$", "%Y%m%d", False),
    (r"^\d{1,2}/\d{1,2}/\d{2}$", "%d/%m/%y", True),
    (r"^\d{1,2}/[A-Za-z]{3,9}/\d{2}$", "%d/%B/%y", True),
)
_MONTH_LAYOUTS = (
    (r"^\d{4}/\d{1,2}$", "%Y/%m/%d", "{}/1"),
    (r"^\d{1,2}/\d{4}$", "%d/%m/%Y", "1/{}"),
    (r"^(19|20)\d{4}$", "%Y%m%d", "{}01"),
    (r"^[A-Za-z]{3,9}/\d{4}$", "%d/%B/%Y", "1/{}"),
    (r"^[A-Za-z]{3,9}/\d{2}$", "%d/%B/%y", "1/{}"),
)
_POSTCODE = r"^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$"
_TRUE = ("yes", "y", "true", "t", "1")
_FALSE = ("no", "n", "false", "f", "0")


@dataclass(frozen=True)
class Cleaned:
    """A column's cleaned values and what had to be done to get them, as expressions to put in `select` or `with_columns`.

    Parameters:
        value: the typed value; null where the cell is blank or cannot be read.
        repaired: true where the cell was mangled and its value was worked out (a serial number, a lost leading zero, a two-digit year).
        unreadable: true where the cell holds something from which no value could be had.
    """

    value: pl.Expr
    repaired: pl.Expr
    unreadable: pl.Expr


def as_text(expr: pl.Expr) -> Cleaned:
    """The text without stray spaces, non-breaking spaces and control characters; a blank cell is null, a failed formula unreadable.

    >>> pl.select(as_text(pl.lit(" Ward\\u00a0 12 ")).value).item()
    'Ward 12'
    """
    return _cleaned(expr, _read_text, pl.String)


def as_date(expr: pl.Expr, latest: date | None = None) -> Cleaned:
    """The date, read in the UK's orders.

    Reads DD/MM/YYYY (also with `-`, `.` or spaces, with one-digit days), D/M/YY, DD-MON-YYYY, YYYY-MM-DD, YYYYMMDD, each with or without a
    time of day, and Excel's serial numbers of five digits. Never month before day. Two-digit years and serial numbers count as repaired.

    Parameters:
        latest: a two-digit year that would give a later date is taken a century earlier (give today for a birth date).

    >>> pl.select(as_date(pl.lit("03-Feb-1998")).value, as_date(pl.lit("35829")).value.alias("serial")).row(0)
    (datetime.date(1998, 2, 3), datetime.date(1998, 2, 3))
    """
    return _cleaned(expr, partial(_read_dates, latest=latest), pl.Date)


def as_month(expr: pl.Expr) -> Cleaned:
    """The first day of the month: from `2025-04`, `04/2025`, `202504`, `Apr-25`, `April 2025`, or any date that `as_date` reads.

    >>> pl.select(as_month(pl.lit("Apr-25")).value).item()
    datetime.date(2025, 4, 1)
    """
    return _cleaned(expr, _read_months, pl.Date)


def as_number(expr: pl.Expr) -> Cleaned:
    """The number, as a float: thousands commas, pound signs and spaces are taken out; a decimal comma (`37,5`) counts as repaired.

    >>> pl.select(as_number(pl.lit("£1,250.50")).value).item()
    1250.5
    """
    return _cleaned(expr, _read_numbers, pl.Float64)


def as_code(expr: pl.Expr, width: int | None = None) -> Cleaned:
    """The code as text: a lost leading zero is put back to `width` and `8.0` is read as `8`, both counted as repaired.

    >>> pl.select(as_code(pl.lit("8"), 2).value).item()
    '08'
    """
    return _cleaned(expr, partial(_read_codes, width=width), pl.String)


def as_identifier(expr: pl.Expr) -> Cleaned:
    """The identifier as text; `12345678.0` loses its `.0` (repaired), and one that Excel put into scientific notation is unreadable.

    >>> pl.select(as_identifier(pl.lit("1.23457E+11")).unreadable).item()
    True
    """
    return _cleaned(expr, partial(_read_codes, width=None), pl.String)


def as_postcode(expr: pl.Expr) -> Cleaned:
    """The full UK postcode in capitals with its one space; a letter O typed for a zero (or the reverse) in the second half is repaired.

    >>> pl.select(as_postcode(pl.lit("ls1 3ex")).value).item()
    'LS1 3EX'
    """
    return _cleaned(expr, _read_postcodes, pl.String)


def as_ni_number(expr: pl.Expr) -> Cleaned:
    """The National Insurance number in capitals without spaces: two letters, six digits, a letter A to D.

    >>> pl.select(as_ni_number(pl.lit("qq 12 34 56 c")).value).item()
    'QQ123456C'
    """
    return _cleaned(expr, _read_ni_numbers, pl.String)


def as_boolean(expr: pl.Expr) -> Cleaned:
    """True or false, from yes/no, y/n, true/false, 1/0 in any case.

    >>> pl.select(as_boolean(pl.lit("Yes")).value).item()
    True
    """
    return _cleaned(expr, _read_booleans, pl.Boolean)


def is_scientific(expr: pl.Expr) -> pl.Expr:
    """True where Excel has put a long identifier into scientific notation and so lost its last digits.

    >>> pl.select(is_scientific(pl.lit("9.87654E+11"))).item()
    True
    """
    return expr.str.strip_chars().str.contains(SCIENTIFIC).fill_null(False)


_Reader = Callable[[pl.Series], tuple[pl.Series, pl.Series]]
_Dtype = type[pl.DataType]


def _cleaned(expr: pl.Expr, read: _Reader, dtype: _Dtype) -> Cleaned:
    shape = pl.Struct({"value": dtype, "repaired": pl.Boolean, "unreadable": pl.Boolean})

    def over_distinct(cells: pl.Series) -> pl.Series:
        cells = cells.cast(pl.String)
        text = cells if cells.null_count() == len(cells) else _trimmed(cells)
        value, repaired = read(text)
        columns = [value.cast(dtype).alias("value"), repaired.fill_null(False).alias("repaired")]
        frame = pl.DataFrame([*columns, (text.is_not_null() & value.is_null()).alias("unreadable")])
        return frame.to_struct(cells.name)

    struct = expr.map_batches(over_distinct, return_dtype=shape, is_elementwise=True)
    return Cleaned(struct.struct.field("value"), struct.struct.field("repaired"), struct.struct.field("unreadable"))


def _trimmed(cells: pl.Series) -> pl.Series:
    """The cells without outer spaces, blank ones null; cells that are clean already pass through quickly."""
    text = cells.str.strip_chars(" \t\r\n\u00a0\ufeff\u200b")
    return text.set(text == "", None)


def _no_repairs(cells: pl.Series) -> pl.Series:
    return pl.Series([False], dtype=pl.Boolean).new_from_index(0, len(cells))


def _through_distinct(cells: pl.Series, wanted: pl.Series, read: _Reader, dtype: _Dtype) -> tuple[pl.Series, pl.Series]:
    """The values and repairs of the `wanted` cells (null and false elsewhere), each distinct text read once."""
    distinct = cells.filter(wanted).unique()
    value, repaired = read(distinct)
    asked = cells.set(~wanted, None)
    known = value.cast(dtype)
    return (
        asked.replace_strict(distinct, known, default=None, return_dtype=known.dtype),
        asked.replace_strict(distinct, repaired.fill_null(False), default=False, return_dtype=pl.Boolean),
    )


def _read_text(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    odd = text.str.contains(r"[\x00-\x1f\x7f\u{a0}\u{200b}\u{feff}]|  |^#").fill_null(False)
    if not odd.any():
        return text, _no_repairs(text)
    plain = text.str.replace_all(r"[\s\x00-\x1f\x7f\u{a0}\u{200b}\u{feff}]+", " ").str.strip_chars()
    plain = plain.set(plain.is_in(EXCEL_ERRORS), None)
    return plain, _no_repairs(text)


def _read_dates(text: pl.Series, latest: date | None = None) -> tuple[pl.Series, pl.Series]:
    first = text.drop_nulls().head(1)
    layout = "%Y-%m-%d" if first.str.contains(r"^[12]\d{3}-\d{1,2}-\d{1,2}$").any() else "%d/%m/%Y"
    quick = text.str.to_date(layout, strict=False, cache=False)
    quick = quick.set((quick.dt.year() < 1000).fill_null(False), None)
    left = quick.is_null() & text.is_not_null()
    if not left.any():
        return quick, _no_repairs(text)
    value, repaired = _through_distinct(text, left, partial(_read_rare_dates, latest=latest), pl.Date)
    return quick.zip_with(~left, value), repaired


def _plain_dates(cells: pl.Series) -> pl.Series:
    """The cells with their time of day and ordinal endings off and one kind of separator."""
    bare = cells.str.replace(r"[T ]+\d{1,2}:\d{2}.*$", "").str.replace(r"^(\d{1,2})(st|nd|rd|th)\b", "$1")
    return bare.str.replace_all(r"\s*[-./,\s]\s*", "/")


def _read_rare_dates(cells: pl.Series, latest: date | None) -> tuple[pl.Series, pl.Series]:
    plain = _plain_dates(cells)
    value = pl.Series([None], dtype=pl.Date).new_from_index(0, len(cells))
    repaired = _no_repairs(cells)
    for pattern, layout, two_digit_year in _DATE_LAYOUTS:
        fits = plain.str.contains(pattern) & value.is_null()
        found = plain.set(~fits, None).str.to_date(layout, strict=False, cache=False)
        value = value.zip_with(found.is_null(), found)
        repaired = repaired | (found.is_not_null() & two_digit_year)
    if latest is not None:
        value = value.zip_with(~(repaired & (value > latest)).fill_null(False), value.dt.offset_by("-100y"))
    serial = _serial_dates(cells.str.strip_chars())
    return value.zip_with(value.is_not_null(), serial), repaired | (value.is_null() & serial.is_not_null())


def _serial_dates(cells: pl.Series) -> pl.Series:
    """The dates of Excel's serial numbers from 1927 to 2100; null elsewhere."""
    days = cells.set(~cells.str.contains(r"^\d{5}(\.\d+)?$"), None).cast(pl.Float64, strict=False).floor().cast(pl.Int32)
    days = days.set(~days.is_between(10_000, 73_050).fill_null(False), None)
    return (days + (_EXCEL_DAY_ZERO - date(1970, 1, 1)).days).cast(pl.Date)


def _read_months(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    return _through_distinct(text, text.is_not_null(), _read_distinct_months, pl.Date)


def _read_distinct_months(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    plain = _plain_dates(cells)
    value = pl.Series([None], dtype=pl.Date).new_from_index(0, len(cells))
    for pattern, layout, whole in _MONTH_LAYOUTS:
        before, after = whole.split("{}")
        fits = plain.str.contains(pattern) & value.is_null()
        found = (before + plain.set(~fits, None) + after).str.to_date(layout, strict=False, cache=False)
        value = value.zip_with(found.is_null(), found)
    dates, repaired = _read_dates(cells)
    repaired = repaired & value.is_null()
    return value.zip_with(value.is_not_null(), dates).dt.month_start(), repaired


def _read_numbers(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    quick = text.cast(pl.Float64, strict=False)
    quick = quick.set((~quick.is_finite()).fill_null(False), None)
    left = quick.is_null() & text.is_not_null()
    if not left.any():
        return quick, _no_repairs(text)
    value, repaired = _through_distinct(text, left, _read_rare_numbers, pl.Float64)
    return quick.zip_with(~left, value), repaired


def _read_rare_numbers(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    plain = cells.str.replace_all(r"[£\s\u{a0}]", "").str.replace(r"^\((.+)\)$", "-$1").str.replace("−", "-")
    decimal_comma = plain.str.contains(r"^-?\d+,\d{1,2}$")
    thousands = plain.str.contains(r"^-?\d{1,3}(,\d{3})+(\.\d+)?$")
    plain = plain.zip_with(~decimal_comma, plain.str.replace(",", ".", literal=True))
    plain = plain.zip_with(~thousands, plain.str.replace_all(",", "", literal=True))
    value = plain.cast(pl.Float64, strict=False)
    return value.set((~value.is_finite()).fill_null(False), None), decimal_comma


def _read_codes(text: pl.Series, width: int | None) -> tuple[pl.Series, pl.Series]:
    odd = text.str.contains(r"^\d+\.0$|^#|^\d(\.\d+)?E\+\d{2,3}$|[\s\x00-\x1f\u{a0}]")
    if width is not None:
        odd = odd | ((text.str.len_chars() < width) & text.str.contains(r"^\d+(\.0)?$"))
    odd = odd.fill_null(False)
    if not odd.any():
        return text, _no_repairs(text)
    value, repaired = _through_distinct(text, odd, partial(_read_rare_codes, width=width), pl.String)
    return text.zip_with(~odd, value), repaired


def _read_rare_codes(cells: pl.Series, width: int | None) -> tuple[pl.Series, pl.Series]:
    plain, _ = _read_text(cells)
    whole = plain.str.replace(r"^(\d+)\.0$", "$1")
    if width is not None:
        whole = whole.zip_with(~whole.str.contains(r"^\d+$").fill_null(False), whole.str.zfill(width))
    lost = whole.str.contains(SCIENTIFIC).fill_null(False)
    return whole.set(lost, None), (whole != plain).fill_null(False) & ~lost


def _read_postcodes(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    usual = text.str.contains(_POSTCODE) | text.is_null()
    if usual.all():
        return text, _no_repairs(text)
    value, repaired = _through_distinct(text, ~usual, _read_rare_postcodes, pl.String)
    return text.zip_with(usual, value), repaired


def _read_rare_postcodes(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    packed = cells.str.to_uppercase().str.replace_all(r"[\s\u{a0}]", "")
    outward = packed.str.head(-3)
    digit = packed.str.slice(-3, 1)
    fixed = digit.str.replace("O", "0", literal=True).str.replace("I", "1", literal=True)
    letters = packed.str.tail(2)
    value = outward + " " + fixed + letters
    good = value.str.contains(_POSTCODE).fill_null(False)
    return value.set(~good, None), good & (fixed != digit).fill_null(False)


def _read_ni_numbers(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    packed = text.str.to_uppercase().str.replace_all(r"[\s\u{a0}.-]", "")
    good = packed.str.contains(r"^[A-Z]{2}\d{6}[A-D]$").fill_null(False)
    return packed.set(~good, None), _no_repairs(text)


def _read_booleans(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    lower = text.str.to_lowercase()
    value = pl.Series([None], dtype=pl.Boolean).new_from_index(0, len(text))
    value = value.set(lower.is_in(_TRUE).fill_null(False), True).set(lower.is_in(_FALSE).fill_null(False), False)
    return value, _no_repairs(text)
