"""The tables of long work and of the workers that do it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from oneworkforce.jobs.core.lifecycle import ACTIVE, JOB, WAITING


class Job(models.Model):
    """One piece of long work that a person can watch, leave, cancel and find again."""

    number = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=60, help_text="what sort of work, such as check_return")
    title = models.CharField(max_length=200, help_text="what the person reads")
    key = models.CharField(max_length=200, blank=True, help_text="no two active jobs share one; blank: no such rule")
    partner_code = models.CharField(max_length=20, blank=True, db_index=True, help_text="whose work it is; blank: the city's")
    state = models.CharField(max_length=12, default=WAITING, choices=[(state, state) for state in JOB.states], db_index=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0, help_text="0 while it is not known")
    message = models.CharField(max_length=500, blank=True)
    result = models.JSONField(default=dict)
    address = models.CharField(max_length=200, blank=True, help_text="the page to go to when it has finished")
    created_by = models.BigIntegerField(null=True, blank=True, help_text="a person's id; blank: the command line or the system")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True, help_text="when progress was last written")
    cancel_requested = models.BooleanField(default=False)

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(state__in=ACTIVE) & ~Q(key=""), name="one_active_job_a_key"),
        ]

    def __str__(self) -> str:
        return f"job {self.number}: {self.title}"


class Heartbeat(models.Model):
    """A worker was alive at this moment, on this machine, as this process."""

    worker = models.CharField(max_length=64, primary_key=True)
    machine = models.CharField(max_length=200)
    process = models.BigIntegerField()
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.worker} at {self.beat_at}"
