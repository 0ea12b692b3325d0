"""Looking at the picture: a choice in an address becomes a released table, cut to what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from oneworkforce.errors import Invalid
from oneworkforce.publication.core import charts
from oneworkforce.publication.core.charts import Chart
from oneworkforce.publication.core.released import Released
from oneworkforce.publication.core.tables import TOTAL
from oneworkforce.workforce.core.picture import TableDefinition, measure
from oneworkforce.workforce.queries.pictures import Build, build_or_none_yet, released_table
from oneworkforce.workforce.released import MONTH, dimension, released_measures, released_tables

MEASURES = (
    "people", "fte", "starters", "leavers", "turnover", "starting_rate", "stability", "sickness_rate_12", "temporary_fte", "agency_share",
    "funded_fte", "vacant_fte", "vacancy_rate", "assignments", "other_people", "transfer_in", "transfer_out",
)  # fmt: skip
"""What can be looked at, in the order offered."""

BESIDE = (
    "people",
    "fte",
    "starters",
    "leavers",
    "turnover",
    "sickness_rate_12",
    "agency_share",
    "funded_fte",
    "vacant_fte",
    "vacancy_rate",
)
"""What the table shows beside the measure that was asked for."""

BY = (
    "sector",
    "staff_group",
    "role",
    "service",
    "partner",
    "age_band",
    "sex",
    "ethnicity",
    "disability",
    "deprivation",
    "contract",
    "reason",
)
FILTERS = ("sector", "staff_group", "role", "service")
HEADLINES = ("people", "fte", "turnover", "sickness_rate_12", "vacant_fte", "vacancy_rate")


@dataclass(frozen=True)
class Choice:
    """What a person wants to see; blank or None where they leave it."""

    measure: str = "people"
    by: str = "sector"
    month: date | None = None
    compare: date | None = None
    filters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class View:
    """What the page shows for a choice."""

    choice: Choice
    build: Build
    months: tuple[date, ...]
    headlines: tuple[tuple[str, str, str], ...]
    over_time: Chart
    parts: Chart | None
    table: Released
    words: str
    set_aside: str


def measure_choices() -> list[tuple[str, str]]:
    """Every measure that can be looked at, with its label."""
    labels = {each.name: each.label for table in released_tables() for each in released_measures(table)}
    return [(name, labels[name]) for name in MEASURES if name in labels]


def by_choices() -> list[tuple[str, str]]:
    """Every dimension by which a measure can be divided, with its label."""
    return [(name, dimension(name, {}).label) for name in BY]


def table_for(choice: Choice) -> TableDefinition | None:
    """The smallest released table that can answer the choice; None where there is none."""
    needed = {name for name in (choice.by, *choice.filters) if name}
    fitting = [
        table
        for table in released_tables()
        if needed <= set(table.dimensions) and choice.measure in {each.name for each in released_measures(table)}
    ]
    return min(fitting, key=lambda table: len(table.dimensions), default=None)


def settled(choice: Choice) -> tuple[Choice, TableDefinition, str]:
    """The choice, cut to what is released, its table, and which part of it was set aside, in words.

    Filters go first, the last one first; then the division; then the measure.
    """
    wanted, aside = choice, []
    while (found := table_for(wanted)) is None:
        if wanted.filters:
            *kept, last = wanted.filters.items()
            aside.append(f"the filter on {dimension(last[0], {}).label.lower()}")
            wanted = replace(wanted, filters=dict(kept))
        elif wanted.by:
            aside.append(f"the division by {dimension(wanted.by, {}).label.lower()}")
            wanted = replace(wanted, by="")
        else:
            wanted = replace(wanted, measure="people")
    words = f"These can’t be shown together, so {' and '.join(aside)} was set aside." if aside else ""
    return wanted, found, words


def look(choice: Choice, *, by: Any) -> View:
    """The picture as that person may see it, cut to the choice. Raises: Refused; Unanswerable where there is no picture yet."""
    build = build_or_none_yet()
    wanted, definition, aside = settled(choice)
    whole = released_table(definition.name, by=by)
    months = tuple(month for month in whole.codes(MONTH) if isinstance(month, date))
    month = wanted.month if wanted.month in months else months[-1]
    before = wanted.compare if wanted.compare in months and wanted.compare != month else None
    wanted = replace(wanted, month=month, compare=before)
    cut = whole.where(**_codes(definition, wanted, keep=wanted.by))
    path = whole.where(**_codes(definition, wanted, keep=""))
    words = _words(wanted, whole)
    shown = tuple(dict.fromkeys((wanted.measure, *(name for name in BESIDE if name in {each.name for each in whole.measures}))))
    return View(
        wanted,
        build,
        months,
        tuple(_headline(path.where(month=month), name) for name in HEADLINES if name in {each.name for each in path.measures}),
        charts.line_by_month(path.only(wanted.measure).titled(f"{words} over time"), wanted.measure),
        _parts(cut, wanted, words),
        cut.where(month=month).only(*shown).titled(f"{words}, {month:%B %Y}"),
        words,
        aside,
    )


def download(choice: Choice, *, by: Any) -> Released:
    """Every month of what the choice shows, with every measure of its table. Raises: Refused; Unanswerable; Invalid where nothing is left."""
    wanted, definition, _ = settled(choice)
    whole = released_table(definition.name, by=by)
    cut = whole.where(**_codes(definition, wanted, keep=wanted.by)).titled(f"{definition.label}")
    if not len(cut):
        raise Invalid("There is nothing to download for this choice.")
    return cut


def _codes(definition: TableDefinition, choice: Choice, *, keep: str) -> dict[str, str]:
    return {name: choice.filters.get(name, TOTAL) for name in definition.dimensions if name != keep}


def _parts(cut: Released, choice: Choice, words: str) -> Chart | None:
    if not choice.by or choice.month is None:
        return None
    one = cut.only(choice.measure)
    if choice.compare:
        return charts.compare_months(
            one.titled(f"{words} in two months"), choice.measure, by=choice.by, before=choice.compare, after=choice.month
        )
    return charts.bars(one.where(month=choice.month).titled(f"{words}, {choice.month:%B %Y}"), choice.measure, by=choice.by)


def _headline(released: Released, name: str) -> tuple[str, str, str]:
    """A measure's label, its figure as one reads it, and its definition."""
    found = released.measure(name)
    texts = released.texts(name)
    return found.heading, texts[0] if texts else "not known", definition_of(name)


def definition_of(name: str) -> str:
    """What a measure means; "" where it has no definition of its own."""
    try:
        return measure({"transfer_in": "transfers_in", "transfer_out": "transfers_out"}.get(name, name)).definition
    except KeyError:
        return ""


def _words(choice: Choice, whole: Released) -> str:
    """What is shown, in words: "People by sector, nursing and midwifery"."""
    found = whole.measure(choice.measure).label
    if choice.by:
        found += f" by {whole.dimension(choice.by).label.lower()}"
    chosen = [whole.dimension(name).text(code) for name, code in choice.filters.items()]
    return f"{found}: {', '.join(chosen)}" if chosen else found
