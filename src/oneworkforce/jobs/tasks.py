"""The worker: django-tasks' own, with a heartbeat, so that work whose worker was killed is found and done again."""

from __future__ import annotations

import os
import socket
import threading
from datetime import timedelta
from types import FrameType
from typing import Any

import structlog
from django.db import close_old_connections, connection
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from oneworkforce.jobs.actions import abandon
from oneworkforce.jobs.models import Heartbeat

BEAT_SECONDS = 5
DEAD_AFTER = timedelta(seconds=30)
MOST_ATTEMPTS = 3

logger = structlog.get_logger(__name__)


class HeartbeatWorker(Worker):
    """A worker that says every few seconds that it is alive, and takes up the work of those that no longer do."""

    def __init__(self, *, batch: bool = False, interval: float = 1.0) -> None:
        super().__init__(
            queue_names=["*"],
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        self._stopped = threading.Event()

    def run(self) -> None:
        """Every task has been run (`batch`), or the worker was told to stop."""
        beat(self.worker_id)
        resume_abandoned()
        beating = threading.Thread(target=self._keep_beating, daemon=True)
        beating.start()
        try:
            super().run()
        finally:
            self._stopped.set()
            beating.join()
            Heartbeat.objects.filter(worker=self.worker_id).delete()

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """A first signal lets the task in hand finish; a second ends the process at once, and the task is resumed by the next worker."""
        if not self.running:
            os._exit(1)
        super().shutdown(signum, frame)

    def _keep_beating(self) -> None:
        while not self._stopped.wait(BEAT_SECONDS):
            close_old_connections()
            beat(self.worker_id)
            resume_abandoned()
        connection.close()


def beat(worker: str) -> None:
    """The worker was alive just now."""
    Heartbeat.objects.update_or_create(
        worker=worker, defaults={"machine": socket.gethostname(), "process": os.getpid(), "beat_at": timezone.now()}
    )


def resume_abandoned() -> int:
    """Tasks whose worker is dead wait to be run again, and are counted; one that was killed too often has failed and its job says so."""
    alive = {row.worker for row in Heartbeat.objects.all() if _alive(row)}
    abandoned = [row for row in DBTaskResult.objects.running() if not row.worker_ids or row.worker_ids[-1] not in alive]
    for row in abandoned:
        _resume(row)
    Heartbeat.objects.exclude(worker__in=alive).delete()
    return len(abandoned)


def run_waiting() -> None:
    """Every waiting task has been run here and now, in this process. For the command line; a served site has its worker."""
    HeartbeatWorker(batch=True, interval=0).run()


def _alive(row: Heartbeat) -> bool:
    if timezone.now() - row.beat_at > DEAD_AFTER:
        return False
    if row.machine != socket.gethostname():
        return True
    try:
        os.kill(row.process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _resume(row: DBTaskResult[Any, Any]) -> None:
    running = DBTaskResult.objects.running().filter(pk=row.pk, worker_ids=row.worker_ids)
    if len(row.worker_ids) < MOST_ATTEMPTS:
        if running.update(status="READY", started_at=None):
            logger.warning("task resumed", task=row.task_path, attempts=len(row.worker_ids))
    elif running.update(status="FAILED", finished_at=timezone.now()):
        logger.error("task given up", task=row.task_path, attempts=len(row.worker_ids))
        for number in row.args_kwargs["args"][:1]:
            abandon(number)
