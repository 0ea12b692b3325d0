"""The picture the slow and obvious way: one partner, one person, one month at a time. Written from the definitions, not from the fast one."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

STAFF = {"permanent", "fixed_term", "unknown"}
TEMPORARY = {"bank", "agency", "locum"}
CARRIED = 12
HANDOVER = 2


def number(day: Any) -> int:
    return day.year * 12 + day.month - 1


def days(after: int, until: int) -> int:
    return sum(monthrange(m // 12, m % 12 + 1)[1] for m in range(after + 1, until + 1))


@dataclass
class Return:
    month: int
    status: str
    people: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    before: Return | None = None
    after: Return | None = None

    @property
    def linked_before(self) -> bool:
        return self.before is not None and self.month - self.before.month <= CARRIED

    @property
    def linked_after(self) -> bool:
        return self.after is not None and self.after.month - self.month <= CARRIED


@dataclass
class Record:
    """One person in one return."""

    partner: str
    format: str
    person: int
    at: Return
    rows: list[dict[str, Any]]
    previous: Record | None = None
    following: Record | None = None
    came: str = ""
    came_in: int = 0
    went: str = ""
    went_in: int = 0
    reason: str = ""
    goes_on_as: Record | None = None

    @property
    def main(self) -> dict[str, Any]:
        def rank(row: dict[str, Any]) -> tuple[Any, ...]:
            return (not in_post(row, self.at.month), row["contract"] not in STAFF, -row["fte"], row["assignment"])

        return min(self.rows, key=rank)

    @property
    def active(self) -> bool:
        return in_post(self.main, self.at.month)

    @property
    def staff(self) -> bool:
        return self.main["contract"] in STAFF

    @property
    def continued(self) -> bool:
        return self.active and self.previous is not None and self.previous.active and self.at.linked_before


def in_post(row: dict[str, Any], month: int) -> bool:
    return row["leaving_date"] is None or number(row["leaving_date"]) > month


def reference(
    assignments: list[dict[str, Any]],
    organisations: list[dict[str, Any]],
    successions: list[dict[str, Any]],
    expected: list[dict[str, Any]],
):
    """Counters: stock by (month, partner, format, role, contract, sex), flows, moves."""
    first, last = min(number(e["month"]) for e in expected), max(number(e["month"]) for e in expected)
    sources = returns_of(assignments, organisations, successions, expected, last)
    records = [record for (partner, format_), returns in sources.items() for record in records_of(partner, format_, returns, last)]
    transfers(records, sources, successions, first, last)
    return stock_of(records, last), flows_of(records), moves_of(records)


def returns_of(assignments, organisations, successions, expected, last) -> dict[tuple[str, str], list[Return]]:
    sources: dict[tuple[str, str], dict[int, Return]] = defaultdict(dict)
    for line in expected:
        if line["status"] in ("accepted", "nil"):
            month = number(line["month"])
            sources[line["partner"], line["format"]][month] = Return(month, line["status"])
    for row in assignments:
        sources[row["partner"], row["format"]][number(row["month"])].people[row["person"]].append(row)
    own = {partner: min(min(sources[p, f]) for p, f in sources if p == partner) for partner, _ in sources}
    added = []
    for (partner, format_), returns in sources.items():
        ends = [number(o["closed"]) for o in organisations if o["code"] == partner and o["closed"]]
        ends += [number(s["date"]) for s in successions if s["predecessor"] == partner and s["kind"] in ("merger", "rename")]
        own_successions = [s for s in successions if s["predecessor"] == partner]
        awaited = own_successions and not any(
            at >= number(s["date"]) for s in own_successions for (p, _), theirs in sources.items() if p == s["successor"] for at in theirs
        )
        if ends and max(returns) < min(ends) <= last and not awaited:
            added.append((partner, format_, min(ends), "closed"))
        begins = [
            number(s["date"]) - 1
            for s in successions
            if s["successor"] == partner and s["predecessor"] in own and own[s["predecessor"]] <= number(s["date"]) - 1
        ]
        if begins and min(begins) < min(returns):
            added.append((partner, format_, min(begins), "opened"))
    for partner, format_, month, status in added:
        sources[partner, format_].setdefault(month, Return(month, status))
    ordered = {}
    for key, returns in sources.items():
        line = [returns[month] for month in sorted(returns)]
        for earlier, later in pairwise(line):
            earlier.after, later.before = later, earlier
        ordered[key] = line
    return ordered


def records_of(partner: str, format_: str, returns: list[Return], last: int) -> list[Record]:
    records = []
    for return_ in returns:
        for person, rows in return_.people.items():
            records.append(Record(partner, format_, person, return_, rows))
    for record in records:
        for other in records:
            if other.person == record.person and other.at is record.at.before:
                record.previous, other.following = other, record
    for record in records:
        settle(record, last)
    return records


def settle(record: Record, last: int) -> None:
    at, main = record.at, record.main
    start = number(main["start_date"]) if main["start_date"] else None
    leave = number(main["leaving_date"]) if main["leaving_date"] else None
    since = at.before.month if at.linked_before else None
    dated = start is not None and since is not None and since < start <= at.month
    was_in_post = record.previous is not None and record.previous.active and at.linked_before
    if not record.active:
        if dated and not was_in_post and leave >= start:
            record.came, record.came_in, record.went, record.went_in = "starter", start, "leaver", leave
            record.reason = main["leaving_reason"] or "not_known"
        return
    if record.continued:
        record.came_in = at.month
    elif since is None:
        record.came, record.came_in = "into_view", at.month
    else:
        record.came, record.came_in = "starter", start if dated else since + 1 + record.person % (at.month - since)
    if at.linked_after:
        following = record.following
        if following is not None and following.active:
            return
        teller = following.main if following is not None else main
        told = number(teller["leaving_date"]) if teller["leaving_date"] else None
        record.went, record.reason = "leaver", teller["leaving_reason"] or "not_known"
        if told is not None and at.month < told <= at.after.month:
            record.went_in = told
        elif following is not None:
            record.went_in = at.month + 1
        else:
            record.went_in = at.month + 1 + record.person % (at.after.month - at.month)
    elif at.month + CARRIED + 1 <= last:
        record.went, record.went_in = "out_of_view", at.month + CARRIED + 1


def transfers(records, sources, successions, first, last) -> None:
    dated = [s for s in successions if first <= number(s["date"]) <= last]
    going, coming = [], []
    for place, succession in enumerate(successions):
        if succession not in dated:
            continue
        date = number(succession["date"])
        for record in records:
            passing = not record.active
            if (
                record.partner == succession["predecessor"]
                and record.went == "leaver"
                and not passing
                and record.reason in ("transfer", "not_known")
            ):
                opens, closes = record.at.month + 1, record.at.after.month
                if opens <= date + HANDOVER and closes >= date:
                    going.append((place, record, min(max(date, opens), closes)))
            if record.partner == succession["successor"] and record.came == "starter" and not passing:
                opens, closes = record.at.before.month + 1, record.at.month
                if opens <= date + HANDOVER and closes >= date:
                    coming.append((place, record, min(max(date, opens), closes)))
    pairs = matched(going, coming)
    for out, into in pairs:
        out[1].went, out[1].went_in, out[1].goes_on_as = "transfer_out", out[2], into[1]
        into[1].came, into[1].came_in = "transfer_in", into[2]
    for place, record, when in going:
        succession = successions[place]
        heard = [r.month for (p, _), rs in sources.items() if p == succession["successor"] for r in rs if r.status in ("accepted", "nil")]
        if record.went == "leaver" and (not heard or max(heard) < number(succession["date"])):
            record.went, record.went_in = "out_of_view", when
    for _, record, _ in coming:
        start = record.main["start_date"]
        if record.came == "starter" and start and number(start) <= record.at.before.month:
            record.came = "into_view"


def matched(going, coming):
    def like(name: str, record: Record) -> Any:
        return record.person if name == "pseudonym" else record.main["start_date" if name == "start" else name]

    likenesses = [
        ["pseudonym"],
        ["role", "sex", "ethnicity", "start"],
        ["role", "sex", "ethnicity", "age_band"],
        ["role", "sex"],
        ["role"],
        [],
    ]
    pairs, gone, come = [], set(), set()
    for likeness in likenesses:
        left = [g for g in going if id(g[1]) not in gone and (likeness or g[1].at.after.status == "closed")]
        right = [c for c in coming if id(c[1]) not in come]
        queues: dict[Any, list[Any]] = defaultdict(list)
        for side, entries in (("left", left), ("right", right)):
            for entry in sorted(entries, key=lambda e: (e[0], e[1].person, e[1].at.month)):
                queues[side, entry[0], tuple(str(like(name, entry[1])) for name in likeness)].append(entry)
        met = []
        for (side, *key), entries in queues.items():
            if side == "left":
                met += list(zip(entries, queues.get(("right", *key), []), strict=False))
        for out, into in sorted(met, key=lambda pair: (pair[0][0], pair[0][1].person, pair[0][1].at.month)):
            if id(out[1]) not in gone and id(into[1]) not in come:
                gone.add(id(out[1]))
                come.add(id(into[1]))
                pairs.append((out, into))
    return pairs


def stay_of(record: Record) -> tuple[float, float]:
    """The month the person's stay ends, and the last month up to which that is known."""
    at_end, seen = record, set()
    while True:
        if id(at_end) in seen:
            return float("inf"), known_until(at_end.at)
        seen.add(id(at_end))
        if at_end.active and at_end.following is not None and at_end.following.continued:
            at_end = at_end.following
        elif at_end.goes_on_as is not None:
            at_end = at_end.goes_on_as
        else:
            return (at_end.went_in if at_end.went == "leaver" else float("inf")), known_until(at_end.at)


def known_until(return_: Return) -> float:
    while return_.linked_after:
        return_ = return_.after
    return float("inf") if return_.status == "closed" else return_.month


def stock_of(records: list[Record], last: int) -> dict[tuple[Any, ...], Counter]:
    stock: dict[tuple[Any, ...], Counter] = defaultdict(Counter)
    for record in records:
        until = record.at.after.month if record.at.linked_after else min(record.at.month + CARRIED + 1, last + 1)
        end = record.went_in if record.went else until
        passing = not record.active and record.came == "starter"
        stay_ends, known = stay_of(record)
        for row in record.rows:
            main = row is record.main
            own = in_post(row, record.at.month)
            stands = range(record.came_in, end) if (own and record.active) or (passing and main) else range(0)
            for month in stands:
                cell = stock[(month, record.partner, record.format, row["role"], row["contract"], row["sex"])]
                staff = row["contract"] in STAFF
                risk = month < record.at.month or record.at.linked_after
                if month == end - 1 and record.went == "out_of_view":
                    risk = False
                base = month + 12 <= known and month + 12 <= last
                cell["people"] += main and staff
                cell["other_people"] += main and not staff
                cell["assignments"] += 1
                cell["fte"] += row["fte"] if staff else 0
                cell["temporary_fte"] += row["fte"] if row["contract"] in TEMPORARY else 0
                cell["at_risk"] += main and staff and risk
                cell["stay_base"] += main and staff and base
                cell["stayed"] += main and staff and base and stay_ends > month + 12
                cell["people_carried"] += main and staff and month > record.at.month
            if row["sickness_days"] is not None and (record.at.month in stands or not len(stands)):
                cell = stock[(record.at.month, record.partner, record.format, row["role"], row["contract"], row["sex"])]
                cell["sickness_days"] += row["sickness_days"]
                given = row["available_days"]
                cell["available_days"] += given if given is not None else row["fte"] * period(record.at)
    return {key: cell for key, cell in stock.items() if any(cell.values())}


def period(return_: Return) -> int:
    if return_.linked_before:
        return days(return_.before.month, return_.month)
    gap = return_.after.month - return_.month if return_.linked_after else 1
    return days(return_.month - gap, return_.month)


def flows_of(records: list[Record]) -> Counter:
    flows: Counter = Counter()
    for record in records:
        main = record.main

        def count(month: int, kind: str, reason: str | None = None, record: Record = record, main: dict[str, Any] = main) -> None:
            flows[
                month, record.partner, record.format, kind, record.staff, reason, record.came_in < month, main["role"], main["contract"]
            ] += 1

        if record.came:
            count(record.came_in, record.came)
        if record.went:
            count(record.went_in, record.went, record.reason if record.went == "leaver" else None)
        if record.continued and record.staff and not record.previous.staff:
            count(record.at.month, "contract_in")
        if record.following is not None and record.following.continued and record.staff and not record.following.staff:
            count(record.following.at.month, "contract_out")
    return flows


def moves_of(records: list[Record]) -> Counter:
    moves: Counter = Counter()
    for record in records:
        if record.continued and record.staff and record.previous.staff and record.main["role"] != record.previous.main["role"]:
            moves[record.at.month, record.partner, record.format, record.previous.main["role"], record.main["role"]] += 1
    return moves
