"""Whatever bytes arrive, reading gives a table of text or a sentence; and a table that is written is the table that is read."""

import csv
import io
import zipfile

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oneworkforce.errors import Invalid
from oneworkforce.workforce.core.reading import ROW, Raw, read_tables
from oneworkforce.workforce.core.reading import text as text_module
from oneworkforce.workforce.core.reading.layout import Heading

HEADERS = ["Employee Number", "Staff Group", "Job Role", "FTE", "Hire Date"]
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"), exclude_characters="\ufeff\ufffdÃÂâ")
CELL = st.text(LETTERS, min_size=1, max_size=12)
TABLES = st.lists(st.lists(CELL, min_size=len(HEADERS), max_size=len(HEADERS)), min_size=1, max_size=20)


def _workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Staff")
        sheet.write_row(0, 0, HEADERS)
        sheet.write_row(1, 0, ["1", "Nurses", "Nurse", "1", "01/04/2019"])
    return out.getvalue()


def _parquet() -> bytes:
    out = io.BytesIO()
    pl.DataFrame({header: ["1", "2"] for header in HEADERS}).write_parquet(out)
    return out.getvalue()


WHOLE = {"xlsx": _workbook(), "parquet": _parquet(), "csv": f"{','.join(HEADERS)}\n1,Zoë,Nurse,1,01/04/2019\n".encode()}


def check(data: bytes) -> None:
    """Reading gives tables of text or refuses in a whole sentence; any other exception is a fault."""
    tables, refusal = outcome(data)
    assert refusal is None or ("any" in refusal and refusal.endswith("."))
    for raw in tables:
        assert raw.frame.schema[ROW] == pl.Int64
        assert all(raw.frame.schema[header] == pl.String for header in raw.headers)


def outcome(data: bytes) -> tuple[tuple[Raw, ...], str | None]:
    try:
        return read_tables(data, "any"), None
    except Invalid as refusal:
        return (), str(refusal)


@given(st.binary(max_size=400))
def test_any_bytes_at_all(data: bytes) -> None:
    check(data)


@given(st.text(st.sampled_from('a1,;\t|"\n\r é\x00='), max_size=200))
def test_any_text_made_of_what_tables_are_made_of(text: str) -> None:
    check(text.encode())


@pytest.mark.parametrize("kind", list(WHOLE))
@given(st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_damage_to_a_whole_file(kind: str, data: st.DataObject) -> None:
    damaged = bytearray(WHOLE[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(damaged)))
    check(bytes(damaged if data.draw(st.booleans()) else damaged[:cut]))


PARTS = ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"]


@pytest.mark.parametrize("part", PARTS)
@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_damage_inside_a_workbook_that_is_whole_as_a_zip(part: str, data: st.DataObject) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE["xlsx"])) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = bytearray(old.read(name))
            if name == part:
                for _ in range(data.draw(st.integers(1, 6))):
                    content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.sampled_from(b'<>/"=0129ArcstvZ& \x00\xff'))
            new.writestr(name, bytes(content))
    check(out.getvalue())


@given(TABLES, st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@settings(deadline=None)
def test_what_is_written_is_what_is_read(rows: list[list[str]], delimiter: str, end: str, encoding: str) -> None:
    numbered = [[str(20_000_000 + index), *row[1:]] for index, row in enumerate(rows)]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_MINIMAL)
    writer.writerows([HEADERS, *numbered])
    (raw,) = read_tables(out.getvalue().encode(encoding), "any.csv")
    assert [list(row) for row in raw.frame.drop(ROW).rows()] == numbered
    assert raw.frame[ROW].to_list() == list(range(2, len(rows) + 2))


RAGGED = st.lists(st.lists(st.sampled_from(["a", "b c", "", 'q"q', "x,y"]), min_size=1, max_size=8), min_size=1, max_size=12)


@given(RAGGED, st.sampled_from(["\n", "\r\n"]))
@settings(deadline=None)
def test_the_quick_way_and_the_slow_way_agree_on_uneven_rows(rows: list[list[str]], end: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end).writerows([HEADERS, *([f"n{index}", *row] for index, row in enumerate(rows))])
    heading = Heading(0, 1, tuple(HEADERS), (), ())
    body = text_module._Body(out.getvalue().encode(), ",", heading, 0, 1, "any")
    quick, said = text_module._body(body)
    slow, said_slowly = text_module._slow(body)
    assert quick.rows() == slow.rows()
    assert [(finding.rule, finding.row) for finding in said] == [(finding.rule, finding.row) for finding in said_slowly]
