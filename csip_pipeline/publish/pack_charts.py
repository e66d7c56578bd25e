"""The charts of a pack. Every value they plot is a cell of the table each one names."""

from csip_pipeline.publish import pack_words
from csip_pipeline.publish.pack_tables import CHANNEL_TITLES
from csip_pipeline.publish.workbook import Chart, Series, Table


def answer_performance(table: Table) -> Chart:
    """Service levels over the months, one line of the chart for each line or channel."""
    shares = [column for column in table.columns if column.kind == "share"]
    drawn = tuple(Series(column.name, column.heading) for column in shares)
    message = pack_words.performance_message(table)
    return Chart(
        sheet="Answer chart",
        title="Share of callers answered within the standard, by month",
        message=message,
        alt_text=f"Line chart of the service level by month. {message}",
        kind="line",
        table=table.name,
        category="month",
        series=drawn,
        y_axis="Answered in time",
        y_max=1,
    )


def channel_shares(table: Table) -> Chart:
    """How contact divides between the channels over the months."""
    channels = [column for column in table.columns if column.name in CHANNEL_TITLES]
    message = pack_words.digital_message(table)
    return Chart(
        sheet="Channel chart",
        title="Share of contact by channel and month",
        message=message,
        alt_text=f"Stacked columns of each channel's share of contact by month. {message}",
        kind="stacked_share",
        table=table.name,
        category="month",
        series=tuple(Series(column.name, column.heading) for column in channels),
        y_axis="Share of contact",
    )
