"""The partners of one district of the city: who they are, how large, on which sites."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import ndtri

from oneworkforce.workforce.core.synthesis.randomness import stream
from oneworkforce.workforce.core.synthesis.tables import published, table

DISTRICT_PEOPLE = 60_000
"""People in one district. A city of more is several districts, so that memory is bounded; moves between partners stay within one."""

MARK = " (synthetic)"
"""Ends the name of every organisation and site, so that no figure can be taken for a real organisation's."""

LARGE_PROVIDER = 150
"""Heads from which a care provider sends every quarter, and its establishment too."""

SIMPLE_SHARE = 0.13
"""Of the other care providers, the share that does not use ASC-WDS: about 30 of 250 (brief of the project)."""

_OWN_CODES = {"care_home_nursing": "P", "care_home": "P", "home_care": "P", "supported_living": "P", "day_and_community": "P"}
_OWN_CODES |= {"hospice": "T", "charity": "T", "university": "E"}
_HEADS_PER_SITE = {
    "RR8": 2600,
    "RY6": 320,
    "RGD": 380,
    "QWO": 600,
    "council": 180,
    "care_home_nursing": 75,
    "care_home": 55,
    "home_care": 140,
}
_HEADS_PER_SITE |= {"supported_living": 60, "day_and_community": 45, "practice": 60, "charity": 110}
_CARE_SERVICES = {
    "care_home_nursing": ["1"],
    "care_home": ["2"],
    "home_care": ["8"],
    "supported_living": ["55"],
    "day_and_community": ["6"],
}
"""Main service of a workplace in the codes of ASC-WDS."""
COUNCIL_OFFICE = "16"
"""The main service of the council's offices (social work and care management); its other workplaces give regulated care."""
_COUNCIL_CARE = ["8", "2", "55", "54"]
_SIZE_BANDS = ((10, "under 10"), (50, "10 to 49"), (250, "50 to 249"), (10**9, "250 and over"))


@dataclass(frozen=True)
class District:
    """A part of the city that is simulated by itself, small enough to hold in memory.

    Axes: partners[p] × `code, name, sector, kind, size_band, parent, opened, closed, heads, formats`;
    sites[s] × `code, name, organisation, postcode, lsoa21, partner, main_service` (`partner` is the position p). `number` counts from 1; `scale` is its
    people over the 60,000 to which the tables are calibrated.
    """

    number: int
    seed: int
    scale: float
    partners: pl.DataFrame
    sites: pl.DataFrame


def districts(people: int, seed: int) -> list[tuple[int, float]]:
    """The districts of a city of so many people: `(number, scale)` of each, alike in size.

    >>> districts(600, 1)
    [(1, 0.01)]
    >>> len(districts(150_000, 1))
    3
    """
    count = max(1, -(-people // DISTRICT_PEOPLE))
    return [(number, people / count / published("people")) for number in range(1, count + 1)]


def _code(code: str, number: int) -> str:
    return code if number == 1 else f"{code}{number:02d}"


def _named(kind: str, count: int, first: int, number: int, rng: np.random.Generator) -> list[tuple[str, str, str]]:
    """`(code, name, parent)` of `count` organisations of a kind: real registered codes where there are any, else invented ones."""
    listed = table("organisations").filter(pl.col("kind") == kind)
    if listed.height:
        chosen = np.sort(rng.permutation(listed.height)[:count]) if kind == "practice" else np.arange(min(count, listed.height))
        rows = listed[chosen].iter_rows(named=True)
        return [(_code(row["code"], number), row["name"], _code(row["parent"], number) if row["parent"] else "") for row in rows]
    words = {row["kind"]: row["words"].split("|") for row in table("name_parts").iter_rows(named=True)}
    places, ends = words["any"], words[kind]
    start = int(rng.integers(len(places)))
    names = [f"{places[(start + 7 * i) % len(places)]} {ends[i % len(ends)]}" for i in range(count)]
    repeats = [f" {1 + i // len(places)}" if i >= len(places) else "" for i in range(count)]
    codes = [_code(f"{_OWN_CODES[kind]}{first + i:04d}", number) for i in range(count)]
    return [(code, name + repeat, "") for code, name, repeat in zip(codes, names, repeats, strict=True)]


def _sizes(count: int, heads: float, log_sd: float, rng: np.random.Generator) -> np.ndarray:
    """Heads of each organisation: log-normal, adding up to `heads`, none under 3."""
    spread = np.exp(log_sd * ndtri((rng.permutation(count) + 0.5) / count))
    sizes: np.ndarray = np.maximum(3.0, spread / spread.sum() * heads)
    return sizes


def _formats(usual: str, provider: bool, heads: float, rng: np.random.Generator) -> str:
    """The formats a partner sends: a small care provider may use the simple return instead, a large one sends its establishment too."""
    simple = rng.random() < SIMPLE_SHARE
    if provider and heads < LARGE_PROVIDER and simple:
        return "simple_return"
    return f"{usual}|establishment" if provider and heads >= LARGE_PROVIDER else usual


def partners_of(number: int, scale: float, seed: int) -> pl.DataFrame:
    """The partners of a district, at least the stated minimum of each kind.

    Axes: [p] × `code, name, sector, kind, size_band, parent, opened, closed, heads, formats`.
    """
    heads = dict(table("staffing").group_by("kind").agg(pl.col("heads").sum()).iter_rows())
    rows: list[tuple[object, ...]] = []
    used: dict[str, int] = {}
    for kind in table("kinds").iter_rows(named=True):
        name, rng = kind["kind"], stream(seed, "partners", number, kind["kind"])
        count = max(kind["minimum"], round(kind["count"] * min(scale, 1.0)))
        letter = _OWN_CODES.get(name, name)
        sizes = _sizes(count, heads[name] * scale, kind["log_sd"], rng)
        parent = _code(kind["parent"], number) if kind["parent"] else ""
        for (code, label, own), size in zip(_named(name, count, used.get(letter, 0) + 1, number, rng), sizes, strict=True):
            band = next(text for limit, text in _SIZE_BANDS if size < limit)
            formats = _formats(kind["formats"], letter == "P", float(size), rng)
            rows.append((code, label + MARK, kind["sector"], name, band, own or parent, "", "", float(size), formats))
        used[letter] = used.get(letter, 0) + count
    names = ["code", "name", "sector", "kind", "size_band", "parent", "opened", "closed", "heads", "formats"]
    partners = pl.DataFrame(rows, schema=names, orient="row")
    known = pl.col("parent").is_in(partners["code"].to_list())
    return partners.with_columns(parent=pl.when(known).then("parent").otherwise(pl.lit("")))


def postcodes() -> pl.DataFrame:
    """The synthetic postcode directory: eight postcodes for each small area, in districts (LS40 to LS69) that do not exist.

    Axes: [postcode] × `postcode, lsoa21`.

    >>> postcodes().row(0)
    ('LS40 1AA', 'E01011264')
    """
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    areas = table("areas")["lsoa21"]
    index = np.arange(len(areas) * 8)
    outward, rest = 40 + index % 30, index // 30
    codes = [
        f"LS{out} {1 + n % 9}{letters[n // 9 % len(letters)]}{letters[n // (9 * len(letters))]}"
        for out, n in zip(outward.tolist(), rest.tolist(), strict=True)
    ]
    return pl.DataFrame({"postcode": codes, "lsoa21": areas.gather(index // 8)})


def sites_of(partners: pl.DataFrame, number: int, seed: int) -> pl.DataFrame:
    """The sites of a district's partners, each in a small area and with a postcode of the synthetic directory.

    Axes: [s] × `code, name, organisation, postcode, lsoa21, partner, main_service` (of ASC-WDS).
    """
    per_site = np.array([_HEADS_PER_SITE.get(kind, 10**9) for kind in partners["kind"]])
    least = np.where(partners["kind"].to_numpy() == "council", 2, 1)
    counts = np.maximum(least, np.round(partners["heads"].to_numpy() / per_site)).astype(np.int64)
    owner = np.repeat(np.arange(partners.height), counts)
    ordinal = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    directory = postcodes()
    homes = directory[stream(seed, "sites", number).integers(directory.height, size=len(owner))]
    organisation, label = partners["code"].gather(owner), partners["name"].gather(owner).str.strip_suffix(MARK)
    suffix = pl.Series(ordinal).cast(pl.String)
    return pl.DataFrame({"organisation": organisation, "name": label, "n": suffix}).select(
        code=pl.col("organisation") + "-" + pl.col("n"),
        name=pl.col("name") + " site " + pl.col("n") + MARK,
        organisation=pl.col("organisation"),
        postcode=homes["postcode"],
        lsoa21=homes["lsoa21"],
        partner=pl.Series(owner),
        main_service=pl.Series(_main_services([partners["kind"][int(place)] for place in owner], ordinal, counts[owner])),
    )


def _main_services(kinds: list[str], ordinal: np.ndarray, of: np.ndarray) -> list[str]:
    """The ASC-WDS main service of each site, "" outside social care; the council's first half of sites are offices."""
    found = []
    for kind, place, count in zip(kinds, ordinal.tolist(), of.tolist(), strict=True):
        office = kind == "council" and 2 * place <= count
        services = [COUNCIL_OFFICE] if office else _COUNCIL_CARE if kind == "council" else _CARE_SERVICES.get(kind, [""])
        found.append(services[place % len(services)])
    return found


def district(number: int, scale: float, seed: int) -> District:
    """One district with its partners and sites.

    >>> "RR8" in district(1, 0.01, 1).partners["code"].to_list()
    True
    """
    partners = partners_of(number, scale, seed)
    return District(number, seed, scale, partners, sites_of(partners, number, seed))
