"""Recognition: which format a table is, told from its headers alone, and what differs where it is none."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oneworkforce.workforce.core.reading.raw import Raw
from oneworkforce.workforce.core.specification import Field, Specification, format_list, header_key, specification

SURE = 0.6
"""From which confidence a table counts as recognised."""

_NEAR = 0.8  # how alike a header must be to be suggested (difflib's ratio)
_SHOWN = 4  # how many columns a sentence names


@dataclass(frozen=True)
class Nearness:
    """How near a table's headers are to one part of one format.

    Parameters:
        confidence: 0 to 1: seven tenths the share of the required columns that are there, three tenths the share of the file's that are asked for.
        columns: header in the file → field.
        unknown: headers that the part does not ask for.
        missing: required columns that are not there, by their label.
        suggestions: unknown header → the label that it is probably meant to be.
    """

    format: str
    part: str
    label: str
    confidence: float
    columns: Mapping[str, str]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    suggestions: Mapping[str, str]

    @property
    def words(self) -> str:
        """The format and what differs, in words."""
        differs = []
        if self.missing:
            differs.append(f"it lacks {_listed(self.missing)}")
        if self.unknown:
            differs.append(f"{_listed(self.unknown)} {'is' if len(self.unknown) == 1 else 'are'} not part of it")
        differs += [f"“{header}” is probably “{label}”" for header, label in self.suggestions.items()]
        count = len(self.columns)
        return f"{self.label} ({count} {'column' if count == 1 else 'columns'} fit{'s' if count == 1 else ''}; {'; '.join(differs) or 'nothing differs'})"


@dataclass(frozen=True)
class Recognition:
    """What a table was recognised as.

    Parameters:
        format, part: "" where the table is of no known format.
        confidence, columns, unknown, missing, suggestions: as in `Nearness`, of the best fit.
        nearest: up to three formats that fit best, the best first.
        place: the file (and sheet), as a sentence names it.
    """

    format: str
    part: str
    confidence: float
    columns: Mapping[str, str]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    suggestions: Mapping[str, str]
    nearest: tuple[Nearness, ...]
    place: str = ""

    @property
    def nearest_words(self) -> tuple[str, ...]:
        """The nearest formats and what differs, in words, the best first."""
        return tuple(near.words for near in self.nearest)

    @property
    def sentence(self) -> str:
        """What the table was recognised as, or what it comes near to and what to do."""
        if self.format:
            return f"{self.place} is {self.nearest[0].label}."
        if not self.nearest:
            return f"{self.place} is of no format that is known here: none of its headers is. Check that it is the right file, or start from a template."
        return f"{self.place} is of no format that is known here. Nearest: {'; '.join(self.nearest_words)}. Correct its headers, or start from a template."


def recognise(raw: Raw, formats: Sequence[str] | None = None) -> Recognition:
    """The format and part whose headers the table has, in any order and under any known alias; case, spaces and underscores do not matter.

    Parameters:
        formats: only these are tried; two headers that fit are then enough, since someone has said what it is.

    >>> import polars as pl
    >>> raw = Raw(pl.DataFrame({"_row": [2], "job role": ["x"], "SERVICE": ["y"], "Funded_Posts_FTE": ["2"], "Vacant FTE": ["1"]}), "v.csv", "csv")
    >>> recognise(raw).format, recognise(raw).part
    ('simple_return', 'vacancies')
    """
    headers = [header for header in raw.headers if not header.startswith("(column ")]
    tried = [nearness(headers, part) for part in _parts(formats)]
    ranked = sorted((near for near in tried if near.columns), key=lambda near: (-near.confidence, -len(near.columns)))
    nearest = tuple(ranked[:3])
    if not nearest:
        return Recognition("", "", 0.0, {}, tuple(headers), (), {}, (), raw.place)
    best = nearest[0]
    sure = len(best.columns) >= 2 and (formats is not None or best.confidence >= SURE)
    format, part = (best.format, best.part) if sure else ("", "")
    return Recognition(format, part, best.confidence, best.columns, best.unknown, best.missing, best.suggestions, nearest, raw.place)


def nearness(headers: Sequence[str], part: Specification) -> Nearness:
    """How near these headers are to one part of a format.

    >>> nearness(["Job Role", "Servise"], specification("simple_return", "vacancies")).suggestions
    {'Servise': 'Service'}
    """
    columns = _columns(headers, part.fields)
    found = set(columns.values())
    required = [field for field in part.fields if field.is_required]
    missing = tuple(field.label for field in required if field.field not in found)
    recall = 1 - len(missing) / len(required) if required else min(1.0, len(found) / max(1, len(part.fields)))
    precision = len(columns) / max(1, len(headers))
    unknown = tuple(header for header in headers if header not in columns)
    suggestions = _suggestions(unknown, [field for field in part.fields if field.field not in found])
    confidence = round(0.7 * recall + 0.3 * precision, 4) if columns else 0.0
    return Nearness(part.format, part.part, part.label, confidence, columns, unknown, missing, suggestions)


def _parts(formats: Sequence[str] | None) -> list[Specification]:
    entries = [entry for entry in format_list() if formats is None or entry.format in formats]
    return [specification(entry.format, part) for entry in entries for part in entry.part_names]


def _columns(headers: Sequence[str], fields: Sequence[Field]) -> dict[str, str]:
    """Header to field: first by the label itself, then by the field's name, then by its aliases; each field is taken once."""
    columns: dict[str, str] = {}
    taken: set[str] = set()
    for names in (lambda field: (field.label,), lambda field: (field.field,), lambda field: field.other_labels):
        fields_by_key = {header_key(name): field.field for field in reversed(fields) for name in names(field)}
        for header in headers:
            field = fields_by_key.get(header_key(header))
            if field and header not in columns and field not in taken:
                columns[header] = field
                taken.add(field)
    return {header: columns[header] for header in headers if header in columns}


def _suggestions(unknown: Sequence[str], left: Sequence[Field]) -> dict[str, str]:
    """Unknown header to the label of the field that it nearly names."""
    labels = {header_key(name): field.label for field in left for name in (field.label, *field.other_labels)}
    suggestions: dict[str, str] = {}
    for header in unknown:
        near = difflib.get_close_matches(header_key(header), list(labels), n=1, cutoff=_NEAR)
        if near and labels[near[0]] not in suggestions.values():
            suggestions[header] = labels[near[0]]
    return suggestions


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:_SHOWN])
    more = len(names) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
