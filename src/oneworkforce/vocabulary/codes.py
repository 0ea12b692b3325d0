"""Code lists: one CSV a list in `tables/`, read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polars as pl

_TABLES = files("oneworkforce.vocabulary") / "tables"


@dataclass(frozen=True, eq=False)
class CodeList:
    """A list of codes in their published order.

    Axes: table[row] with at least the columns `code` and `label`, every column text.

    >>> sexes = code_list("sexes")
    >>> sexes.label("female")
    'Female'
    >>> sexes.codes
    ('female', 'male', 'other', 'unknown')
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

    def label(self, code: str) -> str:
        """The label of a code; raises KeyError naming the list where the code is not in it."""
        try:
            return self.labels[code]
        except KeyError:
            raise KeyError(f"{code!r} is not in the code list {self.name!r}") from None

    def column(self, name: str) -> dict[str, str]:
        """Code to the value of another column, in order ("" where blank)."""
        return dict(zip(self.table["code"], self.table[name].fill_null(""), strict=True))

    @property
    def dtype(self) -> pl.Enum:
        """The Polars type whose categories are these codes, in order."""
        return pl.Enum(list(self.codes))


@cache
def code_list(name: str) -> CodeList:
    """The code list of that name; raises KeyError listing the names there are.

    >>> code_list("job_roles").column("staff_group")["community_nurse"]
    'nursing_midwifery'
    """
    if name not in code_list_names():
        raise KeyError(f"There is no code list {name!r}; there are: {', '.join(code_list_names())}")
    text = (_TABLES / f"{name}.csv").read_bytes()
    return CodeList(name, pl.read_csv(text, infer_schema=False))


@cache
def code_list_names() -> tuple[str, ...]:
    """Every code list, by name."""
    return tuple(sorted(entry.name.removesuffix(".csv") for entry in _TABLES.iterdir() if entry.name.endswith(".csv")))
