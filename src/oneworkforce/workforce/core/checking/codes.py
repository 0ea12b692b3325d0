"""Codes: every spelling of a code that a field may hold leads to the code; what is like none of them gets a suggestion."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cache

import polars as pl

from oneworkforce.workforce.core.specification import CodeTable, Field, header_key

_SUGGESTED_AT_MOST = 60
_LIKE_ENOUGH = 0.72


@dataclass(frozen=True, eq=False)
class Lookup:
    """Spellings to codes for one field.

    Parameters:
        exact: spelling to code, for spellings that mean one code only.
        loose: reduced spelling to code, likewise.
        within: reduced spelling to {group: code}, for labels that stand in several groups.
        group: the field that holds the group ("" where no label is ambiguous).
        labels: code to label. widths: lengths of all-digit codes, by which a lost leading zero is put back.
        dates: code to (valid from, valid to), ISO, where either is given.
    """

    exact: dict[str, str]
    loose: dict[str, str]
    within: dict[str, dict[str, str]]
    group: str
    labels: dict[str, str]
    widths: tuple[int, ...]
    dates: dict[str, tuple[str, str]]
    spellings: pl.Series = field(repr=False)
    meanings: pl.Series = field(repr=False)

    def code(self, text: str, group: str | None = None) -> str | None:
        """The code that the text means, None where it means none or, without its group, several."""
        key = header_key(text)
        if key in self.within:
            return self.within[key].get(group or "")
        return self.exact.get(text) or self.loose.get(key) or self._unshortened(text)

    def _unshortened(self, text: str) -> str | None:
        digits = text.strip().removesuffix(".0")
        if not digits.isdigit():
            return None
        return next((code for width in self.widths if (code := digits.zfill(width)) in self.labels), None)

    def is_ambiguous(self, text: str) -> bool:
        """Whether the text is a label that several groups have."""
        return header_key(text) in self.within

    def lost_zeros(self, text: str) -> bool:
        """Whether the text is a code whose leading zeros are gone."""
        return header_key(text) not in self.loose and self._unshortened(text) is not None

    def suggestion(self, text: str) -> str:
        """The nearest label, "" where none is like it.

        >>> from oneworkforce.workforce.core.specification import specification
        >>> lookup(specification("esr_staff_in_post").field("job_role")).suggestion("Staf Nurse")
        'Staff Nurse'
        """
        by_key = {header_key(label): label for label in self.labels.values()}
        near = get_close_matches(header_key(text)[:40], list(by_key), n=1, cutoff=_LIKE_ENOUGH)
        return by_key[near[0]] if near else ""

    def suggestions(self, texts: list[str]) -> list[str]:
        """A suggestion for each text; past the first 60 texts none is sought."""
        return [self.suggestion(text) if place < _SUGGESTED_AT_MOST else "" for place, text in enumerate(texts)]

    def retired(self, on: date) -> dict[str, str]:
        """Codes that do not hold on a day, with the words for why."""
        day = on.isoformat()
        gone = {code: f"was retired after {_shown(to)}" for code, (_, to) in self.dates.items() if to and to < day}
        return gone | {code: f"holds only from {_shown(since)}" for code, (since, _) in self.dates.items() if since and since > day}


def _shown(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"


def lookup(field: Field) -> Lookup:
    """The spellings of the field's codes; made once for each list of tables."""
    return _lookup(field.codes)


@cache
def _lookup(codes: str) -> Lookup:
    tables = Field("", "", "code", codes=codes).code_tables
    spelt, groups, labels, dates = _spellings(tables)
    exact = {text: next(iter(found.values())) for text, found in spelt.items() if len(set(found.values())) == 1}
    reduced: dict[str, dict[str, str]] = {}
    for text, found in spelt.items():
        reduced.setdefault(header_key(text), {}).update(
            {group: code for group, code in found.items() if group not in reduced.get(header_key(text), {})}
        )
    loose = {key: next(iter(found.values())) for key, found in reduced.items() if len(set(found.values())) == 1}
    within = {key: found for key, found in reduced.items() if key not in loose}
    exact = {text: code for text, code in exact.items() if header_key(text) not in within}
    widths = tuple(sorted({len(code) for code in labels if code.isdigit() and code.startswith("0")}))
    spellings, meanings = pl.Series(list(exact), dtype=pl.String), pl.Series(list(exact.values()), dtype=pl.String)
    return Lookup(exact, loose, within, groups, labels, widths, dates, spellings, meanings)


def _spellings(
    tables: tuple[tuple[CodeTable, str], ...],
) -> tuple[dict[str, dict[str, str]], str, dict[str, str], dict[str, tuple[str, str]]]:
    """Spelling to {group: code}; an earlier table's spelling stands before a later one's."""
    spelt: dict[str, dict[str, str]] = {}
    labels: dict[str, str] = {}
    dates: dict[str, tuple[str, str]] = {}
    group = ""
    for table, within in tables:
        group = within or group
        before = {header_key(text) for text in spelt}
        for row in table.table.iter_rows(named=True):
            code, label = row["code"], row["label"]
            labels.setdefault(code, label)
            if row["valid_from"] or row["valid_to"]:
                dates.setdefault(code, (row["valid_from"], row["valid_to"]))
            for text in (code, label, f"{code} {label}", *filter(None, row["aliases"].split("|"))):
                if header_key(text) not in before:
                    spelt.setdefault(text, {}).setdefault(row["parent"] if within else "", code)
    return spelt, group, labels, dates
