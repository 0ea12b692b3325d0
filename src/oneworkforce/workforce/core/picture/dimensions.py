"""The dimensions of every figure: what a row says itself, and what follows from its partner and its role."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from oneworkforce.errors import Invalid
from oneworkforce.vocabulary import code_list
from oneworkforce.workforce.core.assignments import CODE_LISTS

OF_A_POST = ("partner", "format", "role", "service")
OF_A_PERSON = (*OF_A_POST, "contract", "age_band", "sex", "ethnicity", "disability", "deprivation")
FOLLOWING = {"sector": "partner", "staff_group": "role"}
"""Dimension to the one that it follows from."""

DIMENSIONS = (*OF_A_PERSON, *FOLLOWING)


@dataclass(frozen=True, eq=False)
class Dimensions:
    """Every dimension's Polars type, and which sector each partner is in.

    Axes: sector_of_partner[partner] in the order of the partner type's categories.
    """

    partner: pl.Enum
    sector_of_partner: pl.Series
    group_of_role: pl.Series

    @classmethod
    def of(cls, organisations: pl.DataFrame) -> Dimensions:
        """The dimensions of a city with these organisations; raises Invalid where one stands twice or has no known sector.

        Axes: organisations[row] with `code, sector`.
        """
        ordered = organisations.sort("code")
        if ordered["code"].is_duplicated().any():
            raise Invalid(f"Organisation {ordered.filter(pl.col('code').is_duplicated())['code'][0]} stands twice in the table.")
        wrong = ordered.filter(~pl.col("sector").is_in(list(code_list("sectors").codes)).fill_null(False))
        if wrong.height:
            raise Invalid(f"Organisation {wrong['code'][0]} has the sector {wrong['sector'][0]!r}, which is not in the list of sectors.")
        roles = code_list("job_roles")
        groups = pl.Series("staff_group", list(roles.column("staff_group").values()), dtype=code_list("staff_groups").dtype)
        return cls(pl.Enum(ordered["code"]), ordered["sector"].cast(code_list("sectors").dtype), groups)

    def coded(self, frame: pl.DataFrame, formats: pl.Enum) -> pl.DataFrame:
        """The frame with every dimension in its Enum type."""
        kinds: dict[str, pl.Enum] = {"partner": self.partner, "format": formats}
        kinds |= {name: code_list(list_name).dtype for name, list_name in CODE_LISTS.items()}
        return frame.with_columns(pl.col(name).cast(kind) for name, kind in kinds.items() if name in frame.columns)

    def with_following(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with `sector` and `staff_group` beside its partner and role."""
        return frame.with_columns(
            self.sector_of_partner.gather(frame["partner"].to_physical()).alias("sector"),
            self.group_of_role.gather(frame["role"].to_physical()).alias("staff_group"),
        )
