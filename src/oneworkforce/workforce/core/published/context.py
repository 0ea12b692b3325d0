"""Real context: what is published about Leeds, beside which the returns' picture is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polars as pl

from oneworkforce.workforce.core.published.balance import Balance, balances
from oneworkforce.workforce.core.published.nhs import ALL_NETWORKS
from oneworkforce.workforce.core.published.tables import Published, read_published
from oneworkforce.workforce.core.reading import read_tables

_FOLDER = files("oneworkforce.workforce") / "public_data"
_NOT_TABLES = ("places.csv",)
_AGE_BANDS = (
    (0, "0 to 15"),
    (16, "16 to 24"),
    (25, "25 to 34"),
    (35, "35 to 44"),
    (45, "45 to 54"),
    (55, "55 to 64"),
    (65, "65 to 74"),
    (75, "75 and over"),
)


@dataclass(frozen=True)
class Source:
    """Where some of the figures come from, as a page must show it."""

    kind: str
    name: str
    period: str
    source: str
    licence: str
    cautions: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class RealContext:
    """The published figures for Leeds; a table is None where no file of its kind was given.

    Parameters:
        turnover: one row a Leeds trust, period and staff group: `period_start, period_end, organisation, organisation_name, staff_group,
            staff_group_name, is_total, start, joiners, leavers, end, difference`, the same in FTE, and `joining_rate, leaving_rate`
            (per cent a month of the mean stock).
        balances: start + joiners − leavers = end, for each trust and period.
        sickness: `month, organisation, organisation_name, days_lost, days_available, rate` (per cent) of the Leeds trusts.
        sickness_reasons: England: `month, staff_group, …, reason, days_lost, days_available, rate, share` (per cent of days lost), latest month.
        networks: Leeds networks by `month, staff_group, staff_role`: `fte, persons`.
        population: `year, band, people, kind` ("estimate" or "projection").
        deprivation: `edition, decile, areas, share` (per cent of Leeds small areas).
        ethnicity: `area_name, broad_group, ethnic_group, people, percent`, Leeds and England.
        care_turnover: `financial_year, area_name, value, median` (per cent a year), only where supplied.
        sources: one a file.
    """

    turnover: pl.DataFrame | None
    balances: tuple[Balance, ...]
    sickness: pl.DataFrame | None
    sickness_reasons: pl.DataFrame | None
    networks: pl.DataFrame | None
    population: pl.DataFrame | None
    deprivation: pl.DataFrame | None
    ethnicity: pl.DataFrame | None
    care_turnover: pl.DataFrame | None
    sources: tuple[Source, ...]

    def sources_of(self, *kinds: str) -> tuple[Source, ...]:
        """The sources of these kinds of table, to stand under their figures."""
        return tuple(source for source in self.sources if source.kind in kinds)


@cache
def _places() -> pl.DataFrame:
    return pl.read_csv((_FOLDER / "places.csv").read_bytes(), infer_schema=False)


def _codes(kind: str) -> list[str]:
    return _places().filter(pl.col("kind") == kind)["code"].to_list()


def real_context(*published: Published) -> RealContext:
    """The Leeds figures from any published tables; files of the same kind are joined, a figure in two of them counts once.

    >>> real_context().turnover is None
    True
    """
    turnover = _turnover(_joined(published, "nhs_turnover"))
    return RealContext(
        turnover=turnover,
        balances=() if turnover is None else balances(turnover),
        sickness=_sickness(_joined(published, "nhs_sickness_rates")),
        sickness_reasons=_reasons(_joined(published, "nhs_sickness_reasons")),
        networks=_networks(_joined(published, "pcn_workforce")),
        population=_population(_joined(published, "population_estimates"), _joined(published, "population_projection")),
        deprivation=_deprivation(_joined(published, "imd_2019"), _joined(published, "imd_2025")),
        ethnicity=_joined(published, "ethnicity_area"),
        care_turnover=_care(_joined(published, "asc_turnover")),
        sources=tuple(Source(each.kind, each.name, each.period, each.source, each.licence, each.cautions) for each in published),
    )


@cache
def shipped_context() -> RealContext:
    """The Leeds figures that come with the product, all under the Open Government Licence.

    >>> all(balance.holds for balance in shipped_context().balances)
    True
    """
    return real_context(*shipped_tables())


@cache
def shipped_tables() -> tuple[Published, ...]:
    """Every published table that comes with the product.

    >>> {table.licence for table in shipped_tables()}
    {'Open Government Licence v3.0'}
    """
    names = sorted(path.name for path in _FOLDER.iterdir() if path.name.endswith(".csv") and path.name not in _NOT_TABLES)
    return tuple(read_published(read_tables((_FOLDER / name).read_bytes(), name)[0]) for name in names)


def _joined(published: Iterable[Published], kind: str) -> pl.DataFrame | None:
    """All tables of a kind as one, rows that stand in several once."""
    tables = [each.table for each in published if each.kind == kind]
    return pl.concat(tables, how="diagonal_relaxed").unique(maintain_order=True) if tables else None


def _turnover(table: pl.DataFrame | None) -> pl.DataFrame | None:
    if table is None:
        return None
    mean = (pl.col("start") + pl.col("end")) / 2
    leeds = table.filter(pl.col("organisation").is_in(_codes("trust"))).unique(
        ["organisation", "period_end", "staff_group"], maintain_order=True
    )
    return leeds.with_columns(
        difference=pl.col("end") - pl.col("start") - pl.col("joiners") + pl.col("leavers"),
        joining_rate=pl.when(mean > 0).then(100 * pl.col("joiners") / mean),
        leaving_rate=pl.when(mean > 0).then(100 * pl.col("leavers") / mean),
    ).sort("organisation", "period_end", ~(pl.col("staff_group") == "all"), "staff_group_name")


def _sickness(table: pl.DataFrame | None) -> pl.DataFrame | None:
    if table is None:
        return None
    leeds = table.filter(pl.col("organisation").is_in(_codes("trust")))
    columns = ["month", "organisation", "organisation_name", "days_lost", "days_available", "rate"]
    return leeds.select(columns).unique(["month", "organisation"], maintain_order=True).sort("organisation", "month")


def _reasons(table: pl.DataFrame | None) -> pl.DataFrame | None:
    if table is None:
        return None
    latest = table.filter(pl.col("month") == pl.col("month").max())
    everything = pl.col("days_lost").filter(pl.col("reason_code") == "").sum().over("staff_group")
    return latest.with_columns(share=100 * pl.col("days_lost") / everything).sort("staff_group", "days_lost", descending=[False, True])


def _networks(table: pl.DataFrame | None) -> pl.DataFrame | None:
    """Leeds networks by role; in a quarter where single networks and their sum are both given, the sum is set aside."""
    if table is None:
        return None
    leeds = table.filter(pl.col("sub_icb_code").is_in(_codes("sub_icb")))
    single = pl.col("network") != ALL_NETWORKS
    roles = leeds.filter(single == single.any().over("month")).group_by("month", "staff_group", "staff_role")
    return roles.agg(pl.col("fte", "persons").sum()).sort("month", "staff_group", "staff_role")


def _population(estimated: pl.DataFrame | None, projected: pl.DataFrame | None) -> pl.DataFrame | None:
    tables = [(table, kind) for table, kind in ((estimated, "estimate"), (projected, "projection")) if table is not None]
    if not tables:
        return None
    return pl.concat([_banded(table).with_columns(kind=pl.lit(kind)) for table, kind in tables]).sort("kind", "year", "band")


def _banded(table: pl.DataFrame) -> pl.DataFrame:
    leeds = table.filter(pl.col("area_code").is_in(_codes("area")) & (pl.col("sex") == "persons") & ~pl.col("is_total"))
    breaks = [float(first) - 0.5 for first, _ in _AGE_BANDS[1:]]
    band = (
        pl.col("age")
        .cast(pl.Float64)
        .cut(breaks, labels=[label for _, label in _AGE_BANDS])
        .cast(pl.Enum([label for _, label in _AGE_BANDS]))
    )
    return leeds.group_by("year", band=band).agg(people=pl.col("population").sum())


def _deprivation(of_2019: pl.DataFrame | None, of_2025: pl.DataFrame | None) -> pl.DataFrame | None:
    tables = [(table, year) for table, year in ((of_2019, 2019), (of_2025, 2025)) if table is not None]
    if not tables:
        return None
    counted = [table.group_by(decile="imd_decile").agg(areas=pl.len()).with_columns(edition=pl.lit(year)) for table, year in tables]
    whole = pl.concat(counted).with_columns(share=100 * pl.col("areas") / pl.col("areas").sum().over("edition"))
    return whole.select("edition", "decile", "areas", "share").sort("edition", "decile")


def _care(table: pl.DataFrame | None) -> pl.DataFrame | None:
    if table is None:
        return None
    turnover = table.filter(pl.col("is_turnover")).unique(["financial_year", "area_code"], maintain_order=True)
    return turnover.select("financial_year", "area_code", "area_name", "value", "median").sort("area_name", "financial_year")
