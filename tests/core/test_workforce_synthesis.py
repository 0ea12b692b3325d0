"""Synthetic Leeds: the same seed gives the same bytes, the returns tell the truth, and everything says that it is synthetic."""

from __future__ import annotations

import hashlib
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from oneworkforce.workforce.core.checking import Context, check
from oneworkforce.workforce.core.reading import read_tables
from oneworkforce.workforce.core.synthesis import leaving_rates, synthesise, truth_of
from oneworkforce.workforce.core.synthesis.partners import district, districts
from oneworkforce.workforce.core.synthesis.rates import age_edges, ages_in_post, known_bands
from oneworkforce.workforce.core.synthesis.register import BANK_ASSIGNMENT, spells_table
from oneworkforce.workforce.core.synthesis.tables import published, table


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("city") / "city"
    synthesise(out, people=1500, months=12, seed=7)
    return out


@pytest.fixture(scope="module")
def manifest(city: Path) -> pl.DataFrame:
    return pl.read_csv(city / "manifest.csv", infer_schema=False).fill_null("")


@pytest.fixture(scope="module")
def spells(city: Path) -> pl.DataFrame:
    return pl.read_parquet(city / "truth" / "spells.parquet")


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        synthesise(tmp_path / name, people=600, months=5, seed=3)
    synthesise(tmp_path / "third", people=600, months=5, seed=4)
    one, other, third = (digests(tmp_path / name) for name in ("one", "other", "third"))
    assert one == other
    assert {"truth/spells.parquet", "manifest.csv"} <= one.keys()
    assert any(name.endswith(".xlsx") for name in one)
    assert one["truth/spells.parquet"] != third["truth/spells.parquet"]


def test_a_city_of_several_districts_is_made_whole_and_with_no_code_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oneworkforce.workforce.core.synthesis.partners.DISTRICT_PEOPLE", 500)
    synthesise(tmp_path / "city", people=1500, months=2)
    partners = pl.read_csv(tmp_path / "city" / "partners.csv")
    people = pl.read_parquet(tmp_path / "city" / "truth" / "people.parquet")
    manifest = pl.read_csv(tmp_path / "city" / "manifest.csv", infer_schema=False)
    assert partners["code"].is_unique().all()
    assert {"RR8", "RR802", "RR803"} <= set(partners["code"])
    assert people["person"].is_unique().all()
    assert people.height > 1200
    assert set(manifest["partner"]) <= set(partners["code"])


@pytest.mark.parametrize(("people", "months", "last"), [(10, 3, date(2026, 1, 1)), (600, 0, date(2026, 1, 1)), (600, 3, date(2026, 1, 2))])
def test_a_city_too_small_or_with_no_proper_last_month_is_refused(tmp_path: Path, people: int, months: int, last: date) -> None:
    with pytest.raises(ValueError, match="at least 100 people"):
        synthesise(tmp_path / "city", people=people, months=months, last_month=last)


def test_a_folder_with_files_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(FileExistsError):
        synthesise(tmp_path, people=600, months=1)
    assert (tmp_path / "mine.txt").read_text() == "keep"


def test_progress_is_told_month_by_month(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    synthesise(tmp_path / "city", people=600, months=3, report=lambda what, done, of: told.append((what, done, of)))
    assert told == [("Returns for August 2026", 1, 3), ("Returns for September 2026", 2, 3), ("Returns for October 2026", 3, 3)]


def test_a_city_of_60_000_has_about_400_partners_of_every_kind() -> None:
    plan = district(1, dict(districts(60_000, 1))[1], 1)
    counts = dict(plan.partners.group_by("sector").len().iter_rows())
    assert counts["nhs_trust"] == 3
    assert counts["icb"] == counts["local_authority"] == 1
    assert counts["general_practice"] == 87 + 19
    assert counts["social_care"] == 250
    assert counts["third_sector"] == 40
    assert counts["education"] == 3
    sizes = plan.partners.filter(pl.col("sector") == "social_care")["heads"].to_numpy()
    assert np.median(sizes) < sizes.mean() / 1.3, "care providers are of log-normal sizes: many small, a few large"
    simple = plan.partners.filter((pl.col("sector") == "social_care") & (pl.col("formats") == "simple_return")).height
    assert 15 <= simple <= 45


def test_the_smallest_city_has_every_kind_of_partner() -> None:
    kinds = set(district(1, dict(districts(600, 1))[1], 1).partners["kind"])
    assert kinds == set(table("kinds")["kind"])


def test_everything_says_that_it_is_synthetic(city: Path, manifest: pl.DataFrame) -> None:
    assert (city / "README.txt").read_text().startswith("SYNTHETIC")
    assert (manifest["synthetic"] == "synthetic").all()
    for name in ("partners.csv", "sites.csv"):
        assert pl.read_csv(city / name)["name"].str.ends_with("(synthetic)").all()
    people = pl.read_parquet(city / "truth" / "people.parquet")
    assert people["ni_number"].str.starts_with("QQ").all()
    assert people["postcode"].str.contains(r"^(LS[4-6]\d|WF4\d) ").all()
    workbook = next((city / "returns").rglob("*.xlsx"))
    with zipfile.ZipFile(workbook) as parts:
        assert b"Synthetic" in parts.read("docProps/core.xml")
        assert b"Synthetic data" in parts.read("xl/sharedStrings.xml")


def test_the_manifest_lists_every_file_once_and_a_second_version_follows_a_first(city: Path, manifest: pl.DataFrame) -> None:
    sent = manifest.filter(pl.col("nil") == "no")
    files = {str(path.relative_to(city)) for path in (city / "returns").rglob("*") if path.is_file()}
    assert set(sent["path"]) == files
    assert sent["path"].is_unique().all()
    first = sent.filter(pl.col("version") == "1").select("partner", "format", "month", "part", "sent_date")
    second = sent.filter(pl.col("version") == "2").join(first, on=["partner", "format", "month", "part"], suffix="_first")
    assert second.height == sent.filter(pl.col("version") == "2").height > 0
    assert (second["sent_date"] > second["sent_date_first"]).all()


def test_returns_are_due_at_each_formats_own_cadence(manifest: pl.DataFrame) -> None:
    months = manifest.group_by("format").agg(pl.col("month").str.slice(5, 2).unique().sort())
    by_format = dict(months.iter_rows())
    assert len(by_format["esr_staff_in_post"]) == len(by_format["nwrs"]) == 12
    assert set(by_format["simple_return"]) == {"03", "06", "09", "12"}
    small = manifest.filter((pl.col("format") == "asc_wds") & (pl.col("partner") != "LEEDSCC"))
    assert set(small["month"].str.slice(5, 2)) == {"03", "09"}


def numbered(frame: pl.DataFrame, first: str) -> set[tuple[str, str]]:
    reference = first + pl.col("local").cast(pl.String).str.zfill(7)
    ending = pl.when(pl.col("assignment") == 1).then(pl.lit("")).otherwise("-" + pl.col("assignment").cast(pl.String))
    return set(frame.select(reference, assignment=reference + ending).iter_rows())


@pytest.mark.parametrize("partner", ["RR8", "RY6", "RGD", "QWO"])
@pytest.mark.parametrize("month", [0, 6, 11])
def test_the_rows_of_an_esr_return_are_the_spells_of_the_month(
    city: Path, manifest: pl.DataFrame, spells: pl.DataFrame, partner: str, month: int
) -> None:
    months = sorted(set(manifest["month"]))
    mine = manifest.filter((pl.col("partner") == partner) & (pl.col("format") == "esr_staff_in_post") & (pl.col("month") == months[month]))
    frame = read_tables(city / mine.sort("version")["path"][-1], "esr.csv")[0].frame
    active = spells.filter((pl.col("partner") == partner) & (pl.col("start_month") <= month) & (pl.col("end_month") >= month))
    assert set(frame.select("Employee Number", "Assignment Number").iter_rows()) == numbered(active, "2")
    left = frame.filter(pl.col("Leaving Date").fill_null("") != "").height
    assert left == active.filter(pl.col("reason").is_not_null() & (pl.col("end_month") == month)).height


def test_the_last_version_of_every_return_can_be_accepted_and_a_faulty_first_one_cannot(city: Path, manifest: pl.DataFrame) -> None:
    sites = pl.read_csv(city / "sites.csv", infer_schema=False)
    sent = manifest.filter(pl.col("nil") == "no")
    for (partner, format, month, version), files in sent.group_by(["partner", "format", "month", "version"], maintain_order=True):
        tables = {}
        for file in files.iter_rows(named=True):
            for raw in read_tables(city / file["path"], Path(file["path"]).name):
                tables[file["part"] or ((raw.sheet or "").lower() if format == "simple_return" else "")] = raw
        tables.pop("notes", None)
        last = sent.filter((pl.col("partner") == partner) & (pl.col("format") == format) & (pl.col("month") == month))["version"].max()
        known = (str(partner), *sites.filter(pl.col("organisation") == partner)["code"].to_list())
        context = Context(str(format), str(partner), known, date.fromisoformat(str(month)), date.fromisoformat(files["sent_date"][0]))
        checked = check(tables, context)
        errors = checked.findings.table.filter(pl.col("severity") == "error")
        assert checked.is_acceptable == (version == last), f"{partner} {format} {month} version {version}: {errors.to_dicts()[:3]}"


def test_the_rows_of_a_practice_are_its_spells_whatever_way_it_saves_its_file(
    city: Path, manifest: pl.DataFrame, spells: pl.DataFrame
) -> None:
    months = sorted(set(manifest["month"]))
    last = manifest.filter((pl.col("format") == "nwrs") & (pl.col("month") == months[11])).sort("version").unique("partner", keep="last")
    for partner, path in last.select("partner", "path").iter_rows():
        frame = read_tables(city / path, "nwrs.csv")[0].frame
        active = spells.filter((pl.col("partner") == partner) & (pl.col("start_month") <= 11) & (pl.col("end_month") >= 11))
        assert frame.height == active.height


def test_posts_of_truth_are_the_staff_and_the_vacancies(city: Path, spells: pl.DataFrame) -> None:
    posts = pl.read_parquet(city / "truth" / "posts.parquet")
    months = sorted(posts["month"].unique())
    for number, month in enumerate(months):
        goes_on = (pl.col("end_month") > number) | (
            (pl.col("end_month") == number) & pl.col("reason").is_null()
        )  # by promotion or transfer
        here = spells.filter((pl.col("start_month") <= number) & goes_on & (pl.col("assignment") != BANK_ASSIGNMENT))
        filled = here.filter(pl.col("contract").is_in(["permanent", "fixed_term"])).group_by("partner").len(name="staff")
        stated = posts.filter(pl.col("month") == month).group_by("partner").agg(filled=pl.col("posts").sum() - pl.col("vacant").sum())
        joined = stated.join(filled, on="partner", how="left").fill_null(0)
        assert (joined["filled"] == joined["staff"]).all()


def test_a_succession_moves_everybody_and_nobody_leaves(city: Path, manifest: pl.DataFrame, spells: pl.DataFrame) -> None:
    successions = pl.read_csv(city / "successions.csv", infer_schema=False)
    assert set(successions["kind"]) == {"merger", "tupe", "network_change"}
    for old, new, day, _ in successions.iter_rows():
        assert manifest.filter((pl.col("partner") == old) & (pl.col("month") >= day)).is_empty()
        passed = spells.filter((pl.col("partner") == old) & (pl.col("destination") == "transfer"))
        taken = spells.filter((pl.col("partner") == new) & (pl.col("origin") == "transfer"))
        assert set(passed["person"]) == set(taken["person"])
        assert passed["reason"].is_null().all()
        assert (taken["hire_date"] < taken["start_date"]).all()


def test_leaving_in_the_simulation_is_at_the_true_rates() -> None:
    truth = truth_of(20_000, 24, 5)
    spells = spells_table(truth).filter(pl.col("contract").is_in(["permanent", "fixed_term"]))
    rates = leaving_rates().group_by("sector").agg(pl.col("monthly_probability").max())
    assert rates["monthly_probability"].max() < 0.2
    births = pl.Series(truth.people.birth_day)
    spells = spells.with_columns(born=births[(spells["person"] - spells["person"].min())], left=pl.col("reason").is_not_null())
    expected, actual = {}, {}
    for month, day in enumerate(truth.months):
        first = (day - date(1970, 1, 1)).days
        here = spells.filter((pl.col("start_month") < month) & (pl.col("end_month") >= month))
        place = np.searchsorted(age_edges(), (first - here["born"].to_numpy()) / 365.25, side="right") - 1
        risk = here.with_columns(age_band=pl.Series(np.array(known_bands())[place].tolist())).join(
            leaving_rates(), on=["sector", "role", "age_band"]
        )
        for sector, probability, left in (
            risk.group_by("sector")
            .agg(pl.col("monthly_probability").sum(), (pl.col("left") & (pl.col("end_month") == month)).sum())
            .iter_rows()
        ):
            expected[sector] = expected.get(sector, 0.0) + probability
            actual[sector] = actual.get(sector, 0) + left
    for sector, value in expected.items():
        assert abs(actual[sector] - value) < 4.5 * value**0.5 + 2, sector


def test_most_starters_come_from_other_partners(spells: pl.DataFrame) -> None:
    origins = dict(spells.filter((pl.col("contract") != "student") & (pl.col("start_month") >= 0)).group_by("origin").len().iter_rows())
    assert origins["from_partner"] > 1.5 * origins["new_to_city"]
    assert origins["second_job"] > 0
    assert origins["promotion"] > 0


def test_ages_in_post_stay_as_they_are() -> None:
    shares, factor = ages_in_post("care_worker", published("adult_social_care_turnover"))
    assert shares.sum() == pytest.approx(1)
    assert 0.1 < factor < 1
    assert shares[:17].sum() < 1e-9


def test_dirt_came_out_at_its_documented_rates(tmp_path: Path) -> None:
    synthesise(tmp_path / "city", people=3000, months=6, seed=11)
    dirt = pl.read_csv(tmp_path / "city" / "dirt.csv").filter(pl.col("level") == "row")
    assert set(table("dirt").filter(pl.col("level") == "row")["code"]) == set(dirt["code"])
    for row in dirt.iter_rows(named=True):
        expected = row["documented_rate"] * row["at_risk"]
        assert abs(row["changed"] - expected) < 4 * expected**0.5 + 3, row
