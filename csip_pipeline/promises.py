"""Hold a table to its Pandera promise; say which rows break it; quote nobody."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from csip_pipeline.refusals import RefusedError

# The types a promise is written in. Each is a pandas type with exactly one DuckDB type behind it.
Text = pd.StringDtype
Whole = pd.Int64Dtype
Real = pd.Float64Dtype
Claim = pd.BooleanDtype
Moment = Annotated[pd.DatetimeTZDtype, "us", "UTC"]
Day = pd.Timestamp

T = TypeVar("T", bound=Callable[..., Any])


class Promise(pa.DataFrameModel):
    """What every row of a table keeps to. A subclass's docstring gives the table's grain."""

    class Config:
        """Exactly these columns, in their types; every failure is found, not only the first."""

        strict = True
        coerce = True


def rule(sentence: str) -> Callable[[T], T]:
    """Name a rule between columns with the sentence that a supplier or analyst will read."""

    def as_check(function: T) -> T:
        check: T = pa.dataframe_check(error=sentence, ignore_na=False)(function)
        return check

    return as_check


def failures(frame: pd.DataFrame, promise: type[Promise]) -> pd.DataFrame:
    """Every broken promise: columns position (of the row in the frame), column, promise.

    A rule between columns is reported once, with the rule's sentence and no column. Values are
    left behind on purpose: Pandera's own report prints them.
    """
    numbered = frame.reset_index(drop=True)
    try:
        promise.validate(numbered, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
    else:
        return pd.DataFrame(columns=["position", "column", "promise"])
    if cases["index"].isna().any():
        faults = sorted({str(check) for check in cases.loc[cases["index"].isna(), "check"]})
        raise RefusedError(
            f"A table does not have the shape of its promise {promise.__name__}: {'; '.join(faults)}"
        ) from None
    between_columns = cases["schema_context"] == "DataFrameSchema"
    return (
        pd.DataFrame(
            {
                "position": cases["index"].astype("int64"),
                "column": cases["column"].where(~between_columns, ""),
                "promise": cases["check"].astype(str).map(in_plain_words),
            }
        )
        .drop_duplicates()
        .sort_values(["position", "column", "promise"], ignore_index=True)
    )


def in_plain_words(check: str) -> str:
    """Pandera's name for a check as a supplier would say it; a rule's own sentence unchanged."""
    if check == "not_nullable":
        return "must not be empty"
    if check.startswith("isin("):
        return f"must be one of {check[5:-1]}"
    if check.startswith("greater_than_or_equal_to("):
        return f"must not be less than {check[25:-1]}"
    if check.startswith(("coerce_dtype", "dtype")):
        return "is not of the promised type"
    return check


def hold(frame: pd.DataFrame, promise: type[Promise], table: str) -> pd.DataFrame:
    """The frame in its promised types. Raises RefusedError with counts where a row breaks it."""
    broken = failures(frame, promise)
    if broken.empty:
        return promise.validate(frame.reset_index(drop=True))
    counts = broken.groupby(["column", "promise"]).size()
    told = "; ".join(
        f"{' '.join(part for part in (column, sentence) if part)}: {rows} row(s)"
        for (column, sentence), rows in counts.items()
    )
    raise RefusedError(f"{table} breaks its promise, so nothing was written. {told}")


def duckdb_columns(promise: type[Promise]) -> dict[str, str]:
    """The DuckDB type of each promised column, in the promise's order."""
    return {
        name: _duckdb_type(name, str(column.dtype))
        for name, column in promise.to_schema().columns.items()
    }


def describe(promise: type[Promise]) -> str:
    """The promise's docstring on one left margin, for an asset's description."""
    lines = (promise.__doc__ or "").strip().splitlines()
    return "\n".join(line.strip() for line in lines)


def _duckdb_type(name: str, dtype: str) -> str:
    if dtype.startswith("datetime64"):
        return "DATE" if name == "month" or name.endswith("_on") else "TIMESTAMPTZ"
    types = {"string": "VARCHAR", "str": "VARCHAR", "int": "BIGINT", "float": "DOUBLE"}
    for prefix, duckdb_type in (types | {"boolean": "BOOLEAN"}).items():
        if dtype.lower().startswith(prefix):
            return duckdb_type
    raise TypeError(f"{name}: no DuckDB type for {dtype}")
