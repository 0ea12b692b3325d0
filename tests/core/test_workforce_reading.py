"""Files that can be read: every encoding, separator and layout that partners send."""

import io
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from oneworkforce.workforce.core.reading import Raw, read_tables

HEADER = "Employee Number,Staff Group,FTE,Hire Date"
ROWS = "20000001,Nursing and Midwifery Registered,1.0,01/04/2019\n20000002,Zoë's group,0.6,02/05/2020\n"
PLAIN = f"{HEADER}\n{ROWS}"


def read(data: bytes | str, name: str = "staff.csv") -> Raw:
    (raw,) = read_tables(data.encode() if isinstance(data, str) else data, name)
    return raw


def workbook(*sheets: tuple[str, list[list[object]]], hidden: tuple[str, ...] = ()) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for index, row in enumerate(rows):
                sheet.write_row(index, 0, row)
            if name in hidden:
                sheet.hide()
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (PLAIN.encode("utf-8"), "utf-8"),
        (PLAIN.encode("utf-8-sig"), "utf-8 with mark"),
        (PLAIN.encode("cp1252"), "windows-1252"),
        (PLAIN.encode("utf-16"), "utf-16"),
        (PLAIN.encode("utf-16-le"), "utf-16"),
        (PLAIN.replace("\n", "\r\n").encode("utf-8"), "utf-8"),
        (PLAIN.replace("\n", "\r").encode("utf-8"), "utf-8"),
    ],
)
def test_every_encoding_and_line_end_gives_the_same_table(data: bytes, encoding: str) -> None:
    raw = read(data)
    assert raw.encoding == encoding
    assert raw.headers == ("Employee Number", "Staff Group", "FTE", "Hire Date")
    assert raw.frame["Staff Group"].to_list() == ["Nursing and Midwifery Registered", "Zoë's group"]
    assert raw.frame["_row"].to_list() == [2, 3]
    assert raw.notes.table.is_empty()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_separator_is_told_from_the_rows(delimiter: str) -> None:
    raw = read(PLAIN.replace(",", delimiter))
    assert (raw.delimiter, raw.frame.shape) == (delimiter, (2, 5))


def test_commas_inside_quotation_marks_do_not_make_the_separator() -> None:
    raw = read('Name;FTE;Role\n"A, B, C";1;"x, y, z"\n"D, E, F";2;"u, v, w"\n')
    assert raw.delimiter == ";"


def test_excels_line_that_names_the_separator_is_obeyed_and_counted_as_a_row() -> None:
    raw = read(f"sep=;\n{PLAIN.replace(',', ';')}")
    assert (raw.delimiter, raw.frame["_row"].to_list()) == (";", [3, 4])


def test_row_numbers_are_those_of_the_spreadsheet_past_blank_rows_and_line_breaks_in_cells() -> None:
    raw = read(f'{HEADER}\n\n20000001,"Nursing\nand Midwifery",1,01/04/2019\n,,,\n20000002,Other,1,01/04/2019\n')
    assert raw.frame["_row"].to_list() == [3, 5]
    assert raw.frame["Staff Group"][0] == "Nursing\nand Midwifery"


def test_every_cell_is_text_and_leading_zeros_stay() -> None:
    raw = read("Staff Group,Job Role,FTE\n01,007,1\n")
    assert raw.frame.rows() == [(2, "01", "007", "1")]


def test_a_workbook_gives_a_table_for_each_sheet_that_holds_one() -> None:
    staff = [["Person Reference", "Job Role", "Service", "Weekly Hours"], ["1", "Care worker", "Home care", 37.5]]
    vacancies = [["Job Role", "Service", "Vacant FTE"], ["Care worker", "Home care", 2]]
    notes = [["How to fill this in"], ["One row a person", "see the list"]]
    data = workbook(
        ("Staff", staff), ("Vacancies", vacancies), ("Notes", notes), ("Lists", [["Job Role", "Service", "Contract"]]), hidden=("Lists",)
    )
    tables = read_tables(data, "return.xlsx")
    assert [raw.sheet for raw in tables] == ["Staff", "Vacancies"]
    assert tables[0].frame.rows() == [(2, "1", "Care worker", "Home care", "37.5")]
    assert tables[0].place == "return.xlsx, sheet “Staff”"


def test_an_optional_sheet_with_a_header_only_is_passed_over() -> None:
    staff = [["Person Reference", "Job Role", "Service", "Weekly Hours"], ["1", "Care worker", "Home care", 37.5]]
    tables = read_tables(workbook(("Staff", staff), ("Vacancies", [["Job Role", "Service", "Vacant FTE"]])), "return.xlsx")
    assert [raw.sheet for raw in tables] == ["Staff"]


def test_dates_and_whole_numbers_of_a_workbook_become_plain_text() -> None:
    import datetime

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Employee Number", "Hire Date", "FTE"])
        sheet.write_number(1, 0, 20000001)
        sheet.write_datetime(1, 1, datetime.datetime(2019, 4, 1), book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_number(1, 2, 0.6)
    assert read(out.getvalue(), "staff.xlsx").frame.rows() == [(2, "20000001", "2019-04-01 00:00:00", "0.6")]


def test_a_table_that_begins_lower_on_the_sheet_keeps_its_row_numbers() -> None:
    data = workbook(("Staff", [[], [], [], ["Employee Number", "FTE", "Hire Date"], [], ["1", "1", "01/04/2019"]]))
    assert read(data, "staff.xlsx").frame["_row"].to_list() == [6]


def test_parquet_is_read_as_text(tmp_path: Path) -> None:
    from datetime import date

    path = tmp_path / "staff.parquet"
    pl.DataFrame({"Employee Number": [1, 2], "Hire Date": [date(2019, 4, 1), None], "FTE": [1.0, 0.6]}).write_parquet(path)
    (raw,) = read_tables(path, path.name)
    assert raw.kind == "parquet"
    assert raw.frame.rows() == [(2, "1", "2019-04-01", "1.0"), (3, "2", None, "0.6")]


def test_a_whole_file_never_takes_the_slow_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from oneworkforce.workforce.core.reading import text

    def refused(body: object) -> None:
        raise AssertionError("a whole file was read row by row")

    monkeypatch.setattr(text, "_slow", refused)
    path = tmp_path / "large.csv"
    path.write_text(HEADER + "\n" + "20000001,Nursing and Midwifery Registered,1.0,\n" * 50_000)
    (raw,) = read_tables(path, path.name)
    assert raw.frame.height == 50_000
    assert raw.notes.table.is_empty()
