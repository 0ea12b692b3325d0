"""A return from its files to shared rows: read, recognised, checked, converted. Knows no Django, so that other processes can run it.

What can't be read is a finding like any other, so that the sender sees everything in one place.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from oneworkforce.errors import Invalid
from oneworkforce.workforce.core import checking
from oneworkforce.workforce.core.checking import Checked, Context
from oneworkforce.workforce.core.conversion import Converted, as_assignments
from oneworkforce.workforce.core.findings import Finding, Findings
from oneworkforce.workforce.core.movement import movement
from oneworkforce.workforce.core.reading import Raw, read_tables
from oneworkforce.workforce.core.reading.recognition import Recognition, recognise
from oneworkforce.workforce.core.specification import format_named
from oneworkforce.workforce.identifiers import seal
from oneworkforce.workforce.snapshots import store, write_whole

Chosen = Mapping[str, Mapping[str, str]]
"""part → header → field, as a person chose"""


@dataclass(frozen=True)
class SentFile:
    """A file as it was sent; `part` where it is known."""

    name: str
    path: Path
    part: str = ""


@dataclass(frozen=True, eq=False)
class Taken:
    """What a return turned out to be.

    `format` is blank where no table was recognised; `parts` is file name to part; `checked` is None where nothing could be read;
    `recognition` is what the page shows of headers: by part, its columns, unknown headers, near misses.
    """

    format: str
    parts: Mapping[str, str]
    recognition: dict[str, Any]
    checked: Checked | None
    findings: Findings
    raws: Mapping[str, Raw] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows were read, in all parts."""
        return sum(frame.height for frame in self.checked.rows.values()) if self.checked else 0


def take_in(files: tuple[SentFile, ...], format: str, context_of: Callable[[str], Context], chosen_of: Callable[[str], Chosen]) -> Taken:
    """The return's format is known, its rows are read, and everything wrong with it is said at once.

    Parameters: `format` blank to recognise it; `context_of` and `chosen_of` are asked once the format is known.
    """
    started = _read_in(files, format)
    if not started.parts:
        return started.taken(None, None)
    context = context_of(started.format)
    return _begun([(started, context)], chosen_of(started.format))[0].taken(context.previous)


@dataclass(frozen=True, eq=False)
class Begun:
    """A return that is read and checked as far as it goes without the one before it."""

    read: _Read
    check: checking.Begun | None

    def taken(self, previous: pl.DataFrame | None) -> Taken:
        """What the return turned out to be. Parameters: previous, the partner's rows in its last accepted return. To be called once."""
        return self.read.taken(self.check, previous)


def begin(several: Sequence[tuple[tuple[SentFile, ...], Context]], chosen: Chosen) -> list[Begun]:
    """Several returns of one format are read and checked as far as they go: as one by one, in less time."""
    return _begun([(_read_in(files, context.format), context) for files, context in several], chosen)


def _begun(several: list[tuple[_Read, Context]], chosen: Chosen) -> list[Begun]:
    checks = iter(checking.begun([checking.Asked(read.raws, context, chosen) for read, context in several if read.parts]))
    return [Begun(read, next(checks) if read.parts else None) for read, _ in several]


@dataclass(frozen=True, eq=False)
class _Read:
    """A return's tables, each known for what it is; no parts where none is."""

    format: str
    parts: Mapping[str, tuple[Raw, Recognition]]
    findings: list[Finding]

    @property
    def raws(self) -> dict[str, Raw]:
        return {part: raw for part, (raw, _) in self.parts.items()}

    def taken(self, check: checking.Begun | None, previous: pl.DataFrame | None) -> Taken:
        if check is None:
            return Taken(self.format, {}, {}, None, Findings.of(self.findings))
        checked = check.finished(previous)
        shown = {part: _shown(recognition) for part, (_, recognition) in self.parts.items()}
        said = Findings.joined([Findings.of(self.findings), checked.findings])
        return Taken(self.format, {raw.name: part for part, raw in self.raws.items()}, shown, checked, said, self.raws)


def _read_in(files: tuple[SentFile, ...], format: str) -> _Read:
    return _Read(*recognised(files, format))


def recognised(files: tuple[SentFile, ...], format: str = "") -> tuple[str, dict[str, tuple[Raw, Recognition]], list[Finding]]:
    """The format, each part's table, and a finding for every file that is none of them; no parts where nothing is recognised."""
    tables, findings = _read(files)
    found = [(raw, replace(_recognised(raw.headers, format), place=raw.place)) for raw in tables]
    known = format or _commonest([recognition for _, recognition in found])
    parts, left_over = _parts(found, known) if known else ({}, [])
    if not parts:
        return known, {}, [*findings, *(_unrecognised(raw, recognition) for raw, recognition in found)]
    return known, parts, [*findings, *left_over]


@lru_cache(maxsize=512)
def _recognised(headers: tuple[str, ...], format: str) -> Recognition:
    """What headers say; the same headers come month after month."""
    columns = {header: pl.Series([], dtype=pl.String) for header in headers}
    return recognise(Raw(pl.DataFrame(columns), "", ""), (format,) if format else None)


def _read(files: tuple[SentFile, ...]) -> tuple[list[Raw], list[Finding]]:
    tables: list[Raw] = []
    findings: list[Finding] = []
    for file in files:
        try:
            tables += read_tables(file.path, file.name)
        except Invalid as error:
            findings.append(Finding("file.unreadable", "error", str(error), "Correct the file and send it again.", part=file.part))
    return tables, findings


def _commonest(found: list[Recognition]) -> str:
    """The format with the best table; blank where no table is of one that partners send."""
    sure = [recognition for recognition in found if recognition.format and format_named(recognition.format).kind != "published"]
    return max(sure, key=lambda recognition: recognition.confidence).format if sure else ""


def _parts(found: list[tuple[Raw, Recognition]], format: str) -> tuple[dict[str, tuple[Raw, Recognition]], list[Finding]]:
    """Each part's table, the surest one where several claim it, and a word on every table that is none."""
    parts: dict[str, tuple[Raw, Recognition]] = {}
    findings = []
    for raw, recognition in sorted(found, key=lambda pair: -pair[1].confidence):
        if recognition.format == format and recognition.part not in parts:
            parts[recognition.part] = (raw, recognition)
        elif recognition.format == format:
            message = f"{raw.place} looks like a second {recognition.part or 'table'} of the same return; it was left out."
            findings.append(Finding("file.second", "error", message, "Send one file for each part.", part=recognition.part))
        elif not raw.sheet:
            findings.append(_unrecognised(raw, recognition))
    return dict(sorted(parts.items(), key=lambda pair: format_named(format).part_names.index(pair[0]))), findings


def _unrecognised(raw: Raw, recognition: Recognition) -> Finding:
    """What a table that is no return looks like, and what differs."""
    if recognition.format and format_named(recognition.format).kind == "published":
        message = f"{raw.place} is the published table “{format_named(recognition.format).label}”, not a return of staff or posts."
        return Finding(
            "file.published", "error", message, "Send the partner’s own return. Published figures are on the page “Real context”."
        )
    return Finding("file.unrecognised", "error", recognition.sentence, "Check that it is the right file, or start from a template.")


def _shown(recognition: Recognition) -> dict[str, Any]:
    return {
        "columns": dict(recognition.columns),
        "unknown": list(recognition.unknown),
        "missing": list(recognition.missing),
        "suggestions": dict(recognition.suggestions),
    }


@dataclass(frozen=True, eq=False)
class Outcome:
    """Everything that a check found out: what is stored of it.

    `converted` is None where an error stops the return; `unmapped` is `field, code, label, rows` a value; `movement` is the movement
    report, its sentences and a row a role, and `movement_asks` whether a person must confirm it.
    """

    format: str
    parts: Mapping[str, str]
    recognition: dict[str, Any]
    findings: Findings
    rows: int
    converted: Converted | None
    movement: dict[str, Any]
    movement_asks: bool

    @property
    def people(self) -> int:
        """How many people the return is about."""
        return self.converted.assignments["person"].n_unique() if self.converted is not None else 0

    @property
    def unmapped(self) -> list[tuple[str, str, str, int]]:
        """Every value that no mapping knew."""
        return self.converted.unmapped.select("field", "source_code", "source_label", "rows").rows() if self.converted is not None else []


@dataclass(frozen=True)
class Places:
    """Where the files of a return go."""

    snapshots: Path
    identifiers: Path
    keys: Path
    findings: Path


@dataclass(frozen=True)
class Written:
    """The snapshots that were written: `kind, digest, rows`."""

    snapshots: tuple[tuple[str, str, int], ...]


def outcome_of(
    taken: Taken, findings: Findings, context: Context, decided: pl.DataFrame, key: bytes, postcodes: pl.DataFrame | None
) -> Outcome:
    """The return in the shape that all formats share, unless an error stops it, and how it moved since the last one."""
    if taken.checked is None or findings.has_errors:
        return Outcome(taken.format, taken.parts, taken.recognition, findings, taken.rows, None, {}, False)
    converted = as_assignments(taken.checked, context, decided, key, postcodes)
    report: dict[str, Any] = {}
    if converted.assignments.height:
        moved = movement(context.previous, converted.assignments)
        report = {"sentences": list(moved.sentences), "by_role": moved.by_role.to_dicts()}
    return Outcome(taken.format, taken.parts, taken.recognition, findings, taken.rows, converted, report, context.previous is not None)


def write(outcome: Outcome, name: str, places: Places) -> Written:
    """The findings, the snapshots and the sealed identifiers are on disk, each whole. Writing the same again changes nothing.

    Raises: OSError where the disk is full; no file is then half-written.
    """
    buffer = io.BytesIO()
    outcome.findings.table.write_parquet(buffer)
    write_whole(buffer.getvalue(), places.findings, 0o600)
    if outcome.converted is not None and outcome.converted.identifiers.height:
        seal(outcome.converted.identifiers, name, places.identifiers, places.keys)
    return write_snapshots(outcome, places.snapshots)


def write_snapshots(outcome: Outcome, folder: Path) -> Written:
    """The snapshots alone are on disk."""
    if outcome.converted is None:
        return Written(())
    tables = (("assignments", outcome.converted.assignments), ("posts", outcome.converted.posts))
    return Written(tuple((kind, store(frame, folder), frame.height) for kind, frame in tables if frame.height))
