"""The worker and training files of ASC-WDS: one row a worker, one row a training record."""

from __future__ import annotations

from datetime import date

import polars as pl

from oneworkforce.workforce.core.synthesis.register import month_end
from oneworkforce.workforce.core.synthesis.returns.esr import table_of
from oneworkforce.workforce.core.synthesis.returns.staff import Staff, number, shown

FORMAT = "asc_wds"
_SEX = {"female": "2", "male": "1", "other": "4"}
_DISABLED = {"no": "0", "yes": "1", "unknown": "3"}
_EMPLOYMENT = {"permanent": "1", "fixed_term": "2", "bank": "3", "agency": "4"}
_PATHWAY = {"care_worker": "2", "support_worker": "2", "senior_care_worker": "3", "team_leader": "4", "registered_manager": "7"}
_ABROAD = {"44": ("566", 0.5), "39": ("356", 0.4), "34": ("616", 0.6), "43": ("608", 0.5)}
_SALARIED = ("registered_manager", "senior_manager", "manager", "social_worker", "occupational_therapist")
_REGULATED = ("social_worker", "occupational_therapist", "social_care_nurse")
_SOURCES = ("2", "2", "5", "10", "15", "18", "1")
_TRAINING = (("20", "Safeguarding adults", 0.8), ("15", "Assisting and moving people", 0.6))


def share(prime: int) -> pl.Expr:
    """A number between 0 and 1 that stays with each person, another one for each prime."""
    return pl.col("chance") * prime * 101 % 1


def reference() -> pl.Expr:
    """The reference under which a partner knows a worker."""
    again = pl.when(pl.col("assignment") == 1).then(pl.lit("")).otherwise("-" + pl.col("assignment").cast(pl.String))
    return "W" + pl.col("local").cast(pl.String).str.zfill(4) + again


def prepared(staff: Staff) -> pl.DataFrame:
    """[spell] what a worker row says that does not change, by the spell's `order`: text under the headers of the file."""
    rows = staff.spells.filter(pl.col("sector").is_in(["social_care", "local_authority"]))
    foreign = pl.lit("826")
    for group, (country, portion) in _ABROAD.items():
        foreign = pl.when((pl.col("asc_wds_ethnicity") == group) & (share(7) < portion)).then(pl.lit(country)).otherwise(foreign)
    rows = rows.with_columns(country=foreign, year=pl.col("hire_date").dt.year(), born=pl.col("birth_date").dt.year())
    abroad, salaried = pl.col("country") != "826", pl.col("role").is_in(_SALARIED)
    recent = abroad & (pl.col("year") >= 2022)
    learnt = pl.when(share(11) < 0.3).then(pl.lit("1;2")).when(share(11) < 0.5).then(pl.lit("1;3")).otherwise(pl.lit("2"))
    qualified = pl.when(pl.col("role").is_in(_REGULATED)).then(pl.lit("1;6")).otherwise(learnt)
    year = pl.max_horizontal(pl.col("born") + 17, pl.col("year") - 1).cast(pl.String)
    award = _award(qualified, year)
    entered = (pl.col("year") - (share(13) * 9).floor().cast(pl.Int32)).cast(pl.String)
    entered = pl.when(abroad).then(entered).otherwise(pl.lit(""))
    began = pl.max_horizontal(pl.col("born") + 15, pl.col("year") - (share(17) * 12).floor().cast(pl.Int32))
    nurse, social = pl.col("role") == "social_care_nurse", pl.col("role") == "social_worker"
    amhp = pl.when(share(19) < 0.12).then(pl.lit("1")).otherwise(pl.lit("2"))
    blank = pl.lit("")
    return rows.select(
        "order",
        NATIONALITY="country",
        BRITISHCITIZENSHIP=pl.when(abroad).then(pl.lit("2")).otherwise(blank),
        COUNTRYOFBIRTH="country",
        YEAROFENTRY=entered,
        CARECERT=pl.when(share(23) < 0.5).then(pl.lit("1")).when(share(23) < 0.7).then(pl.lit("3")).otherwise(pl.lit("2")),
        RECSOURCE=pl.lit(pl.Series(_SOURCES)).gather((share(29) * len(_SOURCES)).floor().cast(pl.Int64)),
        HANDCVISA=pl.when(recent).then(pl.lit("1")).when(abroad).then(pl.lit("2")).otherwise(blank),
        INOUTUK=pl.when(recent).then(pl.lit("1")).otherwise(blank),
        STARTINSECT=began.cast(pl.String),
        SALARYINT=pl.when(salaried).then(pl.lit("1")).otherwise(pl.lit("3")),
        SALARY=pl.when(salaried).then((27_000 + share(31) * 25_000).floor().cast(pl.Int64).cast(pl.String)).otherwise(blank),
        HOURLYRATE=pl.when(salaried).then(blank).otherwise(number(12.21 + share(37) * 2.3, 2)),
        MAINJOBROLE=pl.col("role").replace_strict(table_of("asc_wds_job_role")),
        NMCREG=pl.when(nurse).then(pl.lit("1")).otherwise(blank),
        AMHP=pl.when(social).then(amhp).otherwise(blank),
        SCQUAL=qualified,
        CWPCATEGORY=pl.col("role").replace_strict(_PATHWAY, default="998"),
        QUALACH01=award,
    )


def _award(qualified: pl.Expr, year: pl.Expr) -> pl.Expr:
    """The qualification achieved, code and year: a diploma of the level stated, a social worker's own."""
    diploma = pl.when(qualified == "1;2").then("53;" + year).when(qualified == "1;3").then("54;" + year).otherwise(pl.lit(""))
    return pl.when(pl.col("role") == "social_worker").then("17;" + year).otherwise(diploma)


def worker_rows(frame: pl.DataFrame, fixed: pl.DataFrame, headers: list[str]) -> pl.DataFrame:
    """The worker file of every sender: `frame` are the spells in post at the month's end with `sick_days`, `known` (already sent once)."""
    rows = frame.join(fixed, on="order", how="left", maintain_order="left")
    counted = pl.col("contract").is_in(["permanent", "fixed_term"])
    zero = counted & (pl.col("kind") == "home_care") & (pl.col("role") == "care_worker") & (share(41) < 0.4)
    hours, blank = number(pl.col("hours"), 1), pl.lit("")
    values = {
        "LOCALESTID": pl.col("site"),
        "UNIQUEWORKERID": reference(),
        "STATUS": pl.when("known").then(pl.lit("UPDATE")).otherwise(pl.lit("NEW")),
        "DISPLAYID": reference(),
        "NINUMBER": pl.col("ni_number"),
        "POSTCODE": pl.col("postcode"),
        "DOB": shown("birth_date"),
        "GENDER": pl.col("sex").replace_strict(_SEX),
        "ETHNICITY": pl.col("asc_wds_ethnicity"),
        "DISABLED": pl.col("disability").replace_strict(_DISABLED),
        "L2CARECERT": pl.lit("3"),
        "STARTDATE": shown("hire_date"),
        "APPRENTICE": pl.lit("2"),
        "EMPLSTATUS": pl.col("contract").replace_strict(_EMPLOYMENT, default="7"),
        "ZEROHRCONT": pl.when(zero).then(pl.lit("1")).when(counted).then(pl.lit("2")).otherwise(blank),
        "DAYSSICK": number(pl.col("sick_days"), 1),
        "CONTHOURS": pl.when(counted & ~zero).then(hours).otherwise(blank),
        "AVGHOURS": pl.when(counted & ~zero).then(blank).otherwise(hours),
        "NONSCQUAL": pl.lit("2"),
    }
    given = {name: pl.col(name) for name in fixed.columns if name != "order"}
    cells = {name: values.get(name, given.get(name, blank)) for name in headers}
    return rows.select(pl.col("partner").alias("_partner"), **cells)


def training_rows(frame: pl.DataFrame, day: date, headers: list[str]) -> pl.DataFrame:
    """The training file of the senders that keep one (about six in ten): a record or two of each worker, all within their year of validity."""
    keepers = frame.filter(pl.col("partner").str.tail(1).cast(pl.Int64, strict=False).fill_null(0) < 6)
    found = []
    for prime, (code, name, portion) in enumerate(_TRAINING, start=43):
        mine = keepers.filter(share(prime) < portion)
        within = pl.max_horizontal(pl.lit(month_end(day)) - pl.duration(days=(share(prime + 4) * 360).floor()), pl.col("hire_date")).cast(
            pl.Date
        )
        mine = mine.with_columns(completed=within).with_columns(expires=pl.col("completed").dt.offset_by("12mo").dt.offset_by("-1d"))
        external = share(prime + 8) < 0.3
        values = {
            "LOCALESTID": pl.col("site"),
            "UNIQUEWORKERID": reference(),
            "CATEGORY": pl.lit(code),
            "TRAININGNAME": pl.lit(name),
            "ACCREDITED": pl.lit("999"),
            "WHODELIVERED": pl.when(external).then(pl.lit("2")).otherwise(pl.lit("1")),
            "PROVIDERNAME": pl.when(external).then(pl.lit("999")).otherwise(pl.lit("")),
            "HOWDELIVERED": pl.when(share(prime + 12) < 0.5).then(pl.lit("1")).otherwise(pl.lit("2")),
            "VALIDITY": pl.lit("12"),
            "DATECOMPLETED": shown("completed"),
            "EXPIRYDATE": shown("expires"),
            "NOTES": pl.lit("Synthetic"),
        }
        found.append(mine.select(pl.col("partner").alias("_partner"), **{header: values[header] for header in headers}))
    return pl.concat(found).sort("_partner", maintain_order=True)
