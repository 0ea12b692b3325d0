"""Specifications: what each return must hold, read from the tables in `workforce/specifications`.

Reading, checking, template, reference page and test generator all come from these tables and from nowhere else.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import cache, cached_property, lru_cache
from importlib.resources import files

import polars as pl

from oneworkforce.errors import Invalid
from oneworkforce.vocabulary import code_list, code_list_names

_TABLES = files("oneworkforce.workforce") / "specifications"

TYPES = ("text", "integer", "number", "date", "month", "boolean", "code", "codes", "postcode", "ni_number", "identifier")
"""The types a field may have."""

POLARS_TYPES: dict[str, type[pl.DataType]] = {
    "integer": pl.Int64,
    "number": pl.Float64,
    "date": pl.Date,
    "month": pl.Date,
    "boolean": pl.Boolean,
}
"""The Polars type of a read field, where it is not text."""


@dataclass(frozen=True)
class CodeTable:
    """The codes that a field may hold, in their published order, each with its label, other names and the dates it holds for.

    Axes: table[row] × `code, label, valid_from, valid_to, aliases, parent`, all text ("" where blank); `aliases` are `|`-separated; `parent` is the
    code of the group that the code stands in, where labels repeat between groups.

    >>> code_table("nwd_staff_group").labels["03"]
    'Nursing and Midwifery Registered'
    """

    name: str
    table: pl.DataFrame

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code, in order."""
        return tuple(self.table["code"])

    @property
    def labels(self) -> dict[str, str]:
        """Code to label, in order."""
        return dict(zip(self.table["code"], self.table["label"], strict=True))

    def current(self, on: date) -> pl.DataFrame:
        """The rows that hold on a day."""
        day = on.isoformat()
        starts = (pl.col("valid_from") == "") | (pl.col("valid_from") <= day)
        return self.table.filter(starts & ((pl.col("valid_to") == "") | (pl.col("valid_to") >= day)))


@dataclass(frozen=True)
class Field:
    """One column of a return: one row of a specification table, as written there.

    `minimum`, `maximum`, `since` and `until` are text as in the table; `since` and `until` are ISO dates between which the column is asked for.
    `required` is "yes" (blank is an error), "asked" (blank is a warning) or "no".
    """

    field: str
    label: str
    type: str
    unit: str = ""
    required: str = "no"
    required_when: str = ""
    codes: str = ""
    minimum: str = ""
    maximum: str = ""
    pattern: str = ""
    check: str = ""
    severity: str = ""
    message: str = ""
    help: str = ""
    example: str = ""
    personal: str = "no"
    aliases: str = ""
    since: str = ""
    until: str = ""

    @property
    def is_required(self) -> bool:
        """Whether the column must be in the file and may never be blank."""
        return self.required == "yes"

    @property
    def is_personal(self) -> bool:
        """Whether a value tells who a person is, so that it is never shown in a finding."""
        return self.personal == "yes"

    @property
    def other_labels(self) -> tuple[str, ...]:
        """Other headers under which the column is known."""
        return tuple(alias for alias in self.aliases.split("|") if alias)

    @property
    def code_tables(self) -> tuple[tuple[CodeTable, str], ...]:
        """The tables whose codes the field may hold, each with the field that holds the code's group ("" where none), best first.

        Written in the table as `nwd_job_role within staff_group` or `job_roles, nwd_job_role within staff_group`.
        """
        named = [entry.strip().partition(" within ") for entry in self.codes.split(",") if entry.strip()]
        return tuple((code_table(name.strip()), group.strip()) for name, _, group in named)

    def holds(self, on: date) -> bool:
        """Whether the column is part of the return on a day."""
        return (not self.since or self.since <= on.isoformat()) and (not self.until or on.isoformat() <= self.until)


@dataclass(frozen=True)
class Rule:
    """One rule over several columns, rows, parts or months of a return: one row of a rules table, as written there.

    `check` is what must be true: a condition over fields (Polars SQL), or one of
    `unique(a, b)`, `same(a, b) for each c`, `sum(a) for each b <= 1.5`, `a, b in PART`.
    `columns` are the fields whose cells are marked.
    """

    rule: str
    part: str
    severity: str
    columns: str
    check: str
    message: str
    remedy: str

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields whose cells are marked."""
        return tuple(name.strip() for name in self.columns.split(",") if name.strip())


@dataclass(frozen=True)
class Format:
    """One format of return or published table: one row of `formats.csv`."""

    format: str
    label: str
    parts: str
    kind: str
    sectors: str
    cadence_months: str
    due_day: str
    grain: str
    description: str
    optional_parts: str = ""

    @property
    def part_names(self) -> tuple[str, ...]:
        """The parts (files or sheets) in order; `("",)` where the return is one table."""
        return tuple(self.parts.split("|"))

    @property
    def optional(self) -> tuple[str, ...]:
        """The parts that may be left out."""
        return tuple(part for part in self.optional_parts.split("|") if part)

    def as_data(self) -> dict[str, object]:
        """The format as plain data, its parts as a list."""
        return {**asdict(self), "parts": list(self.part_names), "optional_parts": list(self.optional)}


@dataclass(frozen=True)
class Specification:
    """Everything that is asked of one part of one format.

    >>> specification("esr_staff_in_post").field("fte").maximum
    '1.5'
    """

    format: str
    part: str
    label: str
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...]

    @property
    def name(self) -> str:
        """Format and part in one word, as findings name their rules."""
        return f"{self.format}.{self.part}" if self.part else self.format

    @property
    def names(self) -> tuple[str, ...]:
        """Every field's name, in order."""
        return tuple(field.field for field in self.fields)

    @property
    def headers(self) -> tuple[str, ...]:
        """Every field's header as sent, in order."""
        return tuple(field.label for field in self.fields)

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {field.field: field for field in self.fields}

    @property
    def has_example_row(self) -> bool:
        """Whether a template bears an example row: only where the example names a person, so that it can be told from a real row."""
        return any(field.is_personal and field.example for field in self.fields)

    def field(self, name: str) -> Field:
        """The field of that name; raises KeyError naming the format where there is none."""
        try:
            return self._by_name[name]
        except KeyError:
            raise KeyError(f"{self.name!r} has no field {name!r}; it has: {', '.join(self.names)}") from None


@lru_cache(maxsize=4096)
def header_key(text: str) -> str:
    """A header reduced to what people mean by it: case, spaces, underscores and punctuation are set aside.

    >>> header_key("Employee_Number ") == header_key("employee number")
    True
    """
    return re.sub(r"[^a-z0-9]+", "", text.lower())


def _rows(name: str) -> list[dict[str, str]]:
    table = pl.read_csv((_TABLES / name).read_bytes(), infer_schema=False).fill_null("")
    return table.to_dicts()


@cache
def format_list() -> tuple[Format, ...]:
    """Every format, in the order of `formats.csv`.

    >>> format_list()[0].format
    'esr_staff_in_post'
    """
    known = {field.name for field in fields(Format)}
    return tuple(Format(**{name: value for name, value in row.items() if name in known}) for row in _rows("formats.csv"))


@cache
def formats() -> tuple[str, ...]:
    """The code of every format.

    >>> "simple_return" in formats()
    True
    """
    return tuple(entry.format for entry in format_list())


@cache
def format_named(code: str) -> Format:
    """The format of that code; raises Invalid listing the formats there are."""
    for entry in format_list():
        if entry.format == code:
            return entry
    raise Invalid(f"There is no format {code!r}. The formats are: {', '.join(formats())}.")


@cache
def specification(format: str, part: str = "") -> Specification:
    """The specification of one part of a format; raises Invalid where there is no such format or part.

    >>> specification("simple_return", "vacancies").headers
    ('Job Role', 'Service', 'Funded Posts FTE', 'Vacant FTE')
    """
    entry = format_named(format)
    if part not in entry.part_names:
        raise Invalid(f"{entry.label} has no part {part!r}. Its parts are: {', '.join(entry.part_names)}.")
    name = f"{format}.{part}" if part else format
    read = tuple(Field(**row) for row in _rows(f"{name}.csv"))
    rules = tuple(rule for rule in _rules(format) if rule.part == part)
    return Specification(format, part, f"{entry.label}: {part}" if part else entry.label, read, rules)


@cache
def _rules(format: str) -> tuple[Rule, ...]:
    """The rules over rows of a format, where it has any."""
    if not (_TABLES / f"{format}.rules.csv").is_file():
        return ()
    return tuple(Rule(**row) for row in _rows(f"{format}.rules.csv"))


@cache
def code_table(name: str) -> CodeTable:
    """The code table of that name: one of `specifications/codes`, else a shared code list; raises KeyError where there is neither."""
    columns = ("code", "label", "valid_from", "valid_to", "aliases", "parent")
    path = _TABLES / "codes" / f"{name}.csv"
    if path.is_file():
        table = pl.read_csv(path.read_bytes(), infer_schema=False).fill_null("")
    elif name in code_list_names():
        table = code_list(name).table.select("code", "label")
    else:
        raise KeyError(f"There is no code table {name!r}")
    missing = [pl.lit("").alias(column) for column in columns if column not in table.columns]
    return CodeTable(name, table.with_columns(missing).select(columns))
