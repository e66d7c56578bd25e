"""The list by which the contact centre finds the recordings of a sample. It is restricted."""

import csv
import io
from pathlib import Path

from csip_pipeline import warehouse
from csip_pipeline.calendars import Cycle
from csip_pipeline.publish.sampling import freezing
from csip_pipeline.publish.tables_csv import inert
from csip_pipeline.publish.workbook_files import put
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings
from csip_pipeline.warehouse import Connection

QUERY = "publish/sampling/recordings"


def write(con: Connection, here: Settings, cycle: Cycle) -> Path:
    """Write the list of a cycle's calls, and return its path.

    Raises RefusedError where nothing is drawn.
    """
    rows = warehouse.fetch_arrow(con, warehouse.read_query(QUERY), {"cycle": cycle.cycle})
    if len(rows) == 0:
        raise RefusedError(f"The sample of {cycle.cycle} is not drawn yet: csip sample draw")
    text = io.StringIO()
    writer = csv.DictWriter(text, rows.column_names, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(
        {name: _safe(value) for name, value in row.items()} for row in rows.to_pylist()
    )
    path = freezing.make_samples(here) / f"{cycle.cycle}_calls.csv"
    put(path, text.getvalue().encode())
    path.chmod(0o600)
    return path


def _safe(value: object) -> object:
    return inert(value) if isinstance(value, str) else value
