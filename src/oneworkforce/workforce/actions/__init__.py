"""Every write of the workforce room: keyword-only `by=`, one transaction, one audit event."""

from oneworkforce.workforce.actions.checking import check_return
from oneworkforce.workforce.actions.deciding import accept_return, send_back, withdraw
from oneworkforce.workforce.actions.filling import fill_on_screen
from oneworkforce.workforce.actions.loading import Loaded, load_city
from oneworkforce.workforce.actions.pictures import ask_for_picture, build_picture, picture_is_current
from oneworkforce.workforce.actions.receiving import check_again, nil_return, receive_return, tidy_uploads
from oneworkforce.workforce.actions.standing import (
    agree_sending,
    convert_again,
    end_sending,
    list_of,
    remember_columns,
    resolve_unmapped,
    send_reminders,
    set_cadence,
)

__all__ = [
    "Loaded",
    "accept_return",
    "agree_sending",
    "ask_for_picture",
    "build_picture",
    "check_again",
    "check_return",
    "convert_again",
    "end_sending",
    "fill_on_screen",
    "list_of",
    "load_city",
    "nil_return",
    "picture_is_current",
    "receive_return",
    "remember_columns",
    "resolve_unmapped",
    "send_back",
    "send_reminders",
    "set_cadence",
    "tidy_uploads",
    "withdraw",
]
