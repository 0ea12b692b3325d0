"""Reads of the queue of values that the shared framework does not know."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Sum

from oneworkforce.workforce.core.specification import format_named
from oneworkforce.workforce.models import Unmapped


@dataclass(frozen=True)
class UnknownValue:
    """A value that waits for its meaning, or has got one."""

    id: int
    format: str
    field: str
    source_code: str
    source_label: str
    rows: int
    returns: int
    code: str
    resolved_by: str

    @property
    def format_label(self) -> str:
        """The format in words."""
        return format_named(self.format).label


def unknown_values(*, resolved: bool = False, limit: int = 100) -> tuple[UnknownValue, ...]:
    """Values that wait (or were resolved), those with most rows first."""
    rows = Unmapped.objects.exclude(code="") if resolved else Unmapped.objects.filter(code="")
    counted = (
        rows.annotate(rows=Sum("uses__rows"), returns=Count("uses"))
        .select_related("resolved_by")
        .order_by("-rows", "format", "source_code")
    )
    return tuple(
        UnknownValue(
            row.pk,
            row.format,
            row.field,
            row.source_code,
            row.source_label,
            row.rows or 0,
            row.returns,
            row.code,
            str(row.resolved_by) if row.resolved_by else "",
        )
        for row in counted[:limit]
    )


def count_unknown() -> int:
    """How many values wait."""
    return Unmapped.objects.filter(code="").count()
