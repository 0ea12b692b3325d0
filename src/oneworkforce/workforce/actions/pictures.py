"""The city's picture is built from all accepted snapshots: as long work, once for however many returns were accepted meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone

from oneworkforce.audit import actions as audit
from oneworkforce.errors import Unanswerable
from oneworkforce.jobs import actions as jobs
from oneworkforce.partners import queries as partners
from oneworkforce.publication.core.profiles import profile
from oneworkforce.publication.core.provenance import Input, Provenance
from oneworkforce.workforce import built, folders
from oneworkforce.workforce.core.assignments import Assignments, Posts, empty
from oneworkforce.workforce.core.picture import Picture, build, measures
from oneworkforce.workforce.core.specification import format_named
from oneworkforce.workforce.lifecycles import ACCEPTED
from oneworkforce.workforce.models import PictureBuild, PictureInput, ReleasedTable, Return, Snapshot
from oneworkforce.workforce.queries.calendar import expected_frame
from oneworkforce.workforce.snapshots import gathered

VERSION = version("oneworkforce")

KEEP = 3
"""Builds whose files are kept; any other can be made again from its inputs."""

Say = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Standing:
    """A snapshot that counts."""

    partner: str
    format: str
    month: date
    kind: str
    digest: str


def ask_for_picture(*, by: Any) -> None:
    """A build of the picture is waiting or under way; the one under way looks again at the end for what came meanwhile."""
    jobs.start(
        "build_picture",
        by=by,
        title="Making the city’s picture",
        task="oneworkforce.workforce.tasks.build_picture",
        key="picture",
        address="/workforce/",
    )


def picture_is_current() -> bool:
    """Whether the current build was made from exactly what is accepted now."""
    current = PictureBuild.objects.filter(current=True).values_list("digest", flat=True).first()
    return current is not None and current == digest_of_inputs()


def digest_of_inputs() -> str:
    """What the picture would be named now: a digest of everything that goes into it, of the rules it is released under, and of the code."""
    lines = [f"{one.kind} {one.digest} {one.partner} {one.format} {one.month}" for one in standing_snapshots()]
    lines += [f"nil {code} {format} {month}" for code, format, month in _nil_returns()]
    lines += [str(row) for row in partners.organisations_frame().rows()] + [str(row) for row in partners.successions_frame().rows()]
    rules = [str(profile(name)) for name in built.PROFILES]
    return hashlib.sha256("\n".join([VERSION, *rules, *sorted(lines)]).encode()).hexdigest()


def standing_snapshots() -> tuple[Standing, ...]:
    """Every current snapshot of an accepted return, in order."""
    found = Snapshot.objects.filter(current=True, return_of__state=ACCEPTED).order_by(
        "return_of__month", "return_of__partner__code", "return_of__format", "kind"
    )
    columns = ("return_of__partner__code", "return_of__format", "return_of__month", "kind", "digest")
    return tuple(Standing(*row) for row in found.values_list(*columns))


def build_picture(*, by: Any = None, say: Say | None = None) -> str:
    """The current picture is made from exactly what is accepted, and its tables are released; its digest.

    Raises: Unanswerable where nothing is accepted yet. A build killed at any line leaves the one before as it was.
    """
    tell = say or _silent
    digest = digest_of_inputs()
    known = PictureBuild.objects.filter(digest=digest).first()
    if known is not None and (folders.pictures() / digest).exists():
        _make_current(known)
        return digest
    standing = standing_snapshots()
    if not standing:
        raise Unanswerable("No return is accepted yet, so there is no picture. Accept a return first.")
    tell(0, 5, "Reading the accepted returns")
    picture = _picture(standing)
    provenance = _provenance(picture, digest)
    tell(1, 5, "Releasing the tables")
    names = {partner.code: partner.name for partner in partners.partners()}
    folders.pictures().mkdir(parents=True, exist_ok=True)
    rows = built.write(picture, provenance, names, folders.pictures() / digest, lambda done, _, words: tell(1 + done, 5, words))
    tell(4, 5, "Writing the result")
    _store(digest, picture, standing, rows, by)
    kept = PictureBuild.objects.order_by("-current", "-built_at").values_list("digest", flat=True)[:KEEP]
    built.remove_all_but([folders.pictures() / one for one in kept], folders.pictures())
    return digest


def _picture(standing: tuple[Standing, ...]) -> Picture:
    frames = {kind: _frame(standing, kind) for kind in ("assignments", "posts")}
    last = max(one.month for one in standing)
    return build(
        frames["assignments"],
        frames["posts"],
        partners.organisations_frame(),
        partners.successions_frame(),
        expected_frame(last, timezone.localdate()),
    )


def _frame(standing: tuple[Standing, ...], kind: str) -> pl.LazyFrame:
    groups: dict[date, list[str]] = {}
    for one in standing:
        if one.kind == kind:
            groups.setdefault(one.month, []).append(one.digest)
    if not groups:
        return empty(Assignments if kind == "assignments" else Posts).lazy()
    return gathered(groups.values(), folders.snapshots())


def _provenance(picture: Picture, digest: str) -> Provenance:
    names = {partner.code: partner.name for partner in partners.partners()}
    last = picture.months[-1]
    now = picture.coverage.filter(pl.col("month") == last)
    inputs, missing = [], []
    for row in now.sort("partner", "format").iter_rows(named=True):
        label = f"{names.get(row['partner'], row['partner'])}, {format_named(row['format']).label}"
        if row["status"] in ("accepted", "carried", "nil"):
            month = last if row["status"] != "carried" else _before(last, int(row["age"] or 0))
            inputs.append(Input(label, row["snapshot"] or "", month, row["status"]))
        elif row["status"] == "missing":
            missing.append(f"{label}: no return")
    notes = tuple(f"{entry.label}: {entry.definition}" for entry in measures() if entry.name in ("people", "turnover"))
    return Provenance(f"picture {digest[:12]}", tuple(inputs), (), VERSION, picture.months, tuple(missing), partners.any_synthetic(), notes)


def _before(month: date, months: int) -> date:
    place = month.year * 12 + month.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


@transaction.atomic
def _store(digest: str, picture: Picture, standing: tuple[Standing, ...], rows: dict[tuple[str, str], int], by: Any) -> None:
    before = PictureBuild.objects.filter(current=True).first()
    PictureBuild.objects.filter(digest=digest).delete()
    made = PictureBuild.objects.create(
        digest=digest,
        built_at=timezone.now(),
        first_month=picture.months[0],
        last_month=picture.months[-1],
        returns=Return.objects.filter(state=ACCEPTED).count(),
        restated=[month.isoformat() for month in _restated(before, standing)],
        summary=_summary(picture),
    )
    PictureInput.objects.bulk_create(
        PictureInput(build=made, partner_code=key[0], format=key[1], month=key[2], digest=value) for key, value in _joined(standing).items()
    )
    ReleasedTable.objects.bulk_create(
        ReleasedTable(build=made, profile=profile, name=name, path=f"{digest}/{profile}/{name}.parquet", rows=count)
        for (profile, name), count in rows.items()
    )
    _make_current(made)
    audit.record("picture built", by=by, about=f"picture:{digest[:12]}", returns=made.returns, restated=made.restated)


@transaction.atomic
def _make_current(build_: PictureBuild) -> None:
    PictureBuild.objects.filter(current=True).exclude(pk=build_.pk).update(current=False)
    PictureBuild.objects.filter(pk=build_.pk).update(current=True)


def _joined(standing: tuple[Standing, ...]) -> dict[tuple[str, str, date], str]:
    """Partner, format and month to the digests of its snapshots."""
    found: dict[tuple[str, str, date], str] = {}
    for one in standing:
        key = (one.partner, one.format, one.month)
        found[key] = f"{found[key]}:{one.digest}" if key in found else one.digest
    return found


def _restated(before: PictureBuild | None, standing: tuple[Standing, ...]) -> list[date]:
    """The months that the picture before had shown and that stand on other returns now."""
    if before is None or before.last_month is None:
        return []
    then = {(row.partner_code, row.format, row.month): row.digest for row in before.inputs.all()}
    now = _joined(standing)
    changed = {key[2] for key in then.keys() | now.keys() if then.get(key) != now.get(key)}
    return sorted(month for month in changed if month <= before.last_month)


def _summary(picture: Picture) -> dict[str, Any]:
    last = picture.coverage.filter(pl.col("month") == picture.months[-1])
    counts = dict(last.group_by("status").len().rows())
    return {"coverage": {str(status): count for status, count in counts.items()}}


def _nil_returns() -> list[tuple[str, str, date]]:
    return list(Return.objects.filter(state=ACCEPTED, nil=True).values_list("partner__code", "format", "month"))


def _silent(done: int, total: int, message: str) -> None:
    """Nobody is listening."""
