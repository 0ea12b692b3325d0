"""The three ways to run a model: `expected`, `ensemble` and `simulate`. One structure, one recursion."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from oneworkforce.planning.core.engine import summary
from oneworkforce.planning.core.engine.paths import Path, draw, follow, variances
from oneworkforce.planning.core.engine.simulation import Counted, Progress, silent, simulated
from oneworkforce.planning.core.engine.structure import FILL, Structure, lay_out
from oneworkforce.planning.core.model import Floats, Model

BLOCK = 64
"""Draws that one thread makes at a time; results do not depend on it, nor on the number of threads."""


@dataclass(frozen=True, eq=False)
class Run:
    """What a run found: the expected path, and for the ensemble and the simulation what is known of every aggregate.

    Axes: mean, sd, process_sd, parameter_sd, beyond and excess [t, a]; quantiles[t, a, quantile]; paths[draw, t, a]
    for the simulation alone, with the mean of every flow in `counted`. `notes` are sentences that must be read with the result.
    """

    engine: str
    structure: Structure
    expected: Path
    draws: int
    seed: int
    mean: Floats | None = None
    process_sd: Floats | None = None
    parameter_sd: Floats | None = None
    quantiles: Floats | None = None
    beyond: Floats | None = None
    excess: Floats | None = None
    paths: Floats | None = None
    counted: Counted | None = None
    notes: tuple[str, ...] = ()

    @property
    def sd(self) -> Floats | None:
        """Standard deviation over both the luck of finite people and what is not known of the assumptions."""
        if self.process_sd is None or self.parameter_sd is None:
            return None
        return np.asarray(np.hypot(self.process_sd, self.parameter_sd))


def expected(model: Model) -> Run:
    """The expected path at the central assumptions, every flow with it. Recruits below zero are noted, not clipped."""
    structure = lay_out(model)
    path = follow(structure, model.assumptions.central)
    return Run("expected", structure, path, 0, 0, notes=negative_recruits(structure, path.joins))


def negative_recruits(structure: Structure, joins: Floats) -> tuple[str, ...]:
    """A sentence for each period in which the joining rule asks for fewer than no recruits."""
    labels = structure.model.calendar.labels
    totals = joins.sum(axis=1)
    return tuple(
        f"In {labels[t + 1]} the joining rule {structure.model.joining.rule} asks for {totals[t]:.6g} recruits: "
        f"more people stay than the total allows. They are counted as asked for, below zero."
        for t in np.flatnonzero(totals < -1e-9).tolist()
    )


def ensemble(model: Model, draws: int, seed: int, *, threads: int | None = None, progress: Progress = silent) -> Run:
    """What is known of every aggregate over draws of the assumptions and the luck of finite people.

    The same bytes for any number of threads: each draw is keyed by itself, and draws are gathered in their order.
    """
    structure = lay_out(model)
    central = follow(structure, model.assumptions.central)
    needed = draws if model.assumptions.uncertain else 1
    gathered: summary.Gathered | None = None
    centre = central.aggregates.ravel()
    for done, (mean, variance) in _blocks(structure, needed, seed, threads or os.cpu_count() or 1):
        if gathered is None:
            gathered = summary.gathering(centre, mean)
        summary.gather(gathered, mean, variance)
        progress(min(draws, done), draws)
    assert gathered is not None
    shape = central.aggregates.shape
    counts = np.broadcast_to(np.where(structure.reported.gap, 0.0, 1.0), shape).ravel()
    found = summary.spread(gathered, model.tolerance, counts)
    return Run(
        "ensemble",
        structure,
        central,
        draws,
        seed,
        mean=found.mean.reshape(shape),
        process_sd=np.sqrt(found.process_variance).reshape(shape),
        parameter_sd=np.sqrt(found.parameter_variance).reshape(shape),
        quantiles=found.quantiles.reshape(*shape, -1),
        beyond=found.beyond.reshape(shape),
        excess=found.excess.reshape(shape),
        notes=(*negative_recruits(structure, central.joins), *_ensemble_notes(structure, draws)),
    )


def _ensemble_notes(structure: Structure, draws: int) -> tuple[str, ...]:
    notes = []
    if not structure.model.assumptions.uncertain:
        notes.append(
            "No assumption has a low and a high, so the spread shown is only the luck of finite people, computed exactly without draws."
        )
    elif draws < 200:
        notes.append(f"With {draws} draws the outer percentiles are rough; 1,000 draws are enough.")
    if structure.arrays.rule == FILL:
        notes.append(
            "Filling vacancies stops where there are none, so its spread is exact only for roles that always or never have vacancies."
        )
    return tuple(notes)


def _blocks(structure: Structure, draws: int, seed: int, threads: int) -> Iterator[tuple[int, tuple[Floats, Floats]]]:
    """Blocks of draws in their order, made on several threads, at most two blocks a thread ahead of use."""
    starts = list(range(0, draws, BLOCK))
    with ThreadPoolExecutor(threads) as pool:
        first = starts[: 2 * threads]
        waiting = deque(pool.submit(_block, structure, range(start, min(start + BLOCK, draws)), seed) for start in first)
        for index, start in enumerate(starts):
            result = waiting.popleft().result()
            ahead = index + 2 * threads
            if ahead < len(starts):
                waiting.append(pool.submit(_block, structure, range(starts[ahead], min(starts[ahead] + BLOCK, draws)), seed))
            yield min(start + BLOCK, draws), result


def _block(structure: Structure, numbers: range, seed: int) -> tuple[Floats, Floats]:
    """Mean and process variance of every aggregate in these draws; each [draw, t × a]."""
    mean, variance = [], []
    for number in numbers:
        values = draw(structure, number, seed) if structure.model.assumptions.uncertain else structure.model.assumptions.central
        path = follow(structure, values)
        mean.append(path.aggregates.ravel())
        variance.append(variances(structure, path).ravel())
    return np.array(mean), np.array(variance)


def simulate(model: Model, draws: int, seed: int, *, progress: Progress = silent) -> Run:
    """Whole people in `draws` runs: exact multinomial draws by cell and period, each run with its own draw of the assumptions."""
    structure = lay_out(model)
    central = follow(structure, model.assumptions.central)
    paths, counted, clipped = simulated(structure, draws, seed, progress)
    gap = paths[:, :, structure.reported.gap]
    beyond, excess = np.zeros(paths.shape[1:]), np.zeros(paths.shape[1:])
    beyond[:, structure.reported.gap] = (gap > model.tolerance).mean(axis=0)
    excess[:, structure.reported.gap] = np.maximum(gap, 0.0).mean(axis=0)
    notes = list(negative_recruits(structure, central.joins))
    if clipped:
        notes.append(
            f"In {clipped} periods of the {draws} simulated runs the joining rule asked for fewer than no recruits; nobody was taken away there."
        )
    return Run(
        "simulate",
        structure,
        central,
        draws,
        seed,
        mean=paths.mean(axis=0),
        process_sd=paths.std(axis=0, ddof=1 if draws > 1 else 0),
        parameter_sd=np.zeros(paths.shape[1:]),
        quantiles=np.moveaxis(np.quantile(paths, summary.QUANTILES, axis=0, method="inverted_cdf"), 0, -1),
        beyond=beyond,
        excess=excess,
        paths=paths,
        counted=counted,
        notes=tuple(notes),
    )
