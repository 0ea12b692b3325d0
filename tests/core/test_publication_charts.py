"""Charts come with their sentence and table, are valid Vega-Lite without expressions, and never speak by colour alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import altair
import polars as pl
import pytest

from oneworkforce.errors import Invalid
from oneworkforce.publication.core.charts import Chart, bars, compare_months, fan, line_by_month, stacked_bars
from oneworkforce.publication.core.colours import marks, meanings
from oneworkforce.publication.core.disclosure import TOTAL, Dimension, release
from oneworkforce.publication.core.profiles import profile
from tests.core.publication_tables import AUGUST, DIMENSIONS, JUNE, MADE, PEOPLE, projection, released

BANDS = (("50 %", "p25", "p75"), ("90 %", "p05", "p95"))


def _fan() -> Chart:
    return fan(projection(), need="need", expected="expected", bands=BANDS, today=AUGUST)


CHARTS: dict[str, Callable[[], Chart]] = {
    "one line": lambda: line_by_month(released().where(role=TOTAL, sector=TOTAL), "people", marked={JUNE: "1 return carried forward"}),
    "lines": lambda: line_by_month(released().where(role="nurse"), "people", by="sector"),
    "bars": lambda: bars(released().where(month=AUGUST, role=TOTAL), "people", by="sector"),
    "stacked": lambda: stacked_bars(released().where(month=AUGUST), "people", by="role", split="sector"),
    "fan": _fan,
    "two months": lambda: compare_months(released().where(role=TOTAL), "people", by="sector", before=JUNE, after=AUGUST),
}


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_valid_vega_lite_with_sentence_notice_and_no_expression(name: str) -> None:
    chart = CHARTS[name]()
    altair.Chart.from_dict(chart.spec, validate=True)
    assert chart.summary.endswith(".")
    assert chart.spec["description"] == chart.summary
    assert "Synthetic" in chart.spec["title"]["subtitle"][0]
    assert not re.search(r'"(expr|calculate|signal|test)"', json.dumps(chart.spec))


@pytest.mark.parametrize("name", CHARTS)
def test_what_is_hidden_is_not_in_the_chart_either(name: str) -> None:
    def walk(value: Any) -> None:
        if isinstance(value, dict):
            assert not (value.get("text") in ("hidden", "fewer than 5") and value.get("value") is not None)
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(CHARTS[name]().spec)


def test_the_sentence_of_a_line() -> None:
    assert CHARTS["one line"]().summary == "People, June 2026 to August 2026: from 570 to 630 (up 60)."


def test_the_sentence_of_bars() -> None:
    assert CHARTS["bars"]().summary.startswith("People by sector. Most: Independent social care (355), NHS trust (195) and Third sector (")


def test_the_sentence_of_lines_begins_with_the_whole() -> None:
    assert CHARTS["lines"]().summary.startswith("People by sector, June 2026 to August 2026: All sectors up 35; ")


def test_the_sentence_of_stacked_bars_counts_nobody_twice() -> None:
    assert CHARTS["stacked"]().summary == "People by job role. Most: care_worker (425) and nurse (210)."


def test_the_sentence_of_a_fan() -> None:
    assert CHARTS["fan"]().summary == (
        "In August 2027 there will probably be 611 FTE (90 % band: 571 to 651), where 631 are needed: 20 short."
    )


def test_the_sentence_of_two_months() -> None:
    assert CHARTS["two months"]().summary.startswith("People, June 2026 to August 2026: ")


def test_a_carried_month_has_a_hollow_point_and_a_hidden_one_a_cross() -> None:
    layers = CHARTS["one line"]().spec["layer"]
    assert [layer["mark"].get("filled") for layer in layers] == [None, True, False]
    few = line_by_month(released("analyst").where(role="nurse", sector="third_sector", month=[JUNE, AUGUST]), "people")
    assert few.spec["layer"][-1]["mark"]["shape"] == "cross"


def test_a_chart_with_several_figures_for_one_point_says_so() -> None:
    with pytest.raises(Invalid, match="choose among its other dimensions first"):
        line_by_month(released(), "people")


def test_a_chart_with_more_lines_than_can_be_told_apart_says_so() -> None:
    table = pl.DataFrame({"month": [JUNE] * 9, "role": list("abcdefghi"), "people": [50] * 9})
    many = release(
        table,
        name="r",
        title="R",
        dimensions=(DIMENSIONS[0], Dimension("role", "Job role")),
        measures=(PEOPLE,),
        profile=profile("own"),
        provenance=MADE,
    )
    with pytest.raises(Invalid, match="8 lines apart, not 10"):
        line_by_month(many, "people", by="role")


def test_the_data_block_cannot_end_its_script() -> None:
    chart = CHARTS["bars"]()
    wicked = Chart({"description": "</script><b>&"}, "x.", chart.released)
    assert "<" not in wicked.data_block
    assert json.loads(wicked.data_block) == wicked.spec


def test_every_colour_stands_out_from_white_and_has_another_sign() -> None:
    for mark in marks(meanings()):
        assert _contrast(mark.colour) >= 3, mark
    pairs = [("need", "supply"), ("before", "after"), ("starters", "leavers")]
    for first, second in (marks(pair) for pair in pairs):
        assert (first.dash, first.shape) != (second.dash, second.shape) or first.colour != second.colour
    sectors = marks(("nhs_trust", "icb", "general_practice", "local_authority", "social_care", "third_sector", "education"))
    assert len({mark.colour for mark in sectors}) == len({mark.shape for mark in sectors}) == len({mark.dash for mark in sectors}) == 7


def _contrast(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
