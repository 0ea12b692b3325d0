"""What the returns of every format share: who is in post in a month, with the words of their records ready."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from oneworkforce.workforce.core.synthesis.randomness import stream
from oneworkforce.workforce.core.synthesis.register import month_end, people_table, spells_table
from oneworkforce.workforce.core.synthesis.simulation import Truth
from oneworkforce.workforce.core.synthesis.tables import table

_EPISODE = 0.35
"""Share of a month's available days lost by somebody who is off sick in it (mean of a Beta distribution)."""
_SHAPE = 0.8


@dataclass
class Staff:
    """Everybody's spells of a district with what returns say about them.

    Axes: spells[spell] as `register.spells_table` with the columns of `register.people_table`; sick[month][spell] the share of available days
    lost to sickness.
    """

    truth: Truth
    people: pl.DataFrame
    spells: pl.DataFrame
    sick: list[np.ndarray]

    @property
    def seed(self) -> int:
        """The seed of the city."""
        return self.truth.district.seed

    @property
    def number(self) -> int:
        """The number of the district."""
        return self.truth.district.number


def staff_of(truth: Truth) -> Staff:
    """The staff of a district, sickness drawn."""
    people = people_table(truth)
    spells = spells_table(truth)
    joined = spells.join(people, on="person", how="left", maintain_order="left")
    visible = pl.when(pl.col("reason").is_not_null()).then("end_date")
    joined = joined.with_columns(left=visible, order=pl.int_range(pl.len()), chance=_lasting(truth, joined))
    return Staff(truth, people, joined, [_sick(truth, joined, month) for month in range(len(truth.months))])


def _lasting(truth: Truth, spells: pl.DataFrame) -> pl.Series:
    """A number between 0 and 1 that stays with each person, for choices that do not change from month to month."""
    drawn = stream(truth.district.seed, "lasting", truth.district.number).random(truth.people.count)
    return pl.Series(drawn[(spells["person"] - spells["person"].min()).to_numpy()]) if spells.height else pl.Series(dtype=pl.Float64)


def _sick(truth: Truth, spells: pl.DataFrame, month: int) -> np.ndarray:
    """[spell] share of the month's available days lost to sickness; its mean is the published rate of the organisation or sector."""
    calendar = truth.months[month].month
    rates = {
        row["organisation_or_sector"]: row["rate_percent"] / 100
        for row in table("sickness").filter(pl.col("month") == calendar).iter_rows(named=True)
    }
    known = pl.col("kind").replace_strict(rates, default=None, return_dtype=pl.Float64)
    expected = (
        spells.select(pl.coalesce(known, pl.col("sector").replace_strict(rates, default=0.0, return_dtype=pl.Float64)).fill_null(0.0))
        .to_series()
        .to_numpy()
    )
    rng = stream(truth.district.seed, "sickness", truth.district.number, month)
    lost = np.zeros(len(expected), dtype=np.float32)
    ill = np.flatnonzero(rng.random(len(expected)) * _EPISODE < expected)
    lost[ill] = rng.beta(_SHAPE, _SHAPE * (1 - _EPISODE) / _EPISODE, len(ill))
    return lost


def in_post(staff: Staff, month: int, formats: str, since: int | None = None) -> pl.DataFrame:
    """The spells that were active at any time from month `since` (default: the month itself) to `month`, of partners that send `formats`.

    Axes: [spell] as `Staff.spells` and `present` (days in post in the month), `lost` (share of them lost to sickness), `family_name`, `leaving_date`
    (null unless the person left the partner by the end of the month). A spell that ended by promotion or transfer gives way to the next.
    """
    first, day = month if since is None else since, staff.truth.months[month]
    senders = staff.truth.district.partners.filter(pl.col("formats").str.split("|").list.contains(formats))["code"]
    begun = (pl.col("start_month") <= month) & (pl.col("end_month") >= first)
    gone = (pl.col("end_month") < month) & pl.col("left").is_null()
    rows = staff.spells.filter(begun & ~gone & pl.col("partner").is_in(senders.implode()))
    ends = pl.min_horizontal(pl.col("end_date").fill_null(month_end(day)), pl.lit(month_end(day)))
    starts = pl.max_horizontal(pl.col("start_date"), pl.lit(day))
    return rows.with_columns(
        present=((ends - starts).dt.total_days() + 1).clip(0),
        lost=pl.Series(staff.sick[month])[rows["order"]],
        family_name=pl.when(pl.col("renamed") <= month).then("later_name").otherwise("last_name"),
        leaving_date=pl.when(pl.col("end_month") <= month).then("left"),
    )


def words(frame: pl.DataFrame, column: str, choices: dict[str, list[str]]) -> pl.Series:
    """For each row one of the words that its value may take, always the same one for a person; "" where the value has none."""
    listed = frame.select(pl.col(column).replace_strict(choices, default=[], return_dtype=pl.List(pl.String)).alias("words"), "chance")
    place = (pl.col("chance") * 7919 % 1 * pl.col("words").list.len()).floor().cast(pl.Int64)
    return listed.select(pl.col("words").list.get(place, null_on_oob=True).fill_null("")).to_series()


def choices(name: str, key: str, column: str, **where: str) -> dict[str, list[str]]:
    """Value of `key` to the words in `column` of a table, which parts them with `|`."""
    rows = table(name).filter(**where) if where else table(name)
    return {row[key]: row[column].split("|") for row in rows.iter_rows(named=True) if row[column]}


def shown(column: str, form: str = "%d/%m/%Y") -> pl.Expr:
    """A date as the sender writes it, "" where there is none."""
    return pl.col(column).dt.strftime(form).fill_null("")


def number(value: pl.Expr, digits: int) -> pl.Expr:
    """A number as people write it: at most so many digits after the point, no trailing zeros."""
    text = value.round(digits).cast(pl.String)
    return text.str.strip_suffix(".0").fill_null("")
