"""One district's returns of one month: made, made dirty, saved as each sender saves them, and sent when each sender sends them."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from oneworkforce.workforce.core.synthesis.calendar import Due, returns_due
from oneworkforce.workforce.core.synthesis.dirt import Dirt, dirtied, spoiled
from oneworkforce.workforce.core.synthesis.randomness import stream
from oneworkforce.workforce.core.synthesis.returns import asc_wds, esr, establishment, nwrs, simple
from oneworkforce.workforce.core.synthesis.returns.staff import Staff
from oneworkforce.workforce.core.synthesis.writer import Folder, Style, as_csv, as_workbook, by_partner, styles

Parts = dict[str, pl.DataFrame]
"""The tables of one format for a month, by part (`""` where there is one table); partners stand together and are named in `_partner`."""

_DIRTY_PARTS = ("", "staff", "worker")


@dataclass
class Sender:
    """Sends the returns of a district, month by month."""

    staff: Staff
    folder: Folder
    dirt: Dirt
    kinds: dict[str, Style] = field(init=False)
    fixed: pl.DataFrame = field(init=False)
    social: asc_wds.Social = field(init=False)
    returns: int = 0
    faulty: int = 0
    missing: int = 0

    def __post_init__(self) -> None:
        """The senders' habits, and what does not change from month to month, are ready."""
        district = self.staff.truth.district
        self.kinds = styles(district.partners, district.seed, district.number)
        self.fixed, self.social = esr.prepared(self.staff), asc_wds.prepared(self.staff)

    def month(self, month: int, posts: pl.DataFrame) -> None:
        """Every return that covers the month is in the folder, or known not to have come; `posts` from `register.posts_by_month`."""
        due = returns_due(self.staff.truth, month)
        for one in due:
            self.dirt.note("missing_return", one.format, int(one.sent is None), 1)
            self.dirt.note("late_return", one.format, int(one.sent is not None and one.sent > one.due), 1)
        self.missing += sum(one.sent is None for one in due)
        sent = [one for one in due if one.sent is not None]
        for format in dict.fromkeys(one.format for one in sent):
            mine = {one.partner: one for one in sent if one.format == format}
            for parts in self._parts(format, month, posts, list(mine)):
                self._send(format, month, parts, mine)
            for one in mine.values():
                self.folder.nil(one, self.staff.truth.months[month])

    def _parts(self, format: str, month: int, posts: pl.DataFrame, senders: list[str]) -> list[Parts]:
        if format == esr.FORMAT:
            return [{"": esr.rows(self.staff, self.fixed, month, kind)} for kind in ("RR8", "RY6", "RGD", "QWO")]
        if format == nwrs.FORMAT:
            return [{"": nwrs.rows(self.staff, month)}]
        if format == establishment.FORMAT:
            return [{"": establishment.rows(self.staff, posts, senders)}]
        if format == asc_wds.FORMAT:
            return [self.social.parts(self.staff, month, posts, senders)]
        return [{"staff": simple.staff_rows(self.staff, month), "vacancies": simple.vacancy_rows(posts, senders)}]

    def _send(self, format: str, month: int, parts: Parts, due: dict[str, Due]) -> None:
        """The files of one format; partners that sent something are taken out of `due`."""
        rng = stream(self.staff.seed, "dirt", self.staff.number, month, format, next(iter(due)))
        kept = {part: frame.filter(pl.col("_partner").is_in(list(due))) for part, frame in parts.items()}
        tables = {part: dirtied(frame, format, rng, self.dirt) if part in _DIRTY_PARTS else frame for part, frame in kept.items()}
        main = next(part for part in tables if part in _DIRTY_PARTS)
        files = {part: as_csv(frame, self.kinds) for part, frame in tables.items()}
        for partner in tables[main]["_partner"].unique(maintain_order=True).to_list():
            one = due.pop(partner)
            self.returns += 1
            self.faulty += one.versions == 2
            self.dirt.note("faulty_first_version", format, int(one.versions == 2), 1)
            own = {part: frame for part, frame in tables.items() if partner in files[part]}
            if one.versions == 2:
                bad = self._bad(format, month, partner, tables, main)
                self._files(one, 1, bad, {part: as_csv(frame, self.kinds)[partner] for part, frame in bad.items()}, partner)
            self._files(one, one.versions, own, {part: files[part][partner] for part in own}, partner)

    def _bad(self, format: str, month: int, partner: str, tables: Parts, main: str) -> Parts:
        rng = stream(self.staff.seed, "faults", self.staff.number, month, format, partner)
        own = {part: frame.filter(pl.col("_partner") == partner) for part, frame in tables.items()}
        return {part: spoiled(frame, format, rng, self.dirt) if part == main else frame for part, frame in own.items() if frame.height}

    def _files(self, one: Due, version: int, tables: Parts, files: dict[str, bytes], partner: str) -> None:
        month = self.staff.truth.months[one.month]
        if self.kinds[partner].workbook:
            sheets = {part.title(): by_partner(frame.filter(pl.col("_partner") == partner))[partner] for part, frame in tables.items()}
            notes = [f"Return of {partner} for the quarter that ends in {month:%B %Y}", "Made by: oneworkforce synthesise"]
            self.folder.send(one, month, "", version, as_workbook(sheets, notes), "xlsx")
            return
        for part, content in files.items():
            self.folder.send(one, month, part, version, content)
