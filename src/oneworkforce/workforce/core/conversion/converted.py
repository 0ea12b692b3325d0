"""A checked return becomes the one shape of all formats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import dataframely as dy
import polars as pl

from oneworkforce.errors import Invalid
from oneworkforce.workforce.core.assignments import Assignments, Identifiers, Posts, empty
from oneworkforce.workforce.core.checking.context import Checked, Context
from oneworkforce.workforce.core.conversion.asc_wds import people_and_posts
from oneworkforce.workforce.core.conversion.people import assignments_of, identifiers_of
from oneworkforce.workforce.core.conversion.posts import posts_of
from oneworkforce.workforce.core.conversion.shapes import PEOPLE, POSTS
from oneworkforce.workforce.core.conversion.source import UNMAPPED, Source


@dataclass(frozen=True, eq=False)
class Converted:
    """A return in the shared shape.

    Axes: assignments, posts, identifiers and unmapped, each [row] × the columns of its schema in `core.assignments`.
    """

    assignments: pl.DataFrame
    posts: pl.DataFrame
    identifiers: pl.DataFrame
    unmapped: pl.DataFrame


Sources = Callable[[str], "Source | None"]
Converter = Callable[[Sources], Converted]


def by_shape(format: str) -> Converter:
    """The converter of a format whose shapes are in the tables of `shapes`."""

    def convert(sources: Sources) -> Converted:
        people, posts = PEOPLE.get(format), POSTS.get(format)
        of_people = sources(people.part) if people else None
        of_posts = sources(posts.part) if posts else None
        assignments, identifiers = _none(Assignments), _none(Identifiers)
        if people and of_people is not None:
            who = of_people.pseudonym("person", people.family, (people.person,))
            assignments, identifiers = assignments_of(of_people, people, who), identifiers_of(of_people, people, who)
        lines = posts_of(of_posts, posts) if posts and of_posts is not None else _none(Posts)
        return Converted(assignments, lines, identifiers, unmapped_of(of_people, of_posts))

    return convert


@cache
def _none(schema: type[dy.Schema]) -> pl.DataFrame:
    return empty(schema)


def unmapped_of(*sources: Source | None) -> pl.DataFrame:
    """Every value that no table and no decision knew, and how many rows bear it."""
    tables = [table for source in sources if source is not None for table in source.unmapped]
    if not tables:
        return pl.DataFrame(schema=UNMAPPED)
    return pl.concat(tables).group_by("field", "source_code", maintain_order=True).agg(pl.first("source_label"), pl.sum("rows"))


def adult_social_care(sources: Sources) -> Converted:
    """An ASC-WDS return in the shared shape: workers with their workplace, and posts from the workplaces' counts."""
    assignments, posts, identifiers, asked = people_and_posts(sources)
    return Converted(assignments, posts, identifiers, unmapped_of(*asked))


CONVERTERS: dict[str, Converter] = {format: by_shape(format) for format in dict.fromkeys((*PEOPLE, *POSTS))}
CONVERTERS["asc_wds"] = adult_social_care
"""Format to what converts it. A format with its own ways is added here with its own converter."""


def as_assignments(checked: Checked, context: Context, roles: pl.DataFrame | None, key: bytes, postcodes: pl.DataFrame | None) -> Converted:
    """The return's rows in the shape that all formats share, its people under pseudonyms.

    Parameters:
        roles: people's decisions on values that no table knew, [row] × `field, source_code, code`; None where there are none.
        key: the city's key for pseudonyms, at least 16 bytes.
        postcodes: [row] × `postcode, lsoa21`; None leaves home area deprivation unknown.
    Raises: Invalid where the format is not one of people or posts.
    """
    if checked.format not in CONVERTERS:
        raise Invalid(f"A return of format {checked.format!r} is not about people or posts, so it has no assignments.")

    def source(part: str) -> Source | None:
        rows = checked.rows.get(part)
        return None if rows is None else Source(context, part, rows, roles, key, postcodes)

    return CONVERTERS[checked.format](source)
