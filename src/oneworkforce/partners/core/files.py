"""A folder's `partners.csv`, `sites.csv` and `successions.csv` as rows, checked, without Django."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from oneworkforce.errors import Invalid
from oneworkforce.vocabulary import code_list

Rows = tuple[dict[str, str], ...]

NEEDED = {
    "partners.csv": ("code", "name", "sector"),
    "sites.csv": ("code", "name", "organisation"),
    "successions.csv": ("predecessor", "successor", "date", "kind"),
}


@dataclass(frozen=True)
class Register:
    """Who the partners are, where they are, and who followed whom, each as text rows by column name."""

    partners: Rows
    sites: Rows = ()
    successions: Rows = ()


def read_register(folder: Path) -> Register:
    """The three files of the folder, the last two where they exist.

    Raises `Invalid` for a file, a column or a value that is missing or unknown, with the file and the row.
    """
    if not (folder / "partners.csv").exists():
        raise Invalid(f"There is no partners.csv in {folder}. Name the folder that holds it.")
    register = Register(*(_rows(folder / name, needed) for name, needed in NEEDED.items()))
    check_register(register)
    return register


def check_register(register: Register) -> None:
    """Every code is there once, and every sector, parent and date is one that is known; raises `Invalid` for the first that is not.

    >>> check_register(Register(({"code": "A", "name": "Aspen", "sector": "moon"},)))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    oneworkforce.errors.Invalid: partners.csv, row 2: 'moon' is not a sector. There are: nhs_trust, icb, general_practice, ...
    """
    seen: set[str] = set()
    sectors = code_list("sectors").codes
    for number, row in enumerate(register.partners, start=2):
        where = f"partners.csv, row {number}"
        _check(bool(row["code"] and row["name"]), f"{where}: a partner needs a code and a name.")
        _check(row["code"] not in seen, f"{where}: the code {row['code']} is there twice.")
        _check(row["sector"] in sectors, f"{where}: {row['sector']!r} is not a sector. There are: {', '.join(sectors)}.")
        seen.add(row["code"])
        for name in ("opened", "closed"):
            as_date(row.get(name, ""), f"{where}, {name}")
    for number, row in enumerate(register.successions, start=2):
        as_date(row["date"], f"successions.csv, row {number}")


def as_date(text: str, where: str) -> date | None:
    """The date as YYYY-MM-DD, None where it is blank; raises `Invalid` naming where it stands.

    >>> as_date("2026-04-01", "here")
    datetime.date(2026, 4, 1)
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(f"{where}: {text!r} is not a date. Write it as 2026-04-01.") from None


def _rows(path: Path, needed: Iterable[str]) -> Rows:
    if not path.exists():
        return ()
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in needed if name not in (reader.fieldnames or ())]
        _check(not missing, f"{path.name} has no column {', '.join(missing)}.")
        return tuple({name: (value or "").strip() for name, value in row.items() if name} for row in reader)


def _check(fine: bool, sentence: str) -> None:
    if not fine:
        raise Invalid(sentence)
