"""Rates from returns: leaving and joining by sector, role and age, with what is not known of each.

Leaving: each cell is beta–binomial, its prior what its neighbours predict by nested effects, each level shrunk towards
the one above it (role → staff group → sector → all), with a pattern by age of all and of the sector. Joining: gamma–Poisson the
same way. A rate of leaving is of leaving the *partner* where returns cannot be linked across partners.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import special

from oneworkforce.errors import Unanswerable
from oneworkforce.planning.core import shrinkage
from oneworkforce.planning.core.predicting import predict
from oneworkforce.vocabulary import code_list

CELL = ("sector", "role", "age_band")
LEVELS: tuple[tuple[str, ...], ...] = (("sector",), ("sector", "staff_group"), ("sector", "role"))


@dataclass(frozen=True, eq=False)
class Rates:
    """Fitted rates and everything they lean on.

    Axes: leaving[sector × role × age band] × `sector, role, age_band, staff_group, exposure` (person-months)`, leavers,
    monthly, alpha, beta, monthly_low, monthly_high, yearly, yearly_low, yearly_high, prior, weight` (the prior's share, 0 to 1);
    joining[sector × role] × `sector, role, months, joiners, monthly` (people a month)`, low, high, weight`;
    joining_ages[sector × role × age band] × `share`. low and high are 5th and 95th percentiles of the posterior.
    """

    leaving: pl.DataFrame
    joining: pl.DataFrame
    joining_ages: pl.DataFrame
    months: int


def fit(exposures: pl.DataFrame, *, staff_groups: Mapping[str, str] | None = None) -> Rates:
    """The rates that these exposures show.

    Parameters: exposures with `sector, role, age_band, month, exposure` (person-months at risk)`, leavers, joiners`, as
    `workforce.core.picture.exposures` gives them; staff_groups (role → staff group; the vocabulary's where not given).
    Raises Unanswerable where nobody was at risk in any month.
    """
    groups = dict(staff_groups) if staff_groups is not None else code_list("job_roles").column("staff_group")
    months = int(exposures["month"].n_unique())
    cells = exposures.group_by(CELL).agg(pl.col("exposure", "leavers", "joiners").cast(pl.Float64).sum()).sort(CELL)
    if not cells.height or cells["exposure"].sum() <= 0:
        raise Unanswerable("No rates can be fitted: no two months in a row are held. Accept returns of at least two months running.")
    cells = _every_age(cells).with_columns(
        pl.col("role").replace_strict(groups, default="other", return_dtype=pl.String).alias("staff_group"),
        pl.max_horizontal("exposure", "leavers").alias("exposure"),
    )
    return Rates(_leaving(cells), *_joining(cells, months), months)


def _every_age(cells: pl.DataFrame) -> pl.DataFrame:
    """A row for every age band that anybody is in, for every sector and role, with zeros where nobody is."""
    every = cells.select("sector", "role").unique().join(cells.select("age_band").unique(), how="cross")
    return every.join(cells, on=CELL, how="left").with_columns(pl.col("exposure", "leavers", "joiners").fill_null(0.0)).sort(CELL)


def _leaving(cells: pl.DataFrame) -> pl.DataFrame:
    events, exposure = cells["leavers"].to_numpy(), cells["exposure"].to_numpy()
    predicted = predict(
        events, exposure, [_groups(cells, ("age_band",))], [_groups(cells, level) for level in (*LEVELS, ("sector", "age_band"))]
    )
    last = shrinkage.beta_binomial(events, exposure, predicted.mean, predicted.doubt)
    size = last.mean * (1 - last.mean) / np.minimum(last.variance, 0.9 * last.mean * (1 - last.mean)) - 1
    alpha, beta = last.mean * size, (1 - last.mean) * size
    low, high = special.betaincinv(alpha, beta, 0.05), special.betaincinv(alpha, beta, 0.95)
    fitted = {"monthly": last.mean, "alpha": alpha, "beta": beta, "monthly_low": low, "monthly_high": high}
    yearly = {name: -np.expm1(12 * np.log1p(-rate)) for name, rate in (("yearly", last.mean), ("yearly_low", low), ("yearly_high", high))}
    columns = {**fitted, **yearly, "prior": predicted.mean, "weight": last.weight}
    return cells.drop("joiners").with_columns(**{name: pl.Series(values) for name, values in columns.items()})


def _groups(cells: pl.DataFrame, level: Sequence[str]) -> npt.NDArray[np.int64]:
    """The number of the group that each cell is in, from 0; shape [cell]."""
    return cells.select(pl.struct(level).rank("dense") - 1)[:, 0].to_numpy().astype(np.int64)


def _joining(cells: pl.DataFrame, months: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Joiners a month by sector and role, and the ages they join at."""
    roles = cells.group_by("sector", "staff_group", "role").agg(pl.col("joiners", "exposure").sum()).sort("sector", "role")
    at_risk = roles.select(pl.max_horizontal("exposure", "joiners", pl.lit(1.0)))[:, 0].to_numpy()
    events = roles["joiners"].to_numpy()
    expected = at_risk * max(events.sum(), 0.5) / at_risk.sum()
    for level in LEVELS[:2]:
        table = roles.select(*level, "joiners").with_columns(expected=pl.Series(expected))
        groups = table.group_by(level).agg(pl.col("joiners", "expected").sum())
        ratio = shrinkage.gamma_poisson(groups["joiners"].to_numpy(), groups["expected"].to_numpy()).mean
        known = groups.select(*level, ratio=pl.Series(ratio))
        expected = expected * roles.join(known, on=level, how="left", maintain_order="left")["ratio"].to_numpy()
    last = shrinkage.gamma_poisson(events, expected)
    monthly, sd = last.mean * expected / months, np.sqrt(last.variance) * expected / months
    shape = (monthly / sd) ** 2
    quantiles = {name: special.gammaincinv(shape, level) * monthly / shape for name, level in (("low", 0.05), ("high", 0.95))}
    table = roles.select("sector", "role", "joiners", months=pl.lit(months)).with_columns(
        monthly=pl.Series(monthly), **{name: pl.Series(values) for name, values in quantiles.items()}, weight=pl.Series(last.weight)
    )
    return table, _ages(cells)


def _ages(cells: pl.DataFrame) -> pl.DataFrame:
    """The share of a role's joiners in each age band: its own counts with those of its staff group as ten people's weight."""
    group = ["sector", "staff_group"]
    by_group = cells.group_by(*group, "age_band").agg((pl.col("joiners").sum() + 0.01).alias("of_group"))
    by_group = by_group.with_columns(pl.col("of_group") / pl.col("of_group").sum().over(group))
    joined = cells.join(by_group, on=[*group, "age_band"], how="left")
    weight = pl.col("joiners") + 10 * pl.col("of_group")
    return joined.select(*CELL, (weight / weight.sum().over("sector", "role")).alias("share")).sort(CELL)


def coverage(rates: Rates, truth: pl.DataFrame, *, least_exposure: float = 0.0) -> float:
    """The share of cells whose true monthly rate lies in the fitted 90 % interval.

    Parameters: truth with `sector, role, age_band, monthly` (true probability a month); least_exposure in person-months.

    Every cell counts alike; cells that the truth does not name are left out. Raises Unanswerable where none is in both.
    """
    both = rates.leaving.filter(pl.col("exposure") > least_exposure).join(truth.select(*CELL, true="monthly"), on=CELL, how="inner")
    if not both.height:
        raise Unanswerable("No cell is in both the rates and the truth.")
    return float(both.select(pl.col("true").is_between("monthly_low", "monthly_high").mean()).item())
