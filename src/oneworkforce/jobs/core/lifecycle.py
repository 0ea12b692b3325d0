"""The life of a job, as a table."""

from __future__ import annotations

from oneworkforce.lifecycle import LifeCycle, Step

WAITING, RUNNING, FINISHED, FAILED, CANCELLED = "waiting", "running", "finished", "failed", "cancelled"
ACTIVE = (WAITING, RUNNING)

JOB = LifeCycle(
    "job",
    (
        Step(WAITING, "started", RUNNING, "a worker"),
        Step(RUNNING, "finished", FINISHED, "a worker"),
        Step(RUNNING, "failed", FAILED, "a worker", "the work could not be done; the message says why"),
        Step(RUNNING, "resumed", WAITING, "a worker", "the worker that ran it was killed"),
        Step(WAITING, "cancelled", CANCELLED, "whoever started it"),
        Step(RUNNING, "cancelled", CANCELLED, "whoever started it", "at the next moment when nothing is half-done"),
        Step(WAITING, "failed", FAILED, "a worker", "it was killed too often to be tried again"),
    ),
)
