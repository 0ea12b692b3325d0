"""Randomness keyed by decision: any draw of any assumption can be made alone, in any order, on any thread.

Philox 4×32 with ten rounds (Salmon et al. 2011, Parallel random numbers: as easy as 1, 2, 3). The key is the seed; the
counter is (draw, block, parameter), so two scenarios that share an assumption share its luck.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

Function = TypeVar("Function", bound=Callable[..., Any])

CERTAIN, BETA, LOGNORMAL = 0, 1, 2
"""How an assumption is drawn."""


def compiled(function: Function) -> Function:
    """The same function, compiled to machine code on first use and free of the interpreter's lock."""
    return cast(Function, numba.njit(cache=True, nogil=True)(function))


def parameter_key(name: str) -> int:
    """The 64-bit key of an assumption, from its name alone, so that it draws the same in every model that has it.

    >>> parameter_key("leaving/staff_nurse") == parameter_key("leaving/staff_nurse")
    True
    """
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


Word = int | np.uint64
"""A word of 32 bits, however it is held."""


@compiled
def philox(draw: int, block: int, key_low: Word, key_high: Word, seed_low: Word, seed_high: Word) -> tuple[int, int, int, int]:
    """Four 32-bit words that this counter and seed always give."""
    mask = np.uint64(0xFFFFFFFF)
    shift = np.uint64(32)
    c0, c1, c2, c3 = np.uint64(draw), np.uint64(block), np.uint64(key_low), np.uint64(key_high)
    k0, k1 = np.uint64(seed_low), np.uint64(seed_high)
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * c0
        p1 = np.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = (p1 >> shift) ^ c1 ^ k0, p1 & mask, (p0 >> shift) ^ c3 ^ k1, p0 & mask
        k0 = (k0 + np.uint64(0x9E3779B9)) & mask
        k1 = (k1 + np.uint64(0xBB67AE85)) & mask
    return c0, c1, c2, c3  # type: ignore[return-value]  # unsigned words


@compiled
def _normal(first: int, second: int) -> float:
    """A standard normal from two words (Box and Muller 1958)."""
    u = (np.float64(first) + 0.5) / 4294967296.0
    v = (np.float64(second) + 0.5) / 4294967296.0
    return float(np.sqrt(-2.0 * np.log(u)) * np.cos(2.0 * np.pi * v))


@compiled
def _gamma(shape: float, stream: int, draw: int, key: int, seed: int) -> float:
    """A gamma variate of this shape and unit scale (Marsaglia and Tsang 2000), from the even or odd blocks of its counter."""
    mask = np.uint64(0xFFFFFFFF)
    key_low, key_high = np.uint64(key) & mask, np.uint64(key) >> np.uint64(32)
    seed_low, seed_high = np.uint64(seed) & mask, np.uint64(seed) >> np.uint64(32)
    d = (shape if shape >= 1.0 else shape + 1.0) - 1.0 / 3.0
    c = 1.0 / np.sqrt(9.0 * d)
    for attempt in range(1000):
        a, b, u, w = philox(draw, 2 * attempt + stream, key_low, key_high, seed_low, seed_high)
        x = _normal(a, b)
        v = (1.0 + c * x) ** 3
        if v <= 0.0:
            continue
        uniform = (np.float64(u) + 0.5) / 4294967296.0
        if np.log(uniform) < 0.5 * x * x + d - d * v + d * np.log(v):
            boost = 1.0 if shape >= 1.0 else ((np.float64(w) + 0.5) / 4294967296.0) ** (1.0 / shape)
            return float(d * v * boost)
    return float(d)


@compiled
def draw_value(kind: int, central: float, first: float, second: float, draw: int, key: int, seed: int) -> float:
    """What one assumption is in one draw; the central value where it is certain."""
    if kind == 1:
        a = _gamma(first, 0, draw, key, seed)
        b = _gamma(second, 1, draw, key, seed)
        return a / (a + b) if a + b > 0.0 else central
    if kind == 2:
        mask = np.uint64(0xFFFFFFFF)
        high = np.uint64(32)
        words = philox(draw, 0, np.uint64(key) & mask, np.uint64(key) >> high, np.uint64(seed) & mask, np.uint64(seed) >> high)
        return float(np.exp(first + second * _normal(words[0], words[1])))
    return central
