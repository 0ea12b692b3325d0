"""The site's own secret: from the environment, else a file in the home folder that only its owner may read."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path


def secret_key(home: Path) -> str:
    """The key in `keys/secret_key` below the home folder; made once, mode 0600, and the same for every process that asks at once."""
    path = home / "keys" / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, fresh = tempfile.mkstemp(dir=path.parent)  # mkstemp makes it 0600
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        with suppress(FileExistsError):  # another process was first: its key is the one
            os.link(fresh, path)
        Path(fresh).unlink()
    return path.read_text().strip()
