"""The table of what happened; rows are added and never changed."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from oneworkforce.errors import Refused

KEPT = "The audit record is kept as it was written: nothing in it can be changed or removed."


class Events(models.QuerySet["Event"]):
    """Events can be read and added to."""

    def update(self, **values: Any) -> NoReturn:
        raise Refused(KEPT)

    def delete(self) -> NoReturn:
        raise Refused(KEPT)

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        raise Refused(KEPT)


class Event(models.Model):
    """Who did what, when, to what. Who is an id without a foreign key, so that the record outlives the person's account."""

    when = models.DateTimeField(auto_now_add=True, db_index=True)
    event = models.CharField(max_length=100, db_index=True)
    by_id = models.BigIntegerField(null=True, blank=True, db_index=True, help_text="blank: the command line or the system itself")
    about = models.CharField(max_length=200, blank=True, db_index=True, help_text="kind and key, such as partner:RR8")
    details = models.JSONField(default=dict)

    objects = Events.as_manager()

    class Meta:
        ordering = ("-when", "-id")

    def __str__(self) -> str:
        return f"{self.when:%Y-%m-%d %H:%M} {self.event} {self.about}"

    def save(self, *args: Any, **options: Any) -> None:
        """The event is written once; a second save is refused."""
        if self.pk is not None:
            raise Refused(KEPT)
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise Refused(KEPT)
