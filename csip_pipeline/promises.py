"""Hold a table to its Pandera promise; say which rows break it; quote nobody."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar, cast

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

FAILURE_COLUMNS = ["position", "column", "promise"]
SHAPE = {"column_in_dataframe": "missing column", "column_in_schema": "unknown column"}
PLAIN_WORDS = {
    "not_nullable": "must not be empty",
    "str_length(1, None)": "must not be empty",
    "field_uniqueness": "must not be there twice",
}
PLAIN_BEGINNINGS = {
    "isin(": "must be one of",
    "greater_than_or_equal_to(": "must not be less than",
    "less_than_or_equal_to(": "must not be more than",
    "greater_than(": "must be more than",
    "less_than(": "must be less than",
}
NOT_THE_TYPE = "is not of the promised type"

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
        return cast("T", pa.dataframe_check(error=sentence, ignore_na=False)(function))

    return as_check


def failures(frame: pd.DataFrame, promise: type[Promise]) -> pd.DataFrame:
    """Every broken promise: columns position (of the row in the frame), column, promise.

    A rule between columns is reported once, with the rule's sentence and no column. Values are
    left behind on purpose: Pandera's own report prints them.
    """
    return _judged(frame, promise)[1]


def hold(frame: pd.DataFrame, promise: type[Promise], table: str) -> pd.DataFrame:
    """The frame in its promised types. Raises RefusedError with counts where a row breaks it."""
    typed, broken = _judged(frame, promise)
    if broken.empty:
        return typed
    counts = broken.groupby(["column", "promise"]).size()
    told = "; ".join(
        f"{' '.join(part for part in (column, sentence) if part)}: {rows} row(s)"
        for (column, sentence), rows in counts.items()
    )
    raise RefusedError(f"{table} breaks its promise, so nothing was written. {told}")


def _judged(frame: pd.DataFrame, promise: type[Promise]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The frame in its promised types, and its failures; untyped where there are any."""
    numbered = frame.reset_index(drop=True)
    try:
        return promise.validate(numbered, lazy=True), pd.DataFrame(columns=FAILURE_COLUMNS)
    except SchemaErrors as error:
        cases = error.failure_cases
    told = pd.DataFrame(
        {
            "position": cases["index"],
            "column": cases["column"].where(cases["schema_context"] != "DataFrameSchema", ""),
            "promise": cases["check"].astype(str).map(in_plain_words),
        }
    ).drop_duplicates()
    is_type = told["promise"] == NOT_THE_TYPE
    if is_type.any():  # every other check may only have met the wrong type
        told = told[is_type]
    shapeless = told["position"].isna()
    if shapeless.any() or cases["check"].isin(SHAPE).any():
        raise _shapeless(cases, told[shapeless], promise) from None
    told["position"] = told["position"].astype("int64")
    return numbered, told.sort_values(FAILURE_COLUMNS, ignore_index=True)


def _shapeless(cases: pd.DataFrame, told: pd.DataFrame, promise: type[Promise]) -> RefusedError:
    """The refusal of a table as a whole: a column that is missing, unknown or of another type."""
    named = cases[cases["check"].isin(SHAPE)]
    faults = [
        f"{SHAPE[check]} {name}"
        for check, name in zip(named["check"], named["failure_case"], strict=True)
    ] or [
        f"{column} {sentence}".strip()
        for column, sentence in zip(told["column"], told["promise"], strict=True)
    ]
    return RefusedError(
        f"A table does not have the shape of its promise {promise.__name__}: {'; '.join(faults)}"
    )


def in_plain_words(check: str) -> str:
    """Pandera's name for a check as a supplier would say it; a rule's own sentence unchanged."""
    if check.startswith(("coerce_dtype", "dtype")):
        return NOT_THE_TYPE
    for beginning, words in PLAIN_BEGINNINGS.items():
        if check.startswith(beginning):
            return f"{words} {check[len(beginning) : -1]}"
    return PLAIN_WORDS.get(check, check)


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
        return "TIMESTAMPTZ" if "UTC" in dtype else "DATE"
    types = {"string": "VARCHAR", "str": "VARCHAR", "int": "BIGINT", "float": "DOUBLE"}
    for prefix, duckdb_type in (types | {"boolean": "BOOLEAN"}).items():
        if dtype.lower().startswith(prefix):
            return duckdb_type
    raise TypeError(f"{name}: no DuckDB type for {dtype}")
