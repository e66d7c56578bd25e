"""Whichever engine judges a table, pandas or DuckDB (Ibis), the same rows break the same promises."""

import importlib
import pkgutil
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import csip_pipeline
from csip_pipeline import promised_tables, warehouse
from csip_pipeline.promises import Promise, duckdb_columns

ROWS = 3000
WORDS = [
    "",
    " ",
    "101 ",
    "wrong",
    "WRONG",
    "'; drop table staged; --",
    'a "quoted" word',
    "line\nbreak",
    "\u00e9\u200b\U0001f600",
    "0123456789abcdef",
    "7.7009E+11",
    " 447700900123.0 ",
    "07700 900123",
    "x" * 300,
]
USUAL = {
    "VARCHAR": [f"'usual {n}'" for n in range(400)],
    "BIGINT": ["0", "1", "1", "2", "3"],
    "DOUBLE": ["0", "0.25", "0.5", "1", "1", "20"],
    "BOOLEAN": ["true", "false"],
    "TIMESTAMPTZ": [f"'2026-03-29 00:{m:02}:00.00000{m % 3}Z'" for m in range(20)],
    "DATE": ["'2026-01-01'", "'2026-01-31'", "'2026-02-01'", "'2028-02-29'", "'2026-02-28'"],
}
UNUSUAL = {
    "VARCHAR": ["'" + word.replace("'", "''") + "'" for word in WORDS],
    "BIGINT": ["-1", "4", f"{2**60}", f"-{2**60}"],
    "DOUBLE": ["'nan'", "'inf'", "'-inf'", "-0.0", "1.0000001", "-1e-300", "1e308"],
    "BOOLEAN": ["false"],
    "TIMESTAMPTZ": ["'0001-01-01 00:00Z'", "'9999-12-31 00:00Z'", "'infinity'", "'-infinity'"],
    "DATE": ["'1677-09-22'", "'2262-04-11'"],
}


def every_promise():
    """Each promise that the package makes."""
    for module in pkgutil.walk_packages(csip_pipeline.__path__, "csip_pipeline."):
        if not module.name.startswith(("csip_pipeline.defs", "csip_pipeline.definitions")):
            importlib.import_module(module.name)
    found = set()
    left = [Promise]
    while left:
        made = left.pop().__subclasses__()
        left += made
        found |= {one for one in made if one.__module__.startswith("csip_pipeline.")}
    return sorted(found, key=lambda one: (one.__module__, one.__name__))


@pytest.fixture
def con():
    with warehouse.connected(Path(":memory:")) as connection:
        yield connection


def make_dirty(con, promise, rows=ROWS):
    """Make a table of the promise in which each column is wrong, empty or extreme at times."""
    random = np.random.default_rng(zlib.crc32(promise.__name__.encode()))
    declared = promise.to_schema().columns
    pools = {}
    for name, kind in duckdb_columns(promise).items():
        words = [
            f"'{word}'"
            for check in declared[name].checks
            for word in check.statistics.get("allowed_values", [])
        ]
        usual, unusual = words or USUAL[kind], [*UNUSUAL[kind], "null"]
        pools[name] = [*usual, *unusual]
        weights = np.r_[
            np.full(len(usual), 0.93 / len(usual)), np.full(len(unusual), 0.07 / len(unusual))
        ]
        pools[name] = (kind, [*usual, *unusual], weights)
    drawn = pd.DataFrame(
        {name: random.choice(len(w), rows, p=w / w.sum()) for name, (_, _, w) in pools.items()}
    )
    drawn = pd.concat([drawn, drawn.sample(rows // 50, random_state=1)], ignore_index=True)
    con.register("drawn", drawn)
    chosen = ", ".join(
        f"(cast([{', '.join(pool)}] as {kind}[]))[drawn.{name} + 1] as {name}"
        for name, (kind, pool, _) in pools.items()
    )
    con.execute(f"create or replace temporary table dirty as select {chosen} from drawn")
    con.unregister("drawn")


def flagged(con, promise, monkeypatch, few_rows):
    monkeypatch.setattr(promised_tables, "FEW_ROWS", few_rows)
    promised_tables.judge(con, "dirty", promise)
    return set(con.execute("from broken").fetchall())


@pytest.mark.parametrize("promise", every_promise(), ids=lambda one: one.__name__)
def test_both_engines_flag_the_same(con, promise, monkeypatch):
    make_dirty(con, promise)
    in_pandas = flagged(con, promise, monkeypatch, 10**9)
    in_duckdb = flagged(con, promise, monkeypatch, 0)

    assert in_duckdb == in_pandas
    assert len(in_pandas) > 100
