"""Rows that actions of this room need from others, by code."""

from __future__ import annotations

import uuid as uuids
from datetime import date, datetime
from typing import Any

import polars as pl

from oneworkforce.errors import Unanswerable
from oneworkforce.workforce import folders
from oneworkforce.workforce.lifecycles import ACCEPTED
from oneworkforce.workforce.models import ColumnMapping, Return, SendingAgreement, Snapshot, Unmapped


def organisation_id(code: str) -> int:
    """The key of the partner with that code; raises `Unanswerable` where there is none."""
    partner: Any = Return._meta.get_field("partner").related_model
    found = partner.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise Unanswerable(f"There is no partner with the code {code}.")
    return int(found)


def return_row(uuid: uuids.UUID | str, *, lock: bool = False) -> Return:
    """The return of that number; raises `Unanswerable` where there is none. Locked until the transaction ends where `lock`."""
    rows = Return.objects.select_related("partner", "sender", "sent_by", "decided_by")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(uuid=uuid).first()
    if found is None:
        raise Unanswerable("There is no return with this number. It may have been sent on another site.")
    return found


def decided(format: str) -> pl.DataFrame:
    """What people decided about a format's unknown values. Axes: [value] × `field, source_code, code`."""
    rows = Unmapped.objects.filter(format=format).exclude(code="").values_list("field", "source_code", "code")
    return pl.DataFrame(list(rows), schema={"field": pl.String, "source_code": pl.String, "code": pl.String}, orient="row")


def chosen_columns(partner: str, format: str) -> dict[str, dict[str, str]]:
    """part → header → field, as the partner's people chose before."""
    found: dict[str, dict[str, str]] = {}
    for part, header, field in ColumnMapping.objects.filter(partner__code=partner, format=format).values_list("part", "header", "field"):
        found.setdefault(part, {})[header] = field
    return found


def previous_snapshot(partner: str, format: str, month: date) -> tuple[date, str] | None:
    """The month and digest of the assignments of the last accepted return before that month."""
    found = Snapshot.objects.filter(
        return_of__partner__code=partner,
        return_of__format=format,
        return_of__month__lt=month,
        return_of__state=ACCEPTED,
        kind="assignments",
        current=True,
    )
    return found.order_by("-return_of__month").values_list("return_of__month", "digest").first()


def senders_of(partner: str) -> tuple[tuple[str, str, datetime], ...]:
    """Code, name and day of agreement of every organisation that may send the partner's returns."""
    rows = SendingAgreement.objects.filter(partner__code=partner, ended_at=None).order_by("sender__name")
    return tuple(rows.values_list("sender__code", "sender__name", "agreed_at"))


def postcodes() -> pl.DataFrame | None:
    """The postcode directory that a user supplied. Axes: [row] × `postcode, lsoa21`; None where nobody did."""
    path = folders.postcode_directory()
    return pl.read_parquet(path) if path.exists() else None
