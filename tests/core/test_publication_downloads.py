"""Files of a Released table: nothing hidden in them, nothing a spreadsheet would run, synthetic said in every one."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import openpyxl
import pytest

from oneworkforce.publication.core.downloads import file_name, safe, to_csv, to_xlsx
from oneworkforce.publication.core.provenance import SYNTHETIC_NOTICE
from tests.core.publication_tables import released


def _csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


def test_csv_has_a_row_a_cell_with_markers_in_place_of_hidden_figures() -> None:
    shown = released("analyst")
    rows = _csv_rows(to_csv(shown))
    assert len(rows) == len(shown)
    small = next(
        row for row in rows if (row["Month code"], row["Job role code"], row["Sector code"]) == ("2026-06-01", "nurse", "third_sector")
    )
    assert (small["People"], small["People says"], small["FTE"]) == ("[small]", "hidden_small", "[small]")
    assert {row["Data"] for row in rows} == {"synthetic"}
    assert rows[0]["Made by"] == "picture 2026-08, One Workforce 0.1.0, profile Analyst"


def test_real_data_is_not_called_synthetic() -> None:
    shown = released("analyst", synthetic=False)
    assert "Data" not in _csv_rows(to_csv(shown))[0]
    assert file_name(shown, "csv") == "people-by-role-analyst-2026-08.csv"
    assert file_name(released("analyst"), "csv") == "synthetic-people-by-role-analyst-2026-08.csv"


def test_a_label_that_looks_like_a_formula_stays_text() -> None:
    assert "'=SUM(A1) board" in to_csv(released()).decode("utf-8-sig")
    sheet = openpyxl.load_workbook(BytesIO(to_xlsx(released())))["Figures"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [cell for cell in cells if cell.value == "'=SUM(A1) board"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_every_beginning_that_a_spreadsheet_would_run_is_guarded(text: str) -> None:
    assert safe(text) == f"'{text}"


def test_the_workbook_says_what_it_is_made_of_and_who_is_missing() -> None:
    book = openpyxl.load_workbook(BytesIO(to_xlsx(released("analyst"))))
    assert book.sheetnames == ["Figures", "Notes"]
    assert book["Figures"]["A1"].value == SYNTHETIC_NOTICE
    notes = [str(cell.value) for cell in book["Notes"]["A"] if cell.value]
    for line in ("14 care providers have sent no return since May", "RR8, ESR staff in post, August 2026: as sent and accepted"):
        assert line in notes
    headings = [cell.value for cell in book["Figures"][2]]
    assert headings[:2] == ["Month", "Month code"]
    people = headings.index("People")
    values = {row[people] for row in book["Figures"].iter_rows(min_row=3, values_only=True)}
    assert "[small]" in values
    assert any(isinstance(value, int) for value in values)
