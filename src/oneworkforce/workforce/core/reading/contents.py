"""Contents: what a file is, told from its bytes and never from its name."""

from __future__ import annotations

from oneworkforce.errors import Invalid
from oneworkforce.workforce.core.reading.raw import Limits

SEND_INSTEAD = "Send a CSV file, an Excel workbook (.xlsx) or a Parquet file."

_NOT_TABLES = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"7z\xbc\xaf", "a compressed file (7-Zip)"),
    (b"Rar!", "a compressed file (RAR)"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"SQLite format 3", "a database (SQLite)"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
_MARKUP = (
    (b"<!doctype html", "a web page (HTML)"),
    (b"<html", "a web page (HTML)"),
    (b"<table", "a web page (HTML)"),
    (b"<?xml", "an XML document"),
    (b"<", "a web page or XML document"),
    (b"{", "a JSON document"),
    (b"[{", "a JSON document"),
)
_OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check_size(size: int, name: str, limits: Limits) -> None:
    """The file is neither empty nor over the limit; raises Invalid naming the limit."""
    if size == 0:
        raise Invalid(f"{name} is empty: it has no bytes at all. Send it again with its header and its rows.")
    if size > limits.size:
        sizes = f"{size / 1024**3:.1f} GB; the limit is {limits.size / 1024**3:.0f} GB"
        raise Invalid(f"{name} is too large: {sizes}. Send it in parts, or as Parquet.")


def kind_of(data: bytes, name: str) -> str:
    """Whether the bytes are "xlsx" (any zip), "parquet" or "csv" (text); raises Invalid for what can be no table.

    >>> kind_of(b"Name,FTE", "staff.csv")
    'csv'
    """
    if data.startswith(b"PK"):
        return "xlsx"
    if data.startswith(b"PAR1"):
        return "parquet"
    if data.startswith(_OLD_CONTAINER):
        raise Invalid(_old_container(data, name))
    for signature, what in _NOT_TABLES:
        if data.startswith(signature):
            raise Invalid(f"{name} is not a table: it is {what}. {SEND_INSTEAD}")
    start = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for signature, what in _MARKUP:
        if start.startswith(signature):
            raise Invalid(f"{name} is not a table: it is {what}. Open it in Excel, save it as an Excel workbook (.xlsx) and send that.")
    return "csv"


def _old_container(data: bytes, name: str) -> str:
    """The sentence for the container of Office 97 to 2003, in which Office also keeps a workbook that has a password."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return f"{name} has a password, so it cannot be read. In Excel, take the password off (File, Info), save and send it again."
    if "WordDocument".encode("utf-16-le") in data:
        return f"{name} is not a table: it is a Word document. {SEND_INSTEAD}"
    return f"{name} is an old Excel workbook (.xls). Open it in Excel, save it as an Excel workbook (.xlsx) and send that."
