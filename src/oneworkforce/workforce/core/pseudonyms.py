"""Pseudonyms: the same identifier always becomes the same number, and the number never leads back without the key."""

from __future__ import annotations

import hashlib

import numpy as np
import polars as pl

_BLOCK_BYTES = 64  # SHA-256's block, to which HMAC pads its key (RFC 2104, section 2)
_KEPT_BYTES = 8  # 64 of 256 bits: among a million people two collide with a chance of 3 in 100 million
_LEAST_KEY_BYTES = 16


def pseudonyms(values: pl.Series, key: bytes, purpose: str) -> pl.Series:
    """Every value is its pseudonym: HMAC-SHA256 over "purpose|value" under the key, the first 64 bits of it.

    Axes: values[row] text, such as "RR8|esr_staff_in_post|20001234"; null stays null.
    Parameters: key of at least 16 bytes; purpose such as "person" or "post", so that numbers made for one purpose never
    match numbers made for another.
    Returns: [row] UInt64 under the name of `values`. Only distinct values are hashed.
    Raises: ValueError where the key is too short.
    Source: RFC 2104 (HMAC), FIPS 180-4 (SHA-256).

    >>> numbers = pseudonyms(pl.Series("person", ["RR8|esr|1", None, "RR8|esr|1"]), b"0123456789abcdef", "person")
    >>> numbers[0] == numbers[2], numbers[1], numbers.dtype
    (True, None, UInt64)
    """
    if len(key) < _LEAST_KEY_BYTES:
        raise ValueError(f"The key for pseudonyms has {len(key)} bytes; it needs at least {_LEAST_KEY_BYTES}.")
    texts = values.cast(pl.String)
    listed = texts.to_list()
    distinct = list(dict.fromkeys(listed))
    if len(distinct) == len(listed) and None not in distinct:
        return _hashed(distinct, key, purpose).alias(values.name)
    known = [text for text in distinct if text is not None]
    numbers = dict(zip(known, _hashed(known, key, purpose).to_list(), strict=True))
    return pl.Series(values.name, [numbers.get(text) for text in listed], dtype=pl.UInt64)


def _hashed(texts: list[str], key: bytes, purpose: str) -> pl.Series:
    """One number a text; the key's two padded blocks are hashed once and copied for every text."""
    padded = (key if len(key) <= _BLOCK_BYTES else hashlib.sha256(key).digest()).ljust(_BLOCK_BYTES, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + purpose.encode() + b"|").copy
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded)).copy

    def first_bytes(text: str) -> bytes:
        inside, outside = inner(), outer()
        inside.update(text.encode())
        outside.update(inside.digest())
        return outside.digest()[:_KEPT_BYTES]

    joined = b"".join([first_bytes(text) for text in texts])
    return pl.Series(np.frombuffer(joined, dtype=">u8").astype(np.uint64), dtype=pl.UInt64)
