"""Say, in the temporary table `deliveries`, what each delivered file has to do with one month."""

import datetime as dt

import pyarrow as pa

from csip_pipeline import warehouse
from csip_pipeline.extract.deliveries import Delivery

DELIVERY = pa.schema(
    [
        ("file_id", pa.int64()),
        ("source", pa.string()),
        ("file", pa.string()),
        ("sha256", pa.string()),
        ("extracted_at", pa.timestamp("us", "UTC")),
        ("file_rows", pa.int64()),
        ("is_copy", pa.bool_()),
        ("rows_in_month", pa.int64()),
        ("rows_in_no_cycle", pa.int64()),
        ("home_month", pa.date32()),
        ("bears", pa.bool_()),
        ("basis", pa.string()),
        ("folder", pa.string()),
    ]
)


def lay_out(
    con: warehouse.Connection, own: list[Delivery], month: dt.date, covered: set[dt.date]
) -> list[Delivery]:
    """Make `deliveries`; return the files that are not a copy of one declared earlier."""
    ordered = sorted(own, key=lambda delivery: (delivery.extracted_at, delivery.path.name))
    seen: set[str] = set()
    rows, first_copies = [], []
    for file_id, delivery in enumerate(ordered, start=1):
        is_copy = delivery.sha256 in seen
        seen.add(delivery.sha256)
        if not is_copy:
            first_copies.append(delivery)
        rows.append(
            {
                "file_id": file_id,
                "source": delivery.source.name,
                "file": delivery.path.name,
                "sha256": delivery.sha256,
                "extracted_at": delivery.extracted_at,
                "file_rows": delivery.received,
                "is_copy": is_copy,
                "rows_in_month": delivery.months.get(month, 0),
                "rows_in_no_cycle": delivery.rows_in_no_cycle(month, covered),
                "home_month": delivery.home_month,
                "bears": month in delivery.bears_on,
                "basis": delivery.basis,
                "folder": delivery.folder.name,
            }
        )
    con.register("deliveries_given", pa.Table.from_pylist(rows, DELIVERY))
    con.execute("create or replace temporary table deliveries as from deliveries_given")
    con.unregister("deliveries_given")
    return first_copies
