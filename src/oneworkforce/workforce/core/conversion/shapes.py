"""Shapes: which field of which format becomes which column. A table: a new format of people or posts is a new row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PeopleShape:
    """Where the columns of assignments come from in one part of a format; "" where the format does not say.

    Parameters:
        family: stands in pseudonyms, so that formats that share identifiers may share people.
        person: the field that tells who; assignment: the fields that tell which of the person's assignments.
        service: fields to try in turn. default_service holds where none says.
        hours: weekly hours, used where there is no FTE.
    """

    part: str
    family: str
    person: str
    assignment: tuple[str, ...]
    role: str
    contract: str
    start_date: str
    service: tuple[str, ...] = ()
    default_service: str = "other"
    site: str = ""
    sex: str = ""
    ethnicity: str = ""
    disability: str = ""
    fte: str = ""
    hours: str = ""
    leaving_date: str = "leaving_date"
    leaving_reason: str = "leaving_reason"
    sickness_days: str = ""
    available_days: str = ""
    ni_number: str = ""
    first_name: str = "first_name"
    last_name: str = "last_name"
    birth_date: str = "birth_date"
    postcode: str = "postcode"


@dataclass(frozen=True)
class PostsShape:
    """Where the columns of posts come from in one part of a format; "" where the format does not say."""

    part: str
    role: str
    funded_fte: str
    vacant_fte: str
    service: tuple[str, ...] = ()
    default_service: str = "other"
    post: str = ""
    site: str = ""
    filled_fte: str = ""
    vacant_since: str = ""


PEOPLE: dict[str, PeopleShape] = {
    "esr_staff_in_post": PeopleShape(
        part="",
        family="esr",
        person="employee_number",
        assignment=("assignment_number",),
        role="job_role",
        contract="assignment_category",
        start_date="hire_date",
        service=("area_of_work", "organisation"),
        site="site",
        sex="gender",
        ethnicity="ethnic_origin",
        disability="disability",
        fte="fte",
        hours="contracted_hours",
        sickness_days="sickness_days_lost",
        available_days="days_available",
        ni_number="ni_number",
    ),
    "nwrs": PeopleShape(
        part="",
        family="nwrs",
        person="unique_identifier",
        assignment=("organisation", "detailed_staff_role"),
        role="detailed_staff_role",
        contract="contract_type",
        start_date="start_date",
        service=("organisation",),
        default_service="general_practice",
        site="organisation",
        sex="gender",
        ethnicity="ethnicity",
        fte="fte",
        hours="contracted_hours",
        sickness_days="sickness_days",
        ni_number="ni_number",
    ),
    "simple_return": PeopleShape(
        part="staff",
        family="simple",
        person="person_reference",
        assignment=("job_role", "service"),
        role="job_role",
        contract="contract",
        start_date="start_date",
        service=("service",),
        sex="sex",
        ethnicity="ethnic_group",
        disability="disability",
        hours="weekly_hours",
        sickness_days="sickness_days",
    ),
}
"""Format to the shape of its people."""

POSTS: dict[str, PostsShape] = {
    "establishment": PostsShape(
        part="",
        role="job_role",
        funded_fte="funded_fte",
        vacant_fte="vacant_fte",
        service=("service", "organisation"),
        post="post_number",
        site="site",
        filled_fte="filled_fte",
        vacant_since="vacant_since",
    ),
    "simple_return": PostsShape(part="vacancies", role="job_role", funded_fte="funded_fte", vacant_fte="vacant_fte", service=("service",)),
}
"""Format to the shape of its posts."""
