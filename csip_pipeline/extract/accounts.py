"""The promises of what intake keeps beside the feeds: dispositions, intake, restricted tables."""

import datetime as dt
import re

import pandera.pandas as pa

from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Day, Moment, Promise, Text, Whole, rule
from csip_pipeline.rules import Column, Rows
from csip_pipeline.warehouse import Connection

MARKED_UP = re.compile(r"[\\`*\[\]<>|!&]")
"""What Markdown would read as more than text in a file's name."""
ENDS = ["accepted", "duplicate", "superseded", "quarantined", "out_of_scope"]


class Dispositions(Promise):
    """One row per file, month and disposition: how many rows of the file met that end.

    The disposition `received` is counted when the file is read, apart from the others. A file that
    bears on a month without rows of its own in it has a `received` of 0. basis changes when the
    month must be taken in again on this file's account.
    """

    feed: Text
    month: Day
    source: Text
    file: Text
    sha256: Text
    extracted_at: Moment
    file_rows: Whole = pa.Field(ge=0)
    basis: Text
    disposition: Text = pa.Field(isin=["received", *ENDS])
    rows: Whole = pa.Field(ge=0)


class Refusals(Promise):
    """One row per feed and month that was refused when it was last run: why it kept what it had.

    The reason names files, rows and columns, and quotes nobody.
    """

    feed: Text
    month: Day
    reason: Text


class Intake(Promise):
    """One row per delivered file and month: what became of every row it holds for that month.

    A file that covers several months has a row for each. The same file delivered twice has two
    rows; all of the second are duplicates.
    """

    month: Day
    feed: Text
    source: Text
    file: Text
    sha256: Text
    extracted_at: Moment
    file_rows: Whole = pa.Field(ge=0)
    received: Whole = pa.Field(ge=0)
    accepted: Whole = pa.Field(ge=0)
    duplicate: Whole = pa.Field(ge=0)
    superseded: Whole = pa.Field(ge=0)
    quarantined: Whole = pa.Field(ge=0)
    out_of_scope: Whole = pa.Field(ge=0)

    @rule("received must equal accepted + duplicate + superseded + quarantined + out of scope")
    def reconciles(cls, files: Rows) -> Column:  # noqa: N805 - Pandera's way
        """No row is lost and none is invented."""
        return files["received"] == (
            files["accepted"]
            + files["duplicate"]
            + files["superseded"]
            + files["quarantined"]
            + files["out_of_scope"]
        )


INTAKE = Table("extract.intake", Intake, ("extract/intake",))


def totals(con: Connection, month: dt.date, *, of: str | None = None) -> dict[str, int]:
    """The month's rows received and how many met each end, in all feeds or of one."""
    query = (
        "select disposition, sum(rows)::bigint from extract.dispositions "
        "where month = $month and feed = coalesce($feed, feed) group by disposition"
    )
    found = dict(con.execute(query, {"month": month, "feed": of}).fetchall())
    return {end: found.get(end, 0) for end in ("received", *ENDS)}


def as_markdown(con: Connection, month: dt.date) -> str:
    """The month's intake as a table in Markdown: file names and counts only."""
    counts = ["received", *ENDS]
    query = f"select feed, file, {', '.join(counts)} from extract.intake where month = $month"
    found = con.execute(f"{query} order by feed, extracted_at, file", {"month": month}).fetchall()
    heads = ["feed", "file", *(count.replace("_", " ") for count in counts)]
    rows = [
        [feed, MARKED_UP.sub(r"\\\g<0>", file), *(f"{rows:,}" for rows in counted)]
        for feed, file, *counted in found
    ]
    rule_off = ["---", "---", *("---:" for _ in counts)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, rule_off, *rows))


class ContactPoints(Promise):
    """One row per feed, month and contact point seen: whom a pseudonym stands for. Restricted."""

    feed: Text
    month: Day
    person_key: Text
    kind: Text
    contact_point: Text


class Quarantine(Promise):
    """One row per promise that a quarantined row broke, with the row itself. Restricted."""

    feed: Text
    month: Day
    file: Text
    source_row: Whole
    column_name: Text
    promise: Text
    row: Text = pa.Field(nullable=True)
