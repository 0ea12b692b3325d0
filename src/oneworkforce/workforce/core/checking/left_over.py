"""What is left over: cells that are not in their column's usual layout are read patiently, each distinct text once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from oneworkforce.workforce.core.checking.codes import Lookup, lookup
from oneworkforce.workforce.core.checking.marks import Marks
from oneworkforce.workforce.core.reading import values as reading
from oneworkforce.workforce.core.specification import Field, Specification

POSTCODE = r"^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$"
"""A full postcode as it is kept."""

WANTED = {
    "integer": "a whole number",
    "number": "a number",
    "date": "a date as DD/MM/YYYY",
    "month": "a month as MM/YYYY",
    "boolean": "Yes or No",
    "postcode": "a full UK postcode",
    "ni_number": "a National Insurance number (two letters, six digits, a letter A to D)",
    "identifier": "a reference",
    "text": "text",
}
"""What a cell of each type must hold, in words."""


_BUILDERS: dict[str, Callable[[pl.Expr], reading.Cleaned]] = {
    "number": reading.as_number,
    "month": reading.as_month,
    "boolean": reading.as_boolean,
    "postcode": reading.as_postcode,
    "ni_number": reading.as_ni_number,
    "identifier": reading.as_identifier,
}


@dataclass(frozen=True, eq=False)
class LeftOver:
    """The cells of one column that a quick reading left.

    Axes: rows[n] positions in the table, texts[n] their cells; typed[field][row] is what has been read so far.
    """

    specification: Specification
    field: Field
    header: str
    rows: pl.Series
    texts: pl.Series
    typed: Mapping[str, pl.Series]
    marks: Marks
    today: date

    def values(self) -> pl.Series:
        """The value of each cell, null where unreadable; unreadable (error) and repaired (note) cells are marked."""
        if self.field.type in _PLAIN and not (plain := _PLAIN[self.field.type](self.texts)).null_count():
            return plain
        distinct = self.texts.unique().alias("text")
        cleaned = self._cleaned(pl.col("text"))
        read = distinct.to_frame().select("text", cleaned.value.alias("value"), cleaned.repaired.alias("repaired"))
        each = self.texts.alias("text").to_frame().join(read, on="text", how="left", maintain_order="left")
        self._mark_unreadable((each["value"].is_null() & (self.texts.str.strip_chars() != "")).arg_true())
        self._mark_repaired(each["repaired"].arg_true(), each["value"])
        return each["value"].cast(self.typed[self.field.field].dtype)

    def codes(self) -> pl.Series:
        """The code of each cell, null where unknown; a field with an open list (type text) keeps what it does not know."""
        found = lookup(self.field)
        texts = self.texts.str.strip_chars().alias("text")
        nothing = pl.Series("group", [None], dtype=pl.String).new_from_index(0, len(texts))
        groups = self.typed[found.group].gather(self.rows).alias("group") if found.group in self.typed else nothing
        pairs = pl.DataFrame([texts, groups])
        each = pairs.join(self._meanings(found, pairs.unique()), on=["text", "group"], how="left", maintain_order="left", nulls_equal=True)
        self._mark_unknown(each.with_columns(place=pl.int_range(pl.len())).filter(pl.col("code").is_null() & (pl.col("text") != "")))
        self._mark_shortened(each["lost"].arg_true(), each["code"])
        return each["code"].fill_null(each["text"].replace({"": None})) if self.field.type == "text" else each["code"]

    @property
    def _rule(self) -> str:
        return f"{self.specification.name}.{self.field.field}"

    def _shown(self, which: pl.Series) -> pl.Series | None:
        return None if self.field.is_personal else self.texts.gather(which)

    def _cleaned(self, texts: pl.Expr) -> reading.Cleaned:
        if self.field.type == "date":
            return reading.as_date(texts, latest=self.today if self.field.is_personal else None)
        if self.field.type == "integer":
            number = reading.as_number(texts)
            whole = (number.value == number.value.round()).fill_null(False)
            return reading.Cleaned(pl.when(whole).then(number.value).cast(pl.Int64), number.repaired & whole, ~whole)
        return _BUILDERS.get(self.field.type, reading.as_text)(texts)

    def _mark_unreadable(self, bad: pl.Series) -> None:
        if not len(bad):
            return
        wanted, label = WANTED.get(self.field.type, "text"), self.field.label
        lost = self.texts.gather(bad).str.contains(reading.SCIENTIFIC).fill_null(False)
        rest, scientific = bad.filter(~lost), bad.filter(lost)
        self._mark(rest, "type", "error", f"{label} is not {wanted}.", f"Enter {wanted}. {self.field.help}".strip())
        self._mark(
            scientific,
            "scientific",
            "error",
            f"A spreadsheet has turned {label} into scientific notation, so its last digits are lost.",
            "Export the file again from the system itself, or format the column as text before the numbers are pasted in.",
        )

    def _mark_repaired(self, repaired: pl.Series, values: pl.Series) -> None:
        label = self.field.label
        meant = f"{label} was not in its usual form and was read as far as it could be."
        told = meant if self.field.is_personal else f"{label} was read as " + values.gather(repaired).cast(pl.String) + "."
        self._mark(repaired, "repaired", "note", told, "Nothing, if that is right. Else correct the cell.")

    def _meanings(self, found: Lookup, pairs: pl.DataFrame) -> pl.DataFrame:
        """Every distinct text with its group, what it means, and where it means nothing what to say about it."""
        cells = list(pairs.iter_rows())
        codes = [self._code(found, text, group) for text, group in cells]
        unknown = sorted({text for (text, _), code in zip(cells, codes, strict=True) if code is None and text})
        said = {text: self._said(found, text, near) for text, near in zip(unknown, found.suggestions(unknown), strict=True)}
        one = self.field.type != "codes"
        return pairs.with_columns(
            pl.Series("code", codes, dtype=pl.String),
            pl.Series("message", [said.get(text, ("", ""))[0] for text, _ in cells], dtype=pl.String),
            pl.Series("remedy", [said.get(text, ("", ""))[1] for text, _ in cells], dtype=pl.String),
            pl.Series("lost", [code is not None and one and found.lost_zeros(text) for (text, _), code in zip(cells, codes, strict=True)]),
        )

    def _code(self, found: Lookup, text: str, group: str | None) -> str | None:
        """The code that a cell means, or the codes, joined by `;`, where it holds several."""
        if self.field.type != "codes":
            return found.code(text, group)
        each = [found.code(part.strip(), group) for part in text.split(";") if part.strip()]
        return None if None in each else ";".join(code for code in each if code is not None)

    def _said(self, found: Lookup, text: str, suggestion: str) -> tuple[str, str]:
        label = self.field.label
        if found.is_ambiguous(text):
            return f"Several groups have a value of this name for {label}.", "Give the group in its own column as well, or give the code."
        if self.field.type == "text":
            near = f" If it means “{suggestion}”, choose that." if suggestion else ""
            return f"{label} is not in the shared list.", f"Nothing: it will be put in the list of values to be matched.{near}"
        near = f"Did you mean “{suggestion}”? " if suggestion else ""
        return f"{label} is not in the list of values.", f"{near}Choose a value from the list in the template. {self.field.help}".strip()

    def _mark_unknown(self, each: pl.DataFrame) -> None:
        severity = "warning" if self.field.type == "text" else "error"
        self._mark(each["place"], "code", severity, each["message"], each["remedy"])

    def _mark_shortened(self, lost: pl.Series, codes: pl.Series) -> None:
        told = f"{self.field.label} has lost its leading zero and was read as " + codes.gather(lost) + "."
        self._mark(lost, "leading_zero", "note", told, "Nothing. Format the column as text before opening such a file in a spreadsheet.")

    def _mark(self, which: pl.Series, kind: str, severity: str, message: str | pl.Series, remedy: str | pl.Series) -> None:
        """These places of the cells left over are marked."""
        rows, shown = self.rows.gather(which), self._shown(which)
        self.marks.at(rows, self.header, shown, rule=f"{self._rule}.{kind}", severity=severity, message=message, remedy=remedy)


def _plain_dates(texts: pl.Series) -> pl.Series:
    """The dates written as 2019-09-01 (with or without midnight) or 01-SEP-2019, null elsewhere."""
    text = pl.col("text")
    iso = pl.when(text.str.contains(r"^[12]\d{3}-\d{2}-\d{2}( 00:00:00)?$")).then(text.str.head(10)).str.to_date("%Y-%m-%d", strict=False)
    named = pl.when(text.str.contains(r"^\d{2}-[A-Za-z]{3}-[12]\d{3}$")).then(text).str.to_date("%d-%b-%Y", strict=False)
    return texts.alias("text").to_frame().select(pl.coalesce(iso, named)).to_series()


def _plain_postcodes(texts: pl.Series) -> pl.Series:
    """The postcodes in other capitals or spacing than usual, null elsewhere."""
    packed = pl.col("text").str.to_uppercase().str.replace_all(" ", "", literal=True)
    spaced = packed.str.head(-3) + " " + packed.str.tail(3)
    return texts.alias("text").to_frame().select(pl.when(spaced.str.contains(POSTCODE)).then(spaced)).to_series()


_PLAIN = {"date": _plain_dates, "postcode": _plain_postcodes}
