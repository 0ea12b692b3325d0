"""What a partner downloads: templates, the annotated return, findings as CSV; and the movement that the data lead confirms."""

import io
from datetime import date

import openpyxl
import polars as pl
import pytest

from oneworkforce.workforce.core import annotated, reference, templates
from oneworkforce.workforce.core.checking import Context, check
from oneworkforce.workforce.core.conversion import as_assignments
from oneworkforce.workforce.core.findings import Finding, Findings
from oneworkforce.workforce.core.movement import movement
from oneworkforce.workforce.core.reading import Raw, read_tables, recognise
from oneworkforce.workforce.core.specification import format_list, specification
from tests.generative.faults import FORMATS, MONTH, TODAY, Row, valid_rows

KEY = b"a key for tests, 32 bytes long.."
SENT = [entry.format for entry in format_list() if entry.kind != "published"]


def raw(rows: list[Row]) -> Raw:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String)).with_row_index("_row", offset=2)
    return Raw(frame.with_columns(pl.col("_row").cast(pl.Int64)), "return.csv", "csv")


@pytest.mark.parametrize("format", SENT)
def test_a_template_is_the_same_bytes_each_time_and_is_recognised(format: str) -> None:
    made = templates.workbook(format)
    assert made == templates.workbook(format)
    book = openpyxl.load_workbook(io.BytesIO(made))
    for asked in (specification(format, part) for part in _parts(format)):
        sheet = book[templates.sheet_name(asked)]
        assert [cell.value for cell in sheet[1]][: len(asked.headers)] == list(asked.headers)
    assert "Notes" in book.sheetnames
    assert book["Lists"].sheet_state == "hidden"


def _parts(format: str) -> tuple[str, ...]:
    return next(entry.part_names for entry in format_list() if entry.format == format)


def test_a_filled_template_is_accepted() -> None:
    book = openpyxl.load_workbook(io.BytesIO(templates.workbook("simple_return")))
    for place, row in enumerate(valid_rows(specification("simple_return", "staff")), 3):
        for column, cell in enumerate(row.values(), 1):
            book["Staff"].cell(place, column, cell)
    for column, cell in enumerate(("Care worker", "Home care", 5, 1), 1):
        book["Vacancies"].cell(2, column, cell)
    buffer = io.BytesIO()
    book.save(buffer)
    found = {
        recognise(table).part: table
        for table in read_tables(buffer.getvalue(), "simple.xlsx")
        if recognise(table).format == "simple_return"
    }
    result = check(found, Context("simple_return", "T01", ("T01",), MONTH, TODAY))
    assert set(result.findings.table["severity"]) <= {"note"}
    assert {part: rows.height for part, rows in result.rows.items()} == {"staff": 12, "vacancies": 1}


def test_drop_downs_hold_the_labels_of_today() -> None:
    book = openpyxl.load_workbook(io.BytesIO(templates.workbook("esr_staff_in_post")))
    lists = {column[0].value: {cell.value for cell in column[1:]} for column in book["Lists"].columns}
    assert "Staff Nurse" in lists["nwd_job_role"]
    assert "Biomedical Scientist" not in lists["nwd_job_role"]  # retired in 2013


@pytest.mark.parametrize(("format", "part"), FORMATS)
def test_a_csv_template_has_every_header(format: str, part: str) -> None:
    asked = specification(format, part)
    assert tuple(templates.csv_text(format, part).decode("utf-8-sig").splitlines()[0].split(",")) == asked.headers


def test_the_annotated_return_marks_its_cells_at_their_own_rows() -> None:
    rows = valid_rows(specification("esr_staff_in_post"))
    rows[4] |= {"FTE": "14", "Area of Work": "=cmd|' /C calc'!A0"}
    sent = {"": raw(rows)}
    checked = check(sent, Context("esr_staff_in_post", "RR8", ("RR8",), MONTH, TODAY))
    book = openpyxl.load_workbook(io.BytesIO(annotated.workbook(sent, checked)))
    cell = next(cell for cell in book["Return"][6] if cell.value == "14")
    assert cell.comment.text.startswith("FTE is above 1.5.")
    assert cell.fill.fgColor.rgb.endswith("F9C6C4")
    formula = next(cell for cell in book["Return"][6] if str(cell.value).startswith("=cmd"))
    assert formula.data_type == "s"
    assert book["Findings"].max_row == checked.findings.table.height + 1
    assert book.sheetnames[0] == "What to do"


def test_a_long_return_is_annotated_by_its_marked_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotated, "WHOLE_UP_TO", 5)
    rows = valid_rows(specification("esr_staff_in_post"))
    rows[7]["FTE"] = "14"
    sent = {"": raw(rows)}
    checked = check(sent, Context("esr_staff_in_post", "RR8", ("RR8",), MONTH, TODAY))
    sheet = openpyxl.load_workbook(io.BytesIO(annotated.workbook(sent, checked)))["Return"]
    assert sheet.max_row == 2
    assert [sheet.cell(1, 1).value, sheet.cell(2, 1).value] == ["Row", "9"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_finding_runs_as_a_formula(start: str) -> None:
    findings = Findings.of([Finding("demo.rule", "note", "message", "remedy", row=2, column="Role", value=f"{start}HYPERLINK(1)")])
    assert f"'{start}HYPERLINK(1)" in annotated.findings_csv(findings).decode("utf-8-sig")


def test_reference_pages_name_every_column_code_and_rule() -> None:
    asked = specification("esr_staff_in_post")
    page = reference.markdown(asked)
    assert all(field.label in page for field in asked.fields)
    assert all(f"`{rule.rule}`" in page for rule in asked.rules)
    assert "03007 | Staff Nurse" in page


def assignments(rows: list[Row], month: date) -> pl.DataFrame:
    told = Context("esr_staff_in_post", "RR8", ("RR8",), month, date(2026, 6, 7))
    return as_assignments(check({"": raw(rows)}, told), told, None, KEY, None).assignments


def test_movement_balances_by_role_and_says_what_changed() -> None:
    rows = valid_rows(specification("esr_staff_in_post"), 30)
    after = [dict(row) for row in rows[3:]]
    after[0]["Job Role"] = "Nurse Manager"
    after[1] |= {"Leaving Date": "03/04/2026", "Leaving Reason": "Retirement - Age"}
    report = movement(assignments(rows[:25], MONTH), assignments(after, date(2026, 4, 1)))
    assert (report.people_before, report.starters, report.leavers, report.role_changes, report.people) == (25, 5, 4, 1, 26)
    table = report.by_role
    balance = table["before"] + table["starters"] + table["moved_in"] - table["leavers"] - table["moved_out"]
    assert balance.to_list() == table["after"].to_list()
    assert report.sentences == (
        "26 people in post at the end of April 2026, 1 more than in March 2026.",
        "5 people started (5 staff nurses) and 4 people left (4 staff nurses).",
        "Reasons given for leaving: retirement 1.",
        "1 person changed role, most often from staff nurse to ward sister or nurse manager (1).",
        "FTE went from 20.0 to 20.8.",
    )
    assert not report.asks


def test_a_movement_too_large_to_be_usual_asks() -> None:
    rows = valid_rows(specification("esr_staff_in_post"), 40)
    report = movement(assignments(rows, MONTH), assignments(rows[:20], date(2026, 4, 1)))
    assert [line.measure for line in report.lines if line.asks] == ["leavers", "fte"]


def test_a_first_return_has_nothing_to_move_from() -> None:
    report = movement(None, assignments(valid_rows(specification("esr_staff_in_post")), MONTH))
    assert report.sentences[0] == "12 people in post at the end of March 2026. There is no earlier return to compare with."
    assert not report.asks
