"""Randomness keyed by decision: any one stream can be made again alone, and no stream depends on how far another was read."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np


def stream(seed: int, *key: str | int) -> np.random.Generator:
    """The counter-based (Philox) stream of one decision: the same seed and key give the same numbers, in any order of asking.

    >>> bool(stream(1, "people", 0).random() == stream(1, "people", 0).random())
    True
    """
    digest = blake2b("|".join(str(part) for part in (seed, *key)).encode(), digest_size=16).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest, "little")))


def choose(rng: np.random.Generator, weights: np.ndarray, size: int) -> np.ndarray:
    """`size` positions drawn with those weights (which need not add up to 1).

    >>> choose(stream(1, "example"), np.array([0.0, 1.0]), 3).tolist()
    [1, 1, 1]
    """
    heights = np.cumsum(np.asarray(weights, dtype=float))
    drawn: np.ndarray = np.searchsorted(heights, rng.random(size) * heights[-1], side="right").astype(np.int32)
    return drawn


def dealt(total: float, weights: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Whole numbers that add up to `total` rounded up or down, in proportion to the weights (systematic sampling with one random start).

    >>> int(dealt(10, np.array([1.0, 1.0, 2.0]), stream(1, "example")).sum())
    10
    """
    edges = np.concatenate([[0.0], np.cumsum(weights) / np.sum(weights) * total]) + rng.random()
    counts: np.ndarray = np.diff(np.floor(edges)).astype(np.int64)
    return counts
