"""Groups: rules over several rows, such as one person twice; only rows that share a key are looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from oneworkforce.workforce.core.checking.marks import Marks
from oneworkforce.workforce.core.specification import Rule, Specification

_UNIQUE = re.compile(r"^unique\(([^)]*)\)$")
_SAME = re.compile(r"^same\(([^)]*)\) for each (\w+)$")
_SUM = re.compile(r"^sum\((\w+)\) for each (\w+) <= ([\d.]+)$")
_IN = re.compile(r"^(\w+(?:, *\w+)*) in part (\w+)$")
_FEW = 5_000


@dataclass(frozen=True)
class GroupRule:
    """A rule over rows that share a key: `kind` is unique, same, sum or in; `limit` holds for sum, `part` for in."""

    kind: str
    key: tuple[str, ...]
    values: tuple[str, ...] = ()
    limit: float = 0.0
    part: str = ""


@cache
def group_rule(check: str) -> GroupRule | None:
    """The rule over rows that the text states, None where it is a condition on one row.

    >>> group_rule("sum(fte) for each employee_number <= 1.5")
    GroupRule(kind='sum', key=('employee_number',), values=('fte',), limit=1.5, part='')
    """
    if found := _UNIQUE.match(check):
        return GroupRule("unique", _names(found[1]))
    if found := _SAME.match(check):
        return GroupRule("same", (found[2],), _names(found[1]))
    if found := _SUM.match(check):
        return GroupRule("sum", (found[2],), (found[1],), float(found[3]))
    if found := _IN.match(check):
        return GroupRule("in", _names(found[1]), part=found[2])
    return None


def is_about_rows(check: str) -> bool:
    """Whether a rule's check is over several rows rather than one.

    >>> is_about_rows("unique(post_number)"), is_about_rows("fte <= 1.5")
    (True, False)
    """
    return group_rule(check) is not None


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def mark_groups(parts: Mapping[str, pl.DataFrame], asked: Specification, headers: Mapping[str, str], marks: Marks) -> None:
    """Rows that break a rule over rows are marked: repeats after the first, and every row of a group that disagrees or adds up to too much.

    Axes: parts[part][row] × fields; the rules are of the part that `asked` names.
    """
    typed = parts[asked.part]
    shared: dict[str, pl.Series] = {}
    for rule in asked.rules:
        stated = group_rule(rule.check)
        if stated is None or not set(stated.key) <= set(headers) or not typed.height:
            continue
        if stated.kind == "in":
            _mark(_without_partner(typed, stated, parts), rule, typed, asked, headers, marks)
            continue
        key = stated.key[-1]
        if key not in shared:
            shared[key] = _shared(typed.get_column(key))
        rows = shared[key]
        if len(rows):
            _mark(_BROKEN[stated.kind](_few(typed, rows, stated), stated), rule, typed, asked, headers, marks)


def _shared(key: pl.Series) -> pl.Series:
    """Positions of rows whose key is not blank and stands in another row too."""
    if len(key) <= _FEW:
        if key.n_unique() == len(key):
            return pl.Series([], dtype=pl.UInt32)
        return (key.is_duplicated() & key.is_not_null()).arg_true()
    hashes = key.hash().to_numpy()
    ordered = np.sort(hashes)
    repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(repeated):
        return pl.Series([], dtype=pl.UInt32)
    candidates = (pl.Series(hashes).is_in(pl.Series(repeated)) & key.is_not_null()).arg_true()
    return candidates.filter(key.gather(candidates).is_duplicated())


def _few(typed: pl.DataFrame, rows: pl.Series, stated: GroupRule) -> pl.DataFrame:
    columns = dict.fromkeys((*stated.key, *stated.values))
    return pl.DataFrame([rows.alias("position"), *(typed.get_column(name).gather(rows) for name in columns)])


def _repeats(few: pl.DataFrame, stated: GroupRule) -> pl.Series:
    """Every row after the first with the same key."""
    whole = few.drop_nulls(list(stated.key))
    return whole.filter(~whole.select(pl.struct(stated.key).is_first_distinct()).to_series())["position"]


def _disagreeing(few: pl.DataFrame, stated: GroupRule) -> pl.Series:
    """Every row of a key under which a value differs; blank values disagree with nothing."""
    differ = pl.any_horizontal(pl.col(name).drop_nulls().n_unique() > 1 for name in stated.values)
    bad = few.group_by(stated.key).agg(differ.alias("differ")).filter("differ")
    return few.join(bad, on=list(stated.key), how="semi")["position"].sort()


def _too_much(few: pl.DataFrame, stated: GroupRule) -> pl.Series:
    """Every row of a key whose values add up to more than the limit."""
    bad = few.group_by(stated.key).agg(pl.col(stated.values[0]).sum()).filter(pl.col(stated.values[0]) > stated.limit + 1e-9)
    return few.join(bad, on=list(stated.key), how="semi")["position"].sort()


_BROKEN = {"unique": _repeats, "same": _disagreeing, "sum": _too_much}


def _without_partner(typed: pl.DataFrame, stated: GroupRule, parts: Mapping[str, pl.DataFrame]) -> pl.Series:
    """Rows whose key is not in the other part; none where that part was not sent."""
    other = parts.get(stated.part)
    if other is None:
        return pl.Series([], dtype=pl.UInt32)
    keyed = typed.select(stated.key).with_row_index("position").drop_nulls()
    return keyed.join(other.select(stated.key), on=list(stated.key), how="anti")["position"]


def _mark(rows: pl.Series, rule: Rule, typed: pl.DataFrame, asked: Specification, headers: Mapping[str, str], marks: Marks) -> None:
    for name in rule.fields:
        if name in headers:
            values = None if asked.field(name).is_personal else typed.get_column(name).gather(rows).cast(pl.String)
            marks.at(
                rows,
                headers[name],
                values,
                rule=f"{asked.name}.{rule.rule}",
                severity=rule.severity,
                message=rule.message,
                remedy=rule.remedy,
            )
