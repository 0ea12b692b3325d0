"""Columns: which header of a file gives which field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache

from oneworkforce.workforce.core.checking.marks import Marks
from oneworkforce.workforce.core.specification import Field, Specification, header_key, specification

_MANY = 12


@cache
def _known_headers(format: str, part: str) -> dict[str, str]:
    known: dict[str, str] = {}
    for field in specification(format, part).fields:
        for name in (field.label, field.field, *field.other_labels):
            known.setdefault(header_key(name), field.field)
    return known


def matched(asked: Specification, headers: Iterable[str]) -> dict[str, str]:
    """Header to field, for every header that names a field by its label, its own name or an alias; the first header of two wins.

    >>> from oneworkforce.workforce.core.specification import specification
    >>> matched(specification("esr_staff_in_post"), ["employee_number", "Surname", "Shoe Size"])
    {'employee_number': 'employee_number', 'Surname': 'last_name'}
    """
    known = _known_headers(asked.format, asked.part)
    taken: dict[str, str] = {}
    for header in headers:
        name = known.get(header_key(header))
        if name is not None and name not in taken.values():
            taken[header] = name
    return taken


def mark_columns(marks: Marks, asked: Specification, headers: list[str], columns: Mapping[str, str], on: date) -> None:
    """Columns that are missing, unknown or given twice are marked."""
    found = set(columns.values())
    unknown = [header for header in headers if header not in columns]
    for field in asked.fields:
        if field.field not in found and field.holds(on) and field.required != "no":
            _mark_missing(marks, asked, field, unknown)
    _mark_unknown(marks, asked, unknown, found)


def _mark_missing(marks: Marks, asked: Specification, field: Field, unknown: list[str]) -> None:
    near = get_close_matches(field.label.lower(), [header.lower() for header in unknown], n=1, cutoff=0.75)
    like = next((header for header in unknown if near and header.lower() == near[0]), "")
    remedy = (
        f"If the column “{like}” holds it, say so in the column mapping."
        if like
        else f"Add the column “{field.label}”. {field.help}".strip()
    )
    severity = "error" if field.is_required else "warning"
    marks.say(
        f"{asked.name}.{field.field}.no_column", severity, f"The column “{field.label}” is not in the file.", remedy, column=field.label
    )


def _mark_unknown(marks: Marks, asked: Specification, unknown: list[str], found: set[str]) -> None:
    rule = f"{asked.name}.unknown_column"
    twice = [header for header in unknown if _known_headers(asked.format, asked.part).get(header_key(header)) in found]
    for header in twice:
        field = asked.field(_known_headers(asked.format, asked.part)[header_key(header)])
        message = f"The column “{header}” gives {field.label} a second time, and was left out."
        marks.say(f"{asked.name}.column_twice", "warning", message, "Remove one of the two columns.", column=header)
    others = [header for header in unknown if header not in twice]
    remedy = "Nothing, if it is not needed. If it holds something that was asked for, give it that name."
    if len(others) > _MANY:
        listed = ", ".join(others[:_MANY])
        marks.say(rule, "note", f"{len(others)} columns are not part of this return and were left out: {listed}…", remedy)
        return
    for header in others:
        marks.say(rule, "note", f"The column “{header}” is not part of this return and was left out.", remedy, column=header)
