"""A folder of returns, taken in chain by chain: one partner's one format through time. Knows no Django, so that several processes share the work."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import polars as pl

from oneworkforce.errors import Invalid
from oneworkforce.workforce import intake
from oneworkforce.workforce.core.checking import Context
from oneworkforce.workforce.snapshots import load, write_whole, written_together

_MANY = 36  # returns that are checked in one go
_MUCH = 2_000_000  # bytes of returns that are checked in one go
_COLUMNS = ("partner", "format", "month", "part", "version", "path", "due_date", "sent_date", "nil")


@dataclass(frozen=True)
class Listed:
    """One version of one return in a manifest: its files as `part, path`."""

    partner: str
    format: str
    month: date
    version: int
    due: date | None
    sent: date
    nil: bool
    files: tuple[tuple[str, str], ...]


_Due = tuple[Listed, str, str]  # a return of a chain, its number and its folder


@dataclass(frozen=True)
class Root:
    """Where everything is, and what every chain needs."""

    folder: Path
    uploads: Path
    snapshots: Path
    identifiers: Path
    keys: Path
    key: bytes
    today: date
    postcodes: Path | None


@dataclass(frozen=True)
class Chain:
    """What one worker does in one go: returns of one partner and format, in order of month and version.

    `names` is each return's own number and folder; `previous` the digest of the last accepted assignments before them.
    """

    partner: str
    format: str
    organisations: tuple[str, ...]
    listed: tuple[Listed, ...]
    names: tuple[tuple[str, str], ...]
    decided: pl.DataFrame
    chosen: intake.Chosen
    previous: str = ""

    @property
    def weight(self) -> int:
        """How much work it is, roughly."""
        return len(self.listed)


@dataclass(frozen=True, eq=False)
class Stored:
    """A file as it lies in the uploads folder."""

    part: str
    name: str
    file: str
    size: int
    sha256: str


@dataclass(frozen=True, eq=False)
class TakenIn:
    """One return of a chain, on disk: what is left is to say so in the database. Its outcome's frames are left out."""

    listed: Listed
    name: str
    folder: str
    files: tuple[Stored, ...]
    outcome: intake.Outcome
    written: intake.Written
    people: int
    unmapped: list[tuple[str, str, str, int]]

    @property
    def accepted(self) -> bool:
        """Whether nothing stops it."""
        return not self.outcome.findings.has_errors


def read_manifest(folder: Path) -> tuple[Listed, ...]:
    """Every version of every return that the folder's manifest lists, in order of month. Raises: Invalid where there is no such manifest."""
    path = folder / "manifest.csv"
    if not path.exists():
        raise Invalid(f"{folder} holds no manifest.csv. Give the folder that `oneworkforce synthesise` filled.")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if rows and any(name not in rows[0] for name in _COLUMNS):
        raise Invalid(f"manifest.csv needs the columns {', '.join(_COLUMNS)}.")
    found: dict[tuple[str, str, date, int], Listed] = {}
    for row in rows:
        key = (row["partner"], row["format"], date.fromisoformat(row["month"]), int(row["version"]))
        files = ((row["part"], row["path"]),) if row["path"] else ()
        if key in found:
            found[key] = replace(found[key], files=found[key].files + files)
        else:
            due = date.fromisoformat(row["due_date"]) if row["due_date"] else None
            found[key] = Listed(*key, due, date.fromisoformat(row["sent_date"]), row["nil"] == "yes", files)
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[2], key[0], key[1], key[3])))


def take_in_chain(chain: Chain, root: Root) -> tuple[TakenIn, ...]:
    """Every return of the chain is stored, checked against the one before it and converted, exactly as one sent by hand.

    The files are on disk once the caller has called `os.sync`.
    """
    with written_together():
        return tuple(_taken_in(chain, root))


def _taken_in(chain: Chain, root: Root) -> Iterator[TakenIn]:
    postcodes = _postcodes(root.postcodes, root.postcodes.stat().st_mtime_ns) if root.postcodes else None
    before = load([chain.previous], root.snapshots).collect() if chain.previous else None
    accepted: dict[date, pl.DataFrame] = {}
    for several in _together(chain, root):
        for started in _begun(chain, root, several):
            month = started.listed.month
            earlier = [known for known in accepted if known < month]
            before = accepted[max(earlier)] if earlier else before
            one, assignments = _finished(chain, root, started, before, postcodes)
            yield one
            if one.accepted and assignments is not None and assignments.height:
                accepted = {known: frame for known, frame in accepted.items() if known == max(accepted)} | {month: assignments}


def _together(chain: Chain, root: Root) -> Iterator[list[_Due]]:
    """The chain's returns, so many at a time as are checked in one go: many small ones, or one that is large."""
    several: list[_Due] = []
    size = 0
    for listed, named in zip(chain.listed, chain.names, strict=True):
        if listed.nil:
            continue
        own = sum((root.folder / path).stat().st_size for _, path in listed.files)
        if several and (size + own > _MUCH or len(several) == _MANY):
            yield several
            several, size = [], 0
        several.append((listed, *named))
        size += own
    if several:
        yield several


@lru_cache(maxsize=1)
def _postcodes(path: Path, changed: int) -> pl.DataFrame:
    """The directory of postcodes, read once by each process for as long as the file does not change."""
    return pl.read_parquet(path)


def take_in_numbered(numbered: tuple[int, Chain], root: Root) -> tuple[int, tuple[TakenIn, ...]]:
    """The chain of that number, as a pool of processes calls it."""
    number, chain = numbered
    return number, take_in_chain(chain, root)


@dataclass(frozen=True, eq=False)
class _Begun:
    """A return of a chain whose files are stored, read and checked as far as they go without the one before it."""

    listed: Listed
    name: str
    folder: str
    files: tuple[Stored, ...]
    context: Context
    check: intake.Begun


def _begun(chain: Chain, root: Root, due: list[_Due]) -> list[_Begun]:
    files = [_copied(root, listed, folder) for listed, _, folder in due]
    contexts = [
        Context(chain.format, chain.partner, chain.organisations, listed.month, max(root.today, listed.month)) for listed, _, _ in due
    ]
    sent = [
        tuple(intake.SentFile(file.name, root.uploads / folder / file.file, file.part) for file in several)
        for (_, _, folder), several in zip(due, files, strict=True)
    ]
    checks = intake.begin(list(zip(sent, contexts, strict=True)), chain.chosen)
    return [_Begun(*one, *more) for one, more in zip(due, zip(files, contexts, checks, strict=True), strict=True)]


def _finished(
    chain: Chain, root: Root, started: _Begun, before: pl.DataFrame | None, postcodes: pl.DataFrame | None
) -> tuple[TakenIn, pl.DataFrame | None]:
    taken = started.check.taken(before)
    context = replace(started.context, previous=before)
    outcome = intake.outcome_of(taken, taken.findings, context, chain.decided, root.key, postcodes)
    places = intake.Places(root.snapshots, root.identifiers, root.keys, root.uploads / started.folder / "findings.parquet")
    written = intake.write(outcome, started.name, places)
    assignments = outcome.converted.assignments if outcome.converted is not None else None
    said = replace(outcome, converted=None)
    found = TakenIn(started.listed, started.name, started.folder, started.files, said, written, outcome.people, outcome.unmapped)
    return found, assignments


def _copied(root: Root, listed: Listed, folder: str) -> tuple[Stored, ...]:
    """The files lie in the return's own folder as they were sent."""
    (root.uploads / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    stored = []
    for number, (part, path) in enumerate(listed.files, start=1):
        source = root.folder / path
        target = f"{number:02d}{source.suffix.lower()}"
        content = source.read_bytes()
        write_whole(content, root.uploads / folder / target, 0o600)
        stored.append(Stored(part, source.name, target, len(content), hashlib.sha256(content).hexdigest()))
    return tuple(stored)


def as_parquet(frame: pl.DataFrame) -> bytes:
    """The frame as a Parquet file."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def in_order(chains: Iterable[Chain], size_of: Callable[[Chain], int]) -> tuple[Chain, ...]:
    """The heaviest chains first, so that the processes end together."""
    return tuple(sorted(chains, key=size_of, reverse=True))
