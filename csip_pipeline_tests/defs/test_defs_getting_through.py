"""A month is finished by a run of all its steps, and by nothing less."""

import datetime as dt
from contextlib import suppress
from types import SimpleNamespace

import pytest

from csip_pipeline import warehouse
from csip_pipeline.defs import getting_through
from csip_pipeline.extract import unfinished_months

OCTOBER = dt.date(2026, 10, 1)


class Killed(BaseException):
    """What ends a process from outside."""


def context(*, job="month", failures=()):
    """What Dagster tells a resource of the run that it is for."""
    run = SimpleNamespace(job_name=job, tags={getting_through.PARTITION: "2026-10"}, run_id="1")
    found = SimpleNamespace(records=list(failures))
    return SimpleNamespace(
        run=run, instance=SimpleNamespace(get_records_for_run=lambda *_, **__: found)
    )


def left(con, told, *, ended_by=None):
    """The months that are unfinished while a run is under way, and after it."""
    during = None
    with suppress(Killed), getting_through.remembered(con, told):
        during = unfinished_months.read(con)
        if ended_by is not None:
            raise ended_by
    return during, unfinished_months.read(con)


@pytest.mark.parametrize(
    ("failures", "ended_by", "after"),
    [
        pytest.param([], None, set(), id="every step got through"),
        pytest.param(["a step that failed"], None, {OCTOBER}, id="a step was refused"),
        pytest.param([], Killed(), {OCTOBER}, id="cut short"),
    ],
)
def test_a_month_is_finished_only_where_every_step_got_through(tmp_path, failures, ended_by, after):
    with warehouse.connected(tmp_path / "warehouse.duckdb") as con:
        told = context(failures=failures)

        assert left(con, told, ended_by=ended_by) == ({OCTOBER}, after)
        assert left(con, context()) == ({OCTOBER}, set())


def test_a_run_of_a_part_of_a_month_neither_begins_nor_finishes_it(tmp_path):
    with warehouse.connected(tmp_path / "warehouse.duckdb") as con:
        alone = left(con, context(job="callbacks"))
        unfinished_months.begin(con, OCTOBER)

        assert alone == (set(), set())
        assert left(con, context(job="callbacks")) == ({OCTOBER}, {OCTOBER})
