"""The truth as tables: people, spells, events, posts by month; and the register from which every return is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import polars as pl

from oneworkforce.vocabulary import code_list
from oneworkforce.workforce.core.synthesis.partners import postcodes
from oneworkforce.workforce.core.synthesis.people import DISABILITIES, NOT_STATED, SEXES, surnames
from oneworkforce.workforce.core.synthesis.posts import CONTRACT, CONTRACTS, FULL_TIME_HOURS, ROLES, SERVICES, rank_within
from oneworkforce.workforce.core.synthesis.randomness import stream
from oneworkforce.workforce.core.synthesis.simulation import DESTINATIONS, ORIGINS, REASONS, Truth
from oneworkforce.workforce.core.synthesis.tables import published, table

DISTRICT_STRIDE = 100_000_000
"""People of district n are numbered from n times this."""

BANK_ASSIGNMENT = 9
"""The number of the bank assignment that some people hold beside their own."""

_NI_NUMBERS = 4_000_000


def named(words: list[str] | tuple[str, ...], positions: np.ndarray) -> pl.Series:
    """The word at each position; null where the position is negative."""
    series = pl.Series(list(words), dtype=pl.String)
    index = pl.Series(positions.astype(np.int64))
    return series.gather(index.clip(lower_bound=0)).set(index < 0, None) if len(index) else pl.Series(dtype=pl.String)


def as_dates(days: np.ndarray) -> pl.Series:
    """Days since 1970 as dates."""
    return pl.Series(days.astype(np.int32)).cast(pl.Date)


def people_table(truth: Truth) -> pl.DataFrame:
    """Everybody met in the district.

    Axes: [person] × `person, birth_date, sex, ethnicity, nhs_ethnic_letter, asc_wds_ethnicity, disability, lsoa21, deprivation, postcode,
    ni_number, first_name, last_name, later_name, renamed, since`; `renamed` is the month (0 is the first) from which `later_name` is used;
    `since` the month of first work in the city (-1: before the period).
    """
    people, groups, areas, directory = truth.people, table("ethnicity"), table("areas"), postcodes()
    count, number = people.count, truth.district.number
    rng = stream(truth.district.seed, "addresses", number)
    house = rng.integers(0, 8, count)
    home = np.where(people.area == NOT_STATED, NOT_STATED, people.area * 8 + house)
    away = "WF" + pl.Series(41 + house).cast(pl.String) + " 1" + named(["AA", "AB", "BD", "DE", "EF", "FG", "GH", "HJ"], house)
    quintile = (areas["imd_2025_decile"].cast(pl.Int64) + 1) // 2
    digits = ((np.arange(count, dtype=np.int64) + (number - 1) * 200_000) * 1_234_577 + 98_765) % _NI_NUMBERS
    letters = named(["A", "B", "C", "D"], digits % 4)
    return pl.DataFrame(
        {
            "person": np.arange(count) + number * DISTRICT_STRIDE,
            "birth_date": as_dates(people.birth_day),
            "sex": named(SEXES, people.sex),
            "ethnicity": named(groups["code"].to_list(), people.ethnicity).fill_null("unknown"),
            "nhs_ethnic_letter": named(groups["nhs_letter"].to_list(), people.ethnicity).fill_null("Z"),
            "asc_wds_ethnicity": named(groups["asc_wds_code"].cast(pl.String).to_list(), people.ethnicity).fill_null("99"),
            "disability": named(DISABILITIES, people.disability),
            "lsoa21": named(areas["lsoa21"].to_list(), people.area),
            "deprivation": named(quintile.cast(pl.String).to_list(), people.area).fill_null("unknown"),
            "postcode": pl.select(pl.coalesce(pl.lit(named(directory["postcode"].to_list(), home)), pl.lit(away))).to_series(),
            "ni_number": "QQ" + pl.Series(digits // 4).cast(pl.String).str.zfill(6) + letters,
            "first_name": named(table("first_names")["name"].to_list(), people.first_name),
            "last_name": named(surnames(), people.last_name),
            "later_name": named(surnames(), people.later_name),
            "renamed": pl.Series(people.renamed),
            "since": pl.Series(people.since),
        }
    )


def _local_numbers(partner: np.ndarray, person: np.ndarray) -> np.ndarray:
    """A number for each spell, from 1 within its partner, the same for every spell of one person there."""
    key = partner.astype(np.int64) * (2**32) + person
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    ranks = np.empty(len(first), dtype=np.int64)
    ranks[order] = rank_within(partner[first[order]]) + 1
    numbers: np.ndarray = ranks[inverse]
    return numbers


def _assignments(partner: np.ndarray, person: np.ndarray, origin: np.ndarray) -> np.ndarray:
    """1 for a person's first assignment at a partner and what it became by promotion, 2 for the next time they are taken on there, and so on."""
    key = pl.Series(partner.astype(np.int64) * (2**32) + person)
    taken_on = pl.Series(origin != ORIGINS.index("promotion"))
    counted = pl.DataFrame({"key": key, "new": taken_on.cast(pl.Int64)}).select(pl.col("new").cum_sum().over("key"))
    numbers: np.ndarray = counted["new"].clip(lower_bound=1).to_numpy()
    return numbers


def spells_table(truth: Truth) -> pl.DataFrame:
    """Every spell: one person in one post at one partner.

    Axes: [spell] × `spell, person, partner, site, sector, kind, role, service, group, contract, fte, hours, assignment, local, start_date, hire_date,
    start_month, end_date, end_month, reason, origin, destination`. `assignment` 9 is a bank assignment beside the person's own;
    `start_month` -1 is before the period; an open spell has no end date and `end_month` 32000. `reason` is given where the person left the
    partner; a promotion or a transfer of employer ends a spell without anybody leaving.
    """
    spells, posts, partners = truth.spells, truth.posts, truth.district.partners
    count, post = len(spells["post"]), spells["post"]
    ended = spells["end_month"] < 32_000
    left = np.isin(spells["destination"], [DESTINATIONS.index("left_city"), DESTINATIONS.index("seeking")])
    frame = pl.DataFrame(
        {
            "spell": np.arange(count) + truth.district.number * DISTRICT_STRIDE,
            "person": spells["person"].astype(np.int64) + truth.district.number * DISTRICT_STRIDE,
            "partner": partners["code"].gather(spells["partner"]),
            "site": truth.district.sites["code"].gather(spells["site"]),
            "sector": partners["sector"].gather(spells["partner"]),
            "kind": partners["kind"].gather(spells["partner"]),
            "role": named(ROLES, posts.role[post]),
            "service": named(SERVICES, posts.service[post]),
            "group": named(posts.groups, posts.group[post]),
            "contract": named(CONTRACTS, posts.contract[post]),
            "fte": posts.fte[post],
            "hours": posts.fte[post] * FULL_TIME_HOURS,
            "assignment": _assignments(spells["partner"], spells["person"], spells["origin"]),
            "local": _local_numbers(spells["partner"], spells["person"]),
            "start_date": as_dates(spells["start_day"]),
            "hire_date": as_dates(spells["hire_day"]),
            "start_month": spells["start_month"],
            "end_date": as_dates(spells["end_day"]).set(pl.Series(~ended), None),
            "end_month": spells["end_month"],
            "reason": named(REASONS, np.where(left, spells["reason"], -1)),
            "origin": named(ORIGINS, spells["origin"]),
            "destination": named(DESTINATIONS, spells["destination"]),
        }
    )
    return pl.concat([frame, _bank_as_well(frame, truth)])


def _bank_as_well(frame: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """The second, bank assignments of some trust staff, for as long as they are there."""
    lucky = stream(truth.district.seed, "bank as well", truth.district.number).random(truth.people.count) < published("bank_as_well")
    mine = frame.filter((pl.col("sector") == "nhs_trust") & (pl.col("contract") == "permanent"))
    chosen = lucky[(mine["person"] - truth.district.number * DISTRICT_STRIDE).to_numpy()]
    bank = mine.filter(pl.Series(chosen))
    numbered = pl.col("spell") + DISTRICT_STRIDE // 2
    return bank.with_columns(
        spell=numbered, contract=pl.lit("bank"), fte=0.0, hours=0.0, assignment=pl.lit(BANK_ASSIGNMENT, dtype=pl.Int64)
    )


def events_table(spells: pl.DataFrame) -> pl.DataFrame:
    """Every start, promotion, transfer of employer and departure in the period, once.

    Axes: [event] × `date, month, event, person, partner, role, contract, reason, from_or_to`; `event` start | promotion | transfer | leave; `month`
    0 is the first; `from_or_to` says where a starter came from or a leaver went (see `ORIGINS`, `DESTINATIONS`).
    """
    own = spells.filter(pl.col("assignment") != BANK_ASSIGNMENT)
    common = ("person", "partner", "role", "contract")
    began = own.filter(pl.col("start_month") >= 0)
    event = pl.when(pl.col("origin").is_in(["promotion", "transfer"])).then("origin").otherwise(pl.lit("start"))
    starts = began.select(
        pl.col("start_date").alias("date"),
        pl.col("start_month").alias("month"),
        event.alias("event"),
        *common,
        pl.lit(None, pl.String).alias("reason"),
        from_or_to="origin",
    )
    left = own.filter(pl.col("reason").is_not_null())
    leaves = left.select(
        pl.col("end_date").alias("date"),
        pl.col("end_month").alias("month"),
        pl.lit("leave").alias("event"),
        *common,
        "reason",
        from_or_to="destination",
    )
    return pl.concat([starts, leaves]).sort("date", "person", "event", maintain_order=True)


def posts_by_month(truth: Truth) -> Iterator[tuple[int, pl.DataFrame]]:
    """Month by month, the funded posts at its end.

    Axes: [partner × site × role × service] × `month, partner, site, role, service, posts, vacant, funded_fte, vacant_fte, vacant_since` (heads, then
    full-time equivalents; `vacant_since` the first of the month in which the oldest vacancy fell vacant).
    """
    district, starts = truth.district, pl.Series([*truth.months], dtype=pl.Date)
    for month, day in enumerate(truth.months):
        cells = _cells(truth, month)
        yield (
            month,
            cells.select(
                pl.lit(day).alias("month"),
                partner=district.partners["code"].gather(cells["partner"]),
                site=district.sites["code"].gather(cells["site"]),
                role=named(ROLES, cells["role"].to_numpy()),
                service=named(SERVICES, cells["service"].to_numpy()),
                posts="posts",
                vacant="vacant",
                funded_fte="funded_fte",
                vacant_fte="vacant_fte",
                vacant_since=starts.gather(cells["vacant_since"]),
            ),
        )


def _cells(truth: Truth, month: int) -> pl.DataFrame:
    """The funded posts of a month, counted, with positions for codes."""
    posts = truth.posts
    here = np.flatnonzero((posts.opens <= month) & posts.funded)
    frame = pl.DataFrame(
        {
            "partner": truth.owner[month][here],
            "site": truth.sites[month][here],
            "role": posts.role[here],
            "service": posts.service[here],
            "fte": posts.fte[here],
            "since": truth.vacant[month][here],
        }
    )
    vacant = pl.col("since") >= 0
    counted = frame.group_by("partner", "site", "role", "service", maintain_order=True).agg(
        posts=pl.len().cast(pl.Int64),
        vacant=vacant.sum().cast(pl.Int64),
        funded_fte=pl.col("fte").sum().round(2),
        vacant_fte=pl.col("fte").filter(vacant).sum().round(2),
        vacant_since=pl.col("since").filter(vacant).min(),
    )
    return counted.sort("partner", "site", "role", "service")


def counted_contracts() -> list[str]:
    """The contracts whose holders count as staff in post."""
    return [
        code
        for code, yes in code_list("contracts").column("counts_as_staff").items()
        if yes == "yes" and code in CONTRACT and code != "unknown"
    ]


def month_end(day: date) -> date:
    """The last day of the month that begins on `day`.

    >>> month_end(date(2024, 2, 1))
    datetime.date(2024, 2, 29)
    """
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
