"""The repository keeps its own rules: docstrings, no third-party files, titles, docs that name what exists."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "oneworkforce"
PURE = [SOURCE / "vocabulary", *sorted(SOURCE.glob("*/core"))]


def _tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in listing.split("\0") if name]


def _public_without_docstring(path: Path) -> list[str]:
    tree = ast.parse(path.read_text())
    found = [] if ast.get_docstring(tree) or path.name == "__init__.py" else [f"{path.relative_to(ROOT)}: the module"]
    owners: list[tuple[str, list[ast.stmt]]] = [("", tree.body)]
    owners += [(f"{node.name}.", node.body) for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
    for prefix, body in owners:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {prefix}{node.name}")
    return found


@pytest.mark.parametrize("folder", PURE, ids=lambda folder: str(folder.relative_to(SOURCE)))
def test_every_public_name_of_a_core_says_what_is_true_afterwards(folder: Path) -> None:
    missing = [line for path in sorted(folder.rglob("*.py")) for line in _public_without_docstring(path)]
    assert missing == []


def test_there_are_no_rooms_with_nothing_in_them() -> None:
    empty = [
        folder.name
        for folder in SOURCE.iterdir()
        if folder.is_dir() and folder.name != "__pycache__" and not any(p.stat().st_size for p in folder.rglob("*.py"))
    ]
    assert empty == []


def test_no_third_party_built_file_is_committed() -> None:
    built = [
        path
        for path in _tracked()
        if path.suffix in {".woff", ".woff2", ".whl", ".so", ".jar"} or path.name.endswith((".min.js", ".min.css"))
    ]
    assert built == []


def test_every_page_template_has_a_title_and_one_heading() -> None:
    pages = [path for path in SOURCE.glob("*/templates/**/*.html") if "{% extends" in path.read_text()]
    without = [str(path.relative_to(ROOT)) for path in pages if not re.search(r"{%-? *block title", path.read_text())]
    assert pages
    assert without == []


def test_no_module_is_named_after_nothing() -> None:
    banned = {"utils", "helpers", "common", "base", "manager", "misc"}
    assert [path for path in SOURCE.rglob("*.py") if path.stem in banned] == []


def _ends_in_raise(node: ast.AST) -> bool:
    """Whether what was caught goes on after something was tidied away."""
    last = node.body[-1]  # type: ignore[attr-defined]
    return isinstance(last, ast.Raise) and last.exc is None


def test_nothing_catches_everything_and_keeps_it() -> None:
    bare = []
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            everything = isinstance(node, ast.ExceptHandler) and getattr(node.type, "id", "tuple" if node.type else "") in {
                "",
                "Exception",
                "BaseException",
            }
            if everything and not _ends_in_raise(node):
                bare.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert bare == []


def test_the_installed_product_never_reads_the_shared_folder() -> None:
    readers = [path for path in SOURCE.rglob("*.py") if re.search(r"[\"'](\.\./)?shared/", path.read_text())]
    assert readers == []


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "adr"
    index = (folder / "index.md").read_text()
    assert [path.stem for path in sorted(folder.glob("0*.md")) if path.stem not in index] == []
