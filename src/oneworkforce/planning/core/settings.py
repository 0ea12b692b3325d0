"""model.yaml read and checked: what the model is called, when it starts, how it runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from oneworkforce.planning.core import tables
from oneworkforce.planning.core.model import AXES
from oneworkforce.planning.core.periods import Calendar, first_day
from oneworkforce.workforce.core.findings import Finding

FILE = "model.yaml"
MOST_PERIODS = 1200


@dataclass(frozen=True)
class Settings:
    """What model.yaml says, with its defaults."""

    name: str
    calendar: Calendar
    rates_per_period: bool
    axes: tuple[str, ...]
    report: tuple[str, ...]
    rule: str
    growth: float
    recruits: float | None
    fill_rate: float
    poisson: bool
    tolerance: float
    draws: int
    seed: int
    sources: tuple[str, ...]


def read_settings(content: bytes) -> tuple[Settings, list[Finding]]:
    """What model.yaml says, and everything that is wrong with it (a setting that is wrong reads as its default)."""
    try:
        loaded = yaml.safe_load(content.decode("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        said = " ".join(str(problem).split())
        broken = [tables.wrong(FILE, "unreadable", f"model.yaml is not YAML: {said}", "Write each line as key: value.")]
        return _settings({}, {}), broken
    given = _flat(loaded) if isinstance(loaded, Mapping) else {}
    findings = (
        []
        if isinstance(loaded, Mapping)
        else [tables.wrong(FILE, "unreadable", "model.yaml holds no keys.", "Write each line as key: value.")]
    )
    known = {row["key"]: row for row in tables.settings()}
    findings += [
        tables.wrong(FILE, "unknown_key", f"model.yaml has a key {key} that is not known.", tables.nearest(key, known), column=key)
        for key in given
        if key not in known
    ]
    values: dict[str, Any] = {}
    for key, row in known.items():
        value = given.get(key)
        if value is None:
            if row["required"] == "yes":
                findings.append(
                    tables.wrong(FILE, "missing_key", f"model.yaml has no {key}.", f"Add it, such as {key}: {row['example']}.", column=key)
                )
            continue
        problem_said = _problem(row, value)
        if problem_said:
            findings.append(
                tables.wrong(FILE, "wrong_value", f"{key} is {value}, which is not {problem_said}.", _example(row), column=key, value=value)
            )
        else:
            values[key] = value
    findings += _rule_findings(values)
    return _settings(values, given), findings


def _flat(loaded: Mapping[Any, Any]) -> dict[str, Any]:
    given = {str(key): value for key, value in loaded.items()}
    joining = given.get("joining")
    if isinstance(joining, Mapping):
        given |= {f"joining.{key}": value for key, value in joining.items()}
    elif isinstance(joining, str):
        given |= {"joining": {}, "joining.rule": joining}
    return given


def _example(row: Mapping[str, str]) -> str:
    return f"{row['description']}, such as {row['key'].rpartition('.')[2]}: {row['example']}."


def _problem(row: Mapping[str, str], value: object) -> str:
    """What the value should have been, "" where it is right."""
    key, kind, allowed = row["key"], row["type"], row["allowed"].split("|")
    if key == "first_period":
        return "" if first_day(value) else "a year, a month or a date"
    if kind == "choice":
        return "" if value in allowed else f"one of {', '.join(allowed)}"
    if kind == "mapping":
        return "" if isinstance(value, Mapping) else "a mapping such as {rule: fixed}"
    if kind == "list":
        return _list_problem(value, allowed if row["allowed"] else [])
    if kind in ("integer", "number"):
        return _number_problem(key, kind, value)
    return "" if isinstance(value, (str, int, float)) else "text"


def _list_problem(value: object, allowed: list[str]) -> str:
    if not isinstance(value, list):
        return "a list such as [role, age_band]"
    return "" if not allowed or all(item in allowed for item in value) else f"a list of {', '.join(allowed)}"


def _number_problem(key: str, kind: str, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "a number"
    if kind == "integer" and value != int(value):
        return "a whole number"
    most = {"periods": MOST_PERIODS, "joining.fill_rate": 1, "draws": 1_000_000, "seed": 2**63 - 1}.get(key)
    least = {"periods": 1, "draws": 1, "joining.growth": -1}.get(key, 0)
    if value < least or (most is not None and value > most):
        return f"a number from {least} to {most}" if most is not None else f"a number of {least} or more"
    return ""


def _rule_findings(values: Mapping[str, Any]) -> list[Finding]:
    rule = values.get("joining.rule", "fixed")
    needs = {"grow_total": "joining.growth", "fill": "joining.fill_rate"}.get(rule)
    findings = []
    if needs and needs not in values:
        name = needs.partition(".")[2]
        findings.append(
            tables.wrong(FILE, "missing_key", f"The joining rule {rule} needs {name}.", f"Add {name} beside rule.", column=needs)
        )
    if values.get("joining.recruits") is not None and rule != "fixed":
        findings.append(
            tables.wrong(
                FILE,
                "wrong_value",
                f"recruits does not go with the rule {rule}.",
                "Remove it or use rule: fixed.",
                column="joining.recruits",
            )
        )
    return findings


def _settings(values: Mapping[str, Any], given: Mapping[str, Any]) -> Settings:
    first = first_day(values.get("first_period", "2000")) or dt.date(2000, 1, 1)
    calendar = Calendar(
        first.replace(day=1) if values.get("period") in ("month", "year") else first,
        values.get("period", "year"),
        int(values.get("periods", 1)),
    )
    recruits = values.get("joining.recruits")
    return Settings(
        name=str(values.get("name", given.get("name", ""))),
        calendar=calendar,
        rates_per_period=values.get("rates") == "per_period",
        axes=_in_order(values.get("axes", ())),
        report=_in_order(values.get("report", ())),
        rule=values.get("joining.rule", "fixed"),
        growth=float(values.get("joining.growth", 0.0)),
        recruits=None if recruits is None else float(recruits),
        fill_rate=float(values.get("joining.fill_rate", 0.0)),
        poisson=values.get("joining.arrivals") == "poisson",
        tolerance=float(values.get("tolerance", 0.0)),
        draws=int(values.get("draws", 1000)),
        seed=int(values.get("seed", 1)),
        sources=tuple(str(source) for source in values.get("sources", ())),
    )


def _in_order(names: Any) -> tuple[str, ...]:
    return tuple(axis for axis in AXES if axis in names)
