"""`python -m django work`: the worker, for a site that is not served by `oneworkforce serve`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from oneworkforce.jobs.tasks import HeartbeatWorker


class Command(BaseCommand):
    """Runs long work until it is told to stop."""

    help = "Run long work (checking returns, building the picture, projections) until told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", action="store_true", help="run what is waiting, then end")
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between looks for new work")

    def handle(self, *, batch: bool, interval: float, **options: Any) -> None:
        worker = HeartbeatWorker(batch=batch, interval=interval)
        worker.configure_signals()
        worker.run()
