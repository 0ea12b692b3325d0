"""Files that are wrong: each is turned away in one clear sentence, or read as far as is safe and said."""

import io
import zipfile
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from oneworkforce.errors import Invalid
from oneworkforce.workforce.core.reading import Limits, Raw, read_tables
from tests.core.test_workforce_reading import HEADER, PLAIN, read, workbook

STAFF = [["Employee Number", "Staff Group", "FTE"], ["1", "Nurses", 1], ["2", "Nurses", 0.5]]


def refusal(data: bytes | str, name: str = "staff.csv", limits: Limits | None = None) -> str:
    with pytest.raises(Invalid) as caught:
        read_tables(data.encode() if isinstance(data, str) else data, name, limits or Limits())
    return str(caught.value)


def rules(raw: Raw) -> list[tuple[str, str, int | None]]:
    return raw.notes.table.select("rule", "severity", "row").rows()


def repacked(data: bytes, changes: dict[str, bytes | None], extra: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = changes.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def test_an_empty_file() -> None:
    assert refusal(b"").startswith("staff.csv is empty")


@pytest.mark.parametrize("data", ["\n\n\n", "  \r\n", ",,,\n,,,\n"])
def test_blank_lines_only(data: str) -> None:
    assert "has no rows" in refusal(data)


@pytest.mark.parametrize("data", [HEADER, HEADER + "\n", HEADER + "\n,,,\n\n"])
def test_a_header_only(data: str) -> None:
    assert "has a header but no rows" in refusal(data)


def test_a_workbook_with_a_header_only() -> None:
    assert "has a header but no rows" in refusal(workbook(("Staff", STAFF[:1])), "staff.xlsx")


def test_a_blank_workbook() -> None:
    assert "every sheet is blank" in refusal(workbook(("Staff", [])), "staff.xlsx")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n....", "a picture (PNG)"),
        (b"\xff\xd8\xff\xe0....", "a picture (JPEG)"),
        (b"<!DOCTYPE html><html><table>", "a web page (HTML)"),
        (b"<?xml version='1.0'?><Workbook>", "an XML document"),
        (b'{"staff": []}', "a JSON document"),
        (b"\x1f\x8b\x08....", "a compressed file (gzip)"),
    ],
)
def test_not_a_table_though_named_csv(data: bytes, what: str) -> None:
    assert f"staff.csv is not a table: it is {what}" in refusal(data)


def test_bytes_that_are_no_text() -> None:
    assert "not text" in refusal(bytes(range(1, 32)) * 50)


def test_prose_is_not_a_table() -> None:
    assert "one column only" in refusal("Dear all\nplease find below\nour staff\n")


def test_a_file_without_a_header() -> None:
    sentence = refusal("20000001,1.0,01/04/2019\n20000002,0.6,01/05/2019\n")
    assert "row 1 holds values" in sentence


def test_an_old_workbook() -> None:
    assert "old Excel workbook (.xls)" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "staff.xls")


def test_a_workbook_with_a_password() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert "has a password" in refusal(data, "staff.xlsx")


def test_a_workbook_with_macros() -> None:
    data = repacked(workbook(("Staff", STAFF)), {}, {"xl/vbaProject.bin": b"macro"})
    assert "holds macros" in refusal(data, "staff.xlsm")
    assert "holds macros" in refusal(data, "staff.xlsx")


@pytest.mark.parametrize(
    ("member", "what"),
    [("word/document.xml", "Word or PowerPoint"), ("xl/workbook.bin", ".xlsb"), ("content.xml", "OpenDocument"), ("a.csv", "Unzip it")],
)
def test_other_zips(member: str, what: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(member, "x")
    assert what in refusal(out.getvalue(), "staff.xlsx")


def test_two_gigabytes_are_turned_away_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)
    with pytest.raises(Invalid, match=r"too large: 2\.0 GB; the limit is 1 GB"):
        read_tables(path, path.name)


def test_a_zip_bomb_is_turned_away_by_its_directory_alone() -> None:
    bomb = repacked(workbook(("Staff", STAFF)), {"xl/worksheets/sheet1.xml": b"0" * 50_000_000})
    assert "It was not opened" in refusal(bomb, "staff.xlsx")
    assert "times its size" in refusal(bomb, "staff.xlsx")
    assert "the limit is 10 MB" in refusal(bomb, "staff.xlsx", Limits(unpacked=10 * 1024**2))


def test_a_zip_bomb_that_lies_about_its_size_is_damaged() -> None:
    honest = repacked(workbook(("Staff", STAFF)), {"xl/worksheets/sheet1.xml": b"0" * 5_000_000})
    lying = honest.replace((5_000_000).to_bytes(4, "little"), (5_000).to_bytes(4, "little"))
    assert lying != honest
    assert "damaged" in refusal(lying, "staff.xlsx")


def test_nul_bytes() -> None:
    sentence = refusal(f"{HEADER}\n20000001,Nur\x00ses,1,01/04/2019\n")
    assert "row 2 holds a NUL byte" in sentence


def test_letters_in_no_encoding() -> None:
    assert "neither UTF-8 nor Windows-1252, first in row 2" in refusal(f"{HEADER}\n1,".encode() + b"Zo\x81\xe9,1,01/04/2019\n")


def test_garbled_letters_are_marked_cell_by_cell() -> None:
    garbled = "Zoë’s".encode().decode("cp1252")
    raw = read(f"{HEADER}\n1,Nurses,1,01/04/2019\n2,{garbled},1,01/04/2019\n")
    assert rules(raw) == [("reading.garbled_letters", "warning", 3)]
    assert raw.notes.table["column"].to_list() == ["Staff Group"]
    assert raw.notes.table["value"].to_list() == [""]


def test_letters_that_were_lost_are_marked() -> None:
    assert rules(read(f"{HEADER}\n1,Zo\ufffd,1,01/04/2019\n")) == [("reading.garbled_letters", "warning", 2)]


def test_accents_that_are_right_are_not_garbled() -> None:
    assert read(PLAIN).notes.table.is_empty()


def test_three_hundred_columns() -> None:
    text = ",".join(f"Column {index}" for index in range(300)) + "\n" + ",".join("x" * 300) + "\n"
    assert "has 300 columns; the limit is 250" in refusal(text)


def test_three_hundred_columns_in_parquet() -> None:
    out = io.BytesIO()
    pl.DataFrame({f"c{index}": ["x"] for index in range(300)}).write_parquet(out)
    assert "has 300 columns; the limit is 250" in refusal(out.getvalue(), "staff.parquet")


def test_too_many_rows() -> None:
    assert "has 2 rows; the limit is 1" in refusal(PLAIN, limits=Limits(rows=1))


def test_two_header_rows_with_groups_above() -> None:
    raw = read(f"Person,,Post,\n{HEADER}\n1,Nurses,1,01/04/2019\n")
    assert raw.headers == tuple(HEADER.split(","))
    assert rules(raw) == [("reading.title", "note", 1)]
    assert raw.frame["_row"].to_list() == [3]


def test_two_header_rows_the_same() -> None:
    raw = read(f"{HEADER}\n{HEADER}\n1,Nurses,1,01/04/2019\n")
    assert raw.headers == tuple(HEADER.split(","))
    assert rules(raw) == [("reading.two_headers", "note", 2)]
    assert raw.frame["_row"].to_list() == [3]


def test_two_header_rows_that_make_one_name() -> None:
    raw = read("Employee,Staff,Hire,FTE\nNumber,Group,Date,\n1,Nurses,01/04/2019,1\n")
    assert raw.headers == ("Employee Number", "Staff Group", "Hire Date", "FTE")
    assert rules(raw) == [("reading.two_headers", "note", 2)]


def test_a_second_row_that_says_what_kind_each_column_is() -> None:
    raw = read(f"{HEADER}\nText,Code,Number,DD/MM/YYYY\n1,Nurses,1,01/04/2019\n")
    assert raw.headers == tuple(HEADER.split(","))
    assert raw.frame["_row"].to_list() == [3]


def test_title_lines_above_the_header() -> None:
    raw = read(f"Leeds Teaching Hospitals\nStaff in post October\n\n{HEADER}\n1,Nurses,1,01/04/2019\n")
    assert raw.headers == tuple(HEADER.split(","))
    assert rules(raw) == [("reading.title", "note", 1)]
    assert raw.frame["_row"].to_list() == [5]


def _merged(cells: str, header_row: int = 0) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Staff")
        for index, row in enumerate(STAFF):
            sheet.write_row(header_row + index, 0, row)
        sheet.merge_range(cells, "Merged")
    return out.getvalue()


def test_merged_cells_in_the_header() -> None:
    sentence = refusal(_merged("B1:C1"), "staff.xlsx")
    assert "cells B1:C1 in the header are merged" in sentence


def test_merged_cells_above_the_header_are_a_title() -> None:
    assert rules(read(_merged("A1:C1", header_row=1), "staff.xlsx")) == [("reading.title", "note", 1)]


def test_merged_cells_among_the_rows() -> None:
    assert rules(read(_merged("B2:B3"), "staff.xlsx")) == [("reading.merged_cells", "warning", 2)]


def test_a_total_row_at_the_bottom_is_left_out_and_said() -> None:
    raw = read(f"{HEADER}\n1,Nurses,1,01/04/2019\n2,Nurses,1,01/04/2019\nTotal,,2,\n")
    assert raw.frame.height == 2
    assert rules(raw) == [("reading.total_row", "warning", 4)]


def test_a_note_at_the_bottom_is_left_out_and_said() -> None:
    raw = read(f"{HEADER}\n1,Nurses,1,01/04/2019\n\nSource: staff record, run on 1 May,,,\n")
    assert raw.frame.height == 1
    assert rules(raw) == [("reading.foot_note", "note", 4)]


def test_a_person_whose_group_begins_with_total_is_kept() -> None:
    raw = read(f"{HEADER}\n1,Total Care,1,01/04/2019\n")
    assert raw.frame.height == 1


@pytest.mark.parametrize("end", ["20000002,Nur", '20000002,"Nur'])
def test_an_upload_that_was_cut_off(end: str) -> None:
    sentence = refusal(f"{HEADER}\n1,Nurses,1,01/04/2019\n{end}")
    assert "cut off" in sentence


def test_an_upload_cut_inside_a_letter() -> None:
    assert "cut off" in refusal(f"{HEADER}\n1,Zoë,1,01/04/2019\n2,Zoë".encode()[:-1])


def test_a_workbook_that_was_cut_off() -> None:
    data = workbook(("Staff", STAFF))
    assert "damaged or cut off" in refusal(data[: len(data) // 2], "staff.xlsx")


def test_a_workbook_with_a_damaged_part() -> None:
    data = bytearray(workbook(("Staff", STAFF)))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as package:
        place = package.getinfo("xl/worksheets/sheet1.xml").header_offset + 80
    data[place : place + 20] = b"\xff" * 20
    assert "damaged" in refusal(bytes(data), "staff.xlsx")


def test_parquet_that_was_cut_off() -> None:
    out = io.BytesIO()
    pl.DataFrame({"a": ["x"], "b": ["y"]}).write_parquet(out)
    assert "cut off" in refusal(out.getvalue()[:-8], "staff.parquet")


def test_parquet_with_lists() -> None:
    out = io.BytesIO()
    pl.DataFrame({"a": [[1, 2]], "b": ["y"]}).write_parquet(out)
    assert "holds lists" in refusal(out.getvalue(), "staff.parquet")


def test_a_row_with_too_many_cells_is_left_out_and_said() -> None:
    raw = read(f"{HEADER}\n1,Nurses,1,01/04/2019\n2,Nurses, Ward 5,1,01/04/2019\n3,Nurses,1,01/04/2019\n")
    assert raw.frame["_row"].to_list() == [2, 4]
    assert rules(raw) == [("reading.long_row", "error", 3)]


def test_a_row_with_too_few_cells_is_filled_with_blanks_and_said() -> None:
    raw = read(f'{HEADER}\n1,"Nurses, Ward 5",1\n2,Nurses,1,\n3,Nurses,1,01/04/2019\n')
    assert raw.frame["Hire Date"].to_list() == [None, None, "01/04/2019"]
    assert rules(raw) == [("reading.short_row", "warning", 2)]


def test_spare_separators_at_the_end_of_rows_do_no_harm() -> None:
    raw = read(f"{HEADER},,\n1,Nurses,1,01/04/2019,,\n2,Nurses,1,01/04/2019,,,,\n")
    assert (raw.frame.shape, raw.notes.table.height) == ((2, 5), 0)


def test_a_header_that_stands_twice() -> None:
    raw = read("Employee Number,FTE,FTE,Hire Date\n1,1,0.5,01/04/2019\n")
    assert raw.headers == ("Employee Number", "FTE", "FTE (2)", "Hire Date")
    assert rules(raw) == [("reading.repeated_header", "error", None)]


def test_a_header_that_stands_twice_with_the_same_values() -> None:
    raw = read("Employee Number,FTE,FTE,Hire Date\n1,1,1,01/04/2019\n")
    assert raw.headers == ("Employee Number", "FTE", "Hire Date")
    assert rules(raw) == [("reading.repeated_header", "note", 1)]


def test_a_column_with_values_but_no_name_is_named_by_its_place() -> None:
    assert read("Employee Number,,FTE,Hire Date\n1,x,1,01/04/2019\n").headers == ("Employee Number", "(column 2)", "FTE", "Hire Date")


def _with_formula(value: object) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Staff")
        for index, row in enumerate(STAFF):
            sheet.write_row(index, 0, row)
        sheet.write_formula("C2", "=0.5+0.5", None, value)
    return out.getvalue()


def test_formula_cells_are_read_by_their_saved_result() -> None:
    raw = read(_with_formula(1), "staff.xlsx")
    assert raw.frame["FTE"].to_list() == ["1", "0.5"]
    assert rules(raw) == [("reading.formulas", "note", 2)]


def test_formula_cells_without_a_saved_result() -> None:
    data = _with_formula(1)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").replace(b"</f><v>1</v>", b"</f>")
    raw = read(repacked(data, {"xl/worksheets/sheet1.xml": sheet}), "staff.xlsx")
    assert rules(raw) == [("reading.uncalculated", "error", 2)]


def test_a_quotation_mark_that_is_never_closed() -> None:
    text = f'{HEADER}\n1,"Nurses,1,01/04/2019\n' + "2,Nurses,1,01/04/2019\n" * 50
    assert "quotation mark is opened and not closed" in refusal(text)


def test_no_file_a_folder_and_a_forbidden_file(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="There is no file"):
        read_tables(tmp_path / "none.csv", "none.csv")
    with pytest.raises(Invalid, match="is a folder"):
        read_tables(tmp_path, "folder")
