"""The tables of the call sample, from what was frozen and drawn."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from csip_pipeline import calendars, promises, warehouse
from csip_pipeline.calendars import Cycle
from csip_pipeline.promises import Promise
from csip_pipeline.publish.sampling import drawing, freezing, manifested
from csip_pipeline.publish.sampling.tables import CallDraws, CallFrame, CallSample
from csip_pipeline.settings import Settings
from csip_pipeline.warehouse import Connection

FRAME, SAMPLE, DRAWS = "publish.call_frame", "publish.call_sample", "publish.call_draws"
ARROW = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
}


def load_frame(con: Connection, here: Settings, cycles: Iterable[Cycle], month: dt.date) -> int:
    """Replace a month of publish.call_frame; the rows, none where no cycle ends in the month."""
    made = _as_arrow(CallFrame, [])
    for cycle in _ending(cycles, month):
        path = freezing.kept(here, cycle.cycle)
        if "frame" in manifested.read(here.published / cycle.cycle) and path.is_file():
            own = ", ".join(name for name in made.column_names if name != "cycle")
            query = f"select $cycle as cycle, {own} from read_parquet($path)"
            given = {"cycle": cycle.cycle, "path": warehouse.exactly(path)}
            made = warehouse.fetch_arrow(con, query, given)
    return _replace(con, FRAME, CallFrame, made, month)


def load_sample(con: Connection, here: Settings, cycles: Iterable[Cycle], month: dt.date) -> int:
    """Replace a month of publish.call_sample; the rows, none where no cycle ends in the month."""
    rows: list[dict[str, Any]] = []
    for cycle in _ending(cycles, month):
        told = manifested.read(here.published / cycle.cycle)
        if "draw" in told:
            rows += _drawn(con, cycle.cycle, told)
        rows += _targeted(here, cycle.cycle)
    return _replace(con, SAMPLE, CallSample, _as_arrow(CallSample, rows), month)


def load_draws(con: Connection, here: Settings, cycles: Iterable[Cycle], month: dt.date) -> int:
    """Replace a month of publish.call_draws; the rows, none where no cycle ends in the month."""
    rows = [
        {
            "cycle": cycle.cycle,
            "frame_calls": told["frame"]["rows"],
            "frame_sha256": told["frame"]["sha256"],
            "strata": len(told["frame"]["strata"]),
            "seed": told.get("draw", {}).get("seed"),
            "drawn": told.get("draw", {}).get("size"),
            "reserves": told.get("draw", {}).get("reserves"),
        }
        for cycle in _ending(cycles, month)
        for told in [manifested.read(here.published / cycle.cycle)]
        if "frame" in told
    ]
    return _replace(con, DRAWS, CallDraws, _as_arrow(CallDraws, rows), month)


def _drawn(con: Connection, cycle: str, told: manifested.Told) -> list[dict[str, Any]]:
    query = f"select reference, contact_id from {FRAME} where cycle = $cycle"
    calls = dict(con.execute(query, {"cycle": cycle}).fetchall())
    reasons = {each["sample_no"]: each["because"] for each in told.get("withdrawn", [])}
    return [
        {
            **row,
            "cycle": cycle,
            "arm": "random",
            "contact_id": calls[row["reference"]],
            "state": state,
            "withdrawn_because": reasons.get(row["sample_no"]),
            "stands_for": stands_for,
        }
        for row in told["draw"]["rows"]
        for state, stands_for in [drawing.standing(told)[row["sample_no"]]]
        if row["reference"] in calls
    ]


def _targeted(here: Settings, cycle: str) -> list[dict[str, Any]]:
    return [
        {
            "cycle": cycle,
            "sample_no": each["sample_no"],
            "arm": "targeted",
            "stratum": "none",
            "reference": f"T{each['sample_no']}",
            "contact_id": each["contact_id"],
            "state": "sampled",
        }
        for each in drawing.targeted(here, cycle)
    ]


def _ending(cycles: Iterable[Cycle], month: dt.date) -> list[Cycle]:
    return [cycle for cycle in cycles if calendars.month_of(cycle.ends_on) == month]


def _as_arrow(promise: type[Promise], rows: list[dict[str, Any]]) -> pa.Table:
    """Rows in the promised types; the month is for the warehouse to stamp."""
    columns = promises.duckdb_columns(promise)
    schema = [(name, ARROW[kind]) for name, kind in columns.items() if name != "month"]
    return pa.Table.from_pylist(rows, schema=pa.schema(schema))


def _replace(
    con: Connection, table: str, promise: type[Promise], made: pa.Table, month: dt.date
) -> int:
    with warehouse.registered(con, sampled_rows=made):
        return warehouse.replace_month(con, table, promise, "select * from sampled_rows", month)
