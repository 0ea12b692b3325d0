"""Values of every kind, as partners and Excel write them."""

from datetime import date

import polars as pl
import pytest

from oneworkforce.workforce.core.reading import values
from oneworkforce.workforce.core.reading.values import Cleaned


def one(build: object, text: str | None, *extra: object) -> tuple[object, bool, bool]:
    cleaned: Cleaned = build(pl.col("x"), *extra)  # type: ignore[operator]
    frame = pl.DataFrame({"x": [text]}, schema={"x": pl.String})
    return frame.select(v=cleaned.value, r=cleaned.repaired, u=cleaned.unreadable).row(0)


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("03/02/1998", False),
        ("3/2/1998", False),
        (" 03/02/1998 ", False),
        ("03-02-1998", False),
        ("03.02.1998", False),
        ("03 02 1998", False),
        ("1998-02-03", False),
        ("1998-02-03T00:00:00", False),
        ("1998-02-03 00:00:00", False),
        ("03/02/1998 09:30", False),
        ("03-Feb-1998", False),
        ("03-FEB-1998", False),
        ("3 February 1998", False),
        ("3rd February 1998", False),
        ("19980203", False),
        ("3/2/98", True),
        ("03-Feb-98", True),
        ("35829", True),
        ("35829.0", True),
        ("35829.75", True),
    ],
)
def test_a_date_is_read_in_every_order_the_uk_writes(text: str, repaired: bool) -> None:
    assert one(values.as_date, text) == (date(1998, 2, 3), repaired, False)


@pytest.mark.parametrize("text", ["02/13/1998", "1998", "31/02/2020", "n/a", "#REF!", "9999", "1/2/0024", "03/02/19988"])
def test_what_is_not_a_uk_date_is_unreadable_not_guessed(text: str) -> None:
    assert one(values.as_date, text) == (None, False, True)


@pytest.mark.parametrize("text", [None, "", "   ", "\u00a0"])
def test_a_blank_cell_is_null_and_not_unreadable(text: str | None) -> None:
    builders = [values.as_date, values.as_number, values.as_code, values.as_text, values.as_postcode, values.as_month]
    for build in [*builders, values.as_boolean, values.as_identifier, values.as_ni_number]:
        assert one(build, text) == (None, False, False)


def test_a_two_digit_year_of_birth_is_never_in_the_future() -> None:
    assert one(values.as_date, "03/02/55", date(2026, 1, 1))[0] == date(1955, 2, 3)
    assert one(values.as_date, "03/02/98", date(2026, 1, 1))[0] == date(1998, 2, 3)
    assert one(values.as_date, "03/02/05", date(2026, 1, 1))[0] == date(2005, 2, 3)


@pytest.mark.parametrize("text", ["2025-04", "04/2025", "4/2025", "202504", "Apr-25", "April 2025", "30/04/2025", "2025-04-30 00:00:00"])
def test_a_month_is_its_first_day(text: str) -> None:
    assert one(values.as_month, text)[0] == date(2025, 4, 1)


@pytest.mark.parametrize(
    ("text", "value", "repaired"),
    [
        ("37.5", 37.5, False),
        ("1,250", 1250.0, False),
        ("£1,250.5", 1250.5, False),
        ("37,5", 37.5, True),
        ("(3)", -3.0, False),
        ("1E+02", 100.0, False),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, value: float, repaired: bool) -> None:
    assert one(values.as_number, text) == (value, repaired, False)


@pytest.mark.parametrize("text", ["n/a", "-", "full time", "#N/A", "inf", "nan", "37.5 hrs", "1,2,3"])
def test_what_is_not_a_number_is_unreadable(text: str) -> None:
    assert one(values.as_number, text) == (None, False, True)


@pytest.mark.parametrize(
    ("text", "value", "repaired"),
    [("8", "08", True), ("8.0", "08", True), ("08", "08", False), ("N0A", "N0A", False), ("123", "123", False)],
)
def test_a_code_gets_its_leading_zeros_back(text: str, value: str, repaired: bool) -> None:
    assert one(values.as_code, text, 2) == (value, repaired, False)


def test_an_identifier_that_lost_its_digits_is_not_made_up() -> None:
    assert one(values.as_identifier, "1.23457E+11") == (None, False, True)
    assert one(values.as_identifier, "20123456.0") == ("20123456", True, False)
    assert one(values.as_identifier, "20123456-2") == ("20123456-2", False, False)
    assert one(values.as_identifier, "1E05") == ("1E05", False, False)


@pytest.mark.parametrize(
    ("text", "value", "repaired"),
    [
        ("ls1 3ex", "LS1 3EX", False),
        ("LS13EX", "LS1 3EX", False),
        ("LS13  1aa", "LS13 1AA", False),
        ("LS1 OEX", "LS1 0EX", True),
        ("ZZ99 3WZ", "ZZ99 3WZ", False),
    ],
)
def test_a_postcode_is_written_one_way(text: str, value: str, repaired: bool) -> None:
    assert one(values.as_postcode, text) == (value, repaired, False)


@pytest.mark.parametrize("text", ["LS6", "Leeds", "LS1 3E", "1234"])
def test_half_a_postcode_is_unreadable(text: str) -> None:
    assert one(values.as_postcode, text) == (None, False, True)


def test_text_loses_its_stray_characters_and_a_failed_formula_is_unreadable() -> None:
    assert one(values.as_text, "Ward\u00a0\u00a012\n") == ("Ward 12", False, False)
    assert one(values.as_text, "#REF!") == (None, False, True)


def test_values_work_on_empty_and_lazy_frames() -> None:
    frame = pl.DataFrame({"x": []}, schema={"x": pl.String})
    for build in (values.as_date, values.as_number, values.as_code, values.as_text, values.as_postcode, values.as_month):
        assert frame.lazy().select(build(pl.col("x")).value).collect().height == 0
