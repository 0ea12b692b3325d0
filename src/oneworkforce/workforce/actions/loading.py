"""A whole folder of returns is received, checked and decided at once, by the same functions and policies as one sent by hand.

Two processes read, check and write files; this one writes to the database, a batch of chains in a transaction. Killed at any line, it is
started again and goes on: files are named by their content, and a return is either wholly there or not at all.
"""

from __future__ import annotations

import multiprocessing
import os
import uuid as uuids
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone

from oneworkforce.audit import actions as audit
from oneworkforce.errors import Invalid
from oneworkforce.partners import actions as partner_actions
from oneworkforce.partners import queries as partners
from oneworkforce.workforce import folders, loading, permissions, policies
from oneworkforce.workforce.actions.checking import columns_of, finding_counts, note_unmapped, snapshot_rows
from oneworkforce.workforce.actions.pictures import ask_for_picture
from oneworkforce.workforce.actions.receiving import digest_of, folder_of
from oneworkforce.workforce.identifiers import pseudonym_key
from oneworkforce.workforce.lifecycles import ACCEPTED, CHECKED, REPLACED, SENT_BACK
from oneworkforce.workforce.loading import Chain, Listed, TakenIn
from oneworkforce.workforce.models import Cadence, FindingCount, Return, ReturnFile, Snapshot
from oneworkforce.workforce.queries import rows as stored
from oneworkforce.workforce.snapshots import write_whole

Report = Callable[[str, int, int], None]

ANSWER = "Loaded as a folder: warnings are taken as answered and movement as confirmed."
_BATCH = 12  # chains in a transaction


@dataclass
class Loaded:
    """What came in, in numbers."""

    partners: int = 0
    returns: int = 0
    accepted: int = 0
    sent_back: int = 0
    nil: int = 0
    already_there: int = 0
    rows: int = 0
    errors: int = 0
    warnings: int = 0
    by_format: dict[str, int] = field(default_factory=dict)


def load_city(folder: Path, *, by: Any, report: Report | None = None, processes: int | None = None) -> Loaded:
    """Every return of the folder's manifest is received, checked and decided: accepted where nothing stops it, else sent back.

    What is there already stays as it is, so that loading again changes nothing. The picture is asked for once, at the end.
    Raises: Refused; Invalid where the folder is not one.
    """
    permissions.check_can_run_city(by)
    tell = report or _silent
    listed = loading.read_manifest(folder)
    tell("Loading the partners", 0, 1)
    loaded = Loaded(partners=partner_actions.load_partners(folder, by=by))
    _load_postcodes(folder)
    _load_cadences(folder, listed)
    known = set(Return.objects.values_list("partner__code", "format", "month", "version"))
    fresh = [one for one in listed if (one.partner, one.format, one.month, one.version) not in known]
    loaded.already_there = len(listed) - len(fresh)
    if fresh:
        _load_returns(folder, fresh, by, tell, processes, loaded)
        ask_for_picture(by=by)
    return loaded


def _load_returns(folder: Path, fresh: list[Listed], by: Any, tell: Report, processes: int | None, loaded: Loaded) -> None:
    ids = {code: stored.organisation_id(code) for code in {one.partner for one in fresh}}
    chains = _chains(fresh, folder)
    done, batch = 0, []
    for chain, taken in _taken(chains, _root(folder), processes or os.cpu_count() or 1):
        batch.append((chain, taken))
        done += len(chain.listed)
        if len(batch) >= _BATCH:
            _write(batch, ids, by, loaded)
            batch = []
            tell("Receiving, checking and accepting returns", done, len(fresh))
    _write(batch, ids, by, loaded)
    tell("Receiving, checking and accepting returns", len(fresh), len(fresh))


def _root(folder: Path) -> loading.Root:
    for place in (folders.uploads(), folders.snapshots(), folders.identifiers(), folders.keys()):
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
    directory = folders.postcode_directory()
    return loading.Root(
        folder,
        folders.uploads(),
        folders.snapshots(),
        folders.identifiers(),
        folders.keys(),
        pseudonym_key(folders.keys()),
        timezone.localdate(),
        directory if directory.exists() else None,
    )


def _chains(fresh: list[Listed], folder: Path) -> tuple[Chain, ...]:
    groups: dict[tuple[str, str], list[Listed]] = {}
    for one in fresh:
        groups.setdefault((one.partner, one.format), []).append(one)
    decided = {format: stored.decided(format) for _, format in groups}
    known = set(Return.objects.values_list("partner__code", "format").distinct())
    speaks_for = {partner: partners.speaks_for(partner) for partner in {partner for partner, _ in groups}}
    chains = []
    for (partner, format), several in groups.items():
        names = [uuids.uuid4() for _ in several]
        before = stored.previous_snapshot(partner, format, several[0].month) if (partner, format) in known else None
        named = tuple((str(name), folder_of(partner, name)) for name in names)
        chosen = stored.chosen_columns(partner, format)
        chains.append(
            Chain(partner, format, speaks_for[partner], tuple(several), named, decided[format], chosen, before[1] if before else "")
        )
    sizes = {id(chain): sum((folder / path).stat().st_size for one in chain.listed for _, path in one.files) for chain in chains}
    return loading.in_order(chains, lambda chain: sizes[id(chain)] + 20_000 * chain.weight)


def _taken(chains: tuple[Chain, ...], root: loading.Root, processes: int) -> Iterator[tuple[Chain, tuple[TakenIn, ...]]]:
    """Every chain as it is done."""
    if processes == 1 or len(chains) < 2 * processes:
        yield from ((chain, loading.take_in_chain(chain, root)) for chain in chains)
        return
    before = os.environ.get("POLARS_MAX_THREADS")
    os.environ["POLARS_MAX_THREADS"] = "1"  # each process has one core to itself
    try:
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            for number, taken in pool.imap_unordered(partial(loading.take_in_numbered, root=root), enumerate(chains)):
                yield chains[number], taken
    finally:
        os.environ.pop("POLARS_MAX_THREADS") if before is None else os.environ.update(POLARS_MAX_THREADS=before)


def _write(batch: list[tuple[Chain, tuple[TakenIn, ...]]], ids: dict[str, int], by: Any, loaded: Loaded) -> None:
    """What the chains became is in the database, all or nothing, once their files are surely on disk."""
    os.sync()
    with transaction.atomic():
        rows = [_rows(chain, taken, ids[chain.partner], by) for chain, taken in batch]
        Return.objects.bulk_create([row for several in rows for row in several])
        by_uuid = {str(row.uuid): row.pk for several in rows for row in several}
        everything = [(by_uuid[one.name], one) for _, taken in batch for one in taken]
        ReturnFile.objects.bulk_create([file for key, one in everything for file in _files(key, one)])
        FindingCount.objects.bulk_create([count for key, one in everything for count in finding_counts(key, one.outcome.findings)])
        Snapshot.objects.bulk_create([row for key, one in everything for row in snapshot_rows(key, one.written)])
        note_unmapped([(key, one.outcome.format, one.unmapped) for key, one in everything])
        for (chain, _), several in zip(batch, rows, strict=True):
            _record(chain, several, by)
            _count(several, loaded)


def _rows(chain: Chain, taken: tuple[TakenIn, ...], partner_id: int, by: Any) -> list[Return]:
    """The returns of a chain, each decided, ready to be stored."""
    about = partners.partner(chain.partner)
    rows = [_row(one, partner_id, about.is_synthetic, by) for one in taken]
    rows += [_nil(one, partner_id, about.is_synthetic, by) for one in chain.listed if one.nil]
    _decide(rows, about.name)
    return rows


def _files(return_id: int, one: TakenIn) -> list[ReturnFile]:
    return [
        ReturnFile(
            return_of_id=return_id, part=file.part, name=file.name, size=file.size, sha256=file.sha256, path=f"{one.folder}/{file.file}"
        )
        for file in one.files
    ]


def _record(chain: Chain, rows: list[Return], by: Any) -> None:
    audit.record(
        "returns loaded",
        by=by,
        about=f"organisation:{chain.partner}",
        format=chain.format,
        accepted=[row.uuid for row in rows if row.state == ACCEPTED],
        sent_back=[row.uuid for row in rows if row.state == SENT_BACK],
    )


def _row(one: TakenIn, partner_id: int, synthetic: bool, by: Any) -> Return:
    """The return as its check left it."""
    when = _at(one.listed.sent)
    return Return(
        uuid=one.name,
        partner_id=partner_id,
        month=one.listed.month,
        version=one.listed.version,
        state=CHECKED,
        synthetic=synthetic,
        digest=digest_of(file.sha256 for file in one.files),
        folder=one.folder,
        size=sum(file.size for file in one.files),
        sent_by=by,
        received_at=when,
        checked_at=when,
        **columns_of(one.outcome) | {"people": one.people},
    )


def _nil(one: Listed, partner_id: int, synthetic: bool, by: Any) -> Return:
    """A nil return."""
    when = _at(one.sent)
    return Return(
        partner_id=partner_id,
        format=one.format,
        month=one.month,
        version=one.version,
        state=CHECKED,
        nil=True,
        synthetic=synthetic,
        digest=digest_of([one.partner, one.format, one.month.isoformat(), "nil"]),
        sent_by=by,
        received_at=when,
        checked_at=when,
    )


def _decide(rows: list[Return], partner: str) -> None:
    """Each return is accepted where its policies let it, else sent back; one that was accepted before for the same month is replaced."""
    standing: dict[date, Return] = {}
    for row in sorted(rows, key=lambda row: (row.month, row.version)):
        row.decided_at, row.decided_by_id = row.received_at, row.sent_by_id
        try:
            policies.check_can_be_accepted(row, answer=ANSWER, movement_confirmed=True, today=timezone.localdate())
        except Invalid as error:
            row.state, row.reason = SENT_BACK, str(error)
            continue
        if row.month in standing:
            standing[row.month].state = policies.check_step(standing[row.month], "replaced")
        row.state = policies.check_step(row, "accepted")
        row.answer, row.movement_confirmed = (ANSWER if row.warnings else ""), row.movement_asks
        standing[row.month] = row


def _count(rows: list[Return], loaded: Loaded) -> None:
    loaded.returns += len(rows)
    loaded.accepted += sum(row.state in (ACCEPTED, REPLACED) for row in rows)
    loaded.sent_back += sum(row.state == SENT_BACK for row in rows)
    loaded.nil += sum(row.nil for row in rows)
    loaded.rows += sum(row.rows for row in rows)
    loaded.errors += sum(row.errors for row in rows)
    loaded.warnings += sum(row.warnings for row in rows)
    for row in rows:
        loaded.by_format[row.format] = loaded.by_format.get(row.format, 0) + 1


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def _load_postcodes(folder: Path) -> None:
    path = folder / "postcodes.csv"
    if path.exists():
        table = pl.read_csv(path, infer_schema=False).select("postcode", "lsoa21")
        folders.home().mkdir(parents=True, exist_ok=True)
        write_whole(loading.as_parquet(table), folders.postcode_directory())


def _load_cadences(folder: Path, listed: tuple[Listed, ...]) -> None:
    """What each partner owes: as the folder's calendar says, from the first month for which it has sent."""
    path = folder / "calendar.csv"
    if not path.exists():
        return
    first: dict[tuple[str, str], date] = {}
    for one in listed:
        first.setdefault((one.partner, one.format), one.month)
    table = pl.read_csv(path, infer_schema=False)
    owed = [row for row in table.iter_rows(named=True) if (row["partner"], row["format"]) in first]
    Cadence.objects.bulk_create(
        (
            Cadence(
                partner_id=stored.organisation_id(row["partner"]),
                format=row["format"],
                interval_months=int(row["cadence_months"]),
                due_day=int(row["due_day"]),
                first_month=first[row["partner"], row["format"]],
            )
            for row in owed
        ),
        update_conflicts=True,
        unique_fields=["partner", "format"],
        update_fields=["interval_months", "due_day", "first_month"],
    )


def _silent(what: str, done: int, of: int) -> None:
    """Nobody is listening."""
