"""What a check says about small returns: each case is a few cells that differ from a valid row, and what must be said of them."""

import pytest

from oneworkforce.workforce.core.specification import specification
from tests.generative.faults import AT, Row, checked, valid_rows

ESR = specification("esr_staff_in_post")
NWRS = specification("nwrs")
POSTS = specification("establishment")
STAFF = specification("simple_return", "staff")
VACANCIES = specification("simple_return", "vacancies")
LEFT: Row = {"Leaving Date": "20/03/2026", "Leaving Reason": "Retirement - Age"}

CASES = [
    # specification, cells changed in rows from the fifth on, rules found with their spreadsheet rows
    (
        ESR,
        [{"Hire Date": "12/03/2025", "Leaving Date": "11/03/2025", "Leaving Reason": "Redundancy - Voluntary"}],
        {"leaving_before_hire": 6},
    ),
    (ESR, [{"Leaving Reason": "Retirement - Age"}], {"reason_without_date": 6}),
    (ESR, [{"Birth Date": "14/05/2009", "Hire Date": "01/09/2019"}], {"hired_as_a_child": 6}),
    (ESR, [{"Job Role": "Physiotherapist"}], {"role_outside_group": 6}),
    (ESR, [{"FTE": "0.8", "Contracted Hours": "37.5"}], {"hours_against_fte": 6}),
    (ESR, [{"FTE": "0", "Contracted Hours": "37.5", "FTE Days Available": "0", "Sickness FTE Days Lost": "0"}], {"hours_without_fte": 6}),
    (ESR, [{"FTE": "0", "Contracted Hours": "0", "FTE Days Available": "0", "Sickness FTE Days Lost": "0"}], {"staff_without_fte": 6}),
    (ESR, [{"Sickness FTE Days Lost": "25"}], {"sick_longer_than_there": 6}),
    (ESR, [{"FTE Days Available": "31"}], {"more_days_than_month": 6}),
    (
        ESR,
        [{"Employee Number": "9", "Assignment Number": "9-1"}, {"Employee Number": "9", "Assignment Number": "9-1"}],
        {"assignment_twice": 7},
    ),
    (
        ESR,
        [{"Employee Number": "900", "Assignment Number": "900-1", "NI Number": "AA112233A"}] * 2,
        {"assignment_twice": 7, "person_over_full_time": 7},
    ),
    (ESR, [{"Employee Number": "900"}, {"Employee Number": "900", "Birth Date": "01/02/1990"}], {"two_people_one_number": 7}),
    (ESR, [{"NI Number": "AA112233A"}, {"NI Number": "AA 11 22 33 A", "Last Name": "Other"}], {"ni_number_two_names": 7}),
    (NWRS, [{"UNIQUE_IDENTIFIER": "77", "NI_NUMBER": "AA112233A"}] * 2, {"person_twice": 7}),
    (NWRS, [{"UNIQUE_IDENTIFIER": "77", "FTE": "1.5", "CONTRACTED_HOURS": "56.25"}] * 2, {"person_over_full_time": 7}),
    (NWRS, [{"NI_NUMBER": "AA112233A"}, {"NI_NUMBER": "AA112233A", "LAST_NAME": "Other"}], {"ni_number_two_names": 7}),
    (NWRS, [LEFT | {"LEAVE_DATE": "01/01/2019", "LEAVE_REASON": "Retirement"}], {"leaving_before_hire": 6}),
    (NWRS, [{"LEAVE_REASON": "Retirement"}], {"reason_without_date": 6}),
    (NWRS, [{"DATE_OF_BIRTH": "14/05/2009"}], {"hired_as_a_child": 6}),
    (NWRS, [{"FTE": "0.2"}], {"hours_against_fte": 6}),
    (POSTS, [{"Post Number": "P1"}, {"Post Number": "P1"}], {"post_twice": 7}),
    (POSTS, [{"Funded FTE": "2"}], {"adds_up": 6}),
    (POSTS, [{"Vacant FTE": "1.5", "Filled FTE": None}], {"vacant_over_funded": 6}),
    (POSTS, [{"Filled FTE": "1", "Vacant FTE": "0", "Recruitment Stage": None}], {"since_without_vacancy": 6}),
    (POSTS, [{"Filled FTE": "1", "Vacant FTE": "0", "Vacant Since": None}], {"stage_without_vacancy": 6}),
    (STAFF, [{"Person Reference": "A", "Job Role": "Care worker"}] * 2, {"person_twice": 7}),
    (STAFF, [{"Person Reference": "A", "Weekly Hours": "40"}] * 2, {"hours_over_week": 7}),
    (STAFF, [{"Person Reference": "A"}, {"Person Reference": "A", "Sex": "Male"}], {"two_people_one_reference": 7}),
    (STAFF, [{"Weekly Hours": "0"}], {"hours_missing_for_staff": 6}),
    (STAFF, [{"Leaving Date": "01/01/2019", "Leaving Reason": "Retirement"}], {"leaving_before_hire": 6}),
    (STAFF, [{"Leaving Reason": "Retirement"}], {"reason_without_date": 6}),
    (STAFF, [{"Date of Birth": "14/05/2009"}], {"hired_as_a_child": 6}),
    (VACANCIES, [{"Vacant FTE": "13"}], {"vacant_over_funded": 6}),
    (VACANCIES, [{"Job Role": "Care worker"}, {"Job Role": "Care worker"}], {"line_twice": 7}),
]


@pytest.mark.parametrize(("asked", "changes", "expected"), CASES, ids=[f"{case[0].name}.{'+'.join(case[2])}" for case in CASES])
def test_rule_over_columns_and_rows(asked, changes, expected) -> None:
    rows = valid_rows(asked)
    for place, change in enumerate(changes, AT):
        rows[place] |= {header: value for header, value in change.items() if header in asked.headers}
    findings = checked(asked, rows).findings.table
    for rule, row in expected.items():
        found = findings.filter(findings["rule"] == f"{asked.name}.{rule}")
        assert row in found["row"], findings.rows()
        assert found["message"][0]
        assert found["remedy"][0]


def test_every_rule_of_every_table_has_a_case() -> None:
    tried = {f"{asked.name}.{rule}" for asked, _, expected in CASES for rule in expected}
    stated = {f"{asked.name}.{rule.rule}" for asked in (ESR, NWRS, POSTS, STAFF, VACANCIES) for rule in asked.rules}
    assert stated == tried


READ_AS = [
    # column, cell as sent, field, value read, rule that says so ("" where nothing needs saying)
    ("Job Role", "Staff Nurse", "job_role", "03007", ""),
    ("Job Role", "03007", "job_role", "03007", ""),
    ("Job Role", "staff  NURSE", "job_role", "03007", ""),
    ("Job Role", "3007", "job_role", "03007", "job_role.leading_zero"),
    ("Job Role", "Staf Nurse", "job_role", None, "job_role.code"),
    ("Ethnic Origin", "A", "ethnic_origin", "A", ""),
    ("Ethnic Origin", "H Asian or Asian British - Indian", "ethnic_origin", "H", ""),
    ("Gender", "F", "gender", "2", ""),
    ("Assignment Category", "Fixed Term Temp", "assignment_category", "02", ""),
    ("FTE", " 0.8 ", "fte", 0.8, ""),
    ("FTE", "0,8", "fte", 0.8, "fte.repaired"),
    ("Hire Date", "01-SEP-2019", "hire_date", "2019-09-01", ""),
    ("Hire Date", "2019-09-01", "hire_date", "2019-09-01", ""),
    ("Hire Date", "43709", "hire_date", "2019-09-01", "hire_date.repaired"),
    ("Hire Date", "31/02/2019", "hire_date", None, "hire_date.type"),
    ("Hire Date", "09/13/2019", "hire_date", None, "hire_date.type"),
    ("Birth Date", "14/05/84", "birth_date", "1984-05-14", "birth_date.repaired"),
    ("Postcode", "ls8 5dl", "postcode", "LS8 5DL", ""),
    ("NI Number", "qq 12 34 56 c", "ni_number", "QQ123456C", ""),
    ("Employee Number", "20412345.0", "employee_number", "20412345", "employee_number.repaired"),
    ("Employee Number", "1.23457E+11", "employee_number", None, "employee_number.scientific"),
]


@pytest.mark.parametrize(("header", "cell", "field", "value", "rule"), READ_AS)
def test_cell_is_read_as(header, cell, field, value, rule) -> None:
    rows = valid_rows(ESR)
    rows[AT] |= {header: cell}
    result = checked(ESR, rows)
    read = result.rows[""][field][AT]
    assert (read.isoformat() if hasattr(read, "isoformat") else read) == value
    assert set(result.findings.table["rule"]) == ({f"esr_staff_in_post.{rule}"} if rule else set())


AMBIGUOUS = [
    # staff group, job role, code
    ("Estates and Ancillary", "Technician", "09008"),
    ("Administrative and Clerical", "Technician", "08010"),
    ("Nursing and Midwifery Registered", "Advanced Practitioner", "03016"),
    (None, "Technician", None),
]


@pytest.mark.parametrize(("group", "role", "code"), AMBIGUOUS)
def test_a_role_that_several_groups_have_is_told_by_its_group(group, role, code) -> None:
    rows = valid_rows(ESR)
    rows[AT] |= {"Staff Group": group, "Job Role": role}
    assert checked(ESR, rows).rows[""]["job_role"][AT] == code


def test_a_role_outside_an_open_list_is_kept_and_warned_of() -> None:
    posts = specification("establishment")
    rows = valid_rows(posts)
    rows[AT] |= {"Job Role": "Dragon keeper"}
    result = checked(posts, rows)
    assert result.rows[""]["job_role"][AT] == "Dragon keeper"
    assert result.findings.table["severity"].to_list() == ["warning"]
