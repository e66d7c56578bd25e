"""What a row of a pack is about, in the panel's words: a line, a channel, a service, or all."""

from collections.abc import Iterable

import pandas as pd

from csip_pipeline.publish.pack_tables import CHANNEL_TITLES
from csip_pipeline.publish.workbook import Column, Table

ALL = "All contact"
LINES = ("101", "999")
SUBJECT = Column("subject", "Line or channel")
PROVISIONAL = Column("is_provisional", "Provisional", notes=("provisional",))


def with_subjects(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with `subject`: what their level, channel and line mean to a reader."""
    named = [
        subject_of(*row) for row in rows[["channel", "line"]].itertuples(index=False, name=None)
    ]
    return rows.assign(subject=pd.Series(named, index=rows.index, dtype="object"))


def lines_and_channels(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a month for each telephone line, and for each channel that has no lines."""
    has_lines = rows["channel"] == "telephone"
    is_line = (rows["level"] == "line") & has_lines
    is_channel = (rows["level"] == "channel") & ~has_lines
    return with_subjects(rows[is_line | is_channel]).reset_index(drop=True)


def with_rows(tables: Iterable[Table]) -> tuple[Table, ...]:
    """The tables that have anything to say: a force without a service has no sheet about it."""
    return tuple(table for table in tables if len(table.rows))


def service_titles(rows: pd.DataFrame) -> pd.Series:
    """Online services by the names that the panel knows."""
    return rows["title"].fillna("All services")


def subject_of(channel: object, line: object) -> str:
    """What a channel and line mean to a reader; a missing one is none in particular."""
    if pd.isna(channel):
        return ALL
    if pd.isna(line):
        return CHANNEL_TITLES[str(channel)]
    return f"{line} calls" if line in LINES else "Other calls"
