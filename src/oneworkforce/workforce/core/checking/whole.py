"""The whole return: is it for this month, this partner, and like the last one? Questions about all rows at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

import polars as pl

from oneworkforce.vocabulary import code_list
from oneworkforce.workforce.core.checking.context import Context
from oneworkforce.workforce.core.checking.marks import Marks
from oneworkforce.workforce.core.mapped import mapped_roles
from oneworkforce.workforce.core.specification import Specification

_ENOUGH = 10  # below this many people a share says nothing
_MANY = 10_000  # as many rows tell the length of a month as well as a million do
_STARTS = ("hire_date", "start_date")
_FTE_JUMP = 0.15
_ROLE_GONE = 0.2


def mark_month(marks: Marks, context: Context) -> None:
    """A month that has not begun is an error; one that has not ended is a warning."""
    shown = f"{context.month:%B %Y}"
    if context.month > context.today:
        remedy = "Choose the month that the rows are about."
        marks.say(f"{context.format}.future_month", "error", f"This return is for {shown}, which has not begun.", remedy)
    elif context.month_end > context.today:
        message = f"{shown} has not ended, so people who start or leave until its last day are not in this return."
        marks.say(
            f"{context.format}.unfinished_month",
            "warning",
            message,
            "Send the return again after the month has ended, if anything changes.",
        )


def mark_organisations(typed: pl.DataFrame, asked: Specification, headers: Mapping[str, str], marks: Marks, context: Context) -> None:
    """Rows for an organisation that this return may not speak for are errors.

    Axes: typed[row] × fields, of which `organisation` is the employer's code.
    """
    if "organisation" not in headers or not context.organisations:
        return
    codes = typed.get_column("organisation")
    own = {code.upper() for code in context.organisations}
    foreign = [code for code in codes.unique() if code is not None and code.upper() not in own]
    if not foreign:
        return
    others = codes.is_in(foreign).fill_null(False).arg_true()
    whole = typed.height and len(others) == typed.height
    remedy = "Send these rows in that organisation's own return, or correct the code."
    marks.at(
        others,
        headers["organisation"],
        codes.gather(others),
        rule=f"{asked.name}.organisation.other_partner",
        severity="error",
        message=f"This {'return' if whole else 'row'} is for another organisation: {context.partner} may not speak for it.",
        remedy=f"Choose the right partner when sending. {remedy}" if whole else remedy,
    )


def mark_whole(typed: pl.DataFrame, asked: Specification, marks: Marks, context: Context) -> None:
    """What looks wrong about the rows taken together is marked: the month, the dates, and the change since the last accepted return.

    Axes: typed[row] × fields, one row a person or assignment.
    """
    _month_by_days(typed, asked, marks, context)
    _same_start(typed, asked, marks)
    if context.previous is not None and context.previous.height:
        _against_previous(typed, asked, marks, context, context.previous)


def _month_by_days(typed: pl.DataFrame, asked: Specification, marks: Marks, context: Context) -> None:
    """Days available ÷ FTE is the length of the month that the rows are really about."""
    if not {"days_available", "fte", "hire_date", "leaving_date"} <= set(typed.columns):
        return
    whole = (pl.col("fte") > 0) & (pl.col("hire_date") < context.month) & pl.col("leaving_date").is_null() & (pl.col("days_available") > 0)
    days = typed.head(_MANY).filter(whole).select((pl.col("days_available") / pl.col("fte")).round(1)).to_series()
    if len(days) < _ENOUGH:
        return
    length = float(days.median())  # type: ignore[arg-type]
    if 27.5 <= length <= 31.5 and abs(length - context.month_end.day) > 0.5:
        message = f"Days available ÷ FTE is {length:.0f} for most people, but {context.month:%B %Y} has {context.month_end.day} days."
        marks.say(f"{asked.name}.other_month", "warning", message, "Check that these rows are about the month chosen.")


def _same_start(typed: pl.DataFrame, asked: Specification, marks: Marks) -> None:
    """One start date for nearly everybody is a default, not a date."""
    for name in _STARTS:
        if name in typed.columns:
            days = typed.get_column(name).drop_nulls()
            usual = days.sort()[len(days) // 2] if len(days) >= _ENOUGH else None  # what most have stands in the middle
            most = int((days == usual).sum()) if usual is not None else 0
            if most > 0.8 * len(days):
                message = f"{most} of {len(days)} people have the same {asked.field(name).label}, {usual:%d/%m/%Y}."
                remedy = "Give each person's own date. If they all came by a transfer, keep the date on which they began at their former employer."
                marks.say(f"{asked.name}.{name}.all_the_same", "warning", message, remedy, column=asked.field(name).label)


def _against_previous(typed: pl.DataFrame, asked: Specification, marks: Marks, context: Context, previous: pl.DataFrame) -> None:
    stayed = _staying(previous)
    now = _staying(typed) if "leaving_date" in typed.columns else typed
    last = previous.get_column("month").max()
    since = f"{last:%B %Y}" if isinstance(last, date) else "the last return"
    _head_count(now.height, stayed.height, since, asked, marks)
    if min(now.height, stayed.height) >= _ENOUGH:
        _fte(now, stayed, since, asked, marks)
        _roles(now, stayed, since, asked, marks, context)


def _staying(rows: pl.DataFrame) -> pl.DataFrame:
    left = rows.get_column("leaving_date")
    return rows if left.null_count() == len(left) else rows.filter(left.is_null())


def _head_count(now: int, before: int, since: str, asked: Specification, marks: Marks) -> None:
    if before < _ENOUGH:
        return
    if now < before / 2:
        message = f"{now} people or assignments are in this return; in {since} there were {before}. More than half have vanished."
        remedy = "Check that the file is complete. If staff moved to another organisation together, tell the city team, who record it as a transfer."
        marks.say(f"{asked.name}.half_vanished", "warning", message, remedy)
    elif now > before * 2:
        message = f"{now} people or assignments are in this return; in {since} there were {before}. The number has more than doubled."
        marks.say(
            f"{asked.name}.doubled", "warning", message, "Check that the file holds each assignment once and only this organisation's."
        )


def _fte(now: pl.DataFrame, stayed: pl.DataFrame, since: str, asked: Specification, marks: Marks) -> None:
    if "fte" not in now.columns:
        return
    mean, before = now.get_column("fte").mean(), stayed.get_column("fte").mean()
    if isinstance(mean, float) and isinstance(before, float) and before and abs(mean / before - 1) > _FTE_JUMP:
        message = f"Mean FTE is {mean:.2f}; in {since} it was {before:.2f}."
        marks.say(
            f"{asked.name}.fte.jump",
            "warning",
            message,
            "Check that FTE is a share of a full-time week, not hours or a percentage.",
            column="FTE",
        )


def _roles(now: pl.DataFrame, stayed: pl.DataFrame, since: str, asked: Specification, marks: Marks, context: Context) -> None:
    """A role that nearly empties while another fills by as many has more likely changed its code than its people."""
    counted = Counter(mapped_roles(asked.format, now, context.month).to_list())
    known = Counter(stayed.get_column("role").to_list())
    emptied = sorted(role for role, people in known.items() if people >= _ENOUGH and counted[role] <= _ROLE_GONE * people)
    filled = sorted(role for role, people in counted.items() if people >= _ENOUGH and known[role] <= _ROLE_GONE * people)
    labels = code_list("job_roles").labels
    for role in emptied:
        before, after = known[role], counted[role]
        near = [other for other in filled if abs(counted[other] - before) <= _ROLE_GONE * before]
        where = f" while {counted[near[0]]} are now “{labels[near[0]]}”" if near else ""
        message = f"{before} people had the role “{labels[role]}” in {since} and {after} have it now{where}."
        remedy = (
            "Check whether a code or name has changed its meaning in your system. If so, tell the city team which it was and which it is."
        )
        marks.say(f"{asked.name}.role_changed_meaning", "warning", message, remedy)
