"""A publisher's own rules: where a format's publisher says exactly what it refuses, those rules speak and the field's own keep silent.

Each rule is a row of `<format>.publisher.csv`: a condition in Polars SQL over the part's cells (under their headers, trimmed, "" where
blank or not sent) and over facts worked out beside them (in small letters), or the reason why only the publisher can know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate

import polars as pl

from oneworkforce.workforce.core.checking import asc_wds
from oneworkforce.workforce.core.checking.context import Context
from oneworkforce.workforce.core.checking.marks import Marks, together
from oneworkforce.workforce.core.specification import Specification, specification

_TABLES = files("oneworkforce.workforce") / "specifications"

Facts = Callable[[Mapping[str, pl.DataFrame], Mapping[str, Sequence[tuple[str, ...]]], Context], dict[str, pl.DataFrame]]

FACTS: dict[str, Facts] = {"asc_wds": asc_wds.facts}
"""Format to the function that works out the facts its rules use."""

_UNCHECKED = ("UNCHECKED", "NOCHANGE", "DELETE")
_IDENTIFYING = ("LOCALESTID", "UNIQUEWORKERID", "STATUS", "")


@dataclass(frozen=True)
class PublisherRule:
    """One rule as its publisher numbers it.

    `columns` are headers with "/" between; `found_when` is true for a row that breaks it, "" where `unknowable` says why nobody else
    can know.
    """

    file: str
    part: str
    level: str
    code: str
    type: str
    columns: str
    found_when: str
    message: str
    remedy: str
    unknowable: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts whose rows it looks at."""
        return tuple(self.part.split("+"))

    @property
    def column(self) -> str:
        """The header whose cell is marked; "" where the rule is about the row."""
        return self.columns.split("/")[-1] if self.columns else ""


def has_publisher_rules(format: str) -> bool:
    """Whether the format's publisher says itself what it refuses.

    >>> has_publisher_rules("asc_wds"), has_publisher_rules("nwrs")
    (True, False)
    """
    return format in FACTS


@cache
def publisher_rules(format: str) -> tuple[PublisherRule, ...]:
    """Every rule of the format's publisher, those only it can know included.

    >>> len(publisher_rules("asc_wds"))
    263
    """
    table = pl.read_csv((_TABLES / f"{format}.publisher.csv").read_bytes(), infer_schema=False).fill_null("")
    return tuple(PublisherRule(**row) for row in table.to_dicts())


@dataclass(frozen=True, eq=False)
class Sent:
    """One return as its publisher's rules look at it.

    Axes: cells[part][row] × header, text as read. Parameters: headers[part] is the file's header row in its order.
    """

    cells: Mapping[str, pl.DataFrame]
    headers: Mapping[str, tuple[str, ...]]
    marks: Mapping[str, Marks]
    context: Context

    @property
    def alike(self) -> tuple[object, ...]:
        """What returns have in common that are looked at in one go."""
        context = self.context
        return context.format, tuple(self.cells), context.today, tuple(sorted(context.known.items()))


def mark_publisher(several: Sequence[Sent]) -> list[dict[str, pl.DataFrame]]:
    """Every row that breaks a rule of the format's publisher is marked; rows are held against others of their own return only.

    Returns: the rows of each return in types, [return][part][row] × the specification's fields; null where blank or not what the field
    should hold, as the rules will have said.
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    for place, sent in enumerate(several):
        groups.setdefault(sent.alike, []).append(place)
    typed: dict[int, dict[str, pl.DataFrame]] = {}
    for places in groups.values():
        typed |= zip(places, _mark_alike([several[place] for place in places]), strict=True)
    return [typed[place] for place in range(len(several))]


def _mark_alike(several: list[Sent]) -> list[dict[str, pl.DataFrame]]:
    context = several[0].context
    texts = {part: _stacked([sent.cells[part] for sent in several], specification(context.format, part)) for part in several[0].cells}
    headers = {part: [sent.headers[part] for sent in several] for part in texts}
    facts = FACTS[context.format](texts, headers, context)
    for part, frame in texts.items():
        marks = together([sent.marks[part] for sent in several], [sent.cells[part].height for sent in several])
        _mark_part(frame.hstack(facts[part]), specification(context.format, part), marks)
    wholes = {part: frame.select(_types(context.format, part)) for part, frame in texts.items()}
    ends = {part: list(accumulate(sent.cells[part].height for sent in several)) for part in texts}
    return [
        {part: whole[ends[part][place] - sent.cells[part].height : ends[part][place]] for part, whole in wholes.items()}
        for place, sent in enumerate(several)
    ]


def _stacked(frames: list[pl.DataFrame], asked: Specification) -> pl.DataFrame:
    """The trimmed rows of several returns, one after another, and which return each is of."""
    numbered = [frame.with_columns(pl.lit(number, dtype=pl.UInt32).alias(asc_wds.RETURN)) for number, frame in enumerate(frames)]
    whole = pl.concat(numbered, how="diagonal") if len(numbered) > 1 else numbered[0]
    return trimmed(whole, asked).hstack([whole.get_column(asc_wds.RETURN)])


def trimmed(frame: pl.DataFrame, asked: Specification) -> pl.DataFrame:
    """Every column of the specification under its header, as trimmed text; "" where blank or not sent.

    Axes: [row] × the specification's headers.
    """
    return frame.select(_trims(asked.format, asked.part, frozenset(frame.columns)))


@cache
def _types(format: str, part: str) -> list[pl.Expr]:
    made = []
    for field in specification(format, part).fields:
        text = pl.col(field.label).replace("", None)
        as_type = {"date": text.str.to_date("%d/%m/%Y", strict=False), "number": text.cast(pl.Float64, strict=False)}
        as_type["integer"] = text.cast(pl.Int64, strict=False)
        made.append(as_type.get(field.type, text).alias(field.field))
    return made


@cache
def _trims(format: str, part: str, there: frozenset[str]) -> list[pl.Expr]:
    names = specification(format, part).headers
    return [(pl.col(name).fill_null("").str.strip_chars() if name in there else pl.lit("")).alias(name) for name in names]


def _mark_part(frame: pl.DataFrame, asked: Specification, marks: Marks) -> None:
    if not frame.height:
        return
    rules = _compiled(asked.format, asked.part)
    broken = frame.select([expression for _, expression in rules])
    for (rule, _), mask in zip(rules, broken.get_columns(), strict=True):
        if mask.any():
            _mark_rule(rule, frame, mask.arg_true(), asked, marks)


def _mark_rule(rule: PublisherRule, frame: pl.DataFrame, rows: pl.Series, asked: Specification, marks: Marks) -> None:
    field = next((field for field in asked.fields if field.label == rule.column), None)
    name = f"{asked.name}.{rule.column.lower() or 'file'}.{rule.type.lower()}.{rule.code}"
    values = frame.get_column(rule.column).gather(rows) if field is not None and not field.is_personal else None
    marks.at(rows, rule.column, values, rule=name, severity=rule.level, message=rule.message, remedy=rule.remedy)


@cache
def _compiled(format: str, part: str) -> tuple[tuple[PublisherRule, pl.Expr], ...]:
    """Each rule of a part with its expression; rows that STATUS takes out of the check answer to identifying columns only."""
    checked = ~pl.col("STATUS").str.to_uppercase().is_in(_UNCHECKED) if "STATUS" in specification(format, part).headers else pl.lit(True)
    rules = [rule for rule in publisher_rules(format) if part in rule.parts and rule.found_when]
    conditions = [pl.sql_expr(rule.found_when) for rule in rules]
    asked = [found if rule.columns in _IDENTIFYING else found & checked for rule, found in zip(rules, conditions, strict=True)]
    return tuple((rule, found.fill_null(False).alias(str(place))) for place, (rule, found) in enumerate(zip(rules, asked, strict=True)))
