"""Reading: any file a partner may send becomes tables of text, or one sentence that says why it cannot."""

from __future__ import annotations

from pathlib import Path

from oneworkforce.errors import Invalid
from oneworkforce.workforce.core.reading.columnar import read_parquet
from oneworkforce.workforce.core.reading.contents import check_size, kind_of
from oneworkforce.workforce.core.reading.raw import ROW, Limits, Raw
from oneworkforce.workforce.core.reading.recognition import Recognition, recognise
from oneworkforce.workforce.core.reading.text import read_text
from oneworkforce.workforce.core.reading.workbooks import read_workbook

__all__ = ["ROW", "Limits", "Raw", "Recognition", "read_tables", "recognise"]


def read_tables(source: Path | bytes, name: str, limits: Limits = Limits()) -> tuple[Raw, ...]:  # noqa: B008 (a frozen value)
    """The tables that the file holds, one for a CSV or Parquet file, one for each sheet of a workbook that holds a table.

    What the file is, is told from its bytes. What can go on safely goes on and is said in each table's `notes`.

    Raises:
        Invalid: the file is no table, or is broken or too large; the message names the place and the remedy.

    >>> read_tables(b"Job Role,Service,Vacant FTE\\nCare worker,Home care,2", "vacancies.csv")[0].frame.rows()
    [(2, 'Care worker', 'Home care', '2')]
    """
    data = _bytes(source, name, limits)
    check_size(len(data), name, limits)
    kind = kind_of(data, name)
    if kind == "xlsx":
        return read_workbook(data, name, limits)
    return (read_parquet(data, name, limits),) if kind == "parquet" else (read_text(data, name, limits),)


def _bytes(source: Path | bytes, name: str, limits: Limits) -> bytes:
    """The file's bytes, its size checked before any of them is read."""
    if isinstance(source, bytes):
        return source
    try:
        check_size(source.stat().st_size, name, limits)
        return source.read_bytes()
    except FileNotFoundError:
        raise Invalid(f"There is no file {name} at that place. Check its name and folder.") from None
    except IsADirectoryError:
        raise Invalid(f"{name} is a folder, not a file. Send each file in it.") from None
    except PermissionError:
        raise Invalid(f"{name} may not be read: its permissions forbid it. Change them, or copy the file elsewhere.") from None
