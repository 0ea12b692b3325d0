"""Dirt: what goes wrong with returns, at the rates of `tables/dirt.csv`, on top of rows that are right."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from oneworkforce.workforce.core.specification import specification
from oneworkforce.workforce.core.synthesis.tables import table

_LOCAL_TITLES = ("Discharge Facilitator", "Wellbeing Champion", "Virtual Ward Coordinator", "Flexible Team Member")
_BLANKED = {
    "no_postcode": ("postcode",),
    "no_ni_number": ("ni_number", "ninumber"),
    "no_ethnic_group": ("ethnic_origin", "ethnicity", "ethnic_group"),
    "no_birth_date": ("birth_date", "dob"),
}
_STARTS = ("hire_date", "start_date")
_IDENTIFIERS = ("employee_number", "unique_identifier", "person_reference", "post_number", "uniqueworkerid")
_ROLES = ("job_role", "detailed_staff_role")
_PARTS = {"simple_return": "staff", "asc_wds": "worker"}


@dataclass
class Dirt:
    """What was made dirty so far: counts[(code, format)] = [rows or returns changed, rows or returns at risk]."""

    counts: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def note(self, code: str, format: str, changed: int, at_risk: int) -> None:
        """Another lot was looked at and some of it changed."""
        total = self.counts.setdefault((code, format), [0, 0])
        total[0] += changed
        total[1] += at_risk

    def summary(self) -> pl.DataFrame:
        """What was injected, beside the documented rates.

        Axes: [code × format] × `code, level, format, documented_rate, changed, at_risk, severity, description, source`.
        """
        known = {row["code"]: row for row in table("dirt").iter_rows(named=True)}
        rows = [
            (
                code,
                known[code]["level"],
                format,
                known[code]["rate"],
                changed,
                at_risk,
                known[code]["severity"],
                known[code]["description"],
                known[code]["source"],
            )
            for (code, format), (changed, at_risk) in sorted(self.counts.items())
        ]
        names = ["code", "level", "format", "documented_rate", "changed", "at_risk", "severity", "description", "source"]
        return pl.DataFrame(rows, schema=names, orient="row")


def applicable(format: str, level: str) -> list[tuple[str, float]]:
    """The kinds of dirt of a level (row, fault, return, partner) that a format has, with their rates.

    >>> [code for code, _ in applicable("establishment", "fault")]
    ['repeated_row', 'no_identifier', 'negative_posts']
    """
    rows = table("dirt").filter(pl.col("level") == level)
    return [(row["code"], row["rate"]) for row in rows.iter_rows(named=True) if format in row["formats"].split("|")]


def _header(format: str, names: tuple[str, ...]) -> str:
    asked = specification(format, _PARTS.get(format, ""))
    return next(asked.field(name).label for name in names if name in asked.names)


def _changed(code: str, format: str, hit: pl.Series) -> pl.Expr:
    """The column with the dirt of one kind on the rows that it hit."""
    mask = pl.lit(hit)
    if code in _BLANKED:
        header = _header(format, _BLANKED[code])
        return pl.when(mask).then(pl.lit("")).otherwise(pl.col(header)).alias(header)
    if code == "careless_postcode":
        header = _header(format, ("postcode",))
        return pl.when(mask).then(pl.col(header).str.to_lowercase().str.replace(" ", "")).otherwise(pl.col(header)).alias(header)
    full_time = pl.col("Contracted Hours") == "37.5"
    return pl.when(mask & full_time).then(pl.lit("20")).otherwise(pl.col("Contracted Hours")).alias("Contracted Hours")


def dirtied(frame: pl.DataFrame, format: str, rng: np.random.Generator, dirt: Dirt) -> pl.DataFrame:
    """The rows with small mistakes that a check warns of but does not stop, at the documented rates."""
    count = frame.height
    for code, share in applicable(format, "row"):
        hit = rng.random(count) < share
        dirt.note(code, format, int(hit.sum()), count)
        if hit.any():
            frame = frame.with_columns(_changed(code, format, pl.Series(hit)))
    return frame


def _faulty(code: str, format: str, rng: np.random.Generator) -> tuple[str, str]:
    """The column that a fault spoils, and what it puts there."""
    if code == "wrong_date":
        return _header(format, _STARTS), "31/02/2021"
    if code == "start_in_future":
        return _header(format, _STARTS), "01/04/2031"
    if code == "hours_as_fte":
        return "FTE", "37.5"
    if code == "unknown_role":
        return _header(format, _ROLES), _LOCAL_TITLES[rng.integers(len(_LOCAL_TITLES))]
    if code == "no_identifier":
        return _header(format, _IDENTIFIERS), ""
    return ("Funded FTE", "-1") if code == "negative_posts" else ("GENDER", "7")


def spoiled(frame: pl.DataFrame, format: str, rng: np.random.Generator, dirt: Dirt) -> pl.DataFrame:
    """The rows of one return with errors that stop it, at least one of each kind that the format has: a first version, to be corrected."""
    count = frame.height
    for code, share in applicable(format, "fault"):
        rows = rng.permutation(count)[: max(1, round(count * share))]
        dirt.note(code, format, len(rows), count)
        if code == "repeated_row":
            frame = pl.concat([frame, frame[rows]])
            continue
        header, text = _faulty(code, format, rng)
        hit = pl.Series(np.isin(np.arange(frame.height), rows))
        frame = frame.with_columns(pl.when(pl.lit(hit)).then(pl.lit(text)).otherwise(pl.col(header)).alias(header))
    return frame
