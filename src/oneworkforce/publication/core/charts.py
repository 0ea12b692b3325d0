"""Charts, from Released tables only: each is its sentence, a Vega-Lite specification and the table it was drawn from.

The specifications are written out as Vega-Lite 6 rather than through Altair: the site draws several for a page, and building
one so takes microseconds. The tests hold each against Altair's schema. No specification bears an expression, so that they run under a
content security policy without `unsafe-eval`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from oneworkforce.publication.core import summaries
from oneworkforce.publication.core.colours import marks
from oneworkforce.publication.core.disclosure import Released
from oneworkforce.publication.core.drawing import (
    GREY,
    INK,
    Rows,
    Spec,
    check_one_row_each,
    colour_by,
    dash_by,
    dimmed,
    framed,
    highlight,
    month_axis,
    named_scales,
    rows_of,
    scales_of,
    shape_by,
    tooltip_of,
    wide_rows,
)
from oneworkforce.publication.core.tables import Measure


@dataclass(frozen=True, eq=False)
class Chart:
    """A chart with its sentence first and its table beside it.

    Parameters:
        spec: Vega-Lite, with its data in it.
        summary: what it says, in words; also its text for a screen reader.
        released: the table it was drawn from.
    """

    spec: Spec
    summary: str
    released: Released

    @property
    def data_block(self) -> str:
        """The specification as JSON that is safe inside a `<script type="application/json">`."""
        text = json.dumps(self.spec, separators=(",", ":"), allow_nan=False)
        return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def line_by_month(
    released: Released, measure: str, *, by: str | None = None, marked: Mapping[date, str] | None = None, summary: str | None = None
) -> Chart:
    """A line for each code of `by` over the months.

    Parameters:
        released: one row for each month and code of `by`, its other dimensions at one code.
        marked: months to mark with a hollow point, and why ("14 returns carried forward").
        summary: the sentence, where the caller has a better one.

    A month whose figure is not shown breaks the line and is marked with a cross at the foot.

    Raises: Invalid where a month has several figures for one line, or there are more than eight lines.
    """
    check_one_row_each(released, ("month", by) if by else ("month",))
    shown = released.measure(measure)
    rows = rows_of(released, measure)
    for row, month in zip(rows, released.table["month"], strict=True):
        row["month"] = month.isoformat()
        row["note"] = (marked or {}).get(month, "")
        row["series"] = row.get(by, shown.label) if by else shown.label
    scales = scales_of(released, by, fallback=measure, label=shown.label)
    spec = framed(
        released, summary or summaries.of_months(released, measure, by), _line_layers(rows, shown, scales, several=by is not None)
    )
    return Chart(spec, spec["description"], released)


def _line_layers(rows: Rows, measure: Measure, scales: Spec, several: bool) -> list[Spec]:
    month = month_axis([row["month"] for row in rows])
    amount: Spec = {"field": "value", "type": "quantitative", "title": measure.heading, "scale": {"zero": False, "nice": True}}
    colour = colour_by(scales, "series", legend=several)
    tooltip = tooltip_of(("month_text", "Month"), *([("series", "Of")] if several else []), ("text", measure.label), ("note", "Note"))
    good = [row for row in rows if row["value"] is not None]
    absent = [row for row in rows if row["value"] is None]
    layers: list[Spec] = [
        {
            "data": {"values": rows},
            "mark": {"type": "line", "strokeWidth": 3, "invalid": "break-paths-show-domains"},
            "params": highlight("series") if several else [],
            "encoding": {"x": month, "y": amount, "color": colour, "strokeDash": dash_by(scales, "series", several), **dimmed(several)},
        },
        {
            "data": {"values": [row for row in good if not row["note"]]},
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "encoding": {"x": month, "y": amount, "color": colour, "shape": shape_by(scales, "series", several), "tooltip": tooltip},
        },
    ]
    noted = [row for row in good if row["note"]]
    if noted:
        hollow: Spec = {"type": "point", "filled": False, "fill": "#ffffff", "size": 90, "strokeWidth": 2.5, "opacity": 1}
        layers.append({"data": {"values": noted}, "mark": hollow, "encoding": {**layers[1]["encoding"]}})
    if absent:
        cross: Spec = {"type": "point", "shape": "cross", "angle": 45, "size": 90, "color": GREY, "filled": True}
        foot: Spec = {"x": month, "y": {"value": "height"}, "tooltip": tooltip}
        layers.append({"data": {"values": absent}, "mark": cross, "encoding": foot})
    return layers


def bars(released: Released, measure: str, *, by: str, summary: str | None = None, most: int = 25) -> Chart:
    """A bar for each code of `by`, the longest first, each with its figure beside it; figures not shown say so in place of a bar.

    Parameters:
        most: how many bars at most; the rest are in the table.

    Raises: Invalid where a code has several figures.
    """
    check_one_row_each(released, (by,))
    shown = released.measure(measure)
    rows = sorted((row for row in rows_of(released, measure) if not row["total"]), key=lambda row: -(row["value"] or 0))[:most]
    order = [row[by] for row in rows]
    y: Spec = {"field": by, "type": "nominal", "title": None, "sort": order, "axis": {"labelLimit": 260}}
    x: Spec = {"field": "value", "type": "quantitative", "title": shown.heading, "scale": {"zero": True}}
    tooltip = tooltip_of((by, released.dimension(by).label), ("text", shown.label))
    colour = marks((measure,))[0].colour
    layers: list[Spec] = [
        {"mark": {"type": "bar", "color": colour}, "encoding": {"y": y, "x": x, "tooltip": tooltip}},
        {
            "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 14, "color": INK},
            "encoding": {"y": y, "x": {**x, "field": "foot"}, "text": {"field": "text"}},
        },
    ]
    for row in rows:
        row["foot"] = max(row["value"] or 0, 0)
    spec = framed(released, summary or summaries.of_parts(released, measure, by), layers, rows, height=28 * max(len(order), 1))
    return Chart(spec, spec["description"], released)


def stacked_bars(released: Released, measure: str, *, by: str, split: str, summary: str | None = None) -> Chart:
    """A bar for each code of `by`, made of a piece for each code of `split`; each piece bears the letter of its key.

    Figures not shown leave no piece: the sentence says how many.

    Raises: Invalid where a piece has several figures, or there are more than eight kinds.
    """
    check_one_row_each(released, (by, split))
    shown = released.measure(measure)
    scales = scales_of(released, split, fallback=measure, label=shown.label, lettered=True)
    letters = dict(zip((name.split(". ", 1)[1] for name in scales["names"]), scales["names"], strict=True))
    rows = [row for row in rows_of(released, measure) if not row["total"] and row["value"]]
    for row in rows:
        row["series"] = letters[row[split]]
        row["letter"], row["order"] = row["series"].split(".")[0], scales["names"].index(row["series"])
    kinds: list[str] = list(dict.fromkeys(released.dimension(by).text(code) for code in released.codes(by)))
    stack: Spec = {
        "y": {"field": by, "type": "nominal", "title": None, "sort": kinds},
        "x": {"field": "value", "type": "quantitative", "title": shown.heading, "stack": "zero"},
        "order": {"field": "order", "type": "quantitative"},
    }
    tooltip = tooltip_of((by, released.dimension(by).label), (split, released.dimension(split).label), ("text", shown.label))
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "stroke": "#ffffff", "strokeWidth": 2},
            "params": highlight("series"),
            "encoding": {**stack, "color": colour_by(scales, "series"), "tooltip": tooltip, **dimmed(True)},
        },
        {
            "mark": {"type": "text", "color": "#ffffff", "fontWeight": "bold", "fontSize": 13},
            "encoding": {**stack, "x": {**stack["x"], "bandPosition": 0.5}, "detail": {"field": "series"}, "text": {"field": "letter"}},
        },
    ]
    spec = framed(released, summary or summaries.of_parts(released, measure, by), layers, rows, height=36 * max(len(kinds), 1))
    return Chart(spec, spec["description"], released)


def fan(
    released: Released,
    *,
    need: str,
    expected: str,
    bands: Sequence[tuple[str, str, str]],
    today: date | None = None,
    summary: str | None = None,
) -> Chart:
    """Need as a line; supply as its expected path within bands, the widest palest; today as an upright line.

    Parameters:
        need, expected: measures.
        bands: of each, what to call it ("90 %"), and the measures of its lower and upper edge.
        today: where what is known ends.

    Raises: Invalid where a month has several rows.
    """
    check_one_row_each(released, ("month",))
    rows = wide_rows(released, (need, expected, *(edge for _, low, high in bands for edge in (low, high))))
    names = (released.measure(need).label, released.measure(expected).label)
    scales = named_scales(names, marks(("need", "supply")))
    month = month_axis([row["month"] for row in rows])
    title, supply = released.measure(expected).unit or released.measure(expected).label, marks(("supply",))[0].colour
    widest_first = sorted(bands, key=lambda band: -_width(rows, band))
    layers: list[Spec] = [_band(month, title, supply, band, 0.18 + 0.22 * number) for number, band in enumerate(widest_first)]
    lines = [
        {"month": row["month"], "series": name, "value": row[column]}
        for column, name in ((need, names[0]), (expected, names[1]))
        for row in rows
    ]
    y: Spec = {"field": "value", "type": "quantitative", "title": title, "scale": {"zero": False}}
    layers.append(
        {
            "data": {"values": lines},
            "mark": {"type": "line", "strokeWidth": 3},
            "encoding": {"x": month, "y": y, "color": colour_by(scales, "series"), "strokeDash": dash_by(scales, "series")},
        }
    )
    fields = [("month_text", "Month"), (f"{need}_text", names[0]), (f"{expected}_text", names[1])]
    fields += [(f"{label}_text", f"{label} band") for label, _, _ in bands]
    reading: Spec = {"mark": {"type": "rule", "opacity": 0, "strokeWidth": 12}, "encoding": {"x": month, "tooltip": tooltip_of(*fields)}}
    layers.append(reading)
    if today:
        layers.append(_today(today, month))
    for row in rows:
        row.update({f"{label}_text": f"{row[f'{low}_text']} to {row[f'{high}_text']}" for label, low, high in bands})
    spec = framed(released, summary or summaries.of_fan(released, need, expected, bands), layers, rows)
    return Chart(spec, spec["description"], released)


def _band(month: Spec, title: str, colour: str, band: tuple[str, str, str], opacity: float) -> Spec:
    _, low, high = band
    return {
        "mark": {"type": "area", "color": colour, "opacity": opacity, "line": {"color": colour, "strokeWidth": 1, "opacity": 0.8}},
        "encoding": {
            "x": month,
            "y": {"field": low, "type": "quantitative", "title": title, "scale": {"zero": False}},
            "y2": {"field": high},
        },
    }


def _today(today: date, month: Spec) -> Spec:
    return {
        "data": {"values": [{"month": today.isoformat(), "name": "Today"}]},
        "layer": [
            {"mark": {"type": "rule", "color": GREY, "strokeDash": [4, 4], "strokeWidth": 2}, "encoding": {"x": month}},
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "baseline": "top", "fontSize": 14, "color": INK},
                "encoding": {"x": month, "y": {"value": 0}, "text": {"field": "name"}},
            },
        ],
    }


def compare_months(
    released: Released, measure: str, *, by: str, before: date, after: date, summary: str | None = None, most: int = 25
) -> Chart:
    """For each code of `by`, its figure in the two months as two points joined by a line; the largest first.

    Raises: Invalid where a code has several figures in a month.
    """
    chosen = released.where(month=[before, after])
    check_one_row_each(chosen, ("month", by))
    shown = released.measure(measure)
    names = (f"{before:%B %Y}", f"{after:%B %Y}")
    scales = named_scales(names, marks(("before", "after")))
    rows = [row for row in rows_of(chosen, measure) if not row["total"] and row["value"] is not None]
    largest: dict[str, float] = {}
    for row in rows:
        largest[row[by]] = max(largest.get(row[by], 0.0), row["value"])
    order = sorted(largest, key=lambda name: -largest[name])[:most]
    rows = [row for row in rows if row[by] in order]
    y: Spec = {"field": by, "type": "nominal", "title": None, "sort": order, "axis": {"labelLimit": 260, "grid": True}}
    x: Spec = {"field": "value", "type": "quantitative", "title": shown.heading, "scale": {"zero": False}}
    point: Spec = {
        "y": y,
        "x": x,
        "color": colour_by(scales, "month_text"),
        "shape": shape_by(scales, "month_text"),
        "tooltip": tooltip_of((by, released.dimension(by).label), ("month_text", "Month"), ("text", shown.label)),
    }
    layers: list[Spec] = [
        {"mark": {"type": "line", "color": GREY, "strokeWidth": 2}, "encoding": {"y": y, "x": x, "detail": {"field": by}}},
        {"mark": {"type": "point", "filled": True, "size": 120, "opacity": 1}, "encoding": point},
    ]
    spec = framed(
        chosen, summary or summaries.of_two_months(chosen, measure, by, before, after), layers, rows, height=32 * max(len(order), 1)
    )
    return Chart(spec, spec["description"], chosen)


def _width(rows: Rows, band: tuple[str, str, str]) -> float:
    """The mean width of a band over the months in which it is shown."""
    widths = [row[band[2]] - row[band[1]] for row in rows if row[band[1]] is not None and row[band[2]] is not None]
    return sum(widths) / len(widths) if widths else 0.0
