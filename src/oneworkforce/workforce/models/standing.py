"""What stands between one return and the next: cadences, remembered columns, unmapped values, reminders, who sends for whom."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Cadence(models.Model):
    """How often a partner sends a format, and by which day of the following month."""

    partner = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    format = models.CharField(max_length=40)
    interval_months = models.PositiveSmallIntegerField()
    due_day = models.PositiveSmallIntegerField(help_text="day of the month after the return's month")
    first_month = models.DateField(help_text="first month for which a return is due")
    last_month = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("partner_id", "format")
        constraints = [models.UniqueConstraint(fields=["partner", "format"], name="one_cadence_a_partner_and_format")]

    def __str__(self) -> str:
        return f"{self.format} of {self.partner_id} every {self.interval_months} months"


class ColumnMapping(models.Model):
    """A header that one partner uses for a field of a format, as a person once said."""

    partner = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    format = models.CharField(max_length=40)
    part = models.CharField(max_length=20, blank=True)
    header = models.CharField(max_length=200)
    field = models.CharField(max_length=80)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["partner", "format", "part", "header"], name="one_field_a_partner_and_header")]

    def __str__(self) -> str:
        return f"{self.header} → {self.field}"


class Unmapped(models.Model):
    """A value of a format that the shared framework does not know yet, and what a person decided that it means."""

    format = models.CharField(max_length=40)
    field = models.CharField(max_length=80)
    source_code = models.CharField(max_length=200)
    source_label = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=60, blank=True, help_text="blank until resolved")
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    first_seen = models.DateTimeField()

    class Meta:
        ordering = ("format", "field", "source_code")
        constraints = [models.UniqueConstraint(fields=["format", "field", "source_code"], name="one_row_an_unmapped_value")]

    def __str__(self) -> str:
        return f"{self.format} {self.field} {self.source_code}"


class UnmappedUse(models.Model):
    """How many rows of a return hold an unmapped value."""

    unmapped = models.ForeignKey(Unmapped, on_delete=models.CASCADE, related_name="uses")
    return_of = models.ForeignKey("workforce.Return", on_delete=models.CASCADE, related_name="unmapped_uses")
    rows = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unmapped", "return_of"], name="one_use_a_return_and_unmapped_value")]

    def __str__(self) -> str:
        return f"{self.unmapped_id} × {self.rows}"


class Reminder(models.Model):
    """A reminder that was sent about one return that was due."""

    partner = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    format = models.CharField(max_length=40)
    month = models.DateField()
    kind = models.CharField(max_length=8, choices=[("due", "Due soon"), ("overdue", "Overdue")])
    sent_at = models.DateTimeField()
    people = models.PositiveIntegerField(help_text="how many people it was sent to")

    class Meta:
        ordering = ("-sent_at",)
        constraints = [models.UniqueConstraint(fields=["partner", "format", "month", "kind"], name="one_reminder_a_return_and_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.format} {self.month:%Y-%m}"


class SendingAgreement(models.Model):
    """That one organisation may send a partner's returns on its behalf."""

    partner = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    sender = models.ForeignKey("partners.Organisation", on_delete=models.CASCADE, related_name="+")
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "sender"], condition=models.Q(ended_at__isnull=True), name="one_sending_agreement_a_pair"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sender_id} sends for {self.partner_id}"
