"""Snapshots: immutable Parquet files, each named by the SHA-256 of its own bytes. The only I/O of the picture."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from oneworkforce.errors import Invalid
from oneworkforce.vocabulary import code_list
from oneworkforce.workforce.core.assignments import CODE_LISTS

_SUFFIX = ".parquet"
_DIGEST_LENGTH = 64
_together: list[bool] = []
_PACKS = "packs"  # derived from snapshots, and made again where lost


def store(frame: pl.DataFrame, folder: Path) -> str:
    """The frame is in the folder, whole and on disk, and its digest is returned; the same frame is stored once.

    Axes: frame[row], any columns. The same rows in the same order give the same bytes and so the same digest.
    Raises: OSError where the disk is full or not writable; then nothing is left behind.
    """
    content = _as_bytes(frame)
    digest = hashlib.sha256(content).hexdigest()
    write_whole(content, path_of(digest, folder))
    return digest


def load(digests: Iterable[str], folder: Path) -> pl.LazyFrame:
    """All rows of these snapshots, one after another, read only as far as they are asked for.

    Raises: Invalid where a snapshot is not in the folder; ValueError where no digest is given.
    """
    wanted = tuple(digests)
    if not wanted:
        raise ValueError("Name at least one snapshot to load.")
    return pl.scan_parquet([_existing(digest, folder) for digest in wanted])


def gathered(groups: Iterable[Sequence[str]], folder: Path) -> pl.LazyFrame:
    """All rows of these snapshots from one file a group (such as a month), which is made the first time.

    Axes: groups[group][snapshot] digests. Columns with a code list are of its Enum type. Reading thousands of small files costs more
    than their rows; a changed group is gathered again and the others are not.
    Raises: Invalid where a snapshot is not in the folder; ValueError where no digest is given.
    """
    packs = [_pack(sorted(group), folder) for group in groups if group]
    if not packs:
        raise ValueError("Name at least one snapshot to load.")
    return pl.scan_parquet(packs)


def verify(digest: str, folder: Path) -> None:
    """The snapshot's bytes are those it was named for; raises Invalid where they are not, or where it is missing."""
    if hashlib.sha256(_existing(digest, folder).read_bytes()).hexdigest() != digest:
        raise Invalid(f"Snapshot {digest[:12]} has changed on disk since it was stored. Restore it from a backup.")


def stored(folder: Path) -> tuple[str, ...]:
    """The digest of every snapshot in the folder, in order."""
    if not folder.exists():
        return ()
    return tuple(sorted(path.stem for path in folder.glob(f"[0-9a-f][0-9a-f]/*{_SUFFIX}") if len(path.stem) == _DIGEST_LENGTH))


def path_of(digest: str, folder: Path) -> Path:
    """Where the snapshot of this digest lies, or would lie, in the folder."""
    return folder / digest[:2] / f"{digest}{_SUFFIX}"


@contextmanager
def written_together() -> Iterator[None]:
    """Files written inside are whole under their names as ever, but the disk is waited for once: by whoever then calls `os.sync`.

    Only for a process that writes thousands of files and says nowhere that they are there until after that.
    """
    _together.append(True)
    try:
        yield
    finally:
        _together.pop()


def write_whole(content: bytes, path: Path, mode: int = 0o640) -> None:
    """The file holds exactly this content and is on disk; at no moment is a part of it to be seen under its name.

    An existing file of that name stays as it is when it holds the same content already, else it is replaced.
    """
    if path.exists() and path.read_bytes() == content:
        return
    if not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".aside-{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
            file.flush()
            if not _together:
                os.fsync(file.fileno())
        aside.replace(path)
        if not _together:
            _sync_folder(path.parent)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _as_bytes(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.rechunk().write_parquet(buffer, compression="zstd", compression_level=3, statistics=True, row_group_size=250_000)
    return buffer.getvalue()


def _existing(digest: str, folder: Path) -> Path:
    path = path_of(digest, folder)
    if not path.exists():
        raise Invalid(f"Snapshot {digest[:12]} is not in {folder}. Restore it from a backup, or send its return again.")
    return path


def _pack(digests: Sequence[str], folder: Path) -> Path:
    """The file that holds these snapshots' rows, coded; its name says which snapshots and which code lists made it."""
    categories = repr([code_list(name).codes for name in CODE_LISTS.values()])
    name = hashlib.sha256("\n".join([categories, *digests]).encode()).hexdigest()
    path = folder / _PACKS / f"{name}{_SUFFIX}"
    if not path.exists():
        frames = [pl.read_parquet(_existing(digest, folder)) for digest in digests]
        write_whole(_as_bytes(pl.concat([coded(frame) for frame in frames])), path)
    return path


def coded(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every column that has a code list in that list's Enum type: the same codes, a fraction of the memory."""
    return frame.with_columns(
        pl.col(name).cast(code_list(list_name).dtype) for name, list_name in CODE_LISTS.items() if name in frame.columns
    )
