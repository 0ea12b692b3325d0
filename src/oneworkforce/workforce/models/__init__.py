"""The tables of the workforce room."""

from oneworkforce.workforce.models.pictures import PictureBuild, PictureInput, ReleasedTable
from oneworkforce.workforce.models.returns import FindingCount, Return, ReturnFile, Snapshot
from oneworkforce.workforce.models.standing import Cadence, ColumnMapping, Reminder, SendingAgreement, Unmapped, UnmappedUse

__all__ = [
    "Cadence",
    "ColumnMapping",
    "FindingCount",
    "PictureBuild",
    "PictureInput",
    "ReleasedTable",
    "Reminder",
    "Return",
    "ReturnFile",
    "SendingAgreement",
    "Snapshot",
    "Unmapped",
    "UnmappedUse",
]
