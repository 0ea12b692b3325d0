"""Reads of the workforce room: frozen dataclasses, frames and Released tables, never a QuerySet."""

from oneworkforce.workforce.queries.calendar import cadences, calendar, due_returns, expected_frame
from oneworkforce.workforce.queries.pictures import (
    Build,
    CityPicture,
    coverage,
    current_build,
    current_picture,
    picture_frames,
    provenance,
    released_table,
)
from oneworkforce.workforce.queries.returns import (
    OneReturn,
    Sent,
    Wanted,
    annotated_workbook,
    count_returns,
    finding_rows,
    findings_csv,
    last_people,
    months_sent,
    one_return,
    return_page,
    returns_sent,
)
from oneworkforce.workforce.queries.rows import senders_of
from oneworkforce.workforce.queries.summary import CameIn, WasWrong, came_in, was_wrong
from oneworkforce.workforce.queries.todo import partner_cards, today
from oneworkforce.workforce.queries.unmapped import UnknownValue, count_unknown, unknown_values

__all__ = [
    "Build",
    "CameIn",
    "CityPicture",
    "OneReturn",
    "Sent",
    "UnknownValue",
    "Wanted",
    "WasWrong",
    "annotated_workbook",
    "cadences",
    "calendar",
    "came_in",
    "count_returns",
    "count_unknown",
    "coverage",
    "current_build",
    "current_picture",
    "due_returns",
    "expected_frame",
    "finding_rows",
    "findings_csv",
    "last_people",
    "months_sent",
    "one_return",
    "partner_cards",
    "picture_frames",
    "provenance",
    "released_table",
    "return_page",
    "returns_sent",
    "senders_of",
    "today",
    "unknown_values",
    "was_wrong",
]
