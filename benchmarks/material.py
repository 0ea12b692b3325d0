"""What the benchmarks are run on: returns of any size made from a synthetic city's, with the same share of dirt."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl

from oneworkforce.workforce.core.reading import read_tables
from oneworkforce.workforce.core.synthesis import synthesise


@cache
def city(folder: Path) -> Path:
    """A small synthetic city is in the folder."""
    if not (folder / "manifest.csv").exists():
        synthesise(folder, people=6_000, months=1, seed=1)
    return folder


def esr_file(folder: Path, rows: int) -> Path:
    """A CSV of ESR staff in post with so many rows: a synthetic trust's return over and over, each time with other employee numbers."""
    target = folder / f"esr-{rows}.csv"
    if not target.exists():
        source = next((city(folder / "city") / "returns").rglob("RR8.esr_staff_in_post.csv"))
        one = read_tables(source, source.name)[0].frame.drop("_row")
        times = -(-rows // one.height)
        repeated = pl.concat(
            [one.with_columns(_renumbered(name, turn) for name in ("Employee Number", "Assignment Number")) for turn in range(times)]
        )
        repeated.with_columns(
            pl.concat_str(
                pl.col("NI Number").str.head(2), pl.int_range(pl.len()).cast(pl.String).str.zfill(7).str.tail(6), pl.lit("C")
            ).alias("NI Number")
        ).head(rows).write_csv(target)
    return target


def _renumbered(name: str, turn: int) -> pl.Expr:
    return pl.concat_str(pl.lit(f"{turn:04d}"), pl.col(name)).alias(name)
