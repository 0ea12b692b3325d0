"""What came in and what was wrong with it, over all returns, for the summary of a city."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Count, Max, Sum

from oneworkforce.workforce.models import FindingCount, Return


@dataclass(frozen=True)
class CameIn:
    """The returns of one format: how many there are, in how many months, how they stand, and their rows."""

    format: str
    returns: int
    partners: int
    accepted: int
    rows: int

    def as_data(self) -> dict[str, Any]:
        """As one JSON object."""
        return asdict(self)


@dataclass(frozen=True)
class WasWrong:
    """One rule that spoke: how often, in how many returns."""

    severity: str
    message: str
    remedy: str
    rows: int
    returns: int

    def as_data(self) -> dict[str, Any]:
        """As one JSON object."""
        return asdict(self)


def came_in() -> tuple[CameIn, ...]:
    """The returns of every format, the most first."""
    every = (
        Return.objects.values("format").annotate(n=Count("id"), partners=Count("partner", distinct=True), total=Sum("rows")).order_by("-n")
    )
    accepted = dict(Return.objects.filter(state="accepted").values_list("format").annotate(n=Count("id")))
    return tuple(CameIn(row["format"], row["n"], row["partners"], accepted.get(row["format"], 0), row["total"] or 0) for row in every)


def was_wrong(limit: int = 8) -> tuple[WasWrong, ...]:
    """The rules that stopped returns most often, then those that asked most often."""
    spoke = FindingCount.objects.filter(severity__in=("error", "warning")).values("severity", "rule", "message")
    counted = spoke.annotate(total=Sum("count"), sent=Count("return_of", distinct=True), remedies=Max("remedy")).order_by(
        "severity", "-total"
    )
    errors = [row for row in counted if row["severity"] == "error"][: limit // 2]
    warnings = [row for row in counted if row["severity"] == "warning"][: limit - len(errors)]
    return tuple(WasWrong(row["severity"], row["message"], row["remedies"], row["total"], row["sent"]) for row in errors + warnings)
