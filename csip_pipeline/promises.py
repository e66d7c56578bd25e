"""Declare what a table promises with Pandera; say which rows of a frame break it; quote nobody.

promised_tables holds tables in DuckDB to the same promises.
"""

from ast import literal_eval
from collections.abc import Callable, Iterable
from functools import cache, wraps
from typing import Annotated, Any, TypeVar, cast

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from csip_pipeline import rules
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


def rule(sentence: str, *, of: str | None = None) -> Callable[[T], T]:
    """Name a rule with the sentence that a supplier or analyst will read.

    A rule between columns is given the whole table, a rule `of` a column that column: of a pandas
    frame or of an Ibis table (see rules for what it may ask). A row for which the answer is null
    breaks it; a rule of a column has nothing against null, which is for `nullable` to say.
    """
    between = pa.dataframe_check(error=sentence, ignore_na=False)
    check = pa.check(of, error=sentence) if of else between

    def as_check(function: T) -> T:
        @wraps(function)
        def answered(cls: type[Promise], given: rules.Rows) -> rules.Column:
            return rules.is_true(function(cls, given))

        return cast("T", check(answered))

    return as_check


def failures(frame: pd.DataFrame, promise: type[Promise]) -> pd.DataFrame:
    """Every broken promise: columns position (of the row in the frame), column, promise.

    A rule between columns is reported once, with the rule's sentence and no column. Values are
    left behind on purpose: Pandera's own report prints them. Raises RefusedError where the frame
    as a whole is not of the promised shape.
    """
    try:
        promise.validate(frame.reset_index(drop=True), lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
    else:
        return pd.DataFrame(columns=FAILURE_COLUMNS)
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
    shape = cases[cases["check"].isin(SHAPE)]
    shapeless = told[told["position"].isna()]
    if not shape.empty:
        faults = shape["check"].map(SHAPE) + " " + shape["failure_case"]
        raise not_of_the_shape(promise, faults)
    if not shapeless.empty:
        faults = (shapeless["column"] + " " + shapeless["promise"]).str.strip()
        raise not_of_the_shape(promise, faults)
    told["position"] = told["position"].astype("int64")
    return told.sort_values(FAILURE_COLUMNS, ignore_index=True)


def not_of_the_shape(promise: type[Promise], faults: Iterable[str]) -> RefusedError:
    """The refusal of a table as a whole: a column that is missing, unknown or of another type."""
    return RefusedError(
        f"A table does not have the shape of its promise {promise.__name__}: {'; '.join(faults)}"
    )


def in_plain_words(check: str) -> str:
    """Pandera's name for a check as a supplier would say it; a rule's own sentence unchanged."""
    if check.startswith(("coerce_dtype", "dtype")):
        return NOT_THE_TYPE
    for beginning, words in PLAIN_BEGINNINGS.items():
        if check.startswith(beginning):
            return f"{words} {_listed(check[len(beginning) : -1])}"
    return PLAIN_WORDS.get(check, check)


def _listed(limit: str) -> str:
    """A check's limit; where it is a list of Python, its words alone."""
    if not limit.startswith("["):
        return limit
    return ", ".join(map(str, literal_eval(limit)))


def duckdb_columns(promise: type[Promise]) -> dict[str, str]:
    """The DuckDB type of each promised column, in the promise's order."""
    return dict(_duckdb_columns(promise))


def describe(promise: type[Promise]) -> str:
    """The promise's docstring on one left margin, for an asset's description."""
    lines = (promise.__doc__ or "").strip().splitlines()
    return "\n".join(line.strip() for line in lines)


@cache
def _duckdb_columns(promise: type[Promise]) -> dict[str, str]:
    columns = promise.to_schema().columns
    return {name: _duckdb_type(name, str(column.dtype)) for name, column in columns.items()}


def _duckdb_type(name: str, dtype: str) -> str:
    if dtype.startswith("datetime64"):
        return "TIMESTAMPTZ" if "UTC" in dtype else "DATE"
    types = {"string": "VARCHAR", "str": "VARCHAR", "int": "BIGINT", "float": "DOUBLE"}
    for prefix, duckdb_type in (types | {"boolean": "BOOLEAN"}).items():
        if dtype.lower().startswith(prefix):
            return duckdb_type
    raise TypeError(f"{name}: no DuckDB type for {dtype}")
