"""Where the room keeps its files, below the home folder: the only module that asks the settings."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def home() -> Path:
    """The home folder of this installation."""
    return Path(settings.ONEWORKFORCE_HOME)


def uploads() -> Path:
    """Returns as they were sent, one folder each."""
    return home() / "uploads"


def snapshots() -> Path:
    """Immutable Parquet files, named by their content."""
    return home() / "snapshots"


def identifiers() -> Path:
    """Direct identifiers, one encrypted file a return."""
    return home() / "identifiers"


def keys() -> Path:
    """The keys: to pseudonyms, and one to each return's identifiers."""
    return home() / "keys"


def pictures() -> Path:
    """Builds of the picture and their released tables, one folder each."""
    return home() / "pictures"


def postcode_directory() -> Path:
    """The postcode directory that a user supplied; it may not be there."""
    return home() / "postcodes.parquet"
