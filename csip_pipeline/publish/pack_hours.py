"""The tables of a pack that show the week by the hour: a row an hour, a column a weekday."""

import pandas as pd

from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.pack_subjects import SUBJECT, with_subjects
from csip_pipeline.publish.workbook import Column, Table
from csip_pipeline.publish.workbook_parts import Kind

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOUR = Column("hour", "Hour")
LONDON_HOURS = "Hours are those of London clocks; one in which nobody came on any day is left out."


def demand(figures: Figures) -> Table:
    """How many were offered in each hour of the week."""
    rows = _hours(figures)
    return Table(
        name="hours_of_the_week",
        sheet="Hours of the week",
        title="Hours of the week: everybody offered, in all weeks of the cycle together",
        intro=(LONDON_HOURS,),
        columns=(SUBJECT, HOUR, *weekdays("count")),
        rows=_with_counts(week(rows, "offered", nothing=0), rows, "offered"),
    )


def in_time(figures: Figures) -> Table:
    """The service level of each hour of the week."""
    rows = _hours(figures)
    return Table(
        name="hours_in_time",
        sheet="Hours in time",
        title="Hours of the week: service level, in all weeks of the cycle together",
        intro=(
            LONDON_HOURS,
            "An hour rests on few calls, so chance moves it a lot: look for hours alike in a row.",
        ),
        columns=(SUBJECT, HOUR, *weekdays("share")),
        rows=_with_counts(
            week(rows, "service_level", nothing="[z]"), rows, "answered_within", "offered"
        ),
    )


def weekdays(kind: Kind) -> list[Column]:
    """A column for each day of the week, Monday first."""
    return [Column(str(number), day, kind) for number, day in enumerate(WEEKDAYS, start=1)]


def week(rows: pd.DataFrame, value: str, *, nothing: object) -> pd.DataFrame:
    """A row for each subject and hour, a column ("1" to "7") for each weekday.

    `nothing` stands where there is no row of an hour.
    """
    hours = pd.MultiIndex.from_frame(rows[["subject", "hour"]].drop_duplicates()).sort_values()
    wide = {}
    for weekday in range(1, len(WEEKDAYS) + 1):
        own = rows[rows["weekday"] == weekday].set_index(["subject", "hour"])[value]
        is_absent = ~hours.isin(own.index)
        wide[str(weekday)] = own.astype("object").reindex(hours).mask(is_absent, nothing)
    table = pd.DataFrame(wide, index=hours).reset_index()
    return table.assign(hour=[f"{hour:02}:00 to {hour + 1:02}:00" for hour in table["hour"]])


def _with_counts(table: pd.DataFrame, rows: pd.DataFrame, *counts: str) -> pd.DataFrame:
    """The week with the counts that it rests on, in columns such as "offered 1"."""
    weeks = {name: week(rows, name, nothing=0) for name in counts}
    days = range(1, len(WEEKDAYS) + 1)
    return table.assign(
        **{f"{name} {day}": own[str(day)] for name, own in weeks.items() for day in days}
    )


def _hours(figures: Figures) -> pd.DataFrame:
    """The hours of all the cycle's months, added up."""
    rows = with_subjects(figures.hours)
    summed = rows.groupby(["subject", "weekday", "hour"])[["offered", "answered_within"]]
    hours = summed.agg(lambda values: values.sum(skipna=False)).reset_index()
    share = hours["answered_within"] / hours["offered"].where(hours["offered"] > 0)
    nobody = hours["offered"] == 0
    return hours.assign(service_level=share.astype("object").mask(nobody, "[z]"))
