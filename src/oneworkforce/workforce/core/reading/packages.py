"""Packages: a workbook's zip, looked through before anything opens it."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from oneworkforce.errors import Invalid
from oneworkforce.workforce.core.reading.contents import SEND_INSTEAD
from oneworkforce.workforce.core.reading.raw import Limits

_SMALL = 10 * 1024**2
_MEMBERS = 10_000
_CHUNK = 4 * 1024**2
_LISTED = 1_000
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3}\d{1,7})"[^>]*><f[ >/]([^<]*)(?:</f>)?(<v>|<v/>|</c>)?')
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')


@dataclass(frozen=True)
class Marks:
    """What a sheet's XML says that its values do not.

    Parameters:
        merged: ranges of merged cells, such as "A1:C1" (up to 1,000).
        formulas: cells that hold a formula, such as "D4" (up to 1,000).
        uncalculated: of those, the ones without a saved result.
    """

    merged: tuple[str, ...]
    formulas: tuple[str, ...]
    uncalculated: tuple[str, ...]


def check_package(data: bytes, name: str, limits: Limits) -> None:
    """The zip is an Excel workbook without macros that unpacks to an allowed size; raises Invalid otherwise, before unpacking anything."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Invalid(_damaged(name)) from None
    _check_bomb(members, len(data), name, limits)
    _check_kind({member.filename for member in members}, name)
    if any(member.flag_bits & 1 for member in members):
        raise Invalid(f"{name} has a password, so it cannot be read. Take off the password, save and send it again.")


def _check_bomb(members: list[zipfile.ZipInfo], size: int, name: str, limits: Limits) -> None:
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked or len(members) > _MEMBERS:
        sizes = f"{unpacked / 1024**2:,.0f} MB in {len(members):,} parts; the limit is {limits.unpacked / 1024**2:,.0f} MB in {_MEMBERS:,}"
        raise Invalid(f"{name} would unpack to {sizes}. It was not opened. Save only the sheets that the return needs, or send CSV.")
    if unpacked > _SMALL and unpacked > limits.ratio * size:
        raise Invalid(
            f"{name} would unpack to {unpacked / size:,.0f} times its size; the limit is {limits.ratio}. It was not opened. Send it as CSV."
        )


def _check_kind(names: set[str], name: str) -> None:
    if any(member.lower().endswith("vbaproject.bin") for member in names):
        raise Invalid(
            f"{name} holds macros, which are never opened here. In Excel, save it as a workbook without macros (.xlsx) and send that."
        )
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names:
        raise Invalid(f"{name} is a binary Excel workbook (.xlsb). In Excel, save it as an Excel workbook (.xlsx) and send that.")
    if "content.xml" in names:
        raise Invalid(f"{name} is an OpenDocument file. Save it as an Excel workbook (.xlsx) or CSV and send that.")
    if any(member.startswith(("word/", "ppt/")) for member in names):
        raise Invalid(f"{name} is not a table: it is a Word or PowerPoint document. {SEND_INSTEAD}")
    raise Invalid(f"{name} is a zip file, not a workbook. Unzip it and send each file in it.")


def _damaged(name: str) -> str:
    return f"{name} is damaged or cut off: its end is missing or does not match its beginning. The upload broke off; send it again."


def sheet_marks(data: bytes, name: str, limits: Limits) -> dict[str, Marks]:
    """The marks of every sheet by its name, in order; every part is read to its end, so that damage and false sizes are found.

    Raises Invalid where a part is damaged, or larger than it says.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            paths = _sheet_paths(package)
            if len(paths) > limits.sheets:
                raise Invalid(f"{name} has {len(paths)} sheets; the limit is {limits.sheets}. Save only the sheets that the return needs.")
            shared = [path for path in package.namelist() if path.lower().endswith("sharedstrings.xml")]
            for path in shared:
                _read_through(package, path)
            return {sheet: _marks(package, path) for sheet, path in paths.items()}
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError):
        raise Invalid(_damaged(name)) from None


def _sheet_paths(package: zipfile.ZipFile) -> dict[str, str]:
    """Every sheet's name and the part that holds it. Read by pattern: no XML parser, so no entity of the file is ever expanded."""
    book = package.read("xl/workbook.xml").decode("utf-8", errors="replace")
    links = package.read("xl/_rels/workbook.xml.rels").decode("utf-8", errors="replace")
    targets = {_attribute(tag, "Id"): _attribute(tag, "Target") for tag in re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", links)}
    paths = {}
    for tag in re.findall(r"<(?:\w+:)?sheet\s[^>]*>", book):
        target = targets.get(_attribute(tag, "id"), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in package.namelist():
            paths[_plain(_attribute(tag, "name"))] = path
    return paths


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'[\s:]{name}="([^"]*)"', tag)
    return found.group(1) if found else ""


def _plain(text: str) -> str:
    for entity, letter in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&")):
        text = text.replace(entity, letter)
    return text


def _read_through(package: zipfile.ZipFile, path: str) -> None:
    with package.open(path) as part:
        while part.read(_CHUNK):
            pass


def _marks(package: zipfile.ZipFile, path: str) -> Marks:
    merged: list[bytes] = []
    formulas: list[tuple[bytes, bytes, bytes]] = []
    left = b""
    with package.open(path) as part:
        while chunk := part.read(_CHUNK):
            text = left + chunk
            if b"<f" in text and len(formulas) < _LISTED:
                formulas.extend(_FORMULA.findall(text))
            if b"<mergeCell " in text and len(merged) < _LISTED:
                merged.extend(_MERGED.findall(text))
            left = text[text.rfind(b"<c r=") :][-4096:] if b"<c r=" in text[-4096:] else text[-64:]
    cells = dict.fromkeys(cell.decode() for cell, _, _ in formulas)
    empty = dict.fromkeys(cell.decode() for cell, _, end in formulas if end in (b"<v/>", b"</c>"))
    ranges = dict.fromkeys(found.decode() for found in merged)
    return Marks(tuple(ranges)[:_LISTED], tuple(cells)[:_LISTED], tuple(empty)[:_LISTED])
