"""Small released tables that the tests of charts, files and pages share."""

from __future__ import annotations

from datetime import date

import polars as pl

from oneworkforce.publication.core.disclosure import Dimension, Measure, Released, release
from oneworkforce.publication.core.profiles import profile
from oneworkforce.publication.core.provenance import Input, Provenance

JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)
SECTORS = {"nhs_trust": "NHS trust", "social_care": "Independent social care", "third_sector": "Third sector", "icb": "=SUM(A1) board"}
MADE = Provenance(
    run="picture 2026-08",
    inputs=(Input("RR8, ESR staff in post", "ab12", AUGUST, "accepted"), Input("Meadow House, simple return", "cd34", JUNE, "carried")),
    assumptions=("Working week of 37.5 hours (NHS terms and conditions)",),
    code_version="0.1.0",
    months=(JUNE, JULY, AUGUST),
    missing=("14 care providers have sent no return since May",),
    synthetic=True,
)
PEOPLE = Measure("people", "People")
MEASURES = (
    PEOPLE,
    Measure("fte", "FTE", "sum", unit="FTE", of="people"),
    Measure("leavers", "Leavers", of="people"),
    Measure("turnover", "Turnover", "rate", unit="%", numerator="leavers", denominator="people", scale=100.0),
)
DIMENSIONS = (Dimension("month", "Month", total=None), Dimension("role", "Job role"), Dimension("sector", "Sector", SECTORS, "All sectors"))


def rows() -> pl.DataFrame:
    """Three months of two roles in four sectors."""
    people = {"nhs_trust": (120, 60), "social_care": (40, 300), "third_sector": (3, 22), "icb": (14, 9)}
    return pl.DataFrame(
        [
            {"month": month, "role": role, "sector": sector, "people": number + 4 * step, "fte": 0.8 * number, "leavers": number // 10}
            for step, month in enumerate((JUNE, JULY, AUGUST))
            for sector, both in people.items()
            for role, number in zip(("nurse", "care_worker"), both, strict=True)
        ]
    )


def released(name: str = "partner", synthetic: bool = True) -> Released:
    """The table released under that profile."""
    made = MADE if synthetic else Provenance(**{**vars(MADE), "synthetic": False})
    return release(
        rows(),
        name="people-by-role",
        title="People by job role and sector",
        dimensions=DIMENSIONS,
        measures=MEASURES,
        profile=profile(name),
        provenance=made,
    )


def projection() -> Released:
    """Need and supply of one role with its bands."""
    months = [date(2026 + month // 12, month % 12 + 1, 1) for month in range(8, 20)]
    columns = {"need": 620.0, "expected": 600.0, "p05": 560.0, "p25": 585.0, "p75": 615.0, "p95": 640.0}
    table = pl.DataFrame({"month": months, **{name: [level + step for step in range(12)] for name, level in columns.items()}})
    estimates = tuple(Measure(name, name, "estimate", unit="FTE") for name in ("p05", "p25", "p75", "p95"))
    measures = (Measure("need", "Need", "amount", unit="FTE"), Measure("expected", "Supply", "amount", unit="FTE"), *estimates)
    return release(
        table,
        name="nurses",
        title="Community nurses",
        dimensions=DIMENSIONS[:1],
        measures=measures,
        profile=profile("analyst"),
        provenance=MADE,
    )
