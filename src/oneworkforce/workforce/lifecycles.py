"""The life cycle of a return: the one table that code, pages and docs read."""

from __future__ import annotations

from oneworkforce.lifecycle import LifeCycle, Step

RECEIVED, CHECKED, ACCEPTED = "received", "checked", "accepted"
SENT_BACK, WITHDRAWN, REPLACED = "sent back", "withdrawn", "replaced"

SENDER = "a data lead of the partner, or of the organisation that sends for it"
DECIDER = "a data lead of the partner, or the city team"
HOUSE = "the house"

RETURN = LifeCycle(
    "return",
    (
        Step(RECEIVED, "checked", CHECKED, HOUSE, "every check has run, or the file could not be read and the findings say why"),
        Step(RECEIVED, WITHDRAWN, WITHDRAWN, SENDER, "at any time before it is decided"),
        Step(CHECKED, "checked", CHECKED, HOUSE, "its columns were matched, or it is checked again"),
        Step(CHECKED, "accepted", ACCEPTED, DECIDER, "no errors, warnings answered, movement confirmed, month over or under way"),
        Step(CHECKED, "sent back", SENT_BACK, DECIDER, "a reason is given"),
        Step(CHECKED, WITHDRAWN, WITHDRAWN, SENDER, "at any time before it is decided"),
        Step(ACCEPTED, "replaced", REPLACED, HOUSE, "a corrected return for the same partner, format and month was accepted"),
    ),
)

OPEN_STATES = (RECEIVED, CHECKED)
"""The states in which something is still to be done."""
