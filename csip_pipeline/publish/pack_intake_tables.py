"""The tables of a pack that say what came in: every file's rows, arrivals, and missing hours."""

from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.pack_tables import FEED_TITLES, MONTH
from csip_pipeline.publish.workbook import Column, Table

STATUS_TITLES = {
    "on_time": "In time",
    "late": "Late",
    "missing": "Nothing came",
    "refused": "Refused",
}

TABLES = ("data_quality", "arrivals", "missing_hours")
"""The names of these tables: what they say is about the extracts, and no figure of contact."""


def data_quality(figures: Figures) -> Table:
    """What became of every row of every file, and which feeds sent nothing."""
    rows = figures.intake.assign(feed=figures.intake["feed"].map(FEED_TITLES))
    rows["file"] = rows["file"].fillna("No file arrived")
    counts = ("received", "accepted", "duplicate", "superseded", "quarantined", "out_of_scope")
    headings = ("Received", "Accepted", "Duplicate", "Superseded", "Unusable", "Out of scope")
    return Table(
        name="data_quality",
        sheet="Data quality",
        title="Data quality: what became of every row that suppliers sent",
        intro=(
            "Received = accepted + duplicate + superseded + unusable + out of scope, in every row.",
        ),
        columns=(
            MONTH,
            Column("feed", "Feed"),
            Column("file", "File", width=44),
            *(
                Column(name, heading, "count", notes=("intake",) if name == "received" else ())
                for name, heading in zip(counts, headings, strict=True)
            ),
        ),
        rows=rows,
    )


def arrivals(figures: Figures) -> Table:
    """Whether each supplier's system sent its months, and in time."""
    rows = figures.arrivals.assign(
        feed=figures.arrivals["feed"].map(FEED_TITLES),
        status=figures.arrivals["status"].map(STATUS_TITLES),
    )
    return Table(
        name="arrivals",
        sheet="Arrivals",
        title="Arrivals: whether each supplier's extract came, and in time",
        columns=(
            MONTH,
            Column("feed", "Feed"),
            Column("source", "System", width=28),
            Column("status", "Came", notes=("arrivals",)),
            Column("due_on", "Due by", "date", missing="[z]"),
            Column("first_extracted_at", "First extract made", "datetime", missing="[z]"),
            Column("files", "Files used", "count"),
        ),
        rows=rows,
    )


def missing_hours(figures: Figures) -> Table:
    """The hours in which a system that is usually busy logged nothing."""
    rows = figures.missing_hours.assign(feed=figures.missing_hours["feed"].map(FEED_TITLES))
    return Table(
        name="missing_hours",
        sheet="Missing hours",
        title="Missing hours: when a system that is usually busy logged nothing",
        intro=("What was not logged in these hours is in no figure of this pack.",),
        columns=(
            MONTH,
            Column("feed", "Feed"),
            Column("line", "Line", missing="[z]"),
            Column("began_at", "From", "datetime"),
            Column("ended_at", "To", "datetime"),
            Column("hours", "Hours", "count"),
            Column("expected_contacts", "Contacts usual then", "count", notes=("missing_hours",)),
        ),
        rows=rows,
    )
