"""The panel pack of a cycle, as plain data: cover, notes, tables and charts, in reading order."""

from csip_pipeline.publish import (
    pack_answering,
    pack_charts,
    pack_figures,
    pack_intake_tables,
    pack_tables,
    pack_words,
)
from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.workbook import Chart, Properties, Table, Workbook

READS = pack_figures.READS


def workbook(figures: Figures, revision: int) -> Workbook:
    """The whole pack. The same figures and revision always give the same workbook."""
    shares = pack_tables.channel_shares(figures)
    return Workbook(
        cover=pack_words.cover(figures, revision),
        items=(
            *_answering(figures),
            pack_tables.response_times(figures),
            pack_charts.channel_shares(shares),
            shares,
            pack_tables.channel_contacts(figures),
            pack_tables.breaches(figures),
            pack_intake_tables.data_quality(figures),
            pack_intake_tables.arrivals(figures),
            pack_intake_tables.missing_hours(figures),
        ),
        properties=Properties(
            title=f"{figures.about['panel']}: {pack_words.title(figures.cycle)}",
            author=str(figures.about["office"]),
            subject=str(figures.about["name"]),
            created=figures.about["as_at"].to_pydatetime(warn=False),
        ),
        notes=pack_words.NOTES,
    )


def _answering(figures: Figures) -> tuple[Table | Chart, ...]:
    """What is said of calls and chats; nothing where no feed has anybody wait in a queue."""
    if figures.service_levels.empty:
        return ()
    performance = pack_answering.answer_performance(figures)
    return (
        pack_charts.answer_performance(performance),
        performance,
        pack_answering.service_levels(figures),
        pack_answering.service_level_variants(figures),
        pack_answering.waits(figures),
        pack_answering.queues(figures),
    )
