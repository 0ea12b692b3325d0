"""Direct identifiers: one encrypted file a return, apart from the snapshots; without its own key file it says nothing."""

from __future__ import annotations

import io
import os
import secrets
from contextlib import suppress
from functools import cache
from pathlib import Path

import polars as pl
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from oneworkforce.errors import Invalid
from oneworkforce.vocabulary import code_list
from oneworkforce.workforce.core.assignments import Identifiers, empty, valid
from oneworkforce.workforce.snapshots import write_whole

_NONCE_BYTES = 12  # NIST SP 800-38D, section 8.2: 96 bits
_KEY_BITS = 256
_OWNER_ONLY = 0o600


def seal(frame: pl.DataFrame, name: str, folder: Path, keys: Path) -> Path:
    """The identifiers of one return lie encrypted in the folder; the key that opens them lies apart, readable by its owner only.

    Axes: frame[person] in the columns of `Identifiers`. Parameters: name of the return, such as its number, used for both files.
    Returns: the encrypted file. Raises: Invalid where the frame breaks the rules of `Identifiers`, or the name is not a plain file name.
    """
    content = io.BytesIO()
    (frame if _is_sound(frame) else valid(Identifiers, frame)).write_parquet(content)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = nonce + AESGCM(_key(name, keys)).encrypt(nonce, content.getvalue(), name.encode())
    path = _file(name, folder, ".sealed")
    write_whole(sealed, path, _OWNER_ONLY)
    return path


@cache
def _shape() -> tuple[pl.Schema, frozenset[str]]:
    return empty(Identifiers).schema, frozenset(code_list("sexes").codes)


def _is_sound(frame: pl.DataFrame) -> bool:
    """Whether the frame plainly keeps the rules of `Identifiers`, as everything does that a conversion made; told in a hundredth of the time."""
    schema, sexes = _shape()
    return frame.schema == schema and not frame["person"].null_count() and sexes.issuperset(frame["sex"].drop_nulls().to_list())


def unseal(name: str, folder: Path, keys: Path) -> pl.DataFrame:
    """The identifiers of one return, in the clear and in memory only.

    Raises: Invalid where the file or its key is gone, or where either was changed.
    """
    path, key = _file(name, folder, ".sealed"), _file(name, keys, ".key")
    if not path.exists() or not key.exists():
        raise Invalid(f"The identifiers of return {name} are not held any more.")
    sealed = path.read_bytes()
    try:
        content = AESGCM(key.read_bytes()).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name.encode())
    except (InvalidTag, ValueError) as error:
        raise Invalid(f"The identifiers of return {name} do not open with their key: one of the two was changed.") from error
    return pl.read_parquet(io.BytesIO(content))


def destroy(name: str, folder: Path, keys: Path) -> None:
    """Neither the identifiers of this return nor their key are held any more: the key goes first."""
    _file(name, keys, ".key").unlink(missing_ok=True)
    _file(name, folder, ".sealed").unlink(missing_ok=True)


def pseudonym_key(keys: Path) -> bytes:
    """The key under which this place makes its pseudonyms: 32 random bytes made once, in a file readable by its owner only."""
    return _key("pseudonyms", keys)


def _key(name: str, keys: Path) -> bytes:
    path = _file(name, keys, ".key")
    if not path.exists():
        keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = path.with_name(f".{secrets.token_hex(8)}")
        write_whole(AESGCM.generate_key(_KEY_BITS), aside, _OWNER_ONLY)
        with suppress(FileExistsError):
            os.link(aside, path)  # of two processes at once, the first one's key stands
        aside.unlink()
    return path.read_bytes()


def _file(name: str, folder: Path, suffix: str) -> Path:
    if not name or Path(name).name != name or name.startswith("."):
        raise Invalid(f"{name!r} is not a name for a file of identifiers.")
    return folder / f"{name}{suffix}"
