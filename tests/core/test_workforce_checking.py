"""Checking as a whole: files that are not quite the return that was asked for, months, partners, what is shown of personal values."""

from datetime import date
from time import perf_counter

import polars as pl
import pytest

from oneworkforce.workforce.core.checking import Context, check
from oneworkforce.workforce.core.conversion import as_assignments
from oneworkforce.workforce.core.reading import Raw, read_tables
from oneworkforce.workforce.core.specification import specification
from tests.generative.faults import AT, MONTH, TODAY, Row, checked, valid_rows

ESR = specification("esr_staff_in_post")
KEY = b"a key for tests, 32 bytes long.."


def rules(result) -> set[str]:
    return set(result.findings.table["rule"])


def context(month: date = MONTH, previous: pl.DataFrame | None = None) -> Context:
    return Context("esr_staff_in_post", "RR8", ("RR8",), month, TODAY, previous)


def as_raw(rows: list[Row]) -> Raw:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String)).with_row_index("_row", offset=2)
    return Raw(frame.with_columns(pl.col("_row").cast(pl.Int64)), "staff.csv", "csv")


def accepted(rows: list[Row], month: date) -> pl.DataFrame:
    told = context(month)
    return as_assignments(check({"": as_raw(rows)}, told), told, None, KEY, None).assignments


def staff(count: int, **changes: str) -> list[Row]:
    rows = valid_rows(ESR, count)
    for place, row in enumerate(rows):
        row["Hire Date"] = f"{place % 28 + 1:02d}/0{place % 9 + 1}/20{10 + place % 14}"
        row |= changes
    return rows


def test_all_findings_come_at_once() -> None:
    rows = valid_rows(ESR)
    rows[1]["FTE"] = "14"
    rows[2]["Hire Date"] = "banana"
    rows[3]["Gender"] = "Z"
    rows[4]["Organisation"] = "RY6"
    rows[5]["Job Role"] = None
    found = checked(ESR, rows).findings.table
    assert {3, 4, 5, 6, 7} <= set(found["row"])


def test_a_personal_value_is_never_shown() -> None:
    rows = valid_rows(ESR)
    rows[AT] |= {"NI Number": "SECRET", "Postcode": "SECRET", "Birth Date": "SECRET", "Employee Number": "!SECRET", "Last Name": "SECRET"}
    table = checked(ESR, rows).findings.table
    assert table.height >= 4
    assert not any("SECRET" in str(cell) for row in table.rows() for cell in row)


def test_a_long_value_is_shortened() -> None:
    rows = valid_rows(ESR)
    rows[AT]["Job Role"] = "x" * 5000
    assert checked(ESR, rows).findings.table["value"].str.len_chars().max() <= 60


def test_headers_in_another_order_and_under_other_names_are_known() -> None:
    rows = [{"Surname" if name == "Last Name" else name: cell for name, cell in reversed(row.items())} for row in valid_rows(ESR)]
    result = check({"": as_raw(rows)}, context())
    assert result.findings.table.is_empty()
    assert result.headers[""]["last_name"] == "Surname"


def test_a_chosen_column_stands_before_its_name() -> None:
    rows = [{"Contract FTE (now)" if name == "FTE" else name: cell for name, cell in row.items()} for row in valid_rows(ESR)]
    assert "esr_staff_in_post.fte.no_column" in rules(check({"": as_raw(rows)}, context()))
    assert not rules(check({"": as_raw(rows)}, context(), {"": {"Contract FTE (now)": "fte"}}))


def test_unknown_columns_are_noted_one_by_one_or_together() -> None:
    rows = [row | {"Shoe Size": "9"} for row in valid_rows(ESR)]
    assert check({"": as_raw(rows)}, context()).findings.table["column"].to_list() == ["Shoe Size"]
    many = [row | {f"Extra {number}": "9" for number in range(40)} for row in valid_rows(ESR)]
    table = check({"": as_raw(many)}, context()).findings.table
    assert table.height == 1
    assert "40 columns" in table["message"][0]


def test_the_same_field_twice_is_warned_of() -> None:
    rows = [row | {"WTE": "0.8"} for row in valid_rows(ESR)]
    assert rules(check({"": as_raw(rows)}, context())) == {"esr_staff_in_post.column_twice"}


def test_a_whole_return_for_another_partner_says_so() -> None:
    rows = [row | {"Organisation": "RGD"} for row in valid_rows(ESR)]
    found = check({"": as_raw(rows)}, context()).findings.table
    assert set(found["rule"]) == {"esr_staff_in_post.organisation.other_partner"}
    assert found["message"][0].startswith("This return is for another organisation")


def test_a_month_that_has_not_begun_is_an_error_and_one_under_way_a_warning() -> None:
    future = check({"": as_raw(staff(12))}, context(date(2026, 5, 1)))
    assert ("esr_staff_in_post.future_month", "error") in future.findings.table.select("rule", "severity").rows()
    under_way = check({"": as_raw(staff(12))}, context(date(2026, 4, 1)))
    assert ("esr_staff_in_post.unfinished_month", "warning") in under_way.findings.table.select("rule", "severity").rows()


def test_days_of_another_month_are_noticed() -> None:
    rows = [row | {"FTE Days Available": "22.4"} for row in staff(30)]  # 28 days
    assert "esr_staff_in_post.other_month" in rules(check({"": as_raw(rows)}, context()))


def test_a_header_without_rows_is_an_error() -> None:
    raw = as_raw(valid_rows(ESR, 1))
    empty = Raw(raw.frame.clear(), "staff.csv", "csv")
    assert rules(check({"": empty}, context())) == {"esr_staff_in_post.no_rows"}


def test_a_repeated_header_and_the_example_of_the_template_are_left_out() -> None:
    example = {field.label: field.example or None for field in ESR.fields}
    rows = [example, *staff(12), {header: header for header in ESR.headers}]
    result = check({"": as_raw(rows)}, context())
    assert rules(result) == {"esr_staff_in_post.example_row", "esr_staff_in_post.header_again"}
    assert result.rows[""].height == 12


def test_a_missing_part_is_an_error_only_where_it_is_needed() -> None:
    simple = Context("simple_return", "T01", ("T01",), MONTH, TODAY)
    posts = read_tables(b"Job Role,Service,Funded Posts FTE,Vacant FTE\nCare worker,Home care,5,1", "v.csv")[0]
    assert rules(check({"vacancies": posts}, simple)) == {"simple_return.staff.not_sent"}


def test_codes_that_a_publisher_does_not_know_are_warned_of() -> None:
    told = Context("esr_staff_in_post", "RR8", ("RR8",), MONTH, TODAY, None, {"site": frozenset({"RR802"})})
    found = check({"": as_raw(staff(12))}, told).findings.table
    assert set(found["rule"]) == {"esr_staff_in_post.site.not_known"}


@pytest.mark.parametrize(("count", "rule"), [(12, "half_vanished"), (100, "doubled")])
def test_a_return_much_smaller_or_larger_than_the_last_is_warned_of(count: int, rule: str) -> None:
    previous = accepted(staff(40), date(2026, 2, 1))
    assert f"esr_staff_in_post.{rule}" in rules(check({"": as_raw(staff(count))}, context(previous=previous)))


def test_a_return_like_the_last_is_not_warned_of() -> None:
    previous = accepted(staff(40), date(2026, 2, 1))
    assert not rules(check({"": as_raw(staff(41))}, context(previous=previous)))


def test_mean_fte_that_jumps_is_warned_of() -> None:
    previous = accepted(staff(40), date(2026, 2, 1))
    rows = staff(40, FTE="1", **{"Contracted Hours": "37.5", "FTE Days Available": "31"})
    assert rules(check({"": as_raw(rows)}, context(previous=previous))) == {"esr_staff_in_post.fte.jump"}


def test_a_role_that_empties_while_another_fills_is_warned_of() -> None:
    previous = accepted(staff(40), date(2026, 2, 1))
    found = check({"": as_raw(staff(40, **{"Job Role": "Community Nurse"}))}, context(previous=previous)).findings.table
    assert set(found["rule"]) == {"esr_staff_in_post.role_changed_meaning"}
    assert "Staff nurse" in found["message"][0]
    assert "Community nurse" in found["message"][0]


def test_one_hire_date_for_everybody_is_warned_of() -> None:
    assert rules(check({"": as_raw(staff(40, **{"Hire Date": "01/04/2020"}))}, context())) == {"esr_staff_in_post.hire_date.all_the_same"}


def test_a_small_return_is_checked_in_milliseconds() -> None:
    raw = as_raw(staff(20))
    check({"": raw}, context())
    took = []
    for _ in range(20):
        start = perf_counter()
        check({"": raw}, context())
        took.append(perf_counter() - start)
    assert min(took) < 0.05  # about 0.003 on an idle machine
