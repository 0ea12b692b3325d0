"""The folder that a city is written to: returns as their senders would save them, the manifest, the truth. The only part that touches the disk."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path

import numpy as np
import polars as pl
import xlsxwriter

from oneworkforce.workforce.core.synthesis.calendar import Due, rate
from oneworkforce.workforce.core.synthesis.randomness import stream

NOTICE = """SYNTHETIC DATA

Everything in this folder was made by a program (`oneworkforce synthesise`). No person in it lives or has lived; names are invented, NI numbers are of a
series that is never issued (QQ), and postcodes (LS40 to LS69, WF41 to WF48) do not exist. Organisations carry real registered codes so that the
formats are exercised, but every figure here is invented: nothing in it says anything about a real organisation. Do not quote it, and do not mix
it with real returns.

partners.csv, sites.csv, successions.csv, postcodes.csv  who the partners are, where, what became of them, and the postcode directory
calendar.csv        how often each partner owes each format
manifest.csv        one row for each file of each return: which month, version, when due, when sent, by whom (nil: the partner says it has nobody)
returns/            the files, one folder a month, in each partner's own format and with mistakes
dirt.csv            which mistakes were put in, at which documented rates
calibration.csv     figures of this city beside the published ones
truth/              who is who, every start, move and departure, posts and vacancies, and the rates used: keep it apart from the returns
"""

MADE = datetime(2026, 1, 1)
"""The creation date written into every workbook, so that the same seed gives the same bytes."""

WORKBOOK_PEOPLE = 150
"""Partners with fewer people than this may send workbooks."""

MANIFEST = ("partner", "format", "month", "part", "version", "path", "due_date", "sent_date", "sent_by", "nil", "synthetic")
_HEAD = "Synthetic data: no real person or organisation"


@dataclass(frozen=True)
class Style:
    """How a partner saves its files."""

    encoding: str
    delimiter: str
    workbook: bool


def styles(partners: pl.DataFrame, seed: int, number: int) -> dict[str, Style]:
    """The style of each partner, the same for every return: encodings and delimiters at the documented rates. Trusts have one each."""
    draws = stream(seed, "styles", number).random((partners.height, 3))
    found = {}
    for partner, draw in zip(partners.iter_rows(named=True), draws, strict=True):
        mark, windows = rate("utf8_mark"), rate("windows_1252")
        encoding = "utf-8-sig" if draw[0] < mark else "cp1252" if draw[0] < mark + windows else "utf-8"
        colons, tabs = rate("semicolons"), rate("tabs")
        delimiter = "," if "asc_wds" in partner["formats"] else ";" if draw[1] < colons else "\t" if draw[1] < colons + tabs else ","
        small = partner["heads"] < WORKBOOK_PEOPLE and partner["formats"] == "simple_return"
        found[partner["code"]] = Style(encoding, delimiter, bool(small and draw[2] < rate("workbook")))
    fixed = {
        "RR8": Style("utf-8-sig", ",", False),
        "RY6": Style("cp1252", ",", False),
        "RGD": Style("utf-8", ",", False),
        "QWO": Style("utf-8", ";", False),
    }
    return found | {row["code"]: fixed[row["kind"]] for row in partners.iter_rows(named=True) if row["kind"] in fixed}


def by_partner(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Each partner's rows of a frame whose partners stand together, without the column that names them."""
    runs = frame["_partner"].rle().struct.unnest() if frame.height else pl.DataFrame({"len": [], "value": []})
    starts = np.concatenate([[0], np.cumsum(runs["len"].to_numpy())]).astype(int)
    rows = frame.drop("_partner")
    return {code: rows.slice(int(start), int(size)) for code, start, size in zip(runs["value"], starts, runs["len"], strict=False)}


def _lines(frame: pl.DataFrame) -> tuple[bytes, dict[str, bytes]]:
    """The header line, and each partner's lines: one pass over all of them, then cut."""
    rows = blank(frame.drop("_partner"))
    head = (",".join(_quoted(name) for name in rows.columns)).encode()
    lines = rows.write_csv(include_header=False).encode().split(b"\n")[:-1]
    runs = frame["_partner"].rle().struct.unnest()
    ends = np.cumsum(runs["len"].to_numpy())
    return head, {
        code: b"\n".join(lines[int(end - size) : int(end)])
        for code, size, end in zip(runs["value"], runs["len"].to_list(), ends.tolist(), strict=True)
    }


def blank(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with empty text as nothing, so that a CSV file shows nothing between its commas."""
    return frame.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)).name.keep())


def _quoted(text: str) -> str:
    return f'"{text}"' if "," in text else text


def as_csv(frame: pl.DataFrame, kinds: dict[str, Style]) -> dict[str, bytes]:
    """Each partner's rows (named in `_partner`) as the file it would save."""
    if not frame.height:
        return {}
    head, lines = _lines(frame)
    special = {code for code in lines if kinds[code].delimiter != ","}
    tables = by_partner(frame) if special else {}
    found = {}
    for code, body in lines.items():
        style = kinds[code]
        text = blank(tables[code]).write_csv(separator=style.delimiter).encode() if code in special else head + b"\n" + body + b"\n"
        found[code] = text if style.encoding == "utf-8" else text.decode().replace("\n", "\r\n").encode(style.encoding, errors="replace")
    return found


def as_workbook(sheets: dict[str, pl.DataFrame], notes: Iterable[str]) -> bytes:
    """A workbook with those sheets and a sheet of notes that says it is synthetic; dates are dates, numbers are numbers."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "constant_memory": False})
    book.set_properties({"title": _HEAD, "subject": "Synthetic", "comments": _HEAD, "created": MADE})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, frame in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, frame.columns)
        for column, header in enumerate(frame.columns):
            cells = frame[header]
            if header.endswith("Date") or header.startswith("Date"):
                for row, value in enumerate(cells.str.to_date("%d/%m/%Y", strict=False)):
                    if value is not None:
                        sheet.write_datetime(row + 1, column, datetime(value.year, value.month, value.day), day)
            elif header.endswith(("Hours", "FTE", "Days")):
                sheet.write_column(1, column, cells.cast(pl.Float64, strict=False).fill_null(0).to_list())
            else:
                sheet.write_column(1, column, cells.to_list())
    sheet = book.add_worksheet("Notes")
    sheet.write_column(0, 0, [_HEAD, *notes])
    book.close()
    return buffer.getvalue()


class Folder:
    """A folder that is being filled with a city."""

    def __init__(self, out: Path) -> None:
        self.out, self.months = out, set[str]()
        self.manifest: list[tuple[str, ...]] = []
        (out / "truth").mkdir(parents=True, exist_ok=True)
        (out / "README.txt").write_text(NOTICE, encoding="utf-8")

    def send(self, due: Due, day: date, part: str, version: int, content: bytes, extension: str = "csv") -> None:
        """One file of a return is in the folder and in the manifest."""
        month = f"{day:%Y-%m}"
        if month not in self.months:
            (self.out / "returns" / month).mkdir(parents=True, exist_ok=True)
            self.months.add(month)
        middle = f".{part}" if part else ""
        path = f"returns/{month}/{due.partner}.{due.format}{middle}{'.v2' if version == 2 else ''}.{extension}"
        (self.out / path).write_bytes(content)
        sent = due.sent if version == 1 else due.corrected
        line = (
            due.partner,
            due.format,
            day.isoformat(),
            part,
            str(version),
            path,
            due.due.isoformat(),
            str(sent),
            due.sent_by,
            "no",
            "synthetic",
        )
        self.manifest.append(line)

    def nil(self, due: Due, day: date) -> None:
        """The manifest says that the partner has nobody to report."""
        line = (due.partner, due.format, day.isoformat(), "", "1", "", due.due.isoformat(), str(due.sent), due.sent_by, "yes", "synthetic")
        self.manifest.append(line)

    def table(self, name: str, frame: pl.DataFrame, append: bool = False) -> None:
        """A CSV file at the top of the folder."""
        with (self.out / name).open("ab" if append else "wb") as file:
            blank(frame).write_csv(file, include_header=not append)

    def truth(self, name: str, frame: pl.DataFrame, district: int) -> None:
        """One district's share of a table of truth."""
        frame.write_parquet(self.out / "truth" / f"{name}.{district:04d}.parquet", compression="zstd", row_group_size=200_000)

    def join_truth(self, name: str) -> None:
        """The districts' shares of a table of truth are one file, made without holding it in memory."""
        parts = sorted((self.out / "truth").glob(f"{name}.[0-9]*.parquet"))
        whole = self.out / "truth" / f"{name}.parquet"
        if len(parts) == 1:
            parts[0].replace(whole)
            return
        pl.scan_parquet(parts).sink_parquet(whole, compression="zstd", row_group_size=200_000, maintain_order=True)
        for part in parts:
            part.unlink()

    def flush(self, append: bool) -> None:
        """The manifest so far is on disk."""
        text = StringIO()
        lines = csv.writer(text, lineterminator="\n")
        if not append:
            lines.writerow(MANIFEST)
        lines.writerows(self.manifest)
        with (self.out / "manifest.csv").open("a" if append else "w", encoding="utf-8", newline="") as file:
            file.write(text.getvalue())
        self.manifest = []
