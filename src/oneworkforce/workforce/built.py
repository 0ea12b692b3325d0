"""A build of the picture as files: its frames for planning, its released tables for pages, its provenance. Knows no Django."""

from __future__ import annotations

import json
import multiprocessing
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import date
from functools import lru_cache, partial
from pathlib import Path

import polars as pl

from oneworkforce.errors import Unanswerable
from oneworkforce.publication.core import keeping
from oneworkforce.publication.core.disclosure import release_together
from oneworkforce.publication.core.profiles import profile
from oneworkforce.publication.core.provenance import Input, Provenance
from oneworkforce.publication.core.released import Released
from oneworkforce.workforce.core.picture import Picture
from oneworkforce.workforce.released import released_tables, request

PROFILES = ("analyst", "partner")
"""Under which profiles the city's tables are released, once a build."""

FRAMES = ("facts", "flows", "moves", "posts", "coverage", "organisations")
_KEPT_OPEN = 64
_MUCH = 200_000  # facts from which releasing takes longer than starting processes


def write(
    picture: Picture, provenance: Provenance, partners: dict[str, str], folder: Path, say: Callable[[int, int, str], None]
) -> dict[tuple[str, str], int]:
    """The build lies in the folder, whole: `(profile, table)` to its rows. Until then nothing is to be seen under the folder's name.

    Raises: OSError where the disk is full; then nothing is left behind.
    """
    aside = folder.with_name(f".aside-{uuid.uuid4()}")
    try:
        (aside / "frames").mkdir(parents=True)
        for name in FRAMES:
            getattr(picture, name).write_parquet(aside / "frames" / f"{name}.parquet", compression="zstd")
        (aside / "months.json").write_text(json.dumps([month.isoformat() for month in picture.months]))
        (aside / "provenance.json").write_text(json.dumps(asdict(provenance), default=str))
        say(0, 1, "Releasing the tables")
        rows: dict[tuple[str, str], int] = {}
        for profile_name, found in _released(picture, aside, partners):
            rows |= {(profile_name, name): count for name, count in found.items()}
        shutil.rmtree(folder, ignore_errors=True)
        aside.rename(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return rows


def _released(picture: Picture, aside: Path, partners: dict[str, str]) -> Iterator[tuple[str, dict[str, int]]]:
    """Each profile's tables, written: a process a profile where there is much to release."""
    if picture.facts.height < _MUCH:
        yield from (_release(aside, partners, profile_name) for profile_name in PROFILES)
        return
    with multiprocessing.get_context("spawn").Pool(len(PROFILES)) as pool:
        yield from pool.imap_unordered(partial(_release, aside, partners), PROFILES)


def _release(aside: Path, partners: dict[str, str], profile_name: str) -> tuple[str, dict[str, int]]:
    """The tables of one profile are in the folder: table to its rows."""
    picture, provenance = read_picture(aside), read_provenance(aside)
    (aside / profile_name).mkdir()
    rows = {}
    asked = [request(picture, found.name, profile(profile_name), provenance, partners) for found in released_tables()]
    for released in release_together(asked):
        (aside / profile_name / f"{released.name}.parquet").write_bytes(keeping.as_bytes(released))
        rows[released.name] = len(released)
    return profile_name, rows


@lru_cache(maxsize=4)
def read_picture(folder: Path) -> Picture:
    """The picture of a build. Raises: Unanswerable where its files are gone."""
    if not (folder / "months.json").exists():
        raise Unanswerable("The files of this picture are gone. Make the picture again.")
    months = tuple(date.fromisoformat(month) for month in json.loads((folder / "months.json").read_text()))
    return Picture(months, **{name: pl.read_parquet(folder / "frames" / f"{name}.parquet") for name in FRAMES})


@lru_cache(maxsize=4)
def read_provenance(folder: Path) -> Provenance:
    """The provenance of a build."""
    try:
        kept = json.loads((folder / "provenance.json").read_text())
    except FileNotFoundError as error:
        raise Unanswerable("The files of this picture are gone. Make the picture again.") from error
    inputs = tuple(Input(entry["label"], entry["digest"], _day(entry["month"]), entry["status"]) for entry in kept["inputs"])
    return Provenance(
        kept["run"],
        inputs,
        tuple(kept["assumptions"]),
        kept["code_version"],
        tuple(date.fromisoformat(month) for month in kept["months"]),
        tuple(kept["missing"]),
        kept["synthetic"],
        tuple(kept["notes"]),
    )


@lru_cache(maxsize=_KEPT_OPEN)
def read_table(folder: Path, profile_name: str, name: str) -> Released:
    """A released table of a build. Raises: Unanswerable where there is none of that name."""
    path = folder / profile_name / f"{name}.parquet"
    if name not in {found.name for found in released_tables()} or profile_name not in PROFILES or not path.exists():
        raise Unanswerable(f"There is no table {name!r} in this picture.")
    return keeping.read(path, read_provenance(folder))


def remove_all_but(folders: Iterable[Path], root: Path) -> None:
    """Builds that nobody needs any more, and what a killed process left, are gone."""
    kept = {folder.name for folder in folders}
    for path in root.glob("*"):
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
