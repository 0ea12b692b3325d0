"""The three ways the house says no, by audience.

`website` and `cli` each map these to a page, an API problem or an exit code in one place; no other room does.
"""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """This person may not do this. The message is the sentence the person reads. (403)"""


class Invalid(Exception):
    """What was given cannot be used as it is. The message says what is wrong, where, and the remedy. (422)

    Parameters:
        message: the sentence a person reads.
        findings: every finding that stands against what was given, where there are several.

    >>> str(Invalid("The file is empty. Send the file again with its rows."))
    'The file is empty. Send the file again with its rows.'
    """

    def __init__(self, message: str, findings: Any = None) -> None:
        super().__init__(message)
        self.findings = findings


class Unanswerable(Exception):
    """The question has no answer from the data held; the message says why and what would answer it."""
