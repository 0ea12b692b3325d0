"""The sentence that comes before a chart, from what the Released table shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from oneworkforce.publication.core.disclosure import TOTAL, Code, Measure, Released
from oneworkforce.publication.core.released import words_of


def of_months(released: Released, measure: str, by: str | None) -> str:
    """From the first month shown to the last: where it went, or which line rose and fell most."""
    label = released.measure(measure).label
    if by is None:
        return _path(released, measure, label)
    paths = {code: _ends(released.where(**{by: code}), measure) for code in released.codes(by)}
    moved = {code: ends[3] - ends[1] for code, ends in paths.items() if ends and code != TOTAL}
    if not moved:
        return f"{label}: no figure can be shown."
    first, last = min(ends[0] for ends in paths.values() if ends), max(ends[2] for ends in paths.values() if ends)
    named = [*([TOTAL] if paths.get(TOTAL) else []), max(moved, key=lambda code: moved[code]), min(moved, key=lambda code: moved[code])]
    shown, name, total = released.measure(measure), released.dimension(by).text, paths.get(TOTAL)
    changes = moved | ({TOTAL: total[3] - total[1]} if total else {})
    parts = [f"{name(code)} {_change(released, shown, changes[code])}" for code in dict.fromkeys(named)]
    return f"{label} by {released.dimension(by).label.lower()}, {_between(first, last)}: {'; '.join(parts)}.{_not_shown(released, measure)}"


def of_parts(released: Released, measure: str, by: str) -> str:
    """The largest parts and how many figures are not shown."""
    totals = _by_code(released, measure, by)
    shown = released.measure(measure)
    if not totals:
        return f"{shown.label}: no figure can be shown."
    ranked = sorted(totals, key=lambda code: -totals[code])[:3]
    words = [f"{released.dimension(by).text(code)} ({_figure(released, shown, totals[code])})" for code in ranked]
    lead = "Most" if shown.kind == "count" else "Highest"
    return f"{shown.label} by {released.dimension(by).label.lower()}. {lead}: {_listed(words)}.{_not_shown(released, measure)}"


def of_two_months(released: Released, measure: str, by: str, before: date, after: date) -> str:
    """What rose and what fell most between the two months."""
    changes: dict[Code, float] = {}
    for code in released.codes(by):
        here = released.where(**{by: code})
        start, end = here.where(month=before), here.where(month=after)
        if code != TOTAL and len(start) == len(end) == 1:
            first, last = start.value(measure), end.value(measure)
            if first is not None and last is not None:
                changes[code] = last - first
    shown, name = released.measure(measure), released.dimension(by).text
    moved = {code: change for code, change in changes.items() if change}
    if not moved:
        return f"{shown.label}: no difference that can be shown between {before:%B %Y} and {after:%B %Y}.{_not_shown(released, measure)}"
    ends = dict.fromkeys((max(moved, key=lambda code: moved[code]), min(moved, key=lambda code: moved[code])))
    words = "; ".join(f"{name(code)} {_change(released, shown, moved[code])}" for code in ends)
    return f"{shown.label}, {_between(before, after)}: {words}.{_not_shown(released, measure)}"


def of_fan(released: Released, need: str, expected: str, bands: Sequence[tuple[str, str, str]]) -> str:
    """At the last month: what there will probably be, between what and what, and what is needed."""
    rows = [row for row in released.table.sort("month").iter_rows(named=True) if row[need] is not None and row[expected] is not None]
    if not rows:
        return f"{released.title}: no figure can be shown."
    last, supply = rows[-1], released.measure(expected)
    unit = f" {supply.unit}" if supply.unit else ""
    band = bands[-1]
    between = ""
    if last[band[1]] is not None and last[band[2]] is not None:
        between = f" ({band[0]} band: {_figure(released, supply, last[band[1]])} to {_figure(released, supply, last[band[2]])})"
    difference = last[expected] - last[need]
    verdict = (
        "as many as needed" if not difference else f"{_figure(released, supply, abs(difference))} {'short' if difference < 0 else 'over'}"
    )
    return (
        f"In {last['month']:%B %Y} there will probably be {_figure(released, supply, last[expected])}{unit}{between}, "
        f"where {_figure(released, supply, last[need])} are needed: {verdict}."
    )


def _by_code(released: Released, measure: str, by: str) -> dict[Code, float]:
    """The figure of each code: its own total where that is shown, else the sum of its parts that are."""
    others = [dimension.name for dimension in released.dimensions if dimension.name != by and dimension.total is not None]
    split = [name for name in others if released.table[name].n_unique() > 1]
    whole: dict[Code, float] = {}
    parts: dict[Code, float] = {}
    for row in released.table.filter(pl.col(measure).is_not_null()).iter_rows(named=True):
        totals = [row[name] == TOTAL for name in split]
        if row[by] != TOTAL and all(totals):
            whole[row[by]] = row[measure]
        elif row[by] != TOTAL and not any(totals):
            parts[row[by]] = parts.get(row[by], 0.0) + row[measure]
    return parts | whole


def _ends(released: Released, measure: str) -> tuple[date, float, date, float] | None:
    """First month shown with its figure, last month shown with its figure."""
    shown = [(month, number) for month, number in released.table.sort("month").select("month", measure).iter_rows() if number is not None]
    return (*shown[0], *shown[-1]) if shown else None


def _path(released: Released, measure: str, label: str) -> str:
    ends = _ends(released, measure)
    if ends is None:
        return f"{label}: no figure can be shown."
    first, start, last, end = ends
    shown = released.measure(measure)
    if first == last:
        return f"{label} in {first:%B %Y}: {_figure(released, shown, end)}."
    from_to = f"from {_figure(released, shown, start)} to {_figure(released, shown, end)}"
    return f"{label}, {_between(first, last)}: {from_to} ({_change(released, shown, end - start)}).{_not_shown(released, measure)}"


def _change(released: Released, measure: Measure, change: float) -> str:
    if not change:
        return "no change"
    return f"{'up' if change > 0 else 'down'} {_figure(released, measure, abs(change)).removesuffix('%')}{_points(measure)}"


def _points(measure: Measure) -> str:
    return " percentage points" if measure.unit == "%" else ""


def _figure(released: Released, measure: Measure, number: float) -> str:
    """A figure as one would say it: no decimals from ten on, unless it is a rate."""
    return words_of(number, measure, released.profile) if measure.kind == "rate" or abs(number) < 10 else f"{number:,.0f}"


def _between(first: date, last: date) -> str:
    return f"{first:%B %Y} to {last:%B %Y}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _not_shown(released: Released, measure: str) -> str:
    hidden = sum(status.hidden for status in released.statuses(measure))
    return f" {hidden:,} {'figure is' if hidden == 1 else 'figures are'} hidden." if hidden else ""
