"""Returns: what a partner sent, what checking said of it, and the snapshots it became."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from oneworkforce.workforce.lifecycles import ACCEPTED, RECEIVED, RETURN


class Return(models.Model):
    """One return of one partner for one month in one format, with everything decided about it.

    A return is never changed into another: a correction is a new row that `replaces` this one, so the history stays.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    partner = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    sender = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    format = models.CharField(max_length=40, blank=True, help_text="blank until the format is recognised")
    month = models.DateField(help_text="first day of the month that the return is about")
    state = models.CharField(max_length=12, default=RECEIVED, choices=[(state, state.capitalize()) for state in RETURN.states])
    version = models.PositiveIntegerField(default=1)
    nil = models.BooleanField(default=False)
    on_screen = models.BooleanField(default=False)
    synthetic = models.BooleanField(default=False)
    correction = models.BooleanField(default=False, help_text="whether it may replace a return that was accepted")
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 over the files as sent")
    folder = models.CharField(max_length=300, blank=True, help_text="where its files are, below the uploads folder")
    size = models.BigIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    notes = models.PositiveIntegerField(default=0)
    recognition = models.JSONField(default=dict, blank=True)
    movement = models.JSONField(default=dict, blank=True, help_text="the movement report: sentences, and a row a role")
    movement_asks = models.BooleanField(default=False)
    movement_confirmed = models.BooleanField(default=False)
    answer = models.TextField(blank=True, help_text="what the data lead said about the warnings")
    reason = models.TextField(blank=True, help_text="why it was sent back or withdrawn")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True, help_text="blank: the command line"
    )
    received_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ("-received_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "format", "month"], condition=Q(state=ACCEPTED), name="one_accepted_return_a_partner_format_month"
            )
        ]
        indexes = [
            models.Index(fields=["partner", "format", "month"]),
            models.Index(fields=["state", "month"]),
            models.Index(fields=["digest"]),
            models.Index(fields=["-received_at", "-id"], name="return_latest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.format or 'return'} of {self.partner_id} for {self.month:%B %Y}"


class ReturnFile(models.Model):
    """One file of a return, as it was sent."""

    return_of = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="files")
    part = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=400, help_text="below the uploads folder")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class FindingCount(models.Model):
    """How often one rule spoke about one column of a return; the findings themselves are Parquet beside the upload."""

    return_of = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="finding_counts")
    severity = models.CharField(max_length=8)
    rule = models.CharField(max_length=120)
    part = models.CharField(max_length=20, blank=True)
    column = models.CharField(max_length=120, blank=True)
    message = models.TextField()
    remedy = models.TextField(blank=True)
    count = models.PositiveIntegerField()
    first_rows = models.JSONField(default=list)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.rule} × {self.count}"


class Snapshot(models.Model):
    """One immutable Parquet file that a return became; a later mapping makes a new one and this stays, no longer current."""

    KINDS = [("assignments", "Assignments"), ("posts", "Posts"), ("identifiers", "Identifiers")]

    return_of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="snapshots")
    kind = models.CharField(max_length=12, choices=KINDS)
    digest = models.CharField(max_length=64, db_index=True)
    rows = models.PositiveIntegerField()
    current = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["return_of", "kind"], condition=Q(current=True), name="one_current_snapshot_a_return_and_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:12]}"
