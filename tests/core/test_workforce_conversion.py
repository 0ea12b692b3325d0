"""Conversion: every format's rows become the same shape, and what no table knows is asked of a person."""

from datetime import date

import polars as pl
import pytest

from oneworkforce.errors import Invalid
from oneworkforce.vocabulary import code_list, mapping, mapping_formats
from oneworkforce.workforce.core.assignments import Assignments, Identifiers, Posts, Unmapped, valid
from oneworkforce.workforce.core.checking import Checked, Context, check
from oneworkforce.workforce.core.conversion import Converted, as_assignments
from oneworkforce.workforce.core.findings import Findings
from oneworkforce.workforce.core.reading import Raw
from oneworkforce.workforce.core.specification import code_table, specification
from tests.generative.faults import MONTH, TODAY, Row, staff_table, valid_rows

KEY = b"a key for tests, 32 bytes long.."


def raw(rows: list[Row]) -> Raw:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String)).with_row_index("_row", offset=2)
    return Raw(frame.with_columns(pl.col("_row").cast(pl.Int64)), "return.csv", "csv")


def converted(format: str, rows: list[Row], part: str = "", decided: pl.DataFrame | None = None, **more: object) -> Converted:
    told = Context(format, "RR8", ("RR8", "B86001"), MONTH, TODAY)
    parts = {part: raw(rows)} | ({"staff": staff_table()} if part == "vacancies" else {})
    return as_assignments(check(parts, told), told, decided, KEY, more.get("postcodes"))  # type: ignore[arg-type]


@pytest.mark.parametrize(("format", "part"), [("esr_staff_in_post", ""), ("nwrs", ""), ("establishment", ""), ("simple_return", "staff")])
def test_every_format_becomes_the_shared_shape(format: str, part: str) -> None:
    result = converted(format, valid_rows(specification(format, part)), part)
    valid(Assignments, result.assignments)
    valid(Posts, result.posts)
    valid(Identifiers, result.identifiers)
    valid(Unmapped, result.unmapped)
    assert result.assignments.height + result.posts.height == 12
    assert result.unmapped.is_empty()


def test_an_esr_row_is_mapped() -> None:
    row = converted("esr_staff_in_post", valid_rows(specification("esr_staff_in_post"))).assignments.row(0, named=True)
    said = {"role": "staff_nurse", "service": "community_health", "contract": "permanent", "age_band": "40_44", "sex": "female"}
    said |= {
        "ethnicity": "white",
        "disability": "no",
        "deprivation": "unknown",
        "fte": 0.8,
        "start_date": date(2019, 9, 1),
        "leaving_date": None,
    }
    assert {name: row[name] for name in said} == said


LEAVING = [
    # leaving date, reason, leaving month kept, reason kept, rows
    ("20/03/2026", "Retirement - Age", date(2026, 3, 1), "retirement", 12),
    ("20/03/2026", None, date(2026, 3, 1), "not_known", 12),
    ("20/04/2026", "Retirement - Age", None, None, 12),
    ("20/02/2026", "Retirement - Age", None, None, 11),
]


@pytest.mark.parametrize(("day", "reason", "month", "kept", "count"), LEAVING)
def test_leaving_counts_in_its_own_period_only(day, reason, month, kept, count) -> None:
    rows = valid_rows(specification("esr_staff_in_post"))
    rows[11] |= {"Leaving Date": day, "Leaving Reason": reason}
    made = converted("esr_staff_in_post", rows).assignments
    assert made.height == count
    if count == 12:
        assert made.select("leaving_date", "leaving_reason").row(11) == (month, kept)


def test_hours_become_fte_and_calendar_days_become_fte_days() -> None:
    rows = valid_rows(specification("simple_return", "staff"))
    rows[0] |= {"Weekly Hours": "18.75", "Sickness Days": "4", "Start Date": "01/03/2026"}
    row = converted("simple_return", rows, "staff").assignments.row(0, named=True)
    assert (row["fte"], row["sickness_days"], row["available_days"]) == (0.5, 2.0, 15.5)


def test_the_same_person_has_the_same_pseudonym_in_another_month_and_two_assignments_differ() -> None:
    rows = valid_rows(specification("esr_staff_in_post"))
    rows[1] |= {"Employee Number": rows[0]["Employee Number"], "Assignment Number": f"{rows[0]['Employee Number']}-2"}
    first, again = converted("esr_staff_in_post", rows).assignments, converted("esr_staff_in_post", rows[:6]).assignments
    assert first["person"][:6].to_list() == again["person"].to_list()
    assert first["assignment"][:6].to_list() == again["assignment"].to_list()
    assert first["person"][0] == first["person"][1]
    assert first["assignment"].n_unique() == first.height


def test_pseudonyms_differ_between_partners() -> None:
    rows = valid_rows(specification("esr_staff_in_post"))
    other = Context("esr_staff_in_post", "RY6", ("RR8",), MONTH, TODAY)
    theirs = as_assignments(check({"": raw(rows)}, other), other, None, KEY, None).assignments
    assert not set(theirs["person"]) & set(converted("esr_staff_in_post", rows).assignments["person"])


def test_a_value_that_no_table_knows_waits_for_a_person_and_their_decision_holds() -> None:
    rows = valid_rows(specification("establishment"))
    for row in rows[:3]:
        row["Job Role"] = "Dragon keeper"
    asked = converted("establishment", rows)
    assert asked.unmapped.rows() == [("job_role", "Dragon keeper", "Dragon keeper", 3)]
    assert asked.posts["role"].to_list()[:3] == ["unmapped"] * 3
    decided = pl.DataFrame({"field": ["job_role"], "source_code": ["Dragon keeper"], "code": ["support_worker"]})
    settled = converted("establishment", rows, decided=decided)
    assert settled.unmapped.is_empty()
    assert settled.posts["role"].to_list()[:3] == ["support_worker"] * 3


def test_home_area_deprivation_comes_from_the_postcode_directory() -> None:
    rows = valid_rows(specification("esr_staff_in_post"))
    rows[1]["Postcode"] = "LS99 9ZZ"
    directory = pl.DataFrame({"postcode": ["ls85dl"], "lsoa21": ["E01011264"]})
    made = converted("esr_staff_in_post", rows, postcodes=directory).assignments
    assert made["deprivation"].to_list()[:2] == ["3", "unknown"]


def test_vacancies_of_a_simple_return_become_posts() -> None:
    rows = [{"Job Role": "Care worker", "Service": "Home care", "Funded Posts FTE": "12.5", "Vacant FTE": "1.5"}]
    posts = converted("simple_return", rows, "vacancies").posts
    assert posts.select("role", "service", "funded_fte", "filled_fte", "vacant_fte").rows() == [
        ("care_worker", "home_care", 12.5, None, 1.5)
    ]


def test_networks_and_practices_are_told_by_their_codes() -> None:
    rows = valid_rows(specification("nwrs"))
    rows[0]["PRAC_CODE"] = "U43067"
    assert converted("nwrs", rows).assignments["service"].to_list()[:2] == ["primary_care_network", "general_practice"]


def test_a_published_table_has_no_assignments() -> None:
    told = Context("nhs_turnover", "", (), MONTH, TODAY)
    with pytest.raises(Invalid, match="not about people or posts"):
        as_assignments(Checked("nhs_turnover", {}, Findings.of([])), told, None, KEY, None)


@pytest.mark.parametrize("format", [name for name in mapping_formats() if name != "asc_wds"])
def test_every_mapping_leads_to_a_code_of_its_list(format: str) -> None:
    for field, source, name, code in mapping(format).select("field", "source_code", "code_list", "code").rows():
        assert code in code_list(name).codes, (field, source)


MAPPED = [
    ("esr_staff_in_post", "job_role", "nwd_job_role"),
    ("esr_staff_in_post", "staff_group", "nwd_staff_group"),
    ("esr_staff_in_post", "assignment_category", "nwd_contract_type"),
    ("esr_staff_in_post", "leaving_reason", "nwd_leaving_reason"),
    ("esr_staff_in_post", "gender", "nwd_gender"),
    ("esr_staff_in_post", "ethnic_origin", "nhs_ethnic_category"),
    ("esr_staff_in_post", "disability", "nwd_disability"),
    ("nwrs", "detailed_staff_role", "nwrs_detailed_role"),
    ("nwrs", "contract_type", "nwrs_contract_type"),
    ("nwrs", "leaving_reason", "nwrs_leaving_reason"),
    ("establishment", "job_role", "nwd_job_role"),
    ("establishment", "job_role", "job_roles"),
    ("simple_return", "job_role", "job_roles"),
]


@pytest.mark.parametrize(("format", "field", "table"), MAPPED)
def test_every_code_has_a_mapping(format: str, field: str, table: str) -> None:
    known = set(mapping(format).filter(pl.col("field") == field)["source_code"])
    assert set(code_table(table).codes) <= known
