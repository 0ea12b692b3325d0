"""The people of the synthetic city: none of them lives; every name is invented and every NI number is of a series never issued."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from oneworkforce.vocabulary import code_list
from oneworkforce.workforce.core.synthesis.posts import ROLES
from oneworkforce.workforce.core.synthesis.randomness import choose
from oneworkforce.workforce.core.synthesis.rates import ages_in_post, newcomer_ages, role_rates
from oneworkforce.workforce.core.synthesis.tables import published, table

YEAR = 365.25
SECTORS = code_list("sectors").codes
SEXES = ("female", "male", "other")
DISABILITIES = ("no", "yes", "unknown")
NOT_STATED = -1
"""The place of an ethnic group that is not stated, and of a home outside the directory."""

_ATTRIBUTES = ("birth_day", "sex", "ethnicity", "disability", "area", "first_name", "last_name", "later_name", "renamed", "since")
_TILT = {"low": -0.06, "middle": 0.0, "high": 0.06}


@dataclass
class People:
    """Everybody ever met in a district, in the order of meeting.

    Axes: each array [person]. `birth_day` in days since 1970; `sex`, `disability` positions in `SEXES`, `DISABILITIES`; `ethnicity` and
    `area` positions in the tables of those names, or `NOT_STATED`; names positions in the name lists, `later_name` the family name from
    month `renamed` on; `since` the month of first work in the city (-1: before the period).
    """

    count: int = 0
    columns: dict[str, np.ndarray] = field(default_factory=lambda: {name: np.zeros(1024, dtype=np.int32) for name in _ATTRIBUTES})

    def __getattr__(self, name: str) -> np.ndarray:
        if name in _ATTRIBUTES:
            return self.columns[name][: self.count]
        raise AttributeError(name)

    def add(self, **attributes: np.ndarray) -> np.ndarray:
        """The positions of the people just added."""
        size = len(attributes["birth_day"])
        while self.count + size > len(self.columns["birth_day"]):
            self.columns = {name: np.concatenate([column, np.zeros_like(column)]) for name, column in self.columns.items()}
        for name, values in attributes.items():
            self.columns[name][self.count : self.count + size] = values
        self.count += size
        return np.arange(self.count - size, self.count, dtype=np.int32)


def surnames() -> list[str]:
    """The invented family names."""
    parts = table("surname_parts")
    last = [row["part"] for row in parts.iter_rows(named=True) if row["place"] == "last"]
    return [row["part"] + end for row in parts.iter_rows(named=True) if row["place"] == "first" for end in last]


def _ages(sector: np.ndarray, role: np.ndarray, starters: bool, rng: np.random.Generator) -> np.ndarray:
    """Ages in years: of newcomers, or of those already in post in a role of a sector."""
    ages = np.zeros(len(role))
    rates = {(line[0], line[1]): line[3] for line in role_rates().iter_rows()}
    key = sector.astype(np.int64) * len(ROLES) + role
    for value in np.unique(key):
        mine = np.flatnonzero(key == value)
        code = ROLES[int(value) % len(ROLES)]
        shares = newcomer_ages(code) if starters else ages_in_post(code, rates[SECTORS[int(value) // len(ROLES)], code])[0]
        ages[mine] = choose(rng, shares, len(mine)) + rng.random(len(mine))
    return ages


def _homes(role: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    areas, pay = table("areas"), dict(table("roles").select("role", "pay").iter_rows())
    level = np.array([pay.get(code, "middle") for code in ROLES])[role]
    homes = np.full(len(role), NOT_STATED, dtype=np.int32)
    for name, tilt in _TILT.items():
        chosen = np.flatnonzero(level == name)
        weights = areas["residents"].to_numpy() * np.exp(tilt * (areas["imd_2025_decile"].to_numpy() - 5.5))
        homes[chosen] = choose(rng, weights, len(chosen))
    homes[rng.random(len(role)) < published("outside_directory")] = NOT_STATED
    return homes


def _ethnicities(role: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    groups = table("ethnicity")
    doctors = np.isin(
        role, [ROLES.index(code) for code in ("consultant", "specialty_doctor", "doctor_in_training", "general_practitioner")]
    )
    residents = groups["residents"].to_numpy()
    drawn = choose(rng, residents, len(role))
    drawn[doctors] = choose(rng, residents * groups["doctor_tilt"].to_numpy(), int(doctors.sum()))
    drawn[rng.random(len(role)) < published("ethnicity_not_stated")] = NOT_STATED
    return drawn


def newcomers(
    people: People, sector: np.ndarray, role: np.ndarray, month: int, first_day: int, months: int, rng: np.random.Generator
) -> np.ndarray:
    """The positions of new people, one for each `role` (in a `sector`), met in `month` (-1: already there), whose first day is `first_day` (since 1970)."""
    count = len(role)
    female = dict(table("roles").select("role", "female_share").iter_rows())
    shares = np.array([female.get(code, 0.7) for code in ROLES])[role]
    sex = np.where(rng.random(count) < 0.003, 2, (rng.random(count) >= shares).astype(np.int64))
    names = table("first_names")["sex"].to_numpy()
    pools = [np.flatnonzero(names == "female"), np.flatnonzero(names == "male"), np.arange(len(names))]
    first = np.select(
        [sex == 0, sex == 1], [pool[rng.integers(0, len(pool), count)] for pool in pools[:2]], pools[2][rng.integers(0, len(names), count)]
    )
    family = len(surnames())
    renamed = rng.random(count) < published("changed_names") * months / 12
    disabled, silent = published("disabled"), published("not_declared")
    return people.add(
        birth_day=first_day - np.round(_ages(sector, role, month >= 0, rng) * YEAR).astype(np.int64),
        sex=sex,
        ethnicity=_ethnicities(role, rng),
        disability=choose(rng, np.array([1 - disabled - silent, disabled, silent]), count),
        area=_homes(role, rng),
        first_name=first,
        last_name=rng.integers(0, family, count),
        later_name=rng.integers(0, family, count),
        renamed=np.where(renamed, rng.integers(1, months + 1, count), 32_000),
        since=np.full(count, month),
    )
