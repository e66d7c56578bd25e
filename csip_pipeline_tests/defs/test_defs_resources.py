"""A run keeps the restricted store open from its first step to its last, where it can."""

# ruff: noqa: TID251 - the tests of the Dagster room
import subprocess
import sys
from contextlib import contextmanager

import dagster as dg
import duckdb
import pytest

from csip_pipeline import warehouse
from csip_pipeline.defs.resources import Warehouse, connection_config, kept_open
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

OPEN = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); input()"


@pytest.fixture
def here(tmp_path):
    """A data folder whose restricted store is there, and as closed to others as a run leaves it."""
    made = Settings(data=tmp_path / "data")
    made.make_restricted()
    with warehouse.connected(made.people):
        pass
    made.people.chmod(0o600)
    return made


@contextmanager
def run(here):
    resource = Warehouse(database=str(here.warehouse), connection_config=connection_config(here))
    with resource.yield_for_execution(dg.build_init_resource_context()):
        yield resource


@contextmanager
def another_process(path):
    """Another process that opens a file, and the first line that it says of it."""
    command = [sys.executable, "-W", "ignore", "-c", OPEN, str(path)]
    with subprocess.Popen(  # noqa: S603 - ours
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as other:
        yield other.stdout.readline().strip()
        other.stdin.close()


def test_steps_share_the_store_and_another_process_waits_for_the_run(here):
    with run(here):
        for _ in range(2):
            with warehouse.connected(here.people) as con:
                con.execute("create or replace table extract.kept as select 1 as one")
        assert here.people.stat().st_mode & 0o777 == 0o600
        with another_process(here.people) as said:
            assert said == b""
    with another_process(here.people) as said:
        assert said == b"open"
    assert not here.people.with_name("people.duckdb.wal").exists()


def test_a_store_that_another_process_has_is_refused_where_it_is_wanted(here):
    with another_process(here.people) as said, run(here):
        assert said == b"open"
        with (
            pytest.raises(RefusedError, match=r"^people\.duckdb is in use by another run\. Wait"),
            warehouse.connected(here.people),
        ):
            pass


def damaged(path):
    path.write_bytes(b"no database")


def gone(path):
    path.unlink()


@pytest.mark.parametrize("how", [damaged, gone])
def test_a_run_that_wants_nothing_of_the_store_is_not_kept_by_one_that_is(here, how):
    how(here.people)
    before = here.people.exists()
    with run(here):
        assert here.warehouse.exists()

    assert here.people.exists() == before


def test_runs_that_follow_one_another_write_ahead_and_the_last_end_brings_the_file_up_to_date(here):
    log = here.warehouse.with_name("warehouse.duckdb.wal")
    with kept_open(here):
        for number in (1, 2):
            with run(here) as resource, resource.connected() as con:
                con.execute(f"create table extract.run_{number} as select wilson_lower(5, 10) as w")
            assert log.stat().st_size > 0
            for file in (here.warehouse, here.people):
                with another_process(file) as said:
                    assert said == b""
    assert not log.exists()
    with warehouse.connected(here.warehouse, read_only=True) as con:
        kept = con.execute("from extract.run_1 union all from extract.run_2").fetchall()
    assert kept == [(pytest.approx(0.2366, abs=0.0001),)] * 2


def test_a_store_that_cannot_be_opened_is_left_to_the_steps(here):
    damaged(here.people)
    with kept_open(here), run(here):
        assert here.warehouse.exists()


def test_a_warehouse_that_cannot_be_opened_is_left_to_the_runs(here, monkeypatch):
    monkeypatch.setattr("dagster_duckdb.resource.backoff", lambda fn, kwargs, **_: fn(**kwargs))
    damaged(here.warehouse)
    with (
        kept_open(here),
        pytest.raises(duckdb.Error, match="not a valid DuckDB"),
        run(here),
    ):
        pass
