"""Every rule that a specification states finds its fault, and no other rule speaks up."""

import pytest

from oneworkforce.workforce.core.specification import Specification, specification
from tests.generative.faults import AT, FORMATS, Fault, checked, faults, valid_rows

PARTS = [specification(*named) for named in FORMATS]
FAULTS = [(asked, fault) for asked in PARTS for fault in faults(asked)]


@pytest.mark.parametrize("asked", PARTS, ids=lambda asked: asked.name)
def test_valid_rows_have_no_findings(asked: Specification) -> None:
    assert checked(asked, valid_rows(asked)).findings.table.rows() == []


@pytest.mark.parametrize(("asked", "fault"), FAULTS, ids=[str(fault) for _, fault in FAULTS])
def test_a_fault_is_found_and_only_that(asked: Specification, fault: Fault) -> None:
    rows = valid_rows(asked)
    rows[AT] |= fault.changes
    findings = checked(asked, rows, fault.drop).findings.table
    own = findings.filter(findings["rule"] == fault.rule)
    assert own.height == 1, findings.rows()
    assert own["row"].to_list() == ([None] if fault.drop else [AT + 2])
    assert own["message"][0]
    assert own["remedy"][0]
    if asked.field(fault.field).is_personal:
        assert own["value"][0] == ""
    touching = {f"{asked.name}.{rule.rule}" for rule in asked.rules if fault.field in rule.fields or fault.field in rule.check}
    others = set(findings["rule"]) - {fault.rule} - touching - _follow(asked, fault)
    assert not others, findings.rows()


def _follow(asked: Specification, fault: Fault) -> set[str]:
    """What else is rightly said: other rules on the same cell and on those that the fault had to change too, and rows of nobody known."""
    changed = {fault.field, *(item.field for item in asked.fields if item.label in fault.changes)}
    own = {f"{asked.name}.{name}.{kind}" for name in changed for kind in ("pattern", "check", "repaired", "missing_when", "other_partner")}
    return own | {f"{asked.name}.{rule.rule}" for rule in asked.rules if changed & set(rule.fields)}
