"""Formats told from headers, near misses suggested, unknown tables compared."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from oneworkforce.workforce.core.reading import Raw, read_tables, recognise
from oneworkforce.workforce.core.specification import format_list, specification

PARTS = [(entry.format, part) for entry in format_list() for part in entry.part_names]


def table(headers: Sequence[str], name: str = "file.csv") -> Raw:
    return Raw(pl.DataFrame({"_row": [2], **{header: ["x"] for header in headers}}), name, "csv")


@pytest.mark.parametrize(("format", "part"), PARTS)
def test_every_specification_recognises_its_own_headers(format: str, part: str) -> None:
    found = recognise(table(specification(format, part).headers))
    assert (found.format, found.part) == (format, part)
    assert (found.unknown, found.missing) == ((), ())


@pytest.mark.parametrize(("format", "part"), PARTS)
def test_order_case_spaces_and_underscores_do_not_matter(format: str, part: str) -> None:
    headers = [header.upper().replace(" ", "_") for header in reversed(specification(format, part).headers)]
    found = recognise(table(headers))
    assert (found.format, found.part) == (format, part)
    assert set(found.columns.values()) == set(specification(format, part).names)


def test_a_label_takes_a_field_before_an_alias_does() -> None:
    fields = specification("esr_staff_in_post").fields
    field = next(field for field in fields if field.other_labels)
    found = recognise(table([field.other_labels[0], field.label]), ["esr_staff_in_post"])
    assert found.columns == {field.label: field.field}


def test_a_near_miss_is_suggested_and_not_taken() -> None:
    headers = [header if header != "Employee Number" else "Employe Numbr" for header in specification("esr_staff_in_post").headers]
    found = recognise(table(headers))
    assert found.format == "esr_staff_in_post"
    assert found.suggestions == {"Employe Numbr": "Employee Number"}
    assert found.missing == ("Employee Number",)


def test_an_unknown_table_gets_the_nearest_formats_and_what_differs() -> None:
    found = recognise(table(["Employee Number", "Staff Group", "Shoe size", "Colour"], "odd.csv"))
    assert (found.format, found.part) == ("", "")
    assert found.nearest[0].format == "esr_staff_in_post"
    assert "odd.csv is of no format that is known here. Nearest: ESR staff in post (2 columns fit; it lacks" in found.sentence
    assert "“Shoe size”, “Colour” are not part of it" in found.sentence


def test_a_table_that_shares_no_header_with_any_format() -> None:
    found = recognise(table(["Shoe size", "Colour"]))
    assert (found.format, found.nearest) == ("", ())
    assert "none of its headers is" in found.sentence


def test_a_format_that_was_said_needs_only_two_headers() -> None:
    headers = ["Employee Number", "FTE", "Colour"]
    assert recognise(table(headers)).format == ""
    assert recognise(table(headers), ["esr_staff_in_post"]).format == "esr_staff_in_post"
    assert recognise(table(["Shoe size", "Colour"]), ["esr_staff_in_post"]).format == ""


def test_every_published_file_is_recognised(shared: Path) -> None:
    expected = {
        "raw_turnover": "nhs_turnover",
        "raw_nhs_sickness_absence_rates": "nhs_sickness_rates",
        "raw_nhs_sickness_absence_by_reason": "nhs_sickness_reasons",
        "raw_pcn": "pcn_workforce",
    }
    raws = sorted((shared / "data" / "nhs").glob("raw_*.csv"))
    assert len(raws) == len(expected)
    for path in raws:
        (raw,) = read_tables(path, path.name)
        assert recognise(raw).format == next(kind for start, kind in expected.items() if path.name.startswith(start))
