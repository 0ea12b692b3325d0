"""Encodings: bytes of a text file become UTF-8, or one sentence says what is wrong with its letters."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from oneworkforce.errors import Invalid
from oneworkforce.workforce.core.findings import SCHEMA, Findings
from oneworkforce.workforce.core.reading.raw import ROW

GARBLED = "Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|Â[\u00a0-\u00bf]|\ufffd"
"""What letters look like that were written in UTF-8 and read as Windows-1252, or were lost altogether."""

_TRACES = (b"\xc3\x83", b"\xc3\xa2\xe2\x82\xac", b"\xc3\x82\xc2", b"\xef\xbf\xbd")


@dataclass(frozen=True)
class Decoded:
    """A text file as UTF-8 without a byte order mark, `\\n` or `\\r\\n` at its line ends.

    >>> decoded(b"Name;FTE", "staff.csv").encoding
    'utf-8'
    """

    data: bytes
    encoding: str


def decoded(data: bytes, name: str) -> Decoded:
    """The file's text as UTF-8: from UTF-8, UTF-8 with a mark, UTF-16 or Windows-1252; raises Invalid for anything else.

    >>> decoded("Zoë".encode("cp1252"), "staff.csv").data.decode()
    'Zoë'
    """
    found = _utf16(data, name) or _eight_bit(data, name)
    if b"\x00" in found.data:
        line = found.data[: found.data.index(b"\x00")].count(b"\n") + 1
        raise Invalid(f"{name} is damaged: row {line} holds a NUL byte, which no text has. Export it again from the system that made it.")
    if b"\n" not in found.data and b"\r" in found.data:
        return Decoded(found.data.replace(b"\r", b"\n"), found.encoding)
    return found


def _utf16(data: bytes, name: str) -> Decoded | None:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    sample = data[:200]
    bare = len(sample) >= 8 and (set(sample[1::2]) == {0} or set(sample[0::2]) == {0})
    if not marked and not bare:
        return None
    encoding = "utf-16" if marked else ("utf-16-le" if sample[1] == 0 else "utf-16-be")
    try:
        return Decoded(data.decode(encoding).encode("utf-8"), "utf-16")
    except UnicodeError:
        raise Invalid(f"{name} is cut off: its last letter is not complete. The upload or export broke off; send it again.") from None


def _eight_bit(data: bytes, name: str) -> Decoded:
    if data.startswith(b"\xef\xbb\xbf"):
        data, encoding = data[3:], "utf-8 with mark"
    else:
        encoding = "utf-8"
    if data.isascii():
        return Decoded(data, encoding)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and not data[: error.start].isascii():
            raise Invalid(f"{name} is cut off: its last letter is not complete. The upload or export broke off; send it again.") from None
        return _windows(data, name)
    return Decoded(data, encoding)


def _windows(data: bytes, name: str) -> Decoded:
    try:
        return Decoded(data.decode("cp1252").encode("utf-8"), "windows-1252")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        remedy = "In Excel, choose “CSV UTF-8” under Save As and send that."
        raise Invalid(f"{name} has letters that are neither UTF-8 nor Windows-1252, first in row {line}. {remedy}") from None


def garbled_letters(frame: pl.DataFrame, data: bytes) -> Findings:
    """A warning for every cell whose letters are garbled (`ZoÃ«`); the values are not shown.

    Parameters:
        data: the file's bytes in UTF-8, looked through first because hardly any file has such traces.
    """
    if data.isascii() or not any(trace in data for trace in _TRACES):
        return Findings.of([])
    tables = []
    for column in frame.columns:
        if column == ROW:
            continue
        rows = frame.filter(pl.col(column).str.contains(GARBLED)).get_column(ROW)
        tables.append(_garbled_cells(rows, column))
    return Findings(pl.concat(tables))


def _garbled_cells(rows: pl.Series, column: str) -> pl.DataFrame:
    return pl.DataFrame({"row": rows}).select(
        part=pl.lit(""),
        row=pl.col("row").cast(pl.Int64),
        column=pl.lit(column),
        value=pl.lit(""),
        rule=pl.lit("reading.garbled_letters"),
        severity=pl.lit("warning").cast(SCHEMA["severity"]),
        message=pl.lit("Letters in this cell are garbled: the file was written in one encoding and saved in another."),
        remedy=pl.lit("Export it again as “CSV UTF-8”, or correct the letters."),
    )
