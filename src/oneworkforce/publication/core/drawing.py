"""The parts that charts are drawn from: rows, scales, frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from oneworkforce.errors import Invalid
from oneworkforce.publication.core.colours import Mark, marks
from oneworkforce.publication.core.disclosure import TOTAL, Released

Spec = dict[str, Any]
Rows = list[dict[str, Any]]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
INK, GREY = "#212b32", "#4c6272"
MOST_SERIES = 8
_CONFIG: Spec = {
    "background": "#ffffff",
    "font": "Arial, sans-serif",
    "view": {"stroke": None},
    "axis": {"labelColor": INK, "titleColor": INK, "labelFontSize": 14, "titleFontSize": 14, "gridColor": "#d8dde0", "labelLimit": 260},
    "legend": {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 14,
        "titleFontSize": 14,
        "orient": "bottom",
        "columns": 2,
        "labelLimit": 320,
    },
}


def rows_of(released: Released, measure: str) -> Rows:
    """Every row for a chart: labels of its dimensions, its value, its text, and whether it is a total."""
    columns: dict[str, list[Any]] = {dimension.name: released.labels(dimension.name) for dimension in released.dimensions}
    columns["month_text"] = columns.get("month", [""] * len(released))
    columns |= {"value": released.table[measure].to_list(), "text": released.texts(measure)}
    places = [
        dimension.name for dimension in released.dimensions if dimension.total is not None and released.table[dimension.name].n_unique() > 1
    ]
    table = released.table.select(
        pl.any_horizontal(pl.lit(False), *(pl.col(name).cast(pl.String) == TOTAL for name in places)).alias("total")
    )
    columns["total"] = table["total"].to_list() if table.height == len(released) else [False] * len(released)
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def wide_rows(released: Released, measures: Sequence[str]) -> Rows:
    """One row a month with the value and the text of each measure."""
    columns: dict[str, list[Any]] = {
        "month": [month.isoformat() for month in released.table["month"]],
        "month_text": released.labels("month"),
    }
    for measure in measures:
        columns |= {measure: released.table[measure].to_list(), f"{measure}_text": released.texts(measure)}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def check_one_row_each(released: Released, names: Sequence[str]) -> None:
    """Each of these combinations has one row; raises Invalid where not."""
    if released.table.select(names).is_duplicated().any():
        raise Invalid(
            f"A chart of {released.title} by {' and '.join(names)} needs one figure for each; choose among its other dimensions first."
        )


def scales_of(released: Released, by: str | None, *, fallback: str, label: str, lettered: bool = False) -> Spec:
    """The marks of every code of `by`, or of the measure where there is one line."""
    if by is None:
        return named_scales((label,), marks((fallback,)))
    codes = [str(code) for code in released.codes(by) if not (lettered and code == TOTAL)]
    if len(codes) > MOST_SERIES:
        raise Invalid(
            f"A chart can tell {MOST_SERIES} lines apart, not {len(codes)}; choose among {released.dimension(by).label.lower()} first."
        )
    names = [released.dimension(by).text(code) for code in codes]
    if lettered:
        names = [f"{letter}. {name}" for letter, name in zip("ABCDEFGH", names, strict=False)]
    return named_scales(tuple(names), marks(tuple(codes)))


def named_scales(names: tuple[str, ...], drawn: tuple[Mark, ...]) -> Spec:
    """The scales of colour, dash and shape for these names."""
    return {
        "names": list(names),
        "colours": [mark.colour for mark in drawn],
        "dashes": [list(mark.dash) or [1, 0] for mark in drawn],
        "shapes": [mark.shape for mark in drawn],
    }


def month_axis(months: Sequence[str]) -> Spec:
    """Months along the foot, no more than nine of them named.

    >>> month_axis(["2026-01-01", "2026-02-01"])["axis"]["tickCount"]
    {'interval': 'month', 'step': 1}
    """
    step = max(1, -(-len(set(months)) // 9))
    axis: Spec = {"format": "%b %Y", "tickCount": {"interval": "month", "step": step}, "labelOverlap": "greedy", "grid": False}
    return {"field": "month", "type": "temporal", "title": None, "axis": axis}


def colour_by(scales: Spec, field: str, legend: bool = True) -> Spec:
    """Colour by that field; its legend also shows the dash and the shape of the same field."""
    return _told_apart(scales["names"], scales["colours"], field, legend)


def dash_by(scales: Spec, field: str, legend: bool = True) -> Spec:
    """Dash by that field."""
    return _told_apart(scales["names"], scales["dashes"], field, legend)


def shape_by(scales: Spec, field: str, legend: bool = True) -> Spec:
    """Shape by that field."""
    return _told_apart(scales["names"], scales["shapes"], field, legend)


def _told_apart(names: list[str], signs: list[Any], field: str, legend: bool) -> Spec:
    channel: Spec = {"field": field, "type": "nominal", "scale": {"domain": names, "range": signs}, "title": None}
    return channel if legend else {**channel, "legend": None}


def highlight(field: str) -> list[Spec]:
    """A click in the legend brings one series forward."""
    return [{"name": "chosen", "select": {"type": "point", "fields": [field]}, "bind": "legend"}]


def dimmed(several: bool) -> Spec:
    """What is not brought forward is pale."""
    return {"opacity": {"condition": {"param": "chosen", "value": 1}, "value": 0.25}} if several else {}


def tooltip_of(*fields: tuple[str, str]) -> list[Spec]:
    """A tooltip of field and heading pairs."""
    return [{"field": field, "type": "nominal", "title": title} for field, title in fields]


def framed(released: Released, summary: str, layers: list[Spec], rows: Rows | None = None, height: int = 320) -> Spec:
    """The whole specification round its layers, with the notices that every picture bears."""
    synthetic = ["Synthetic data: no real person or partner"] if released.provenance.synthetic else []
    spec: Spec = {
        "$schema": SCHEMA,
        "description": summary,
        "title": {
            "text": released.title,
            "subtitle": synthetic,
            "anchor": "start",
            "fontSize": 16,
            "subtitleFontSize": 13,
            "subtitleColor": INK,
        },
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "layer": layers,
        "config": _CONFIG,
    }
    return spec | {"data": {"values": rows}} if rows is not None else spec
