"""Published figures: read unchanged, their quirks undone, the real Leeds shown with its balance."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from oneworkforce.errors import Invalid
from oneworkforce.workforce.core.published import Published, read_published, real_context, shipped_context, shipped_tables
from oneworkforce.workforce.core.published.balance import TOLERANCE
from oneworkforce.workforce.core.reading import read_tables
from oneworkforce.workforce.core.specification import format_list

FOLDERS = ("nhs", "population", "deprivation", "ethnicity", "ods", "workforce")


def published(path: Path) -> Published:
    (raw,) = read_tables(path, path.name)
    return read_published(raw)


def text(content: str, name: str = "file.csv") -> Published:
    (raw,) = read_tables(content.encode(), name)
    return read_published(raw)


def test_every_published_file_is_read(shared: Path) -> None:
    paths = [path for folder in FOLDERS for path in sorted((shared / "data" / folder).glob("*.csv"))]
    assert len(paths) == 32
    kinds = {entry.format for entry in format_list() if entry.kind == "published"}
    for path in paths:
        found = published(path)
        assert found.kind in kinds
        assert found.table.height > 0
        assert found.source


def test_every_published_format_says_where_it_is_from() -> None:
    from oneworkforce.workforce.core.published.tables import _about

    assert set(_about()) == {entry.format for entry in format_list() if entry.kind == "published"}


def test_turnover_keeps_every_figure_and_fills_in_zeros(shared: Path) -> None:
    path = next((shared / "data" / "nhs").glob("raw_turnover*.csv"))
    found = published(path)
    source = pl.read_csv(path)
    labels = {"start": "Denominator at start of period", "joiners": "Joiners", "leavers": "Leavers", "end": "Denominator at end of period"}
    for measure, label in labels.items():
        assert found.table[measure].sum() == source.filter(pl.col("TYPE") == label)["HC"].sum()
    assert found.table.select("start", "joiners", "leavers", "end").null_count().sum_horizontal().item() == 0
    assert found.period == "November 2025"
    assert found.table.select("period_start", "period_end").unique().rows() == [(date(2025, 10, 31), date(2025, 11, 30))]


def test_totals_among_the_parts_are_marked(shared: Path) -> None:
    found = published(next((shared / "data" / "nhs").glob("raw_nhs_sickness_absence_by_reason*.csv")))
    days = found.table.filter(pl.col("reason_code") == "")
    total = days.filter(pl.col("staff_group") == "all")["days_available"].item()
    assert days.filter(~pl.col("is_total"))["days_available"].sum() == pytest.approx(total, rel=1e-6)


def test_names_of_groups_that_changed_make_one_series(shared: Path) -> None:
    found = published(shared / "data" / "nhs" / "england_sickness_absence_by_reason_and_staff_group_2022-06_to_2025-01.csv")
    months = found.table.group_by("staff_group").agg(pl.col("month").n_unique())
    assert months["month"].unique().to_list() == [32]
    assert not found.table["staff_group"].str.contains(" ").any()


def test_reasons_add_up_to_all_reasons(shared: Path) -> None:
    table = published(next((shared / "data" / "nhs").glob("raw_nhs_sickness_absence_by_reason*.csv"))).table
    sums = table.group_by("staff_group").agg(
        every=pl.col("days_lost").filter(pl.col("reason_code") == "").sum(),
        parts=pl.col("days_lost").filter(pl.col("reason_code") != "").sum(),
    )
    assert ((sums["every"] - sums["parts"]).abs() <= 1e-6 * sums["every"] + 1e-6).all()


def test_days_available_are_on_every_reason(shared: Path) -> None:
    table = published(next((shared / "data" / "nhs").glob("raw_nhs_sickness_absence_by_reason*.csv"))).table
    assert (table["days_available"] > 0).all()


def test_the_sickness_rate_worked_out_is_the_one_published(shared: Path) -> None:
    table = published(next((shared / "data" / "nhs").glob("raw_nhs_sickness_absence_rates*.csv"))).table
    off = table.filter(pl.col("days_available") > 0).select((pl.col("rate") - pl.col("rate_published")).abs().max()).item()
    assert off <= 0.0051
    assert table["month"].unique().to_list() == [date(2025, 3, 1)]


def test_network_staff_are_added_up_and_no_person_is_kept(shared: Path) -> None:
    found = published(shared / "data" / "nhs" / "pcn_workforce_individual_level_leeds_2020-03_to_2022-09.csv")
    assert "identifier" not in found.table.columns
    by_month = found.table.group_by("month").agg(pl.col("fte").sum()).sort("month")
    assert by_month["fte"].round(0).to_list()[0] == 7
    assert by_month["fte"].round(0).to_list()[-1] == 204
    assert any("not a rate of hiring" in caution for caution in found.cautions)


def test_single_years_of_age_add_up_to_all_ages(shared: Path) -> None:
    table = published(shared / "data" / "population" / "mid_year_estimates_2016_2020_leeds_yh_england.csv").table
    keys = ["year", "area_code", "sex"]
    sums = table.group_by(keys).agg(
        total=pl.col("population").filter(pl.col("is_total")).sum(), parts=pl.col("population").filter(~pl.col("is_total")).sum()
    )
    assert sums.filter(pl.col("total") != pl.col("parts")).is_empty()


def test_a_projection_has_only_the_years_it_was_published_for(shared: Path) -> None:
    table = published(shared / "data" / "population" / "leeds_projection_2022_based.csv").table
    assert sorted(table["year"].unique()) == [*range(2022, 2033), 2037, 2042, 2047]
    assert table.filter((pl.col("year") == 2022) & pl.col("is_total"))["population"].item() == 820_802


def test_ethnic_groups_come_once_with_their_share(shared: Path) -> None:
    table = published(shared / "data" / "ethnicity" / "leeds_census2021_ethnic_group.csv").table
    assert table.height == 19
    assert table["percent"].sum() == pytest.approx(100)


def test_every_published_format_without_a_stated_licence_is_closed(shared: Path) -> None:
    assert not published(shared / "data" / "nhs" / "leeds_gp_practices_and_pcns.csv").open
    assert not published(shared / "data" / "workforce" / "asc_turnover_rate_yorkshire_humber_2016_17_to_2022_23.csv").open
    assert all(table.open for table in shipped_tables())


def test_what_is_shipped_is_what_was_published(shared: Path) -> None:
    """Figures of the shipped files against the shared copies, also of those that we summed or trimmed."""
    full = {path.name: path for folder in FOLDERS for path in (shared / "data" / folder).glob("*.csv")}
    same = [table for table in shipped_tables() if table.name in full]
    assert len(same) == 10
    for table in same:
        assert table.table.equals(published(full[table.name]).table)
    ours = shipped_context().networks
    theirs = real_context(published(full["pcn_workforce_individual_level_leeds_2020-03_to_2022-09.csv"])).networks
    assert ours is not None
    assert theirs is not None
    assert ours.select("month", "staff_group", "staff_role", "persons").equals(
        theirs.select("month", "staff_group", "staff_role", "persons")
    )
    assert (ours["fte"] - theirs["fte"]).abs().max() < 1e-3  # type: ignore[operator]


def test_start_plus_joiners_less_leavers_is_end_in_every_leeds_trust() -> None:
    balances = shipped_context().balances
    assert {balance.organisation for balance in balances} == {"RR8", "RY6", "RGD"}
    assert len(balances) == 6
    for balance in balances:
        assert abs(balance.difference) <= TOLERANCE == 3
        assert balance.holds


def test_the_balance_of_the_raw_file_holds_too(shared: Path) -> None:
    context = real_context(published(next((shared / "data" / "nhs").glob("raw_turnover*.csv"))))
    assert len(context.balances) == 3
    assert all(balance.holds for balance in context.balances)


def test_where_the_balance_does_not_hold_within_groups_it_says_why() -> None:
    balance = next(b for b in shipped_context().balances if b.organisation == "RR8" and b.period_end == date(2025, 10, 31))
    off = dict(balance.groups.select("staff_group", "difference").rows())
    assert (off["nurses"], off["scientific"], off["support_scientific"], off["central_functions"]) == (7, 23, -14, -17)
    assert "a move between groups is neither a joiner nor a leaver" in balance.why_not_in_groups


def test_care_turnover_is_shown_only_where_it_is_supplied(shared: Path) -> None:
    assert shipped_context().care_turnover is None
    supplied = published(shared / "data" / "workforce" / "asc_turnover_rate_yorkshire_humber_2016_17_to_2022_23.csv")
    care = real_context(*shipped_tables(), supplied).care_turnover
    assert care is not None
    leeds = care.filter(pl.col("area_name") == "Leeds")["value"].round(1).to_list()
    assert leeds == [29.1, 29.2, 33.9, 34.5, 31.7, 30.2, 34.0]


def test_a_file_given_twice_counts_once(shared: Path) -> None:
    raw = published(next((shared / "data" / "nhs").glob("raw_turnover*.csv")))
    trimmed = published(shared / "data" / "nhs" / "turnover_benchmarking_west_yorkshire_2025-09_to_2025-11.csv")
    both, one = real_context(raw, trimmed, raw).turnover, real_context(trimmed).turnover
    assert both is not None
    assert one is not None
    assert both.height == one.height


def test_people_and_sums_of_the_same_networks_count_once(shared: Path) -> None:
    people = published(shared / "data" / "nhs" / "pcn_workforce_individual_level_leeds_2020-03_to_2022-09.csv")
    both, one = real_context(*shipped_tables(), people).networks, real_context(people).networks
    assert both is not None
    assert one is not None
    assert both.equals(one)


def test_shares_of_deprivation_add_up() -> None:
    deprivation = shipped_context().deprivation
    assert deprivation is not None
    sums = deprivation.group_by("edition").agg(pl.col("share").sum().round(6), pl.col("areas").sum()).sort("edition")
    assert sums.rows() == [(2019, 100.0, 482), (2025, 100.0, 488)]


def test_every_shipped_figure_has_a_source_with_its_licence() -> None:
    for source in shipped_context().sources:
        assert source.licence == "Open Government Licence v3.0"
        assert source.source


def test_a_figure_that_is_none_is_refused_with_its_place() -> None:
    rows = "financial_year,local_authorities,min,lower_quartile,median,upper_quartile,max\n2022-23,151,low,23,28,33,47\n"
    with pytest.raises(Invalid, match=r"file\.csv, row 2: what stands under “min” is no number"):
        text(rows)


def test_a_column_that_lacks_is_named() -> None:
    with pytest.raises(Invalid, match="it lacks “HC”"):
        text("PERIOD,TYPE,STAFF_GROUP_1_NAME,FTE,REPORTING_ORG_CODE\n202510 to 202511,Joiners,Midwives,1,RR8\n")


def test_a_measure_that_is_not_known_is_refused() -> None:
    with pytest.raises(Invalid, match="not known: “Movers”"):
        text("PERIOD,TYPE,STAFF_GROUP_1_NAME,HC,FTE\n202510 to 202511,Movers,Midwives,1,1\n")


def test_a_return_is_no_published_table() -> None:
    with pytest.raises(Invalid, match="is not read as a published table"):
        text("Employee Number,Assignment Number,Shoe size\n1,2,3\n")
