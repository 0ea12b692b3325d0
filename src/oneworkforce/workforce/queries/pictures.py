"""Reads of the city's picture: what planning takes from it, and the released tables that pages filter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from oneworkforce.errors import Unanswerable
from oneworkforce.publication.core.provenance import Provenance
from oneworkforce.publication.core.released import Released
from oneworkforce.workforce import built, folders, permissions
from oneworkforce.workforce.core.picture import Picture, demand, exposures, role_moves, stock
from oneworkforce.workforce.models import PictureBuild

NO_PICTURE = "There is no picture of the city yet. It is made as soon as the first return is accepted."


@dataclass(frozen=True)
class Build:
    """A build of the picture, in short."""

    digest: str
    built_at: datetime
    first_month: date
    last_month: date
    returns: int
    restated: tuple[date, ...]

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return folders.pictures() / self.digest


@dataclass(frozen=True, eq=False)
class CityPicture:
    """What the planning room takes from a build: frames, what they stand on, who is missing.

    Axes: stock[sector × role × age band] of the last month; exposures[… × month]; demand[sector × role] of the last month;
    role_moves[…]. `inputs` are the digests of the snapshots; `missing` a line a return.
    """

    digest: str
    built_at: datetime
    months: tuple[date, ...]
    stock: pl.DataFrame
    exposures: pl.DataFrame
    demand: pl.DataFrame
    role_moves: pl.DataFrame
    inputs: tuple[str, ...]
    provenance: Provenance
    missing: tuple[str, ...]
    synthetic: bool


def current_build() -> Build | None:
    """The build that pages show, if there is one."""
    row = PictureBuild.objects.filter(current=True).first()
    if row is None or row.first_month is None or row.last_month is None:
        return None
    restated = tuple(date.fromisoformat(month) for month in row.restated)
    return Build(row.digest, row.built_at, row.first_month, row.last_month, row.returns, restated)


def build_or_none_yet() -> Build:
    """The build that pages show. Raises: Unanswerable where there is none yet."""
    found = current_build()
    if found is None:
        raise Unanswerable(NO_PICTURE)
    return found


def current_picture() -> CityPicture:
    """The current picture as planning takes it, made once a build. Raises: Unanswerable where there is none yet."""
    return _for_planning(build_or_none_yet())


@lru_cache(maxsize=2)
def _for_planning(build: Build) -> CityPicture:
    picture, provenance = built.read_picture(build.folder), built.read_provenance(build.folder)
    last = picture.months[-1]
    return CityPicture(
        build.digest,
        build.built_at,
        picture.months,
        stock(picture, last),
        exposures(picture),
        demand(picture, last),
        role_moves(picture),
        picture.sources(last),
        provenance,
        provenance.missing,
        provenance.synthetic,
    )


def released_table(name: str, *, by: Any) -> Released:
    """A released table of the current build, under the profile of that person. Raises: Refused; Unanswerable where there is none."""
    permissions.check_can_see_picture(by)
    return built.read_table(build_or_none_yet().folder, permissions.profile_of(by), name)


def picture_frames() -> Picture:
    """The current picture at its finest grain: for other rooms' cores, never for a page. Raises: Unanswerable."""
    return built.read_picture(build_or_none_yet().folder)


def provenance() -> Provenance:
    """What the current picture is made of. Raises: Unanswerable where there is none yet."""
    return built.read_provenance(build_or_none_yet().folder)


def coverage(month: date) -> pl.DataFrame:
    """How every partner's every format is covered in a month. Axes: [partner × format] × `partner, format, status, age, overdue, people, share`."""
    frame = picture_frames().coverage
    return frame.filter(pl.col("month") == month)
