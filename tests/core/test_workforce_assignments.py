"""The one shape of every return, and the pseudonyms in it."""

import hashlib
import hmac
from datetime import date

import polars as pl
import pytest

from oneworkforce.errors import Invalid
from oneworkforce.workforce.core.assignments import Assignments, Identifiers, Posts, Unmapped, empty, one_row_each, valid
from oneworkforce.workforce.core.pseudonyms import pseudonyms

KEY = b"0123456789abcdef0123456789abcdef"


def assignment(**more: object) -> pl.DataFrame:
    known = {
        "month": date(2026, 1, 1), "partner": "RR8", "format": "nwrs", "person": 1, "assignment": 2, "role": "midwife", "service": "acute",
        "site": None, "contract": "permanent", "age_band": "30_34", "sex": "female", "ethnicity": "white", "disability": "no",
        "deprivation": "1", "fte": 1.0, "start_date": None, "leaving_date": None, "leaving_reason": None, "sickness_days": None,
        "available_days": None, "row": 2,
    }  # fmt: skip
    return pl.DataFrame({**known, **more})


def test_a_good_row_is_as_it_was_in_the_schemas_types() -> None:
    assert valid(Assignments, assignment()).schema == empty(Assignments).schema


WRONG = [
    ({"role": "wizard"}, "role: is_in_job_roles"),
    ({"contract": ""}, "contract: is_in_contracts"),
    ({"leaving_reason": "boredom"}, "leaving_reason: is_in_leaving_reasons"),
    ({"month": date(2026, 1, 15)}, "month: is_first_of_month"),
    ({"start_date": date(2026, 1, 15)}, "start_date: is_first_of_month"),
    ({"fte": -0.1}, "fte: min"),
    ({"sex": None}, "sex: nullability"),
    ({"partner": ""}, "partner: min_length"),
    ({"fte": "full time"}, "not of its column's type"),
]


@pytest.mark.parametrize(("change", "said"), WRONG)
def test_a_broken_rule_is_named(change: dict[str, object], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        valid(Assignments, assignment(**change))


def test_missing_columns_are_named_together() -> None:
    with pytest.raises(Invalid, match="person, fte"):
        valid(Assignments, assignment().drop("person", "fte"))


def test_an_assignment_stands_once_a_month() -> None:
    twice = pl.concat([assignment(), assignment(fte=0.5)])
    with pytest.raises(Invalid, match="primary_key in 2 rows"):
        valid(Assignments, twice)
    assert one_row_each(valid(Assignments, twice.head(1)).vstack(valid(Assignments, twice.tail(1))))["fte"].to_list() == [1.0]


@pytest.mark.parametrize("schema", [Assignments, Posts, Identifiers, Unmapped])
def test_no_rows_are_valid_rows(schema) -> None:  # type: ignore[no-untyped-def]
    assert valid(schema, empty(schema)).is_empty()


def test_a_pseudonym_is_the_first_64_bits_of_hmac_sha256_over_purpose_and_value() -> None:
    digest = hmac.digest(KEY, b"person|RR8|esr|2000\xc3\xa9", "sha256")
    assert pseudonyms(pl.Series(["RR8|esr|2000é"]), KEY, "person").to_list() == [int.from_bytes(digest[:8], "big")]


def test_a_key_longer_than_a_block_is_hashed_first() -> None:
    long = KEY * 3
    expected = int.from_bytes(hmac.new(long, b"post|x", hashlib.sha256).digest()[:8], "big")
    assert pseudonyms(pl.Series(["x"]), long, "post").to_list() == [expected]


def test_purposes_and_keys_do_not_match_each_other() -> None:
    values = pl.Series(["a", "b"])
    numbers = {tuple(pseudonyms(values, key, purpose)) for key in (KEY, KEY[::-1]) for purpose in ("person", "post")}
    assert len(numbers) == 4


def test_repeats_and_blanks_keep_their_places() -> None:
    numbers = pseudonyms(pl.Series("who", ["a", None, "b", "a"]), KEY, "person")
    assert numbers.name == "who"
    assert numbers[0] == numbers[3] != numbers[2]
    assert numbers[1] is None
    assert pseudonyms(pl.Series([], dtype=pl.String), KEY, "person").is_empty()


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16"):
        pseudonyms(pl.Series(["a"]), b"short", "person")
