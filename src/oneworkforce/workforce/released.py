"""Which tables of the picture are released, and what each of their figures is to disclosure control. Knows no Django."""

from __future__ import annotations

import polars as pl

from oneworkforce.publication.core.disclosure import Request
from oneworkforce.publication.core.profiles import Profile
from oneworkforce.publication.core.provenance import Provenance
from oneworkforce.publication.core.tables import Dimension, Measure
from oneworkforce.vocabulary import code_list
from oneworkforce.workforce.core.picture import Picture, TableDefinition, measure, measures, table, table_definitions

MONTH = "month"

_LISTS = {
    "sector": ("Sector", "sectors", "All sectors"),
    "service": ("Service", "services", "All services"),
    "staff_group": ("Staff group", "staff_groups", "All staff groups"),
    "role": ("Job role", "job_roles", "All job roles"),
    "from_role": ("From job role", "job_roles", "All job roles"),
    "to_role": ("To job role", "job_roles", "All job roles"),
    "age_band": ("Age", "age_bands", "All ages"),
    "sex": ("Sex", "sexes", "Everyone"),
    "ethnicity": ("Ethnic group", "ethnic_groups", "Everyone"),
    "disability": ("Disability", "disabilities", "Everyone"),
    "deprivation": ("Deprivation of home area", "deprivation_bands", "All areas"),
    "contract": ("Contract", "contracts", "All contracts"),
    "leaving_reason": ("Reason for leaving", "leaving_reasons", "All reasons"),
    "reason": ("Reason for leaving", "leaving_reasons", "All reasons"),
}
"""Dimension to what a person calls it, its code list, and what its total is called."""

_OF = {
    "fte": "people",
    "temporary_fte": "assignments",
    "all_fte": "assignments",
    "staff_years_12": "people",
    "sickness_days_12": "people",
    "available_days_12": "people",
}
"""A figure that people have, and the count of people that it is hidden with."""

_UNRELEASED = frozenset(
    {
        "people_carried",
        "at_risk",
        "into_view",
        "out_of_view",
        "contract_in",
        "contract_out",
        "role_changes_12",
        "sickness_days",
        "available_days",
    }
)
"""Columns that no page shows; each one released costs time, and is one more thing to protect."""

_OF_WHO_PEOPLE_ARE = (
    "people", "fte", "starters", "leavers", "leavers_12", "staff_years_12", "stayed", "stay_base", "sickness_days_12", "available_days_12",
)  # fmt: skip
"""What a table divided by age, sex, ethnic group, disability or deprivation shows."""

_OF_PARTS_OF_PARTNERS = ("people", "fte", "leavers_12", "staff_years_12", "funded_fte", "filled_fte", "vacant_fte")
"""What a table of partners divided further shows: four hundred partners by eleven groups are many small cells."""

_RATES_OF_LEAVING = frozenset({"leavers_12", "staff_years_12", "stayed", "stay_base"})
_LEFT_OUT = {
    "sector_role": frozenset({"temporary_fte", "all_fte"}),
    "sector_age_band": _RATES_OF_LEAVING,
    "sector_sex": _RATES_OF_LEAVING,
    "sector_staff_group_ethnicity": _RATES_OF_LEAVING,
    "sector_staff_group_disability": _RATES_OF_LEAVING,
    "sector_deprivation": _RATES_OF_LEAVING,
    "sector_staff_group_contract": frozenset({"temporary_fte", "all_fte"}),
}
"""Columns that are so small in a table, or so much told by its dimensions, that protecting them would hide whole sectors everywhere.
Leaving by age, sex and ethnic group is in the tables of staff groups and roles."""

_PERSONAL = frozenset({"age_band", "sex", "ethnicity", "disability", "deprivation"})
_BETWEEN_PARTNERS = frozenset({"transfer_in", "transfer_out"})
UNRELEASED_TABLES = ("organisation_role", "sector_service")
"""Almost every cell of the first is a handful of people; most services of the second are in one sector, so that it would say the same twice
and hide the city's totals to hide a service. A partner sees its own roles in full."""

_FLOWS = frozenset({"starters", "leavers"})
_EVERY_MONTH = ("city", "sector", "organisation")
"""Tables that show who started and left in each single month; the others show twelve months, since a month's numbers are small in them."""

_AMOUNTS = ("funded_fte", "filled_fte", "vacant_fte")

_SHOWN_AS = {
    "transfer_in": "transfers_in",
    "transfer_out": "transfers_out",
}
_PLAIN = {
    "leavers_12": "Leavers in 12 months",
    "starters_12": "Starters in 12 months",
    "staff_years_12": "Average staff over 12 months",
    "stayed": "Still in post after 12 months",
    "stay_base": "In post 12 months before",
    "sickness_days_12": "FTE days lost in 12 months",
    "available_days_12": "FTE days available in 12 months",
}
"""Columns that only rates are made of, as a person reads them in a download."""


def dimension(name: str, partners: dict[str, str]) -> Dimension:
    """The dimension of that name with its labels; `partners` is code to name.

    >>> dimension("sector", {}).total
    'All sectors'
    """
    if name == MONTH:
        return Dimension(MONTH, "Month", total=None)
    if name == "partner":
        return Dimension("partner", "Organisation", partners, "All organisations")
    label, list_name, total = _LISTS[name]
    return Dimension(name, label, code_list(list_name).labels, total)


def released_columns(definition: TableDefinition) -> tuple[str, ...]:
    """The columns of a table that are released.

    >>> released_columns(table_definitions()["role_moves"])
    ('role_changes',)
    """
    left_out = _LEFT_OUT.get(definition.name, frozenset()) | (frozenset() if definition.name in _EVERY_MONTH else _FLOWS)
    return tuple(name for name in _columns_of(definition) if name not in left_out)


def _columns_of(definition: TableDefinition) -> tuple[str, ...]:
    if _PERSONAL.intersection(definition.dimensions):
        return tuple(name for name in definition.columns if name in _OF_WHO_PEOPLE_ARE)
    if "partner" in definition.dimensions and "people" in definition.columns and len(definition.dimensions) > 1:
        return tuple(name for name in definition.columns if name in _OF_PARTS_OF_PARTNERS)
    left_out = _UNRELEASED if "partner" in definition.dimensions or not definition.dimensions else _UNRELEASED | _BETWEEN_PARTNERS
    if "from_role" not in definition.dimensions:
        left_out |= {"role_changes"}
    return tuple(name for name in definition.columns if name not in left_out)


def released_tables() -> tuple[TableDefinition, ...]:
    """Every table that is released, in the order listed.

    >>> "organisation_role" in {found.name for found in released_tables()}
    False
    """
    return tuple(found for found in table_definitions().values() if found.name not in UNRELEASED_TABLES)


def released_measures(definition: TableDefinition) -> tuple[Measure, ...]:
    """Every figure of a table as disclosure control knows it: its columns, then the rates that they make.

    >>> [found.name for found in released_measures(table_definitions()["organisation_reason"])]
    ['leavers_12']
    """
    columns = released_columns(definition)
    found = [_column(name, columns) for name in columns]
    for entry in measures():
        if entry.is_rate and entry.numerator in columns and entry.denominator in columns:
            unit = "%" if entry.unit.startswith("%") else entry.unit
            found.append(
                Measure(
                    entry.name, entry.label, "rate", unit=unit, numerator=entry.numerator, denominator=entry.denominator, scale=entry.scale
                )
            )
    return tuple(found)


def _column(name: str, columns: tuple[str, ...]) -> Measure:
    known = {entry.name for entry in measures()}
    entry = measure(_SHOWN_AS.get(name, name)) if _SHOWN_AS.get(name, name) in known else None
    label, unit = (entry.label, "FTE" if entry.unit == "FTE" else "") if entry else (_PLAIN[name], "")
    if name in _AMOUNTS:
        return Measure(name, label, "amount", unit="FTE")
    if name in _OF and _OF[name] in columns:
        return Measure(name, label, "sum", unit=unit, of=_OF[name])
    return Measure(name, label, "count", unit=unit)


def request(picture: Picture, name: str, profile: Profile, provenance: Provenance, partners: dict[str, str]) -> Request:
    """A table of the picture that asks to be released under a profile.

    Axes of its table: [month × cell × partner], so that disclosure control knows who contributes to each cell.
    """
    definition = table_definitions()[name]
    own = "partner" in definition.dimensions
    frame = table(picture, name, per_partner=not own)
    columns = released_columns(definition)
    codes = [*definition.dimensions, *(() if own else ("partner",))]
    frame = frame.select(MONTH, *(pl.col(code).cast(pl.String) for code in codes), *columns)
    frame = frame.filter(pl.any_horizontal(pl.col(column) != 0 for column in columns))
    dimensions = (dimension(MONTH, {}), *(dimension(each, partners) for each in definition.dimensions))
    return Request(
        frame, name, definition.label, dimensions, released_measures(definition), profile, provenance, True, None if own else "partner"
    )
