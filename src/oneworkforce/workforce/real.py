"""Published figures for Leeds as released tables, each with its chart and its source. Knows no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version

import polars as pl

from oneworkforce.publication.core import charts
from oneworkforce.publication.core.charts import Chart
from oneworkforce.publication.core.disclosure import release
from oneworkforce.publication.core.profiles import profile
from oneworkforce.publication.core.provenance import Input, Provenance
from oneworkforce.publication.core.released import Released
from oneworkforce.publication.core.tables import Dimension, Measure
from oneworkforce.workforce.core.published import RealContext, Source, shipped_context


@dataclass(frozen=True, eq=False)
class Section:
    """One part of the page of real context: its chart, its table, its sources."""

    name: str
    heading: str
    chart: Chart
    table: Released
    sources: tuple[Source, ...]


@cache
def shown_context() -> tuple[Section, ...]:
    """Every part of the page for which there is a published table."""
    context = shipped_context()
    made = [_turnover(context), _sickness(context), _networks(context), _population(context), _deprivation(context), _ethnicity(context)]
    return tuple(section for section in made if section is not None)


def _turnover(context: RealContext) -> Section | None:
    if context.turnover is None:
        return None
    latest = context.turnover.filter((pl.col("period_end") == pl.col("period_end").max()) & ~pl.col("is_total"))
    table = latest.select(
        pl.col("organisation_name").alias("trust"), pl.col("staff_group_name").alias("staff_group"), "start", "joiners", "leavers", "end"
    )
    measures = [
        Measure(name, label)
        for name, label in (("start", "Heads at the start"), ("joiners", "Joiners"), ("leavers", "Leavers"), ("end", "Heads at the end"))
    ]
    shown = _published(
        "trusts-turnover",
        "Leeds trusts: heads, joiners and leavers by staff group",
        table,
        (("trust", "Trust"), ("staff_group", "Staff group")),
        measures,
        context,
        "nhs_turnover",
    )
    chart = (
        charts.stacked_bars(shown.only("end"), "end", by="trust", split="staff_group")
        if table["staff_group"].n_unique() <= 8
        else _total(shown, "end", "trust", table)
    )
    return Section("turnover", "Trusts: stock, joiners and leavers", chart, shown, context.sources_of("nhs_turnover"))


def _total(shown: Released, measure: str, by: str, table: pl.DataFrame) -> Chart:
    """Bars of the sums over everything else, released as a table of their own."""
    summed = table.group_by(by).agg(pl.col(measure).sum())
    made = release(
        summed,
        name=f"{shown.name}-by-{by}",
        title=f"{shown.measure(measure).label} by {shown.dimension(by).label.lower()}",
        dimensions=(shown.dimension(by),),
        measures=(shown.measure(measure),),
        profile=profile("published"),
        provenance=shown.provenance,
        totals=False,
    )
    return charts.bars(made, measure, by=by)


def _sickness(context: RealContext) -> Section | None:
    if context.sickness is None:
        return None
    table = context.sickness.select("month", pl.col("organisation_name").alias("trust"), "days_lost", "days_available")
    measures = [
        Measure("days_lost", "FTE days lost", "amount"),
        Measure("days_available", "FTE days available", "amount"),
        Measure("rate", "Sickness absence", "rate", unit="%", numerator="days_lost", denominator="days_available", scale=100),
    ]
    shown = _published(
        "trusts-sickness",
        "Leeds trusts: sickness absence by month",
        table,
        (("month", "Month"), ("trust", "Trust")),
        measures,
        context,
        "nhs_sickness_rates",
    )
    chart = charts.line_by_month(shown.only("rate"), "rate", by="trust")
    return Section("sickness", "Trusts: sickness absence", chart, shown, context.sources_of("nhs_sickness_rates"))


def _networks(context: RealContext) -> Section | None:
    if context.networks is None:
        return None
    latest = context.networks.filter(pl.col("month") == pl.col("month").max())
    table = (
        latest.group_by("staff_role")
        .agg(pl.col("fte").sum(), pl.col("persons").sum())
        .select(pl.col("staff_role").alias("role"), "fte", "persons")
    )
    measures = [Measure("fte", "FTE", "amount", unit="FTE"), Measure("persons", "People", "amount")]
    shown = _published(
        "network-staff", "Primary care networks in Leeds: staff by role", table, (("role", "Role"),), measures, context, "pcn_workforce"
    )
    return Section(
        "networks", "Primary care networks", charts.bars(shown.only("fte"), "fte", by="role"), shown, context.sources_of("pcn_workforce")
    )


def _population(context: RealContext) -> Section | None:
    if context.population is None:
        return None
    table = context.population.select(
        pl.date(pl.col("year").cast(pl.Int32), 6, 1).alias("month"), "band", pl.col("people").cast(pl.Float64)
    )
    table = table.group_by("month", "band", maintain_order=True).agg(pl.col("people").last())
    measures = [Measure("people", "People living in Leeds", "amount")]
    shown = _published(
        "population",
        "People living in Leeds by age, mid-year",
        table,
        (("month", "Mid-year"), ("band", "Age")),
        measures,
        context,
        "population_estimates",
        "population_projection",
    )
    chart = charts.line_by_month(shown, "people", by="band")
    return Section("population", "Who lives in Leeds", chart, shown, context.sources_of("population_estimates", "population_projection"))


def _deprivation(context: RealContext) -> Section | None:
    if context.deprivation is None:
        return None
    table = context.deprivation.select(
        pl.col("edition").cast(pl.String), pl.col("decile").cast(pl.String), pl.col("areas").cast(pl.Float64)
    )
    measures = [Measure("areas", "Small areas", "amount")]
    shown = _published(
        "deprivation",
        "Small areas of Leeds by decile of deprivation",
        table,
        (("edition", "Index"), ("decile", "Decile, 1 the most deprived")),
        measures,
        context,
        "imd_2019",
        "imd_2025",
    )
    latest = max(str(code) for code in shown.codes("edition"))
    chart = charts.bars(shown.where(edition=latest), "areas", by="decile")
    return Section("deprivation", "Where need is", chart, shown, context.sources_of("imd_2019", "imd_2025"))


def _ethnicity(context: RealContext) -> Section | None:
    if context.ethnicity is None:
        return None
    table = context.ethnicity.group_by("area_name", "broad_group", maintain_order=True).agg(pl.col("percent").cast(pl.Float64).sum())
    table = table.select(pl.col("area_name").alias("area"), pl.col("broad_group").alias("group"), "percent")
    measures = [Measure("percent", "Share of people", "amount", unit="%")]
    shown = _published(
        "ethnicity",
        "Ethnic groups in Leeds and England, Census 2021",
        table,
        (("area", "Area"), ("group", "Ethnic group")),
        measures,
        context,
        "ethnicity_area",
    )
    leeds = next(str(code) for code in shown.codes("area") if "Leeds" in str(code))
    chart = charts.bars(shown.where(area=leeds), "percent", by="group")
    return Section("ethnicity", "Ethnic groups", chart, shown, context.sources_of("ethnicity_area"))


def _published(
    name: str,
    title: str,
    table: pl.DataFrame,
    dimensions: tuple[tuple[str, str], ...],
    measures: Sequence[Measure],
    context: RealContext,
    *kinds: str,
) -> Released:
    """An official statistic as it was published, with the files that it came from."""
    sources = context.sources_of(*kinds)
    months: tuple[date, ...] = tuple(table["month"].unique().sort()) if "month" in table.columns else ()
    inputs = tuple(Input(f"{source.name} ({source.period})", "", None, "published") for source in sources)
    notes = tuple(f"{source.source}. {source.licence}." for source in sources) + tuple(
        caution for source in sources for caution in source.cautions
    )
    made = Provenance("the publishers named below", inputs, (), version("oneworkforce"), months, notes=notes)
    return release(
        table,
        name=name,
        title=title,
        dimensions=tuple(Dimension(code, label, total=None) for code, label in dimensions),
        measures=tuple(measures),
        profile=profile("published"),
        provenance=made,
        totals=False,
    )
