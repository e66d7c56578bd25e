"""Read a reference CSV as an analyst keeps it, so that a slip is told by file, row and column."""

import csv
import datetime as dt
from pathlib import Path

import pandas as pd

from csip_pipeline import promises
from csip_pipeline.promises import Promise
from csip_pipeline.refusals import RefusedError


def read_csv(path: Path, promise: type[Promise]) -> pd.DataFrame:
    """A reference CSV as text in the promise's columns; an empty cell is null.

    A column that may be empty may be left out.

    Raises RefusedError where it cannot be read, or a date is not written YYYY-MM-DD: Excel turns
    2026-04-01 into 01/04/2026 when it saves, which means two days.
    """
    header, *rows = _records(path, promise)
    promised = promises.duckdb_columns(promise)
    columns = promise.to_schema().columns
    needed = {name for name in promised if not columns[name].nullable}
    _require(path, set(promised), needed, set(header))
    for number, cells in enumerate(rows, start=2):
        if len(cells) != len(header):
            raise RefusedError(
                f"reference/{path.name}, row {number}: {len(cells)} fields where the header has "
                f"{len(header)}. Put text that holds a comma in quotation marks."
            )
    table = pd.DataFrame(rows, columns=header, dtype="str")
    table = table.reindex(columns=list(promised)).astype("str")
    table = table.mask((table == "") | table.isna())
    for column in (name for name, kind in promised.items() if kind == "DATE"):
        given = table[column].dropna()
        wrong = given.index[~given.map(_is_day).astype(bool)]
        if len(wrong):
            raise RefusedError(
                f"reference/{path.name}, row {wrong[0] + 2}: {column} is not a day written "
                "YYYY-MM-DD (Excel rewrites dates when it saves a CSV: format them as text)."
            )
    return table


def _records(path: Path, promise: type[Promise]) -> list[list[str]]:
    """The records that hold anything, the header first."""
    name = f"reference/{path.name}"
    try:
        text = path.read_text(encoding="utf-8-sig")
        records = [cells for cells in csv.reader(text.splitlines(keepends=True)) if any(cells)]
    except FileNotFoundError:
        raise RefusedError(
            f"{name} is missing. It holds {_grain(promise)} Copy the demo force's file and change "
            "it."
        ) from None
    except UnicodeDecodeError:
        raise RefusedError(
            f"{name} is not text in UTF-8. In Excel, save it as CSV UTF-8."
        ) from None
    if not records:
        raise RefusedError(f"{name} is empty. It holds {_grain(promise)}")
    return records


def _require(path: Path, promised: set[str], needed: set[str], given: set[str]) -> None:
    missing, unknown = needed - given, given - promised
    told = [
        f"{label}: {', '.join(sorted(names))}"
        for label, names in (("missing", missing), ("unknown", unknown))
        if names
    ]
    if told:
        raise RefusedError(
            f"reference/{path.name} does not have the promised columns ({'; '.join(told)})."
        )


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _grain(promise: type[Promise]) -> str:
    sentence = promises.describe(promise).split("\n", maxsplit=1)[0]
    return sentence[0].lower() + sentence[1:]
