"""A return that a small partner has filled on screen."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.files.base import ContentFile

from oneworkforce.errors import Invalid
from oneworkforce.workforce import policies
from oneworkforce.workforce.actions.receiving import receive_return
from oneworkforce.workforce.core.specification import specification
from oneworkforce.workforce.models import Return
from oneworkforce.workforce.queries.filling import FORMAT, PART
from oneworkforce.workforce.queries.returns import last_people


def fill_on_screen(
    rows: Sequence[Mapping[str, str]], *, partner: str, month: date, by: Any, sender: str = "", correction: bool = False
) -> Return:
    """The rows are received as a return of the simple format, like one sent as a file.

    Axes: rows[person] × field → text; rows with nothing in them are passed over. Raises: Refused; Invalid where nobody is in it, or too many.
    """
    people = [row for row in rows if any(row.values())]
    if not people:
        raise Invalid("Nobody is in the table yet. Fill in a row for each person, or send a nil return.")
    policies.check_small(max(len(people), last_people(partner, FORMAT)))
    fields = specification(FORMAT, PART).fields
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([field.label for field in fields])
    writer.writerows([row.get(field.field, "") for field in fields] for row in people)
    file = ContentFile(text.getvalue().encode("utf-8-sig"), name="filled-on-screen.csv")
    return receive_return([file], partner=partner, month=month, by=by, format=FORMAT, sender=sender, correction=correction, on_screen=True)
