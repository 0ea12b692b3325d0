"""A return comes in: its files are on disk, whole, before a row says so; then it is checked as long work."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from oneworkforce.audit import actions as audit
from oneworkforce.errors import Invalid
from oneworkforce.jobs import actions as jobs
from oneworkforce.partners import queries as partners
from oneworkforce.workforce import folders, permissions, policies
from oneworkforce.workforce.actions.pictures import ask_for_picture
from oneworkforce.workforce.lifecycles import ACCEPTED, WITHDRAWN
from oneworkforce.workforce.models import Return, ReturnFile
from oneworkforce.workforce.queries.rows import organisation_id, return_row

INCOMING = ".incoming"
"""Where files lie while they arrive; nothing else looks there."""

_NOTHING_LOST = (
    "The disk is full, so the file could not be stored. Nothing was kept or changed. Tell whoever runs the site, then send it again."
)


class Upload(Protocol):
    """A file that is coming in: Django's uploaded files are ones."""

    @property
    def name(self) -> str | None: ...

    def chunks(self) -> Iterator[bytes]: ...


@dataclass(frozen=True)
class Stored:
    """A file as it lies on disk."""

    name: str
    file: str
    size: int
    sha256: str


def receive_return(
    files: Iterable[Upload],
    *,
    partner: str,
    month: date,
    by: Any,
    format: str = "",
    sender: str = "",
    correction: bool = False,
    on_screen: bool = False,
) -> Return:
    """The return is received: its files are stored as they were sent, and it is being checked.

    Parameters:
        format: blank to recognise it from the headers.
        sender: the organisation that sends on the partner's behalf, blank where the partner does.
        correction: whether it may replace a return that was already accepted.
    Raises: Refused; Invalid where the month, the partner or the files can't be, and then nothing is kept.
    """
    permissions.check_can_send(by, partner)
    about = partners.partner(partner)
    policies.check_month(month, timezone.localdate())
    policies.check_partner_open(about, month)
    if format:
        policies.check_format_is_sent(format, about)
        policies.check_not_accepted_already(about, format, month, correction)
    identity = uuid.uuid4()
    aside = folders.uploads() / INCOMING / str(identity)
    try:
        stored = _store(files, aside)
        policies.check_files([file.name for file in stored], [file.size for file in stored], settings.ONEWORKFORCE_UPLOAD_LIMIT)
        digest = digest_of(file.sha256 for file in stored)
        policies.check_not_sent_before(partner, format, month, digest)
        folder = folder_of(partner, identity)
        (folders.uploads() / folder).parent.mkdir(parents=True, exist_ok=True)
        aside.rename(folders.uploads() / folder)
    except OSError as error:
        raise Invalid(_NOTHING_LOST) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    try:
        return _received(identity, stored, folder, digest, about, month, by, format, sender, correction, on_screen)
    except BaseException:
        shutil.rmtree(folders.uploads() / folder, ignore_errors=True)
        raise


@transaction.atomic
def _received(
    identity: uuid.UUID,
    stored: list[Stored],
    folder: str,
    digest: str,
    about: partners.Partner,
    month: date,
    by: Any,
    format: str,
    sender: str,
    correction: bool,
    on_screen: bool,
) -> Return:
    earlier = policies.check_not_accepted_already(about, format, month, correction) if format else None
    return_ = Return.objects.create(
        uuid=identity,
        partner_id=organisation_id(about.code),
        sender_id=organisation_id(sender) if sender else None,
        format=format,
        month=month,
        version=_version(about.code, format, month),
        synthetic=about.is_synthetic,
        replaces=earlier,
        correction=correction,
        on_screen=on_screen,
        digest=digest,
        folder=folder,
        size=sum(file.size for file in stored),
        sent_by=by,
        received_at=timezone.now(),
    )
    ReturnFile.objects.bulk_create(
        ReturnFile(return_of=return_, name=file.name, size=file.size, sha256=file.sha256, path=f"{folder}/{file.file}") for file in stored
    )
    audit.record("return received", by=by, about=return_, partner=about.code, format=format, month=month, digest=digest)
    ask_for_check(return_, by=by)
    return return_


@transaction.atomic
def check_again(reference: uuid.UUID | str, *, by: Any) -> Return:
    """The return's check is waiting or under way again, where it was stopped before it had a result."""
    return_ = return_row(reference)
    permissions.check_can_send(by, return_.partner.code)
    policies.check_open(return_)
    ask_for_check(return_, by=by)
    audit.record("return check asked for", by=by, about=return_)
    return return_


def ask_for_check(return_: Return, *, by: Any) -> None:
    """The return's check is waiting or under way as long work."""
    jobs.start(
        "check_return",
        by=by,
        title=f"Checking the return of {return_.partner} for {return_.month:%B %Y}",
        task="oneworkforce.workforce.tasks.check_return",
        arguments={"uuid": str(return_.uuid)},
        key=f"check:{return_.uuid}",
        partner_code=return_.partner.code,
        address=f"/workforce/returns/{return_.uuid}/",
        total=4,
    )


@transaction.atomic
def nil_return(*, partner: str, format: str, month: date, by: Any, sender: str = "") -> Return:
    """The partner has said that there is nothing to report for that month, and it is accepted as such."""
    permissions.check_can_send(by, partner)
    about = partners.partner(partner)
    policies.check_format_is_sent(format, about)
    policies.check_month(month, timezone.localdate())
    policies.check_partner_open(about, month)
    policies.check_not_accepted_already(about, format, month, correction=False)
    now = timezone.now()
    return_ = Return.objects.create(
        partner_id=organisation_id(partner),
        sender_id=organisation_id(sender) if sender else None,
        format=format,
        month=month,
        version=_version(partner, format, month),
        state=ACCEPTED,
        nil=True,
        synthetic=about.is_synthetic,
        digest=digest_of([partner, format, month.isoformat(), "nil"]),
        sent_by=by,
        received_at=now,
        checked_at=now,
        decided_at=now,
        decided_by=by,
    )
    audit.record("nil return accepted", by=by, about=return_, partner=partner, format=format, month=month)
    ask_for_picture(by=by)
    return return_


def folder_of(partner: str, identity: uuid.UUID) -> str:
    """Where the return's files lie, below the uploads folder."""
    return f"{re.sub(r'[^A-Za-z0-9-]', '_', partner)}/{identity}"


def digest_of(parts: Iterable[str]) -> str:
    """One digest of several, whatever their order."""
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()


def tidy_uploads(*, older_than: timedelta = timedelta(days=1)) -> int:
    """Files that were arriving when a process was killed are gone; how many."""
    before = (timezone.now() - older_than).timestamp()
    left = [path for path in (folders.uploads() / INCOMING).glob("*") if path.stat().st_mtime < before]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return len(left)


def _version(partner: str, format: str, month: date) -> int:
    return Return.objects.filter(partner__code=partner, format=format, month=month).exclude(state=WITHDRAWN).count() + 1


def _store(files: Iterable[Upload], folder: Path) -> list[Stored]:
    """The files lie in the folder, each whole and on disk."""
    folder.mkdir(parents=True, mode=0o700)
    stored = []
    for number, upload in enumerate(files, start=1):
        name = Path((upload.name or "file").replace("\\", "/")).name[:200] or "file"
        file = f"{number:02d}{_suffix(name)}"
        size, sha256 = _write(upload.chunks(), folder / file)
        stored.append(Stored(name, file, size, sha256))
    return stored


def _suffix(name: str) -> str:
    """The file's ending, where it is a plain one; its own name never becomes a path."""
    ending = Path(name).suffix.lower()
    return ending if re.fullmatch(r"\.[a-z0-9]{1,8}", ending) else ""


def _write(chunks: Iterable[bytes], path: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in chunks:
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        file.flush()
        os.fsync(file.fileno())
    return size, digest.hexdigest()
