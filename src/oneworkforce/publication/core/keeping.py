"""Released tables as files: kept once when they are made, and read back as they were. The only other way to a `Released`."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from oneworkforce.errors import Invalid
from oneworkforce.publication.core.profiles import profile
from oneworkforce.publication.core.provenance import Provenance
from oneworkforce.publication.core.released import _TOKEN, Released
from oneworkforce.publication.core.tables import Dimension, Measure

_ABOUT = "oneworkforce.released"


def as_bytes(released: Released) -> bytes:
    """The table as a Parquet file that says itself what it is; its provenance is kept once for all tables of a build, apart."""
    about = {
        "name": released.name,
        "title": released.title,
        "dimensions": [asdict(dimension) for dimension in released.dimensions],
        "measures": [asdict(measure) for measure in released.measures],
        "profile": released.profile.name,
    }
    buffer = io.BytesIO()
    released._table.write_parquet(buffer, compression="zstd", metadata={_ABOUT: json.dumps(about)})
    return buffer.getvalue()


def read(path: Path, provenance: Provenance) -> Released:
    """The table as it was released. Raises: Invalid where the file is not one of these, or is gone."""
    try:
        metadata = pl.read_parquet_metadata(path)
        about: dict[str, Any] = json.loads(metadata[_ABOUT])
        table = pl.read_parquet(path)
    except (OSError, KeyError, pl.exceptions.ComputeError) as error:
        raise Invalid(f"{path.name} is not a released table. Make the picture again.") from error
    return Released(
        about["name"],
        about["title"],
        tuple(Dimension(**entry) for entry in about["dimensions"]),
        tuple(Measure(**entry) for entry in about["measures"]),
        profile(about["profile"]),
        provenance,
        table,
        _TOKEN,
    )
