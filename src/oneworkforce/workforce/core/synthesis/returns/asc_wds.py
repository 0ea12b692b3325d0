"""ASC-WDS bulk upload: the workplace file, with what a year brought, and the worker and training files beside it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from oneworkforce.workforce.core.specification import specification
from oneworkforce.workforce.core.synthesis.randomness import stream
from oneworkforce.workforce.core.synthesis.rates import role_rates
from oneworkforce.workforce.core.synthesis.returns import asc_workers
from oneworkforce.workforce.core.synthesis.returns.esr import table_of
from oneworkforce.workforce.core.synthesis.returns.staff import Staff, choices, in_post, words

FORMAT = asc_workers.FORMAT
REGULATED = ("1", "2", "8", "54", "55")
"""The main services in the city's workplaces that the Care Quality Commission regulates."""

REGISTERED_MANAGER, REASON_NOT_KNOWN, YEAR = "4", "9", 12
_CAPACITY, _UTILISATION = ("1", "2", "6"), ("1", "2", "6", "8", "54", "55")
_USERS = {"1": "1;25", "2": "1;25", "8": "1;25", "54": "1;25", "55": "5;6", "6": "5;1", "16": "1;4"}
_WORKING_DAYS = 21.0
_OPTIONAL = ("CHGUNIQUEWRKID", "TRANSFERSTAFFRECORD")


@dataclass
class Social:
    """What the social care senders' files are made from.

    Axes: fixed[spell] text under the headers of the worker file; flows[event] × `site, code, month, what, reason`; sites[s] with main service.
    `known` the spells and `sites_known` the workplaces that were sent once before: their STATUS is UPDATE, the others' NEW.
    """

    fixed: pl.DataFrame
    flows: pl.DataFrame
    sites: pl.DataFrame
    rates: dict[str, float]
    known: np.ndarray
    sites_known: set[str] = field(default_factory=set)

    def parts(self, staff: Staff, month: int, posts: pl.DataFrame, senders: list[str]) -> dict[str, pl.DataFrame]:
        """The workplace, worker and training tables of those senders for the year that ends with the month."""
        frame = in_post(staff, month, FORMAT).filter(pl.col("leaving_date").is_null() & pl.col("partner").is_in(senders))
        staffed = frame.filter(pl.col("contract").is_in(["permanent", "fixed_term"]))["site"].unique()
        frame = frame.filter(pl.col("site").is_in(staffed.implode())).sort("partner", maintain_order=True)
        first = max(0, month - YEAR + 1)
        year = sum((pl.Series(staff.sick[past])[frame["order"]] for past in range(first, month)), pl.Series(frame["lost"]))
        sick = (year * _WORKING_DAYS * 2).round(0) / 2
        frame = frame.with_columns(sick_days=sick, known=pl.Series(self.known[frame["order"].to_numpy()]))
        tables = {
            "workplace": self._workplaces(staff, frame, month, posts),
            "worker": asc_workers.worker_rows(frame, self.fixed, _headers("worker")),
            "training": asc_workers.training_rows(frame, staff.truth.months[month], _headers("training")),
        }
        self.known[frame["order"].to_numpy()] = True
        self.sites_known.update(frame["site"].unique().to_list())
        return tables

    def _workplaces(self, staff: Staff, frame: pl.DataFrame, month: int, posts: pl.DataFrame) -> pl.DataFrame:
        code = pl.col("role").replace_strict(table_of("asc_wds_job_role"), default="27")
        counted = pl.col("contract").is_in(["permanent", "fixed_term"])
        heads = frame.group_by("partner", "site", maintain_order=True).agg(workers=pl.len(), total=counted.sum())
        places = heads.join(self.sites, left_on="site", right_on="code", how="left", maintain_order="left")
        lines = self._lines(staff, frame.with_columns(code=code), month, posts.with_columns(code=code), places)
        reasons = self._reasons(lines, month)
        joined = lines.group_by("site", maintain_order=True).agg(
            *(pl.col(name).cast(pl.String).str.join(";") for name in ("code", "starters", "leavers", "vacancies"))
        )
        places = places.join(joined, on="site", how="left", maintain_order="left").join(
            reasons, on="site", how="left", maintain_order="left"
        )
        return _workplace_rows(places.with_columns(known=pl.col("site").is_in(list(self.sites_known))))

    def _lines(self, staff: Staff, frame: pl.DataFrame, month: int, posts: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
        """[site × job role] × `site, code, starters, leavers, vacancies, extra`: a year's flows (before the period: drawn at the true rates)."""
        sites, window = places["site"], (pl.col("month") > month - YEAR) & (pl.col("month") <= month)
        flows = self.flows.filter(window & pl.col("site").is_in(sites.implode()))
        staffed = frame.filter(pl.col("contract").is_in(["permanent", "fixed_term"])).group_by("site", "code").agg(heads=pl.len())
        moved = flows.group_by("site", "code").agg(starters=(pl.col("what") == "start").sum(), leavers=(pl.col("what") == "leave").sum())
        empty = posts.filter(pl.col("site").is_in(sites.implode())).group_by("site", "code").agg(vacancies=pl.col("vacant").sum())
        lines = staffed.join(moved, on=["site", "code"], how="full", coalesce=True).join(
            empty, on=["site", "code"], how="full", coalesce=True
        )
        managed = places.filter(pl.col("main_service").is_in(REGULATED)).select("site", code=pl.lit(REGISTERED_MANAGER), regulated=True)
        lines = lines.join(managed, on=["site", "code"], how="full", coalesce=True).with_columns(
            pl.col("heads", "starters", "leavers", "vacancies").fill_null(0)
        )
        lines = lines.filter(pl.col("regulated").fill_null(False) | (pl.col("code") != REGISTERED_MANAGER)).sort("site", "code")
        unmanaged = pl.col("regulated").fill_null(False) & (pl.col("heads") == 0) & (pl.col("vacancies") == 0)
        unseen = max(0, YEAR - month - 1) / 12
        rng = stream(staff.seed, "year before", staff.number, month)
        expected = (lines["heads"] * lines["code"].replace_strict(self.rates, default=0.3)).to_numpy() * unseen
        extra, began = rng.poisson(expected), rng.poisson(expected)
        return lines.with_columns(
            pl.col("starters").cast(pl.Int64) + pl.Series(began),
            pl.col("leavers").cast(pl.Int64) + pl.Series(extra),
            pl.when(unmanaged).then(1).otherwise(pl.col("vacancies")).cast(pl.Int64).alias("vacancies"),
            extra=pl.Series(extra),
        )

    def _reasons(self, lines: pl.DataFrame, month: int) -> pl.DataFrame:
        """[site] × `site, reasons, reason_counts`: why a year's leavers left; those from before the period for a reason not known."""
        window = (pl.col("month") > month - YEAR) & (pl.col("month") <= month) & (pl.col("what") == "leave")
        known = (
            self.flows.filter(window)
            .join(lines.select("site", "code"), on=["site", "code"], how="semi")
            .group_by("site", "reason")
            .agg(number=pl.len().cast(pl.Int64))
        )
        unknown = lines.group_by("site").agg(number=pl.col("extra").sum()).select("site", reason=pl.lit(REASON_NOT_KNOWN), number="number")
        both = pl.concat([known, unknown.filter(pl.col("number") > 0)]).sort("site", "reason")
        return both.group_by("site", maintain_order=True).agg(
            reasons=pl.col("reason").str.join(";"), reason_counts=pl.col("number").cast(pl.String).str.join(";")
        )


def prepared(staff: Staff) -> Social:
    """What does not change from month to month."""
    own = staff.spells.filter(
        pl.col("sector").is_in(["social_care", "local_authority"]) & pl.col("contract").is_in(["permanent", "fixed_term"])
    )
    own = own.with_columns(
        code=pl.col("role").replace_strict(table_of("asc_wds_job_role")),
        why=words(own, "reason", choices("reason_words", "reason", "words", format=FORMAT)),
    )
    starts = own.filter((pl.col("start_month") >= 0) & ~pl.col("origin").is_in(["promotion", "transfer"]))
    leaves = own.filter(pl.col("reason").is_not_null())
    flows = pl.concat(
        [
            starts.select("site", "code", month="start_month", what=pl.lit("start"), reason=pl.lit("")),
            leaves.select("site", "code", month="end_month", what=pl.lit("leave"), reason="why"),
        ]
    )
    codes = table_of("asc_wds_job_role")
    rates = {codes[role]: rate for _, role, _, rate in role_rates().filter(pl.col("sector") == "social_care").iter_rows() if role in codes}
    sites = staff.truth.district.sites.filter(pl.col("main_service") != "").with_row_index("place")
    return Social(asc_workers.prepared(staff), flows, sites, rates, np.zeros(staff.spells.height, dtype=bool))


def _headers(part: str) -> list[str]:
    return [name for name in specification(FORMAT, part).headers if name not in _OPTIONAL]


_ALIKE = {
    "POSTTOWN": "LEEDS",
    "PERMCQC": "1",
    "PERMLA": "1",
    "OTHERUSERDESC": ";",
    "DHA": "2",
    "REPEATTRAINING": "2",
    "CWPAWARE": "2",
    "CWPUSE": "2",
    "SICKPAY": "0",
    "PENSION": "1",
    "ACTUALCONT": "3.5",
    "OPTOUTPEN": "1",
    "HOLIDAY": "28",
}
"""What every workplace answers alike."""


def _workplace_rows(places: pl.DataFrame) -> pl.DataFrame:
    """The workplace file of every sender: text under the headers of the specification."""
    regulated, service, blank = pl.col("main_service").is_in(REGULATED), pl.col("main_service"), pl.lit("")
    council = service.is_in(["16"]) | (pl.col("partner").str.starts_with("LEEDSCC"))
    size = pl.col("workers").cast(pl.String)
    pairs = service.replace_strict(_USERS, default="1;25")
    location, provider = 200_000_000 + pl.col("place"), 100_000_000 + pl.col("place").first().over("partner")
    values = {name: pl.lit(answer) for name, answer in _ALIKE.items()} | {
        "LOCALESTID": pl.col("site"),
        "STATUS": pl.when("known").then(pl.lit("UPDATE")).otherwise(pl.lit("NEW")),
        "ESTNAME": pl.col("name"),
        "ADDRESS1": "Building " + pl.col("place").cast(pl.String) + " (synthetic)",
        "POSTCODE": pl.col("postcode"),
        "ESTTYPE": pl.when(council).then(pl.lit("1")).otherwise(pl.lit("6")),
        "REGTYPE": pl.when(regulated).then(pl.lit("2")).otherwise(pl.lit("0")),
        "PROVNUM": pl.when(regulated).then("1-" + provider.cast(pl.String)).otherwise(blank),
        "LOCATIONID": pl.when(regulated).then("1-" + location.cast(pl.String)).otherwise(blank),
        "MAINSERVICE": service,
        "ALLSERVICES": service,
        "CAPACITY": pl.when(service.is_in(_CAPACITY)).then(size).otherwise(blank),
        "UTILISATION": pl.when(service.is_in(_UTILISATION)).then((pl.col("workers") * 9 // 10).cast(pl.String)).otherwise(blank),
        "SERVICEUSERS": pairs,
        "TOTALPERMTEMP": pl.col("total").cast(pl.String),
        "ALLJOBROLES": pl.col("code"),
        "STARTERS": pl.col("starters"),
        "LEAVERS": pl.col("leavers"),
        "VACANCIES": pl.col("vacancies"),
        "REASONS": pl.col("reasons").fill_null(""),
        "REASONNOS": pl.col("reason_counts").fill_null(""),
        "TRAVELTIME": pl.when(service == "8").then(pl.lit("2")).otherwise(blank),
    }
    rows = places.select(pl.col("partner").alias("_partner"), **{name: values.get(name, blank) for name in _headers("workplace")})
    return rows.sort("_partner", maintain_order=True)
