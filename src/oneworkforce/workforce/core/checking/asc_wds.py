"""Facts that the ASC-WDS rules need beside the cells: lists taken apart, dates read, workplaces and workers held against each other.

Layout and codes: Skills for Care's bulk upload, state of August 2026 (see `specifications/codes/SOURCES.md`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import polars as pl

from oneworkforce.workforce.core.checking.context import Context
from oneworkforce.workforce.core.specification import specification

_HEAD_OFFICE = "72"
_REGISTERED_MANAGER = "4"
_FULL_TIME_HOURS = 37
_MOST_HOURS = 75

RETURN = "return_number"
"""Which of the returns that are looked at together a row is of."""

Texts = Mapping[str, pl.DataFrame]
Headers = Mapping[str, Sequence[tuple[str, ...]]]


def facts(texts: Texts, headers: Headers, context: Context) -> dict[str, pl.DataFrame]:
    """Part to its facts.

    Axes: texts[part][row] × headers as trimmed text, and `return_number`: rows of one return are held against each other only;
    headers[part][return] the file's header row; the result [part][row] × facts, each named in small letters as the rules name it.
    """
    asked = dict.fromkeys(specification("asc_wds", "workplace").headers, pl.String)
    empty = pl.DataFrame(schema={**asked, RETURN: pl.UInt32})
    workplaces = _workplace_alone(texts.get("workplace", empty), headers.get("workplace", ()), context)
    workers = _worker_alone(texts["worker"], context) if "worker" in texts else None
    out: dict[str, pl.DataFrame] = {}
    if "workplace" in texts:
        out["workplace"] = _with_staff(workplaces, workers)
    if workers is not None:
        out["worker"] = _with_workplace(workers, workplaces)
    if "training" in texts:
        out["training"] = _training(texts["training"], workplaces, workers, context)
    return {part: frame.select(name for name in frame.columns if name not in texts[part].columns) for part, frame in out.items()}


@cache
def _codes(name: str, column: str = "", answer: str = "yes") -> list[str]:
    """The codes of a table, or those whose `column` says `answer`."""
    path = files("oneworkforce.workforce") / "specifications" / "codes" / f"{name}.csv"
    table = pl.read_csv(path.read_bytes(), infer_schema=False).fill_null("")
    return table["code"].to_list() if not column else table.filter(pl.col(column) == answer)["code"].to_list()


def _known(header: str, table: str) -> pl.Expr:
    return pl.col(header).is_in(_codes(table)).alias(f"{header.lower()}_known")


def _items(header: str) -> pl.Expr:
    """The items of a `;` list, trimmed; an empty list for a blank cell."""
    split = pl.col(header).str.split(";").list.eval(pl.element().str.strip_chars())
    return pl.when(pl.col(header) == "").then(pl.lit([], dtype=pl.List(pl.String))).otherwise(split)


def _any(items: pl.Expr, test: pl.Expr) -> pl.Expr:
    return items.list.eval(test).list.any().fill_null(False)


_ELEMENT = pl.element()
_FILLED = _ELEMENT != ""


def _whole(name: str) -> pl.Expr:
    """The items as numbers; null where an item is not one."""
    return _items(name).list.eval(pl.element().cast(pl.Int64, strict=False))


def _date(header: str) -> pl.Expr:
    return pl.col(header).str.to_date("%d/%m/%Y", strict=False)


def _workplace_alone(frame: pl.DataFrame, headers: Sequence[tuple[str, ...]], context: Context) -> pl.DataFrame:
    """The workplace file's own facts; `key` is the reference with its white space set aside."""
    services = _items("ALLSERVICES")
    regulated = _codes("asc_service", "regulated")
    main = pl.col("MAINSERVICE")
    asked = specification("asc_wds", "workplace").headers
    postcodes = context.known.get("postcode")
    differs = pl.Series("header_differs", [bool(header) and tuple(header) != asked for header in headers], dtype=pl.Boolean)
    postcode = pl.col("POSTCODE").str.to_uppercase().str.replace_all(" ", "")
    return frame.with_columns(
        pl.len().over(RETURN).alias("rows_in_file"),
        differs.gather(frame.get_column(RETURN)),
        _key("LOCALESTID").alias("key"),
        pl.struct(RETURN, "LOCATIONID").is_duplicated().alias("locationid_repeated"),
        _key("LOCALESTID").is_duplicated().alias("localestid_repeated"),
        _known("MAINSERVICE", "asc_service"),
        _known("CWPAWARE", "asc_pathway_awareness"),
        _known("TRAVELTIME", "asc_travel_time_pay"),
        (postcode.is_in([code.replace(" ", "") for code in postcodes]) if postcodes else pl.lit(True)).alias("postcode_known"),
        main.is_in(regulated).alias("main_service_regulated"),
        (main.is_in(regulated) | _any(services, _ELEMENT.is_in(regulated))).alias("any_service_regulated"),
        main.is_in(_codes("asc_service", "has_sleep_ins")).alias("main_service_has_sleep_ins"),
        main.is_in(_codes("asc_service", "has_travel")).alias("main_service_has_travel"),
        *_service_facts(),
        *_people_facts(),
        *_count_facts(),
    )


@cache
def _service_facts() -> Sequence[pl.Expr]:
    services, capacity, utilisation = _items("ALLSERVICES"), _items("CAPACITY"), _items("UTILISATION")
    known = [*_codes("asc_service"), "0", ""]
    digits = _ELEMENT.str.contains(r"^[0-9]+$")
    return [
        services.list.len().alias("services_items"),
        services.list.contains(pl.col("MAINSERVICE")).alias("services_hold_main"),
        _any(services, _ELEMENT == "").alias("services_hold_blank"),
        _any(services, ~_ELEMENT.is_in(known)).alias("services_hold_unknown"),
        _any(services, _ELEMENT == "0").alias("services_hold_zero"),
        services.list.set_difference(pl.concat_list(pl.col("MAINSERVICE"), pl.lit("0"), pl.lit("")))
        .list.len()
        .gt(0)
        .alias("services_hold_others"),
        capacity.list.len().alias("capacity_items"),
        utilisation.list.len().alias("utilisation_items"),
        _items("SERVICEDESC").list.len().alias("servicedesc_items"),
        _any(_items("SERVICEDESC"), _ELEMENT.str.len_chars() > 120).alias("servicedesc_too_long"),
        _any(capacity, _FILLED & ~digits).alias("capacity_not_whole"),
        _any(utilisation, _FILLED & ~digits).alias("utilisation_not_whole"),
        _any(_whole("CAPACITY"), _ELEMENT >= 9999).alias("capacity_too_large"),
        _any(_whole("UTILISATION"), _ELEMENT >= 9999).alias("utilisation_too_large"),
        _filled_where("CAPACITY", "takes_capacity").alias("capacity_unexpected"),
        _filled_where("UTILISATION", "takes_utilisation").alias("utilisation_unexpected"),
    ]


def _filled_where(header: str, column: str) -> pl.Expr:
    """Whether a figure stands in the place of a service for which none is asked. True only where the two lists are of one length."""
    takes_none = _items("ALLSERVICES").list.eval(_ELEMENT.is_in(_codes("asc_service", column, "no")).cast(pl.Int8))
    filled = _items(header).list.eval(_FILLED.cast(pl.Int8))
    same = _items("ALLSERVICES").list.len() == _items(header).list.len()
    padded = pl.when(same).then(filled).otherwise(takes_none.list.eval(_ELEMENT * 0))
    return (takes_none + padded).list.max().fill_null(0) > 1


@cache
def _people_facts() -> Sequence[pl.Expr]:
    users, descriptions, activities = _items("SERVICEUSERS"), _items("OTHERUSERDESC"), _items("DHAACTIVITIES")
    others = _codes("asc_service_user", "needs_description")
    is_other = users.list.eval(_ELEMENT.is_in(others).cast(pl.Int8))
    described = (
        pl.when(users.list.len() == descriptions.list.len())
        .then(descriptions.list.eval(_FILLED.cast(pl.Int8)))
        .otherwise(is_other.list.eval(_ELEMENT * 0))
    )
    reasons = _items("CWPUSE").list.slice(1)
    return [
        users.list.len().alias("users_items"),
        descriptions.list.len().alias("userdesc_items"),
        _any(descriptions, _ELEMENT.str.len_chars() > 120).alias("userdesc_too_long"),
        ((is_other - described).list.max().fill_null(0) > 0).alias("userdesc_missing"),
        _any(users, ~_ELEMENT.is_in(_codes("asc_service_user"))).alias("users_hold_unknown"),
        _any(users, _ELEMENT.is_in(_codes("asc_service_user"))).alias("users_hold_known"),
        _any(activities, ~_ELEMENT.is_in(_codes("asc_delegated_activity"))).alias("activities_hold_unknown"),
        _any(activities, _ELEMENT.is_in(_codes("asc_delegated_activity"))).alias("activities_hold_known"),
        _items("CWPUSE").list.first().fill_null("").alias("cwpuse_answer"),
        _any(reasons, ~_ELEMENT.is_in(_codes("asc_pathway_reason"))).alias("cwpuse_reasons_hold_unknown"),
        _any(reasons, _ELEMENT == "10").alias("cwpuse_has_other"),
    ]


@cache
def _count_facts() -> Sequence[pl.Expr]:
    """Starters, leavers, vacancies and reasons: how many items, whether all are whole numbers, and their totals (null for don't know)."""
    roles = _items("ALLJOBROLES")
    out = [
        roles.list.len().alias("roles_items"),
        _any(roles, ~_ELEMENT.str.contains(r"^[0-9]+$")).alias("roles_not_whole"),
        _any(roles, _ELEMENT.str.contains(r"^[0-9]+$") & ~_ELEMENT.is_in(_codes("asc_job_role"))).alias("roles_hold_unknown"),
        _items("REASONS").list.len().alias("reasons_items"),
        _any(_items("REASONS"), ~_ELEMENT.is_in(_codes("asc_reason_for_leaving"))).alias("reasons_hold_unknown"),
        _vacancy_for(_REGISTERED_MANAGER).alias("vacancy_for_registered_manager"),
        (pl.col("TOTALPERMTEMP").cast(pl.Int64, strict=False).fill_null(0)).alias("staff_total"),
    ]
    for header in ("STARTERS", "LEAVERS", "VACANCIES", "REASONNOS"):
        items, most = _items(header), 999 if header == "REASONNOS" else 998
        wrong = ~_ELEMENT.str.contains(r"^[0-9]+$") | (_ELEMENT.cast(pl.Int64, strict=False) > most)
        unknown = (pl.col(header) == "999") | (pl.col(header) == "")
        out += [
            items.list.len().alias(f"{header.lower()}_items"),
            (_any(items, wrong) & (pl.col(header) != "999")).alias(f"{header.lower()}_not_whole"),
            pl.when(~unknown).then(_whole(header).list.sum()).alias(f"{header.lower()}_total"),
        ]
    return out


def _vacancy_for(role: str) -> pl.Expr:
    """Whether VACANCIES has a figure above 0 in the place of the role."""
    at_role = _items("ALLJOBROLES").list.eval(_ELEMENT.eq(pl.lit(role)).cast(pl.Int64))
    same = _items("ALLJOBROLES").list.len() == _items("VACANCIES").list.len()
    counts = pl.when(same).then(_whole("VACANCIES").list.eval(_ELEMENT.fill_null(0))).otherwise(at_role.list.eval(_ELEMENT * 0))
    return (at_role * counts).list.sum().fill_null(0) > 0


def _key(*headers: str) -> pl.Expr:
    """The return and the references as one text, their white space set aside."""
    references = [pl.col(header).str.replace_all(r"\s", "") for header in headers]
    return pl.concat_str([pl.col(RETURN).cast(pl.String), *references], separator="|")


def _answer(header: str) -> list[pl.Expr]:
    items, name = _items(header), header.lower()
    return [
        items.list.get(0, null_on_oob=True).fill_null("").alias(f"{name}_answer"),
        items.list.get(1, null_on_oob=True).fill_null("").alias(f"{name}_year"),
    ]


def _worker_alone(frame: pl.DataFrame, context: Context) -> pl.DataFrame:
    """The worker file's own facts; `worker_key` is workplace and worker, `key` the workplace."""
    qualifications = [f"QUALACH0{number}" for number in (1, 2, 3)]
    known = {
        "ETHNICITY": "ethnicity",
        "NATIONALITY": "nationality",
        "COUNTRYOFBIRTH": "country_of_birth",
        "RECSOURCE": "recruitment_source",
    }
    known |= {"MAINJOBROLE": "job_role", "CWPCATEGORY": "pathway_category"}
    moved = _key("TRANSFERSTAFFRECORD", "UNIQUEWORKERID")
    levels = _codes("asc_qualification_level")
    frame = frame.with_columns(
        *(_known(header, f"asc_{table}") for header, table in known.items()),
        *(part for header in ("SCQUAL", "NONSCQUAL", "L2CARECERT", *qualifications) for part in _answer(header)),
        *(
            _items(header).list.get(0, null_on_oob=True).is_in(_codes("asc_qualification")).alias(f"{header.lower()}_code_known")
            for header in qualifications
        ),
        _date("DOB").alias("dob"),
        _date("STARTDATE").alias("start_date"),
        _year("YEAROFENTRY").alias("year_of_entry"),
        _year("STARTINSECT").alias("start_in_sector"),
        pl.lit(context.today).alias("today"),
        pl.lit(context.today.year).alias("this_year"),
        _key("LOCALESTID").alias("key"),
        _key("LOCALESTID", "UNIQUEWORKERID").alias("worker_key"),
        _key("LOCALESTID", "UNIQUEWORKERID").is_duplicated().alias("worker_repeated"),
        _key("LOCALESTID", "CHGUNIQUEWRKID").is_duplicated().alias("change_repeated"),
        _key("TRANSFERSTAFFRECORD").is_in(_key("LOCALESTID").implode()).alias("transfer_listed"),
        moved.is_in(_key("LOCALESTID", "UNIQUEWORKERID").implode()).alias("transfer_taken"),
        ((pl.col("TRANSFERSTAFFRECORD") != "") & moved.is_duplicated()).alias("transfer_repeated"),
        pl.col("MAINJOBROLE").is_in(_codes("asc_job_role", "may_do_activities")).alias("role_may_do_activities"),
    )
    return frame.with_columns(
        pl.col("dob").dt.offset_by("14y").alias("fourteenth_birthday"),
        ((pl.lit(context.today) - pl.col("dob")).dt.total_days() / 365.25).floor().alias("age"),
        *(pl.col(f"{name}_year").alias(f"{name}_level") for name in ("scqual", "nonscqual")),
        *(pl.col(f"{name}_year").is_in(levels).alias(f"{name}_level_known") for name in ("scqual", "nonscqual")),
        _same_salary_other_hours(),
        _hours_over_full_time(),
    )


def _year(header: str) -> pl.Expr:
    return pl.when(pl.col(header).str.contains(r"^(19|20)[0-9]{2}$")).then(pl.col(header).cast(pl.Int64, strict=False))


@cache
def _same_salary_other_hours() -> pl.Expr:
    """Whether somebody else in the job has the same annual salary, one of the two on full-time hours and the other not."""
    hours = pl.col("CONTHOURS").cast(pl.Float64, strict=False)
    there = (pl.col("SALARYINT") == "1") & (pl.col("SALARY") != "")
    full = (hours > _FULL_TIME_HOURS - 1).fill_null(False)
    part = (hours < _FULL_TIME_HOURS).fill_null(False) & ~full
    group = [RETURN, "SALARY", "MAINJOBROLE"]
    both = (full & there).any().over(group) & (part & there).any().over(group)
    return (there & both & (full | part)).alias("same_salary_other_hours")


@cache
def _hours_over_full_time() -> pl.Expr:
    number = pl.col("NINUMBER").str.to_uppercase().str.replace_all(" ", "")
    hours = pl.max_horizontal(pl.col(header).cast(pl.Float64, strict=False) for header in ("CONTHOURS", "AVGHOURS"))
    counted = pl.when(hours <= _MOST_HOURS).then(hours).otherwise(0.0).fill_null(0.0)
    several = (pl.len().over(RETURN, number) > 1) & (counted.sum().over(RETURN, number) > _MOST_HOURS)
    return (several & ~number.is_in(["", "ADMIN"])).alias("ni_hours_over_full_time")


def _with_staff(workplaces: pl.DataFrame, workers: pl.DataFrame | None) -> pl.DataFrame:
    """The workplaces with what the worker file says of them."""
    if workers is None:
        return workplaces.with_columns(
            pl.col("TOTALPERMTEMP").cast(pl.Int64, strict=False).alias("workers_in_file"), pl.lit(True).alias("has_registered_manager")
        )
    staying = workers.filter(pl.col("STATUS").str.to_uppercase() != "DELETE")
    counts = staying.group_by("key").agg(
        pl.col("EMPLSTATUS").is_in(["1", "2"]).sum().cast(pl.Int64).alias("workers_in_file"),
        (pl.col("MAINJOBROLE") == _REGISTERED_MANAGER).any().alias("has_registered_manager"),
    )
    joined = workplaces.join(counts, on="key", how="left", maintain_order="left")
    return joined.with_columns(pl.col("workers_in_file").fill_null(0), pl.col("has_registered_manager").fill_null(False))


def _with_workplace(workers: pl.DataFrame, workplaces: pl.DataFrame) -> pl.DataFrame:
    """The workers with what the workplace file says of where they work."""
    told = workplaces.unique("key", keep="first").select(
        "key",
        pl.lit(True).alias("workplace_in_file"),
        pl.col("any_service_regulated").alias("workplace_regulated"),
        pl.col("MAINSERVICE").alias("workplace_service"),
        pl.col("DHA").alias("workplace_dha"),
    )
    transfer = _key("TRANSFERSTAFFRECORD").is_in(workplaces["key"].to_list())
    joined = workers.join(told, on="key", how="left", maintain_order="left")
    return joined.with_columns(pl.col("workplace_in_file").fill_null(False), transfer.alias("transfer_in_file"))


def _training(frame: pl.DataFrame, workplaces: pl.DataFrame, workers: pl.DataFrame | None, context: Context) -> pl.DataFrame:
    completed, months = _date("DATECOMPLETED"), pl.col("VALIDITY").cast(pl.Int64, strict=False)
    frame = frame.with_columns(
        _known("CATEGORY", "asc_training_category"),
        _known("PROVIDERNAME", "asc_training_provider"),
        completed.alias("date_completed"),
        _date("EXPIRYDATE").alias("expiry_date"),
        pl.lit(context.today).alias("today"),
        completed.dt.offset_by(pl.format("{}mo", months.fill_null(0))).dt.offset_by("-1d").alias("expected_expiry"),
        _key("LOCALESTID").is_in(workplaces["key"].to_list()).alias("workplace_in_file"),
        _key("LOCALESTID", "UNIQUEWORKERID").alias("worker_key"),
    ).with_columns(pl.when(months.is_between(1, 999)).then(pl.col("expected_expiry")).alias("expected_expiry"))
    if workers is None:
        return frame.with_columns(pl.lit(True).alias("worker_in_file"), pl.lit(None, dtype=pl.Date).alias("worker_fourteenth_birthday"))
    told = workers.unique("worker_key", keep="first").select(
        "worker_key", pl.lit(True).alias("worker_in_file"), pl.col("fourteenth_birthday").alias("worker_fourteenth_birthday")
    )
    return frame.join(told, on="worker_key", how="left", maintain_order="left").with_columns(pl.col("worker_in_file").fill_null(False))
