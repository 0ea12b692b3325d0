"""Reference: a specification as a page to read and as data to pass on, from the same tables that check a return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from oneworkforce.workforce.core.specification import Field, Specification, format_named

_REQUIRED = {"yes": "yes", "asked": "asked for", "no": ""}
_LONG_LIST = 40


def markdown(asked: Specification) -> str:
    """The specification of one part as a page: what it is, its columns, their codes, its rules.

    >>> from oneworkforce.workforce.core.specification import specification
    >>> markdown(specification("simple_return", "vacancies")).splitlines()[0]
    '# Simple return: vacancies'
    """
    about = format_named(asked.format)
    head = [f"# {asked.label}", "", about.description, "", f"- Format: `{asked.format}`" + (f", part `{asked.part}`" if asked.part else "")]
    head += [f"- Grain: {about.grain}"] + ([f"- Due: {_due(about.cadence_months, about.due_day)}"] if about.due_day else [])
    return "\n".join([*head, "", *_columns(asked), *_checks(asked), *_codes(asked)]).rstrip() + "\n"


def as_data(asked: Specification) -> dict[str, Any]:
    """The specification of one part as plain data: format, part, label, fields and rules as their tables have them.

    >>> from oneworkforce.workforce.core.specification import specification
    >>> as_data(specification("simple_return", "vacancies"))["fields"][0]["label"]
    'Job Role'
    """
    fields = [asdict(field) for field in asked.fields]
    return {
        "format": asked.format,
        "part": asked.part,
        "label": asked.label,
        "fields": fields,
        "rules": [asdict(rule) for rule in asked.rules],
    }


def _due(cadence_months: str, due_day: str) -> str:
    often = {"1": "every month", "3": "every three months", "6": "every six months", "12": "every year"}.get(
        cadence_months, f"every {cadence_months} months"
    )
    return f"{often}, by day {due_day} of the month after"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _table(headers: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    lines = ["| " + " | ".join(headers) + " |", "| " + " | ".join("---" for _ in headers) + " |"]
    return [*lines, *("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows), ""]


def _columns(asked: Specification) -> list[str]:
    rows = [
        (field.label, field.type, _REQUIRED[field.required], field.help, field.example, ", ".join(field.other_labels))
        for field in asked.fields
    ]
    heads = ("Column", "Type", "Required", "What it holds", "Example", "Also known as")
    return ["## Columns", "", *_table(heads, rows)]


def _limits(field: Field) -> list[str]:
    said = []
    if field.minimum or field.maximum:
        said.append(f"between {field.minimum or 'any'} and {field.maximum or 'any'}{' ' + field.unit if field.unit else ''}")
    if field.pattern:
        said.append(f"matches `{field.pattern}`")
    if field.required_when:
        said.append(f"required when `{field.required_when}`")
    if field.check:
        said.append(f"`{field.check}`: {field.message}")
    return said


def _checks(asked: Specification) -> list[str]:
    rows = [(field.label, limit, field.severity or "error") for field in asked.fields for limit in _limits(field)]
    found = ["## Checks of one column", "", *_table(("Column", "Check", "Severity"), rows)] if rows else []
    rules = [(f"`{rule.rule}`", rule.severity, f"`{rule.check}`", rule.message, rule.remedy) for rule in asked.rules]
    return found + (
        ["## Checks over columns and rows", "", *_table(("Rule", "Severity", "Must hold", "Else", "What to do"), rules)] if rules else []
    )


def _codes(asked: Specification) -> list[str]:
    """Every list of codes in full, the long ones folded away."""
    lines: list[str] = []
    for field in asked.fields:
        for table, _ in field.code_tables:
            rows = [
                (row["code"], row["label"], row["valid_to"], row["aliases"].replace("|", ", ")) for row in table.table.iter_rows(named=True)
            ]
            body = _table(("Code", "Label", "Until", "Also accepted"), rows)
            lines += [f"### {field.label}: `{table.name}`", "", *_folded(body, len(rows))]
    return ["## Codes", "", *lines] if lines else []


def _folded(body: list[str], count: int) -> list[str]:
    return body if count <= _LONG_LIST else [f"<details><summary>{count} codes</summary>", "", *body, "</details>", ""]
