"""The posts that partners fund: role, site, contract and hours of each, and when new ones open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from oneworkforce.vocabulary import code_list
from oneworkforce.workforce.core.synthesis.partners import District
from oneworkforce.workforce.core.synthesis.randomness import choose, dealt, stream
from oneworkforce.workforce.core.synthesis.rates import vacancy_rates
from oneworkforce.workforce.core.synthesis.tables import table

ROLES = code_list("job_roles").codes
SERVICES = code_list("services").codes
CONTRACTS = code_list("contracts").codes
CONTRACT = {code: position for position, code in enumerate(CONTRACTS)}
FULL_TIME_HOURS = 37.5
"""Hours in a full-time week."""

_PART_TIME = np.array([0.4, 0.48, 0.64, 0.8])
_PART_TIME_SHARES = np.array([0.2, 0.25, 0.3, 0.25])
_COUNCIL_CARE_ROLES = ("care_worker", "senior_care_worker", "support_worker", "registered_manager", "team_leader")
_COUNCIL_SERVICES = {
    "16": "council_adult_social_care",
    "8": "home_care",
    "2": "care_home",
    "55": "supported_living",
    "54": "supported_living",
}
_SESSIONAL = np.array([0.16, 0.24, 0.32])


@dataclass
class Posts:
    """Every post of a district.

    Axes: each array [post]. `partner` and `site` are positions in the district's tables; `role`, `service` and `contract` positions in the
    vocabulary's lists; `group` a position in `groups` (the published staff group); `fte` full-time equivalents; `opens` the month (0 is the
    first) from which the post exists; `vacancy` and `fill` the vacancy share and monthly chance of being filled.
    """

    partner: np.ndarray
    site: np.ndarray
    role: np.ndarray
    service: np.ndarray
    group: np.ndarray
    contract: np.ndarray
    fte: np.ndarray
    opens: np.ndarray
    vacancy: np.ndarray
    fill: np.ndarray
    groups: tuple[str, ...]

    @property
    def funded(self) -> np.ndarray:
        """Whether the establishment pays for the post: permanent and fixed-term ones."""
        chosen: np.ndarray = np.isin(self.contract, [CONTRACT["permanent"], CONTRACT["fixed_term"]])
        return chosen


def rank_within(values: np.ndarray) -> np.ndarray:
    """For each element, how many equal ones stand before it.

    >>> rank_within(np.array([5, 7, 5, 5])).tolist()
    [0, 0, 1, 2]
    """
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    first = np.searchsorted(ordered, ordered, side="left")
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[order] = np.arange(len(values)) - first
    return ranks


def _hours(mean: float, count: int, rng: np.random.Generator) -> np.ndarray:
    """FTE of `count` posts whose mean is near `mean`: full time, and the usual parts of a week."""
    part = float((_PART_TIME * _PART_TIME_SHARES).sum())
    if mean < part:
        return rng.choice(_SESSIONAL, count)
    part_time = _PART_TIME[choose(rng, _PART_TIME_SHARES, count)]
    full: np.ndarray = np.where(rng.random(count) < (mean - part) / (1 - part), 1.0, part_time)
    return full


def _contracts(kind: dict[str, float], group: str, role: str, count: int, rng: np.random.Generator) -> np.ndarray:
    if group == "Students":
        return np.full(count, CONTRACT["student"], dtype=np.int8)
    if group == "Resident doctors" or role == "gp_in_training":
        return np.full(count, CONTRACT["fixed_term"], dtype=np.int8)
    outside = CONTRACT["locum" if role == "general_practitioner" else "agency"]
    codes = np.array([CONTRACT["bank"], outside, CONTRACT["fixed_term"], CONTRACT["permanent"]], dtype=np.int8)
    bank, agency, fixed = (
        (0.0, 0.0, 0.0) if role == "registered_manager" else (kind["bank_share"], kind["agency_share"], kind["fixed_term_share"])
    )
    chosen: np.ndarray = codes[choose(rng, np.array([bank, agency, fixed, 1 - bank - agency - fixed]), count)]
    return chosen


def _counts(
    row: dict[str, object], heads: np.ndarray, scale: float, growth: float, years: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Posts of each partner of a kind in one role: at the start, and opening later."""
    total = float(str(row["heads"])) * scale / (1 - float(str(row["vacancy_rate"])))
    if row["sector"] == "nhs_trust":  # the published stock is of permanent and fixed-term staff: bank and agency come on top
        total /= 1 - float(str(row["bank_share"])) - float(str(row["agency_share"]))
    start = dealt(total, heads, rng)
    if row["role"] == "registered_manager" and row["kind"] != "council":
        start = np.maximum(start, 1)
    return start, dealt(total * growth * years, heads, rng) if growth > 0 else np.zeros_like(start)


def posts_of(district: District, months: int) -> Posts:
    """The posts of a district over a period of so many months, in the order of the staffing table."""
    staffing = table("staffing").join(table("kinds").drop("source"), on="kind", how="left", maintain_order="left")
    staffing = staffing.join(table("roles").select("role", "posts_growth"), on="role", how="left", maintain_order="left")
    staffing = staffing.join(vacancy_rates(), on=["kind", "role"], how="left", suffix="_role", maintain_order="left")
    staffing = staffing.with_columns(vacancy_rate=pl.col("vacancy_rate_role"))
    groups = tuple(staffing["group"].unique(maintain_order=True))
    heads, kinds = district.partners["heads"].to_numpy(), district.partners["kind"].to_numpy()
    parts: list[dict[str, np.ndarray]] = []
    for row in staffing.iter_rows(named=True):
        rng = stream(district.seed, "posts", district.number, row["kind"], row["group"], row["role"])
        members = np.flatnonzero(kinds == row["kind"])
        start, later = _counts(row, heads[members], district.scale, row["posts_growth"], months / 12, rng)
        partner = np.concatenate([np.repeat(members, start), np.repeat(members, later)]).astype(np.int32)
        count = len(partner)
        opens = np.concatenate([np.zeros(start.sum()), rng.integers(1, max(2, months), later.sum())]).astype(np.int16)
        contract = _contracts(row, row["group"], row["role"], count, rng)
        fte = _hours(row["fte_per_head"], count, rng)
        idle = 0.0 if row["sector"] == "nhs_trust" else 0.2
        parts.append(
            {
                "partner": partner,
                "role": np.full(count, ROLES.index(row["role"]), dtype=np.int16),
                "service": np.full(count, SERVICES.index(row["service"]), dtype=np.int16),
                "group": np.full(count, groups.index(row["group"]), dtype=np.int16),
                "contract": contract,
                "fte": np.where(contract == CONTRACT["bank"], idle, fte),
                "opens": opens,
                "vacancy": np.full(count, row["vacancy_rate"]),
                "fill": np.full(count, row["fill_probability"]),
            }
        )
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    site = _sites(district, columns["partner"], columns["role"])
    columns["service"] = np.where(_at_council(district, columns["partner"]), _council_services(district)[site], columns["service"])
    return Posts(site=site, groups=groups, **columns)


def _at_council(district: District, partner: np.ndarray) -> np.ndarray:
    chosen: np.ndarray = district.partners["kind"].to_numpy()[partner] == "council"
    return chosen


def _council_services(district: District) -> np.ndarray:
    """[site] the shared service of a council workplace by its main service in ASC-WDS (of other sites: 0)."""
    main = district.sites["main_service"].replace_strict(_COUNCIL_SERVICES, default=SERVICES[0])
    places: np.ndarray = np.array([SERVICES.index(service) for service in main], dtype=np.int16)
    return places


def _sites(district: District, partner: np.ndarray, role: np.ndarray) -> np.ndarray:
    """The site of each post: dealt at random within the partner, registered managers one site after the other, the council's care apart from its offices."""
    owner = district.sites["partner"].to_numpy()
    first, count = np.searchsorted(owner, np.arange(district.partners.height)), np.bincount(owner, minlength=district.partners.height)
    drawn = stream(district.seed, "post sites", district.number).integers(0, 2**31, len(partner))
    managers = np.flatnonzero(role == ROLES.index("registered_manager"))
    drawn[managers] = rank_within(partner[managers])
    first, count = first[partner], count[partner]
    council = _at_council(district, partner)
    care, half = np.isin(role, [ROLES.index(code) for code in _COUNCIL_CARE_ROLES]), count // 2
    first = np.where(council & care, first + half, first)
    count = np.where(council, np.where(care, count - half, half), count)
    chosen: np.ndarray = (first + drawn % count).astype(np.int32)
    return chosen
