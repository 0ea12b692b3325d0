"""Reference pages made from the code's own tables, each time the docs are built."""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "reference" / "made"


def generate() -> None:
    """`reference/made` holds one page a format of return, and the code lists."""
    sys.path.insert(0, str(FOLDER.parents[2] / "src"))
    from oneworkforce.vocabulary import code_list, code_list_names
    from oneworkforce.workforce.core.reference import markdown
    from oneworkforce.workforce.core.specification import format_list, specification

    FOLDER.mkdir(parents=True, exist_ok=True)
    for entry in format_list():
        if entry.kind != "published":
            parts = [markdown(specification(entry.format, part)) for part in entry.part_names]
            (FOLDER / f"format-{entry.format}.md").write_text("\n\n".join([f"# {entry.label}", *(_below(part) for part in parts)]) + "\n")
    lists = [_table(name, code_list(name).labels) for name in code_list_names() if "label" in code_list(name).table.columns]
    (FOLDER / "code-lists.md").write_text("\n\n".join(["# Shared code lists", *lists]) + "\n")


    (FOLDER / "calibration.md").write_text(_calibration())


def _calibration() -> str:
    """The synthetic city beside the published figures, for 60,000 people over 36 months with seed 1."""
    from oneworkforce.workforce.core.synthesis import truth_of
    from oneworkforce.workforce.core.synthesis.calibration import calibration

    head = [
        "# The synthetic Leeds beside the published figures",
        "",
        "60,000 people, 36 months, seed 1. Made when these pages are built; a test holds every row to its tolerance.",
        "",
        "| figure | published | synthetic | unit | source |",
        "| --- | --- | --- | --- | --- |",
    ]
    rows = calibration(truth_of(60_000, 36, 1)).iter_rows(named=True)
    return "\n".join([*head, *(f"| {r['figure']} | {r['published']:g} | {r['synthetic']:.4g} | {r['unit']} | {r['source']} |" for r in rows)]) + "\n"


def _below(page: str) -> str:
    """The page with its headings one level further down."""
    return "\n".join(f"#{line}" if line.startswith("#") else line for line in page.splitlines())


def _table(name: str, labels: dict[str, str]) -> str:
    rows = [f"| `{code}` | {label} |" for code, label in labels.items()]
    return "\n".join([f"## {name.replace('_', ' ').capitalize()}", "", "| code | label |", "| --- | --- |", *rows])
