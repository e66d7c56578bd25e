"""The panel pack of a cycle, as plain data: cover, notes, tables and charts, in reading order."""

from csip_pipeline.publish import (
    pack_answering,
    pack_channels,
    pack_charts,
    pack_control,
    pack_definitions,
    pack_demand,
    pack_explanations,
    pack_giving_up,
    pack_headlines,
    pack_hours,
    pack_intake_tables,
    pack_notes,
    pack_panel,
    pack_recommendations,
    pack_rules,
    pack_staffing,
    pack_tables,
    pack_trends,
    pack_waits,
    pack_words,
)
from csip_pipeline.publish.pack_drafts import Draft, Drawn
from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.pack_subjects import with_rows
from csip_pipeline.publish.pack_words import Audience
from csip_pipeline.publish.workbook import Properties, Table, Workbook


def draft(figures: Figures) -> Draft:
    """Every table and chart of the pack with nothing hidden. The same figures give the same one."""
    latest = pack_trends.latest(figures)
    return Draft(
        (
            pack_headlines.table(pack_headlines.headlines(figures, latest)),
            *_answering(figures),
            pack_tables.response_times(figures),
            *_channels(figures),
            *with_rows(
                (pack_demand.avoidable_demand(figures), pack_demand.repeat_contacts(figures))
            ),
            pack_tables.breaches(figures),
            *with_rows(
                (
                    pack_explanations.explanations(figures),
                    *pack_trends.trends(latest),
                )
            ),
            *pack_control.items(figures),
            *with_rows(
                (
                    pack_trends.effects(figures),
                    pack_recommendations.recommendations(figures, latest),
                    pack_rules.definition_bridge(figures),
                    *pack_staffing.staffing(figures),
                )
            ),
            *pack_panel.tables(figures),
            pack_intake_tables.data_quality(figures),
            pack_intake_tables.arrivals(figures),
            pack_intake_tables.missing_hours(figures),
            pack_definitions.table(),
        )
    )


def workbook(figures: Figures, whole: Draft, revision: int, audience: Audience) -> Workbook:
    """A draft finished for an audience. The same arguments always give the same workbook."""
    headlines = whole.tables[pack_headlines.NAME]
    return Workbook(
        cover=pack_words.cover(figures, revision, headlines, audience),
        items=whole.finished(),
        properties=Properties(
            title=f"{figures.about['panel']}: {pack_words.title(figures.cycle)}",
            author=str(figures.about["office"]),
            subject=str(figures.about["name"]),
            created=figures.about["as_at"].to_pydatetime(warn=False),
        ),
        notes=pack_notes.NOTES,
    )


def _answering(figures: Figures) -> tuple[Table | Drawn, ...]:
    """What is said of calls and chats; nothing where no feed has anybody wait in a queue."""
    if figures.service_levels.empty:
        return ()
    performance = pack_answering.answer_performance(figures)
    return (
        Drawn(performance.name, pack_charts.answer_performance),
        performance,
        pack_answering.service_levels(figures),
        pack_answering.service_level_variants(figures),
        pack_waits.waits(figures),
        pack_waits.median_waits(figures),
        pack_waits.wait_bands(figures),
        pack_waits.hidden_waits(figures),
        pack_answering.queues(figures),
        *with_rows(
            (
                pack_giving_up.abandonment(figures),
                pack_giving_up.fates(figures),
                pack_hours.demand(figures),
                pack_hours.in_time(figures),
            )
        ),
    )


def _channels(figures: Figures) -> tuple[Table | Drawn, ...]:
    """What is said of how people get in touch."""
    shares = pack_tables.channel_shares(figures)
    return (
        Drawn(shares.name, pack_charts.channel_shares),
        shares,
        pack_tables.channel_contacts(figures),
        *with_rows(
            (
                pack_channels.channel_change(figures),
                pack_channels.digital_takeup(figures),
                pack_channels.form_completion(figures),
                pack_channels.leakage(figures),
                pack_channels.savings(figures),
            )
        ),
    )
