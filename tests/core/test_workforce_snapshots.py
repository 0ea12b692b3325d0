"""Snapshots never change and never half exist; identifiers say nothing without their key."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from oneworkforce.errors import Invalid
from oneworkforce.workforce import identifiers, snapshots

FRAME = pl.DataFrame({"role": ["midwife", "midwife"], "fte": [1.0, 0.5]})
PEOPLE = pl.DataFrame(
    {
        "person": [7], "local_identifier": ["20001234"], "ni_number": ["QQ123456C"], "first_name": ["Ada"], "last_name": ["Lovelace"],
        "birth_date": [date(1985, 12, 10)], "postcode": ["LS1 1UR"], "sex": ["female"],
    }
)  # fmt: skip


def test_the_same_rows_are_stored_once_under_the_digest_of_their_bytes(tmp_path: Path) -> None:
    first, second = snapshots.store(FRAME, tmp_path), snapshots.store(FRAME.clone(), tmp_path)
    assert first == second
    assert snapshots.stored(tmp_path) == (first,)
    assert snapshots.load([first], tmp_path).collect().equals(FRAME)
    snapshots.verify(first, tmp_path)


def test_other_rows_have_another_digest(tmp_path: Path) -> None:
    assert snapshots.store(FRAME, tmp_path) != snapshots.store(FRAME.reverse(), tmp_path)


def test_a_changed_or_missing_snapshot_is_noticed(tmp_path: Path) -> None:
    digest = snapshots.store(FRAME, tmp_path)
    snapshots.path_of(digest, tmp_path).write_bytes(b"something else")
    with pytest.raises(Invalid, match="has changed on disk"):
        snapshots.verify(digest, tmp_path)
    with pytest.raises(Invalid, match="is not in"):
        snapshots.load(["0" * 64], tmp_path)


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshots.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        snapshots.store(FRAME, tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_month_is_gathered_in_one_file_of_coded_columns_and_again_when_it_changes(tmp_path: Path) -> None:
    one, two = snapshots.store(FRAME, tmp_path), snapshots.store(FRAME.with_columns(fte=pl.lit(0.2)), tmp_path)
    together = snapshots.gathered([[two, one]], tmp_path).collect()
    assert together.height == 4
    assert isinstance(together.schema["role"], pl.Enum)
    packs = list((tmp_path / "packs").iterdir())
    snapshots.gathered([[one, two]], tmp_path)
    assert list((tmp_path / "packs").iterdir()) == packs
    assert snapshots.gathered([[one]], tmp_path).collect().height == 2
    assert snapshots.stored(tmp_path) == tuple(sorted((one, two)))


def test_nothing_to_load_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one"):
        snapshots.load([], tmp_path)
    with pytest.raises(ValueError, match="at least one"):
        snapshots.gathered([[]], tmp_path)


def test_identifiers_are_readable_with_their_key_only(tmp_path: Path) -> None:
    folder, keys = tmp_path / "identifiers", tmp_path / "keys"
    path = identifiers.seal(PEOPLE, "return-7", folder, keys)
    assert b"Lovelace" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert (keys / "return-7.key").stat().st_mode & 0o777 == 0o600
    assert identifiers.unseal("return-7", folder, keys).equals(PEOPLE.with_columns(pl.col("person").cast(pl.UInt64)))


def test_identifiers_of_one_return_do_not_open_as_anothers(tmp_path: Path) -> None:
    path = identifiers.seal(PEOPLE, "one", tmp_path, tmp_path)
    (tmp_path / "two.sealed").write_bytes(path.read_bytes())
    (tmp_path / "two.key").write_bytes((tmp_path / "one.key").read_bytes())
    with pytest.raises(Invalid, match="do not open"):
        identifiers.unseal("two", tmp_path, tmp_path)


def test_destroyed_identifiers_are_gone(tmp_path: Path) -> None:
    identifiers.seal(PEOPLE, "one", tmp_path, tmp_path)
    identifiers.destroy("one", tmp_path, tmp_path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(Invalid, match="not held any more"):
        identifiers.unseal("one", tmp_path, tmp_path)


@pytest.mark.parametrize("name", ["", "../one", ".hidden", "a/b"])
def test_a_name_stays_within_its_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="not a name"):
        identifiers.seal(PEOPLE, name, tmp_path, tmp_path)


def test_the_key_of_pseudonyms_is_made_once(tmp_path: Path) -> None:
    assert identifiers.pseudonym_key(tmp_path) == identifiers.pseudonym_key(tmp_path)
    assert len(identifiers.pseudonym_key(tmp_path)) == 32
    assert [path.name for path in tmp_path.iterdir()] == ["pseudonyms.key"]
