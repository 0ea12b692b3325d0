"""Reads of the queue of values that the shared framework does not know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

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
    def field_label(self) -> str:
        """The field in words."""
        return self.field.replace("_", " ").capitalize()

    @property
    def format_label(self) -> str:
        """The format in words."""
        return format_named(self.format).label


def unknown_values(*, resolved: bool = False, codes: Iterable[str] | None = None, limit: int = 30) -> tuple[UnknownValue, ...]:
    """Values that wait (or were resolved) in returns of those partners (None: of all), those with most rows first."""
    rows = Unmapped.objects.exclude(code="") if resolved else _waiting()
    if codes is not None:
        rows = rows.filter(uses__return_of__partner__code__in=list(codes))
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


def count_unknown(codes: Iterable[str] | None = None) -> int:
    """How many values wait in returns of those partners (None: of all)."""
    rows = _waiting()
    return (rows if codes is None else rows.filter(uses__return_of__partner__code__in=list(codes)).distinct()).count()


def _waiting() -> Any:
    return Unmapped.objects.filter(code="")
