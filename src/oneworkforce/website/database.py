"""Where the site's tables are: the address in the environment as Django's settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from oneworkforce.errors import Invalid

SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=134217728;",
}


def database(address: str, home: Path) -> dict[str, Any]:
    """Django's settings for the database at the address; the embedded SQLite in the home folder where it is blank.

    Raises `Invalid` for an address that is neither `sqlite:///path` nor `postgresql://user:password@host:port/name`.

    >>> database("postgresql://ow:s%40fe@db:5433/city?sslmode=require", Path("."))["PASSWORD"]
    's@fe'
    """
    parts = urlsplit(address)
    if not address or parts.scheme == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": unquote(parts.path[1:]) or str(home / "db.sqlite3"), "OPTIONS": SQLITE}
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": dict(parse_qsl(parts.query)),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise Invalid("ONEWORKFORCE_DATABASE_URL must be sqlite:///path or postgresql://user:password@host:port/name. Leave it out for SQLite.")
