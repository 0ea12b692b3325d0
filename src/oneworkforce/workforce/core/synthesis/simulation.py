"""The truth: month by month, who leaves, who moves, who starts, and which posts stand vacant.

Within a month: leave, transfer of employer, new posts, promotion, then hiring into posts that were vacant at its start. Somebody who starts in
a month can first leave in the next one, so the leaving probability of `rates.leaving_rates` applies to those in post at the start of a month.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from oneworkforce.vocabulary import code_list
from oneworkforce.workforce.core.synthesis.partners import District
from oneworkforce.workforce.core.synthesis.people import SECTORS, YEAR, People, newcomers
from oneworkforce.workforce.core.synthesis.posts import CONTRACT, ROLES, Posts, posts_of, rank_within
from oneworkforce.workforce.core.synthesis.randomness import choose, stream
from oneworkforce.workforce.core.synthesis.rates import age_edges, known_bands, leaving_rates
from oneworkforce.workforce.core.synthesis.tables import published, table

REASONS = code_list("leaving_reasons").codes
ORIGINS = ("before", "new_to_city", "from_partner", "second_job", "promotion", "transfer")
"""How a spell began."""
DESTINATIONS = ("still_there", "left_city", "seeking", "promotion", "transfer")
"""How a spell ended; somebody seeking takes up the next fitting post at another partner."""
OPEN = 32_000
"""The end month of a spell that has not ended."""

_TURNOVER_OF = {CONTRACT["agency"]: 3.0, CONTRACT["locum"]: 2.0, CONTRACT["bank"]: 1.3}
_STAYING = ("voluntary", "end_of_contract", "dismissal")
_SEEK_MONTHS = 12
_SPELL = (
    "post",
    "partner",
    "site",
    "person",
    "start_day",
    "hire_day",
    "start_month",
    "end_day",
    "end_month",
    "reason",
    "origin",
    "destination",
)


@dataclass(frozen=True)
class Transfer:
    """A dated succession: everybody at one partner passes to another by operation of law, and nobody has left."""

    predecessor: int
    successor: int
    month: int
    kind: str


@dataclass
class Truth:
    """Everything that happened in a district.

    Axes: `spells` arrays [spell] (a person in a post at a partner: `post, partner, site, person` positions, days since 1970, months from 0,
    `reason`, `origin`, `destination` positions in `REASONS`, `ORIGINS`, `DESTINATIONS`); `vacant[month][post]` the month in which a post
    fell vacant, or -1 where it is filled or does not exist yet; `owner[month][post]` the partner it belongs to.
    """

    district: District
    months: list[date]
    posts: Posts
    people: People
    transfers: list[Transfer]
    spells: dict[str, np.ndarray] = field(default_factory=dict)
    vacant: list[np.ndarray] = field(default_factory=list)
    owner: list[np.ndarray] = field(default_factory=list)
    sites: list[np.ndarray] = field(default_factory=list)


def month_starts(last_month: date, months: int) -> list[date]:
    """The first day of each of so many months, the last one `last_month`.

    >>> month_starts(date(2026, 1, 1), 2)
    [datetime.date(2025, 12, 1), datetime.date(2026, 1, 1)]
    """
    last = last_month.year * 12 + last_month.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - months + 1, last + 1)]


def days(day: date) -> int:
    """Days from 1 January 1970 to that day.

    >>> days(date(1970, 1, 2))
    1
    """
    return day.toordinal() - date(1970, 1, 1).toordinal()


def _transfers(district: District, months: int) -> list[Transfer]:
    """A merger of practices, a contract for care that passes to another provider, and a change of networks, where the period has room."""
    partners, found = district.partners, []
    for kind, label, share in (("practice", "merger", 0.45), ("home_care", "tupe", 0.6), ("network", "network_change", 0.75)):
        members = np.flatnonzero(partners["kind"].to_numpy() == kind)
        order = members[np.argsort(partners["heads"].to_numpy()[members], kind="stable")]
        if kind == "home_care":  # both send the same format, so that staff can be followed
            order = np.array([p for p in order if "asc_wds" in partners["formats"][int(p)]], dtype=np.int64)
        month = round(months * share)
        if 1 <= month < months and len(order) > 1:
            place = len(order) // 3
            found.append(Transfer(int(order[place]), int(order[place + 1]), month, label))
    return found


def paired(seats: np.ndarray, people: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Positions of seats and of people of the same kind, paired at random, each used at most once.

    >>> seats, people = paired(np.array([3, 4]), np.array([4, 4, 9]), stream(1, "example"))
    >>> seats.tolist(), len(people)
    ([1], 1)
    """
    order = rng.permutation(len(people))
    size = len(seats) + len(people) + 1
    at = seats.astype(np.int64) * size + rank_within(seats)
    by = people[order].astype(np.int64) * size + rank_within(people[order])
    _, to, of = np.intersect1d(at, by, return_indices=True)
    return to, order[of]


class Simulation:
    """One district going through its months; `run` returns the truth."""

    def __init__(self, district: District, months: list[date]) -> None:
        self.district, self.months = district, months
        self.posts, self.people = posts_of(district, len(months)), People()
        self.truth = Truth(district, months, self.posts, self.people, _transfers(district, len(months)))
        size = len(self.posts.partner)
        self.occupant = np.full(size, -1, dtype=np.int32)  # the spell that fills each post
        self.vacant_since = np.full(size, -1, dtype=np.int16)
        self.count, self.spell = 0, {name: np.zeros(2 * size, dtype=np.int32) for name in _SPELL}
        facts = {row["role"]: row for row in table("roles").iter_rows(named=True)}
        groups = sorted({row["mobility"] for row in facts.values()})
        self.mobility = np.array([groups.index(facts[role]["mobility"]) if role in facts else -1 for role in ROLES])
        self.student = np.array([role in facts and facts[role]["mobility"] == "student" for role in ROLES])
        self.lowest = np.array([facts[role]["lowest_age"] if role in facts else 18.0 for role in ROLES])
        self.feeders = [
            (ROLES.index(role), ROLES.index(row["feeder_role"]), row["feeder_share"]) for role, row in facts.items() if row["feeder_role"]
        ]
        self.rates, self.sector = self._rates(), np.array([SECTORS.index(code) for code in district.partners["sector"]])
        self.seekers = {name: np.zeros(0, dtype=np.int32) for name in ("person", "mobility", "partner", "month")}
        self.reasons = table("reasons")

    def _rates(self) -> np.ndarray:
        """[sector, role, age band] monthly probability."""
        found = np.zeros((len(SECTORS), len(ROLES), len(known_bands())))
        bands = {band: position for position, band in enumerate(known_bands())}
        for sector, role, band, monthly, _ in leaving_rates().iter_rows():
            found[SECTORS.index(sector), ROLES.index(role), bands[band]] = monthly
        return found

    def _rng(self, purpose: str, month: int) -> np.random.Generator:
        return stream(self.district.seed, purpose, self.district.number, month)

    def _begin(self, post: np.ndarray, person: np.ndarray, day: np.ndarray, hired: np.ndarray, month: int, origin: np.ndarray) -> None:
        size = len(post)
        while self.count + size > len(self.spell["post"]):
            self.spell = {name: np.concatenate([column, np.zeros_like(column)]) for name, column in self.spell.items()}
        values = {"post": post, "partner": self.posts.partner[post], "site": self.posts.site[post], "person": person, "start_day": day}
        values |= {"hire_day": hired, "start_month": np.full(size, month), "end_day": np.zeros(size), "end_month": np.full(size, OPEN)}
        values |= {"reason": np.full(size, -1), "origin": origin, "destination": np.zeros(size)}
        for name, column in values.items():
            self.spell[name][self.count : self.count + size] = column
        self.occupant[post] = np.arange(self.count, self.count + size)
        self.vacant_since[post] = -1
        self.count += size

    def _end(self, spell: np.ndarray, day: np.ndarray, month: int, reason: np.ndarray, destination: np.ndarray) -> None:
        self.spell["end_day"][spell], self.spell["end_month"][spell] = day, month
        self.spell["reason"][spell], self.spell["destination"][spell] = reason, destination

    def _bands(self, person: np.ndarray, day: int) -> np.ndarray:
        ages = np.maximum((day - self.people.birth_day[person]) / YEAR, age_edges()[0])
        bands: np.ndarray = np.searchsorted(age_edges(), ages, side="right") - 1
        return bands

    def _monthly(self, post: np.ndarray, person: np.ndarray, day: int) -> np.ndarray:
        base = self.rates[self.sector[self.posts.partner[post]], self.posts.role[post], self._bands(person, day)]
        factor = np.ones(int(max(CONTRACT.values())) + 1)
        for contract, value in _TURNOVER_OF.items():
            factor[contract] = value
        monthly: np.ndarray = np.minimum(base * factor[self.posts.contract[post]], 0.9)
        return monthly

    def settle(self) -> None:
        """Everybody who was there before the period is in post, some of them in two."""
        rng, posts = self._rng("before", 0), self.posts
        filled = np.flatnonzero((posts.opens == 0) & (rng.random(len(posts.partner)) >= posts.vacancy))
        first_day = days(self.months[0])
        second = np.sort(rng.permutation(filled)[: int(len(filled) * published("second_jobs"))])
        second = second[~self.student[posts.role[second]]]
        own = np.setdiff1d(filled, second)
        owner = np.full(len(posts.partner), -1, dtype=np.int32)
        owner[own] = newcomers(self.people, self.sector[posts.partner[own]], posts.role[own], -1, first_day, len(self.months), rng)
        for mobility in np.unique(self.mobility[posts.role[second]]):
            mine = second[self.mobility[posts.role[second]] == mobility]
            others = own[self.mobility[posts.role[own]] == mobility]
            partner = rng.permutation(others)[: len(mine)] if len(others) else others
            mine = mine[: len(partner)]
            apart = posts.partner[mine] != posts.partner[partner]
            owner[mine[apart]] = owner[partner[apart]]
        single = second[owner[second] < 0]
        owner[single] = newcomers(self.people, self.sector[posts.partner[single]], posts.role[single], -1, first_day, len(self.months), rng)
        filled = np.flatnonzero(owner >= 0)
        self.vacant_since[(posts.opens == 0) & (owner < 0)] = 0
        monthly = np.maximum(self._monthly(filled, owner[filled], first_day), 0.001)
        oldest = (first_day - self.people.birth_day[owner[filled]]) / YEAR - self.lowest[posts.role[filled]]
        tenure = np.minimum(rng.exponential(1 / monthly) / 12, np.maximum(oldest, 0.1)) * YEAR
        hired = (first_day - 1 - np.floor(tenure)).astype(np.int32)
        self._begin(filled, owner[filled], hired, hired, -1, np.zeros(len(filled), dtype=np.int32))
        self.seeking = self._seeking(filled, monthly)

    def _seeking(self, post: np.ndarray, monthly: np.ndarray) -> float:
        """The chance that somebody who resigns stays in the city's workforce, such that as many are new to the city in a year as published."""
        posts, share = self.posts, self.district.scale
        kind = self.mobility[posts.role[post]]
        largest = {value: np.bincount(posts.partner[post[kind == value]]).max() / (kind == value).sum() for value in np.unique(kind)}
        movable = (
            np.array([largest[value] < 0.9 for value in kind]) & ~self.student[posts.role[post]]
        )  # some work has only one employer here
        leavers = float(monthly[~self.student[posts.role[post]]].sum()) * 12
        young = self.reasons.filter(self.reasons["reason"].is_in(list(_STAYING)))
        resigning = float(young.filter(young["from_age"] < 55)["share"].sum()) / 2 * 0.9
        opening = int((posts.opens > 0).sum()) / len(self.months) * 12
        needed = (leavers + opening) * (1 - published("second_jobs")) - published("new_to_city") * share
        return float(np.clip(needed / (float(monthly[movable].sum()) * 12 * resigning * 0.92), 0.0, 0.98))  # some find nothing that fits

    def _reasons(self, age: np.ndarray, contract: np.ndarray, student: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        starts = np.unique(self.reasons["from_age"].to_numpy())
        group = np.searchsorted(starts, np.maximum(age, starts[0]), side="right") - 1
        reason = np.zeros(len(age), dtype=np.int32)
        for position, start in enumerate(starts):
            rows = self.reasons.filter(self.reasons["from_age"] == int(start))
            codes = np.array([REASONS.index(code) for code in rows["reason"]])
            chosen = np.flatnonzero(group == position)
            reason[chosen] = codes[choose(rng, rows["share"].to_numpy(), len(chosen))]
        temporary = np.isin(contract, [CONTRACT["fixed_term"], CONTRACT["agency"], CONTRACT["locum"]]) & (age < 55)
        ending = student | (temporary & (rng.random(len(age)) < 0.7))
        reason[ending] = REASONS.index("end_of_contract")
        return reason

    def leave(self, month: int) -> None:
        """Those who leave their partner in the month have left, and their posts are vacant."""
        rng, start, posts = self._rng("leave", month), days(self.months[month]), self.posts
        taken = np.flatnonzero(self.occupant >= 0)
        person = self.spell["person"][self.occupant[taken]]
        going = rng.random(len(taken)) < self._monthly(taken, person, start)
        post, person = taken[going], person[going]
        age = (start - self.people.birth_day[person]) / YEAR
        student = self.student[posts.role[post]]
        reason = self._reasons(age, posts.contract[post], student, rng)
        resigning = np.isin(reason, [REASONS.index(code) for code in _STAYING]) & ~student
        seeks = resigning & (rng.random(len(post)) < self.seeking)
        length = days(month_starts(self.months[month], 1)[0].replace(day=28)) + 4
        day = start + np.floor(rng.random(len(post)) * (days(date.fromordinal(length + 719163).replace(day=1)) - start)).astype(np.int32)
        self._end(self.occupant[post], day, month, reason, np.where(seeks, DESTINATIONS.index("seeking"), DESTINATIONS.index("left_city")))
        self.occupant[post], self.vacant_since[post] = -1, month
        fresh = {"person": person[seeks], "mobility": self.mobility[posts.role[post[seeks]]], "partner": posts.partner[post[seeks]]}
        fresh["month"] = np.full(int(seeks.sum()), month)
        waiting = self.seekers["month"] > month - _SEEK_MONTHS
        self.seekers = {name: np.concatenate([column[waiting], fresh[name]]) for name, column in self.seekers.items()}

    def transfer(self, month: int) -> None:
        """The staff and posts of every partner whose succession falls in the month belong to its successor."""
        for moving in self.truth.transfers:
            if moving.month != month:
                continue
            posts, start = self.posts, days(self.months[month])
            mine = np.flatnonzero(posts.partner == moving.predecessor)
            owner = self.district.sites["partner"].to_numpy()
            posts.partner, posts.site = posts.partner.copy(), posts.site.copy()
            posts.partner[mine] = moving.successor
            posts.site[mine] = np.flatnonzero(owner == moving.successor)[0]
            held = mine[self.occupant[mine] >= 0]
            old = self.occupant[held].copy()
            transfer, size = REASONS.index("transfer"), len(held)
            self._end(old, np.full(size, start - 1), month - 1, np.full(size, transfer), np.full(size, DESTINATIONS.index("transfer")))
            hired, person = self.spell["hire_day"][old], self.spell["person"][old]
            self._begin(held, person, np.full(size, start), hired, month, np.full(size, ORIGINS.index("transfer")))

    def promote(self, month: int, ready: np.ndarray) -> None:
        """Some vacant posts are filled from within the same partner, which leaves the promoted person's old post vacant."""
        rng, start, posts = self._rng("promote", month), days(self.months[month]), self.posts
        for role, feeder, share in self.feeders:
            wanted = ready[(posts.role[ready] == role) & (self.occupant[ready] < 0) & (rng.random(len(ready)) < share)]
            able = rng.permutation(np.flatnonzero((posts.role == feeder) & (self.occupant >= 0) & posts.funded))
            able = able[self.spell["start_month"][self.occupant[able]] < month]
            if not len(wanted) or not len(able):
                continue
            size = len(posts.partner)
            slots = posts.partner[wanted].astype(np.int64) * size + rank_within(posts.partner[wanted])
            people = posts.partner[able].astype(np.int64) * size + rank_within(posts.partner[able])
            _, to, of = np.intersect1d(slots, people, return_indices=True)
            post, was = wanted[to], able[of]
            old = self.occupant[was].copy()
            count = len(post)
            ended = np.full(count, DESTINATIONS.index("promotion"))
            self._end(old, np.full(count, start - 1), month - 1, np.full(count, -1), ended)
            self.occupant[was], self.vacant_since[was] = -1, month
            hired, person = self.spell["hire_day"][old], self.spell["person"][old]
            self._begin(post, person, np.full(count, start), hired, month, np.full(count, ORIGINS.index("promotion")))

    def hire(self, month: int, ready: np.ndarray) -> None:
        """The posts to be filled this month are filled: by people from other partners, by second jobs, and by people new to the city."""
        rng, start, posts = self._rng("hire", month), days(self.months[month]), self.posts
        post = rng.permutation(ready[self.occupant[ready] < 0])
        person = np.full(len(post), -1, dtype=np.int32)
        origin = np.full(len(post), ORIGINS.index("new_to_city"), dtype=np.int32)
        day = start + rng.integers(0, 28, len(post)).astype(np.int32)
        self._from_partners(post, person, origin, start, rng)
        self._second_jobs(post, person, origin, rng)
        new = np.flatnonzero(person < 0)
        person[new] = newcomers(
            self.people, self.sector[posts.partner[post[new]]], posts.role[post[new]], month, start, len(self.months), rng
        )
        self._begin(post, person, day, day, month, origin)

    def _jobs(self) -> np.ndarray:
        """How many posts each person holds now."""
        held = self.spell["person"][self.occupant[self.occupant >= 0]]
        counted: np.ndarray = np.bincount(held, minlength=self.people.count)
        return counted

    def _from_partners(self, post: np.ndarray, person: np.ndarray, origin: np.ndarray, start: int, rng: np.random.Generator) -> None:
        jobs, held = self._jobs(), np.flatnonzero(self.occupant >= 0)
        place = np.full(self.people.count, -1, dtype=np.int32)
        place[self.spell["person"][self.occupant[held]]] = self.posts.partner[held]  # where somebody with one job has it
        for _ in range(4):
            waiting, free = self.seekers, np.flatnonzero(person < 0)
            to, chosen = paired(self.mobility[self.posts.role[post[free]]], waiting["mobility"], rng)
            to = free[to]
            age = (start - self.people.birth_day[waiting["person"][chosen]]) / YEAR
            fits = (waiting["partner"][chosen] != self.posts.partner[post[to]]) & (age >= self.lowest[self.posts.role[post[to]]])
            fits &= (jobs[waiting["person"][chosen]] < 2) & (place[waiting["person"][chosen]] != self.posts.partner[post[to]])
            person[to[fits]] = waiting["person"][chosen[fits]]
            origin[to[fits]] = ORIGINS.index("from_partner")
            left = np.setdiff1d(np.arange(len(waiting["person"])), chosen[fits])
            self.seekers = {name: column[left] for name, column in waiting.items()}

    def _second_jobs(self, post: np.ndarray, person: np.ndarray, origin: np.ndarray, rng: np.random.Generator) -> None:
        posts, free = self.posts, np.flatnonzero(person < 0)
        share = published("second_jobs") * len(post) / max(1, len(free))
        wanted = free[~self.student[posts.role[post[free]]] & (rng.random(len(free)) < share)]
        taken = np.flatnonzero((self.occupant >= 0) & ~self.student[posts.role])
        to, chosen = paired(self.mobility[posts.role[post[wanted]]], self.mobility[posts.role[taken]], rng)
        wanted, other = wanted[to], taken[chosen]
        apart = (posts.partner[other] != posts.partner[post[wanted]]) & (self._jobs()[self.spell["person"][self.occupant[other]]] == 1)
        apart &= ~np.isin(self.spell["person"][self.occupant[other]], person)
        person[wanted[apart]] = self.spell["person"][self.occupant[other[apart]]]
        origin[wanted[apart]] = ORIGINS.index("second_job")

    def run(self) -> Truth:
        """The whole truth of the period."""
        self.settle()
        for month in range(len(self.months)):
            ready = np.flatnonzero((self.occupant < 0) & (self.posts.opens < month if month else self.posts.opens == 0))
            ready = ready[self._rng("fill", month).random(len(ready)) < self.posts.fill[ready]]
            self.leave(month)
            self.transfer(month)
            opening = self.posts.opens == month
            self.vacant_since[opening & (self.occupant < 0) & (month > 0)] = month
            self.promote(month, ready)
            self.hire(month, ready)
            self.truth.vacant.append(self.vacant_since.copy())
            self.truth.owner.append(self.posts.partner)
            self.truth.sites.append(self.posts.site)
        self.truth.spells = {name: column[: self.count] for name, column in self.spell.items()}
        return self.truth
