"""A month's run is remembered from its beginning until one has got through."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from csip_pipeline import calendars
from csip_pipeline.extract import unfinished_months
from csip_pipeline.warehouse import Connection

JOB, PARTITION = "month", "dagster/partition"


@contextmanager
def remembered(con: Connection, context: dg.InitResourceContext) -> Iterator[None]:
    """Keep the run's month among the unfinished ones unless every step of the run gets through."""
    run, instance = context.run, context.instance
    if run is None or instance is None or run.job_name != JOB or PARTITION not in run.tags:
        yield
        return
    month = calendars.parse_month(run.tags[PARTITION])
    unfinished_months.begin(con, month)
    yield
    failures = instance.get_records_for_run(
        run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE, limit=1
    )
    if not failures.records:
        unfinished_months.finish(con, month)
