"""One part of a checked return, with what is needed to turn it into shared columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import numpy as np
import polars as pl

from oneworkforce.vocabulary import code_list
from oneworkforce.workforce.core.checking.codes import lookup
from oneworkforce.workforce.core.checking.context import Context
from oneworkforce.workforce.core.mapped import mapped, meanings
from oneworkforce.workforce.core.pseudonyms import pseudonyms
from oneworkforce.workforce.core.specification import format_named, specification

UNMAPPED = {"field": pl.String, "source_code": pl.String, "source_label": pl.String, "rows": pl.Int64}
"""The columns of unmapped values."""


@dataclass(frozen=True, eq=False)
class Source:
    """The rows of one part, its context, people's decisions on unmapped values, and the key for pseudonyms.

    Axes: rows[row] × fields and `_row`; decided[row] × `field, source_code, code`.
    """

    context: Context
    part: str
    rows: pl.DataFrame
    decided: pl.DataFrame | None
    key: bytes
    postcodes: pl.DataFrame | None
    unmapped: list[pl.DataFrame] = field(default_factory=list)

    def many_codes(self, wanted: Mapping[str, tuple[str, str | None]], *, ask: bool = True) -> list[pl.Series]:
        """One column of shared codes for each wanted; where `ask`, values that no table and no decision knows go to the unmapped values.

        Parameters: wanted is column to (field, code where blank or unknown); a field "" gives the latter everywhere.
        """
        month, format = self.context.month, self.context.format
        exprs = {
            column: meanings(format, name, month).quick(name) if name else pl.lit(otherwise, dtype=pl.String)
            for column, (name, otherwise) in wanted.items()
        }
        quick = self.rows.select(*(expr.alias(column) for column, expr in exprs.items()), pl.len().alias("\0rows"))
        return [self._whole(quick.get_column(column), name, otherwise, ask) for column, (name, otherwise) in wanted.items()]

    def codes(self, name: str, otherwise: str | None, *, ask: bool = True) -> pl.Series:
        """The field's values as shared codes, as in `many_codes`."""
        return self.many_codes({name: (name, otherwise)}, ask=ask)[0]

    def _whole(self, quick: pl.Series, name: str, otherwise: str | None, ask: bool) -> pl.Series:
        values = self.rows.get_column(name) if name else quick
        if self._is_decided(name) or quick.null_count() != values.null_count():
            quick = mapped(self.context.format, name, values, self.context.month, self.decided).alias(quick.name)
            if ask:
                self._ask(name, values.filter(quick.is_null() & values.is_not_null()))
        return quick if otherwise is None or not quick.null_count() else quick.fill_null(otherwise)

    def _is_decided(self, name: str) -> bool:
        return bool(name) and self.decided is not None and name in self.decided.get_column("field").to_list()

    def _ask(self, name: str, values: pl.Series) -> None:
        if not len(values):
            return
        part = specification(self.context.format, self.part)
        labels = lookup(part.field(name)).labels if part.field(name).codes else {}
        counts = values.alias("source_code").value_counts(name="rows").sort("source_code")
        shown = pl.Series("source_label", [labels.get(code, code) for code in counts["source_code"]], dtype=pl.String)
        self.unmapped.append(counts.select(pl.lit(name).alias("field"), "source_code", shown, pl.col("rows").cast(pl.Int64)))

    def first_code(self, names: tuple[str, ...], otherwise: str) -> pl.Series:
        """The shared code from the first of the fields that gives one."""
        found = pl.repeat(None, self.rows.height, dtype=pl.String, eager=True)
        for name in names:
            if found.null_count():
                known = mapped(self.context.format, name, self.rows.get_column(name), self.context.month, self.decided)
                found = known if found.null_count() == len(found) else found.fill_null(known)
        return found.fill_null(otherwise) if found.null_count() else found

    def pseudonym(self, purpose: str, family: str, names: tuple[str, ...]) -> pl.Series:
        """The pseudonym of each row's identifier, null where it is blank."""
        text = pl.concat_str(pl.lit(f"{self.context.partner}|{family}"), *names, separator="|")
        return pseudonyms(self.rows.select(text.alias(purpose)).to_series(), self.key, purpose)

    def of_each(self, people: pl.Series, person: str, family: str, names: tuple[str, ...]) -> pl.Series:
        """The pseudonym of each assignment: of its person's pseudonym and of what tells the person's assignments apart.

        An assignment number that goes on from the person's own (`20412345-2`) tells by its ending only, so that few distinct texts are hashed.
        """
        number = pl.concat_str(names, separator="|")
        ending = (
            pl.when(number.str.starts_with(pl.col(person))).then("+" + number.str.slice(pl.col(person).str.len_chars())).otherwise(number)
        )
        text = pl.concat_str(pl.lit(f"{self.context.partner}|{family}"), ending, separator="|")
        which = pseudonyms(self.rows.select(text.alias("assignment")).to_series(), self.key, "assignment")
        return _mixed(people, which).alias("assignment")

    @property
    def period_start(self) -> date:
        """The first day of the period that the return covers: its cadence, back from the end of its month."""
        months = int(format_named(self.context.format).cadence_months or 1) - 1
        place = self.context.month.year * 12 + self.context.month.month - 1 - months
        return date(place // 12, place % 12 + 1, 1)


def _mixed(one: pl.Series, other: pl.Series) -> pl.Series:
    """One number of two, both counting: the finishing steps of SplitMix64 (Steele, Lea and Flood 2014) over one after the other."""
    first = one.fill_null(0).to_numpy().copy()
    with np.errstate(over="ignore"):
        for word in (np.uint64(0), other.fill_null(0).to_numpy()):
            first += word + np.uint64(0x9E3779B97F4A7C15)
            first = (first ^ (first >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            first = (first ^ (first >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            first ^= first >> np.uint64(31)
    return pl.Series(first).set(one.is_null() | other.is_null(), None)


def column(name: str, dtype: type[pl.DataType] = pl.String) -> pl.Expr:
    """The field's values; nulls where the format has no such field (name "")."""
    return pl.col(name) if name else pl.lit(None, dtype=dtype)


@cache
def _band_of_age() -> tuple[pl.Series, pl.Series]:
    bands = [row for row in code_list("age_bands").table.rows(named=True) if row["from_age"]]
    known = {age: row["code"] for row in bands for age in range(int(row["from_age"]), int(row["to_age"]) + 1)}
    return pl.Series(list(known), dtype=pl.Int32), pl.Series(list(known.values()), dtype=pl.String)


def age_band(birth_date: str, on: date) -> pl.Expr:
    """The age band on a day of the birth date in the column of that name; `unknown` where blank or impossible.

    >>> people = pl.DataFrame({"birth_date": [date(1984, 5, 14), None]})
    >>> people.select(age_band("birth_date", date(2026, 3, 31))).to_series().to_list()
    ['40_44', 'unknown']
    """
    if not birth_date:
        return pl.lit("unknown")
    born = pl.col(birth_date)
    age = (
        on.year * 10_000 + on.month * 100 + on.day - (born.dt.year() * 10_000 + born.dt.month().cast(pl.Int32) * 100 + born.dt.day())
    ) // 10_000
    ages, bands = _band_of_age()
    return age.cast(pl.Int32).replace_strict(ages, bands, default="unknown", return_dtype=pl.String)
