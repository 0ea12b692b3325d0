"""Colours keep their meaning across the site; each comes with a dash and a shape, because colour never stands alone.

The table is `colours.csv`. The hues are those of Okabe and Ito (2008) and Paul Tol (2021) that reach 3 : 1 on white, so that
they are told apart by the colour-blind, on paper and in bright light.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Mark:
    """How one meaning is drawn: `colour` as #rrggbb, `dash` in pixels on and off (empty: unbroken), `shape` of its points."""

    meaning: str
    colour: str
    dash: tuple[int, ...]
    shape: str


@cache
def _marks() -> dict[str, Mark]:
    text = (files("oneworkforce.publication.core") / "colours.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        row["meaning"]: Mark(row["meaning"], row["colour"], tuple(int(part) for part in row["dash"].split()), row["shape"]) for row in rows
    }


def meanings() -> tuple[str, ...]:
    """Every meaning that has a colour of its own."""
    return tuple(_marks())


def marks(codes: tuple[str, ...]) -> tuple[Mark, ...]:
    """A mark for each code: its own where it has a meaning, else one of the rest in the order of the codes.

    >>> [mark.colour for mark in marks(("need", "supply"))]
    ['#212b32', '#0072b2']
    """
    known = _marks()
    spare = [mark for mark in known.values() if mark.meaning not in codes]
    distinct = list({mark.colour: mark for mark in reversed(spare)}.values())
    strangers = [code for code in codes if code not in known]
    given = {code: distinct[number % len(distinct)] for number, code in enumerate(strangers)}
    return tuple(known.get(code) or Mark(code, given[code].colour, given[code].dash, given[code].shape) for code in codes)
