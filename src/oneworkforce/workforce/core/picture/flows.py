"""The flows: one row for every person who came, went, or changed role, in the month it happened."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oneworkforce.workforce.core.picture.dimensions import OF_A_PERSON, Dimensions
from oneworkforce.workforce.core.picture.months import dates
from oneworkforce.workforce.core.picture.spells import (
    INTO_VIEW,
    LEAVER,
    OUT_OF_VIEW,
    STARTER,
    TRANSFER_IN,
    TRANSFER_OUT,
    Neighbours,
    Rows,
    Spells,
    Whole,
)

INWARD = {STARTER: "starter", TRANSFER_IN: "transfer_in", INTO_VIEW: "into_view"}
OUTWARD = {LEAVER: "leaver", TRANSFER_OUT: "transfer_out", OUT_OF_VIEW: "out_of_view"}
KINDS = (*INWARD.values(), "contract_in", *OUTWARD.values(), "contract_out")
"""How a person comes to and goes from the staff of a partner.

transfer: by a succession. view: the partner's returns begin or stop. contract: from or to a bank, agency or other contract not counted
as staff. start + starter + transfer_in + into_view + contract_in − leaver − transfer_out − out_of_view − contract_out = end, always.
"""


def events(frame: pl.DataFrame, rows: Rows, spell: Spells, near: Neighbours, dims: Dimensions) -> pl.DataFrame:
    """Everyone who came and everyone who went: `month, kind, staff, reason, exposed` and the dimensions.

    staff: they are counted as staff. reason: of a leaver. exposed: they were in post at the end of the month before they left.
    """
    parts = [_of_kind(frame, rows, spell, np.flatnonzero(spell.came == code), name, spell.came_in) for code, name in INWARD.items()]
    parts += [_of_kind(frame, rows, spell, np.flatnonzero(spell.went == code), name, spell.went_in) for code, name in OUTWARD.items()]
    staff = rows.staff[spell.row]
    before = np.append(False, staff[:-1])
    changed = spell.continued & (staff != before)
    when = near.month[spell.grid]
    parts.append(_of_kind(frame, rows, spell, np.flatnonzero(changed & staff), "contract_in", when))
    last_as_staff = np.flatnonzero(changed & ~staff) - 1
    parts.append(_of_kind(frame, rows, spell, last_as_staff, "contract_out", np.append(when[1:], 0)))
    return dims.with_following(pl.concat(parts))


def _of_kind(frame: pl.DataFrame, rows: Rows, spell: Spells, heads: NDArray[np.int64], kind: str, when: Whole) -> pl.DataFrame:
    at = spell.row[heads]
    reason_row = spell.reason_row[heads]
    reasons = frame["leaving_reason"].gather(pl.Series(rows.order[np.maximum(reason_row, 0)])).fill_null("not_known")
    month = when[heads].astype(np.int32)
    return frame.select(OF_A_PERSON)[rows.order[at]].with_columns(
        dates(month),
        pl.lit(kind, dtype=pl.Enum(KINDS)).alias("kind"),
        pl.Series("staff", rows.staff[at]),
        reasons.zip_with(pl.Series([kind == "leaver"]), pl.Series([None], dtype=reasons.dtype)).alias("reason"),
        pl.Series("exposed", spell.came_in[heads] < month),
    )


def role_moves(frame: pl.DataFrame, rows: Rows, spell: Spells, near: Neighbours, dims: Dimensions) -> pl.DataFrame:
    """Staff whose main role in this return is not that of the linked return before: `month, from_role, to_role`, the dimensions after it."""
    here = np.flatnonzero(spell.continued)
    both = here[rows.staff[spell.row[here]] & rows.staff[spell.row[here - 1]]]
    role = frame["role"].to_physical().to_numpy()
    now, earlier = rows.order[spell.row[both]], rows.order[spell.row[both - 1]]
    changed = role[now] != role[earlier]
    found = frame.select(OF_A_PERSON)[now[changed]].with_columns(
        dates(near.month[spell.grid[both[changed]]]),
        frame["role"].gather(pl.Series(earlier[changed])).alias("from_role"),
        pl.col("role").alias("to_role"),
    )
    return dims.with_following(found)
