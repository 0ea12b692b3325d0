"""The city's picture over 36 months × 60,000 people: this package against the same definitions in pandas, one run, the figures compared."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from oneworkforce.vocabulary import code_list
from oneworkforce.workforce.core.assignments import CODE_LISTS, Posts, empty
from oneworkforce.workforce.core.picture import build, table
from oneworkforce.workforce.core.picture.months import dates, number
from oneworkforce.workforce.core.picture.sorting import STAFF_CONTRACTS
from oneworkforce.workforce.snapshots import gathered, store

PEOPLE, MONTHS, PARTNERS = 60_000, 36, 400
FIRST = 2023 * 12 + 10
REPEATS = 5
COMPARED = ("people", "fte", "starters", "leavers", "at_risk")


def run(folder: Path) -> Iterator[tuple[str, str, str, str, str]]:
    """One row: what, ours, pandas, ratio, a note; raises AssertionError where the two do not agree."""
    assignments, organisations, expected = material()
    stored = [[store(part, folder)] for _, part in assignments.group_by("month", maintain_order=True)]
    gathered(stored, folder)  # as a site does on acceptance

    def ours() -> pl.DataFrame:
        picture = build(gathered(stored, folder), empty(Posts), organisations, None, expected)
        return table(picture, "sector_staff_group")

    frame = as_pandas(assignments, organisations)
    returns = pd.DataFrame(
        expected.filter(pl.col("status") == "accepted").select("partner", "format", m=_numbers("month")).to_dict(as_series=False)
    )
    our_time, our_table = timed(ours)
    their_time, their_table = timed(lambda: in_pandas(frame.copy(deep=False), returns))
    agree(our_table, their_table)
    what = f"picture of {assignments.height:,} assignment rows: {PEOPLE:,} people, {MONTHS} months, {PARTNERS} partners"
    note = "ours from Parquet with every dimension; pandas from memory, one table"
    yield what, f"{our_time:.2f} s", f"{their_time:.2f} s", f"{their_time / our_time:.1f} ×", note


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """The quickest of several runs, in seconds, and what the work gave."""
    best, result = float("inf"), None
    for _ in range(REPEATS):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


def material() -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Synthetic assignments, organisations and expected returns: 4 monthly trusts, 110 monthly practices, the rest quarterly or half-yearly."""
    rng = np.random.default_rng(1)
    formats = ["esr_staff_in_post"] * 4 + ["nwrs"] * 110 + ["asc_wds"] * 220 + ["simple_return"] * (PARTNERS - 334)
    sectors = ["nhs_trust"] * 4 + ["general_practice"] * 110 + ["social_care"] * 220 + ["third_sector"] * (PARTNERS - 334)
    cadence = np.array([1] * 114 + [3] * 40 + [6] * 180 + [3] * (PARTNERS - 334))
    sizes = np.concatenate([[17_000, 3_500, 3_000, 800], rng.gamma(3, 9, 110), rng.pareto(1.3, PARTNERS - 114) * 35 + 8])
    posts = rng.choice(PARTNERS, int(PEOPLE * 1.9), p=sizes / sizes.sum())
    start = np.where(rng.random(posts.size) < 0.53, -rng.integers(1, 180, posts.size), rng.integers(0, MONTHS, posts.size))
    end = np.maximum(start, 0) + rng.geometric(np.where(posts < 114, 0.011, 0.027))
    roles = role_of(posts, sectors, rng)
    codes = {name: code_list(CODE_LISTS[name]).codes for name in ("service", "age_band", "sex", "ethnicity", "disability", "deprivation")}
    people = {name: np.array(of)[rng.integers(0, len(of), posts.size)] for name, of in codes.items()}
    contract = rng.choice(["permanent", "fixed_term", "bank", "agency"], posts.size, p=[0.85, 0.08, 0.05, 0.02])
    pseudonym, fte = rng.integers(0, 2**63, posts.size).astype(np.uint64), rng.choice([1.0, 0.8, 0.6, 0.5], posts.size)
    frames = []
    for month in range(MONTHS):
        here = np.flatnonzero((month % cadence[posts] == 0) & (start <= month) & (end > month - cadence[posts]))
        left = end[here] <= month
        frames.append(
            pl.DataFrame(
                {
                    "month": dates(np.full(here.size, FIRST + month, dtype=np.int32)), "partner": np.array([f"P{n:03d}" for n in range(PARTNERS)])[posts[here]],
                    "format": np.array(formats)[posts[here]], "person": pseudonym[here], "assignment": pseudonym[here], "role": roles[here],
                    **{name: values[here] for name, values in people.items()}, "contract": contract[here], "fte": fte[here],
                    "start_date": dates((FIRST + start[here]).astype(np.int32)), "leaving_date": dates((FIRST + end[here]).astype(np.int32)),
                    "sickness_days": rng.random(here.size), "available_days": fte[here] * 30.0, "row": np.arange(here.size), "site": [""] * here.size,
                }
            ).with_columns(
                leaving_date=pl.when(pl.Series(left)).then("leaving_date"), leaving_reason=pl.when(pl.Series(left)).then(pl.lit("voluntary"))
            )
        )  # fmt: skip
    partners = [f"P{n:03d}" for n in range(PARTNERS)]
    organisations = pl.DataFrame({"code": partners, "name": partners, "sector": sectors, "kind": sectors}).with_columns(
        pl.lit(None, pl.Date).alias("opened"), pl.lit(None, pl.Date).alias("closed")
    )
    expected = [
        (partners[n], formats[n], FIRST + month, "accepted" if month % cadence[n] == 0 else "not_due")
        for n in range(PARTNERS)
        for month in range(MONTHS)
    ]
    told = pl.DataFrame(expected, schema=["partner", "format", "m", "status"], orient="row").with_columns(snapshot=pl.lit("one"))
    return pl.concat(frames), organisations, told.with_columns(month=dates(told["m"].to_numpy().astype(np.int32))).drop("m")


def role_of(posts: np.ndarray, sectors: list[str], rng: np.random.Generator) -> np.ndarray:
    """A role for every post: trusts have forty, the others a dozen each."""
    roles = np.array(code_list("job_roles").codes[:-1])
    wide = np.where(posts < 4, 40, 12)
    offset = np.array([{"nhs_trust": 0, "general_practice": 40, "social_care": 48, "third_sector": 50}[sector] for sector in sectors])[
        posts
    ]
    return roles[(offset + rng.integers(0, wide)) % roles.size]


def _numbers(column: str) -> pl.Expr:
    return (pl.col(column).dt.year().cast(pl.Int64) * 12 + pl.col(column).dt.month() - 1).alias("m")


def as_pandas(assignments: pl.DataFrame, organisations: pl.DataFrame) -> pd.DataFrame:
    """The columns that pandas needs, already in memory as categories and numbers: reading them is not timed."""
    sector = dict(organisations.select("code", "sector").iter_rows())
    group = code_list("job_roles").column("staff_group")
    whole = {name: _filled(assignments, column) for name, column in (("m", "month"), ("start", "start_date"), ("leave", "leaving_date"))}
    plain = {name: assignments[name].to_numpy() for name in ("person", "assignment", "fte")}
    labels = {name: assignments[name].to_list() for name in ("partner", "format", "contract")}
    labels["sector"] = [sector[code] for code in labels["partner"]]
    labels["staff_group"] = [group[role] for role in assignments["role"]]
    return pd.DataFrame({**whole, **plain, **{name: pd.Categorical(values) for name, values in labels.items()}})


def _filled(frame: pl.DataFrame, column: str) -> np.ndarray:
    return frame.select(_numbers(column)).to_series().fill_null(-1).to_numpy()


def in_pandas(rows: pd.DataFrame, returns: pd.DataFrame) -> pd.DataFrame:
    """People, FTE, starters, leavers and people at risk by month, sector and staff group, by the definitions of the picture."""
    source = ["partner", "format"]
    returns = returns.sort_values([*source, "m"])
    returns["before"] = returns.groupby(source)["m"].shift(1)
    returns["after"] = returns.groupby(source)["m"].shift(-1)
    returns["until"] = returns["after"].fillna(FIRST + MONTHS)
    returns["k"] = np.arange(len(returns))
    rows = rows.assign(active=(rows["leave"] < 0) | (rows["leave"] > rows["m"]), staff=rows["contract"].isin(STAFF_CONTRACTS))
    rows[source] = rows[source].astype(object)
    rows = rows.merge(returns, on=[*source, "m"])
    rows = rows.sort_values([*source, "person", "m", "active", "staff", "fte", "assignment"], ascending=[True] * 4 + [False] * 3 + [True])
    key = [*source, "person"]
    rows["head"] = ~rows.duplicated([*key, "m"])
    heads = rows[rows["head"]].copy()
    same = heads[key].eq(heads[key].shift(1)).all(axis=1) & (heads["k"] == heads["k"].shift(1) + 1)
    heads["continued"] = same & heads["active"] & heads["active"].shift(1, fill_value=False)
    follows = same.shift(-1, fill_value=False)
    goes_on = heads["continued"].shift(-1, fill_value=False)
    told = heads["leave"].shift(-1, fill_value=-1).where(follows, heads["leave"])
    gap = (heads["after"] - heads["m"]).fillna(1).clip(lower=1).astype("uint64")
    spread = heads["m"] + 1 + (heads["person"] % gap).astype("int64")
    late = follows & (told >= 0)
    went_in = told.where((told > heads["m"]) & (told <= heads["after"]), (heads["m"] + 1).where(late, spread))
    came_gap = (heads["m"] - heads["before"]).fillna(1).clip(lower=1).astype("uint64")
    dated = (heads["start"] > heads["before"]) & (heads["start"] <= heads["m"])
    came_in = heads["start"].where(dated, heads["before"] + 1 + (heads["person"] % came_gap).astype("int64"))
    was_in_post = same & heads["active"].shift(1, fill_value=False)
    passing = ~heads["active"] & ~was_in_post & dated & (heads["leave"] >= heads["start"])
    heads["starter"] = (heads["active"] & ~heads["continued"] & heads["before"].notna()) | passing
    heads["leaver"] = (heads["active"] & ~goes_on & heads["after"].notna()) | passing
    heads["first"] = came_in.where(heads["starter"], heads["m"])
    heads["end"] = heads["leave"].where(passing, went_in).where(heads["leaver"], heads["until"])
    heads["stands"] = heads["active"] | passing
    rows = rows.merge(heads[[*key, "m", "first", "end", "stands"]], on=[*key, "m"])
    kept = rows[rows["stands"] & (rows["active"] | rows["head"])]
    lengths = (kept["end"] - kept["first"]).astype("int64").clip(lower=0)
    long = kept.loc[kept.index.repeat(lengths)]
    long["month"] = long["first"].astype("int64") + long.groupby(level=0).cumcount()
    long["people"] = long["head"] & long["staff"]
    long["staff_fte"] = long["fte"] * long["staff"]
    long["risk"] = long["people"] & ((long["month"] < long["m"]) | long["after"].notna())
    cell = ["month", "sector", "staff_group"]
    stock = long.groupby(cell, observed=True).agg(people=("people", "sum"), fte=("staff_fte", "sum"), at_risk=("risk", "sum")).reset_index()
    at_risk = stock[[*cell, "at_risk"]].assign(month=stock["month"] + 1)
    staff = heads[heads["staff"]]
    came = (
        staff[staff["starter"]]
        .assign(month=staff["first"].astype("int64"))
        .groupby(cell, observed=True)
        .size()
        .rename("starters")
        .reset_index()
    )
    went = (
        staff[staff["leaver"]]
        .assign(month=staff["end"].astype("int64"))
        .groupby(cell, observed=True)
        .size()
        .rename("leavers")
        .reset_index()
    )
    joined = stock.drop(columns="at_risk")
    for other in (at_risk, came, went):
        joined = joined.merge(other, on=cell, how="outer")
    return joined.fillna(dict.fromkeys(COMPARED, 0))


def agree(ours: pl.DataFrame, theirs: pd.DataFrame) -> None:
    """Both give the same figures in every cell; raises AssertionError where they do not."""
    found = {(number(row[0]), *row[1:3]): row[3:] for row in ours.select("month", "sector", "staff_group", *COMPARED).iter_rows()}
    last = FIRST + MONTHS - 1
    for row in theirs[["month", "sector", "staff_group", *COMPARED]].itertuples(index=False):
        if row.month <= last:
            assert np.allclose(found.pop(tuple(row[:3])), row[3:]), row
    assert all(not any(values) for values in found.values())
