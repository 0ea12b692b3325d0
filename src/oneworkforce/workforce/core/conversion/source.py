"""One part of a checked return, with what is needed to turn it into shared columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from oneworkforce.vocabulary import code_list
from oneworkforce.workforce.core.checking.codes import lookup
from oneworkforce.workforce.core.checking.context import Context
from oneworkforce.workforce.core.mapped import mapped
from oneworkforce.workforce.core.pseudonyms import pseudonyms
from oneworkforce.workforce.core.specification import format_named, specification

UNMAPPED = {"field": pl.String, "source_code": pl.String, "source_label": pl.String, "rows": pl.Int64}


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

    def column(self, name: str, dtype: type[pl.DataType] = pl.String) -> pl.Series:
        """The field's values; nulls where the format has no such field (name "")."""
        if name:
            return self.rows.get_column(name)
        return pl.Series(name, [None], dtype=dtype).new_from_index(0, self.rows.height)

    def codes(self, name: str, otherwise: str | None, *, ask: bool = True) -> pl.Series:
        """The field's values as shared codes, `otherwise` where blank or unknown; where `ask`, unknown ones go to the unmapped values."""
        if not name:
            return pl.Series([otherwise], dtype=pl.String).new_from_index(0, self.rows.height)
        values = self.rows.get_column(name).cast(pl.String)
        codes = mapped(self.context.format, name, values, self.context.month, self.decided)
        unknown = (codes.is_null() & values.is_not_null()).arg_true()
        if ask and len(unknown):
            self._ask(name, values.gather(unknown))
        return codes if otherwise is None else codes.fill_null(otherwise)

    def first_codes(self, names: tuple[str, ...], otherwise: str) -> pl.Series:
        """The shared code from the first of the fields that gives one."""
        found = pl.Series([None], dtype=pl.String).new_from_index(0, self.rows.height)
        for name in names:
            if found.null_count():
                found = found.fill_null(self.codes(name, None, ask=False))
        return found.fill_null(otherwise)

    def _ask(self, name: str, values: pl.Series) -> None:
        part = specification(self.context.format, self.part)
        labels = lookup(part.field(name)).labels if part.field(name).codes else {}
        counts = values.alias("source_code").value_counts(name="rows").sort("source_code")
        shown = pl.Series("source_label", [labels.get(code, code) for code in counts["source_code"]], dtype=pl.String)
        self.unmapped.append(counts.select(pl.lit(name).alias("field"), "source_code", shown, pl.col("rows").cast(pl.Int64)))

    def pseudonym(self, purpose: str, family: str, names: tuple[str, ...]) -> pl.Series:
        """The pseudonym of each row's identifier, null where it is blank."""
        text = pl.concat_str(pl.lit(f"{self.context.partner}|{family}"), *names, separator="|")
        return pseudonyms(self.rows.select(text.alias(purpose)).to_series(), self.key, purpose)

    @property
    def period_start(self) -> date:
        """The first day of the period that the return covers: its cadence, back from the end of its month."""
        months = int(format_named(self.context.format).cadence_months or 1) - 1
        place = self.context.month.year * 12 + self.context.month.month - 1 - months
        return date(place // 12, place % 12 + 1, 1)


def age_bands(birth_date: pl.Series, on: date) -> pl.Series:
    """The age band of each birth date on a day; `unknown` where blank or impossible.

    >>> age_bands(pl.Series([date(1984, 5, 14), None]), date(2026, 3, 31)).to_list()
    ['40_44', 'unknown']
    """
    years = pl.lit(on.year) - pl.col("b").dt.year()
    had = (pl.col("b").dt.month() * 100 + pl.col("b").dt.day()) <= on.month * 100 + on.day
    age = pl.DataFrame({"b": birth_date}).select((years - pl.when(had).then(0).otherwise(1)).alias("age")).to_series()
    bands = code_list("age_bands").table.drop_nulls("from_age").rows(named=True)
    code = [next((row["code"] for row in bands if int(row["from_age"]) <= year <= int(row["to_age"])), "unknown") for year in range(121)]
    within = age.is_between(0, 120)
    return pl.Series("age_band", code).gather(age.set(~within.fill_null(False), 0).fill_null(0).cast(pl.UInt32)).set(~within.fill_null(False), "unknown")
