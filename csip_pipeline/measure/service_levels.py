"""measure.service_levels: how many callers were answered in time, in every way it is counted."""

import pandera.pandas as pa

from csip_pipeline.measure.fields import duration, fraction
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Day, Promise, Real, Text, Whole, rule
from csip_pipeline.rules import Column, Rows

CLOCKS = ["end_to_end", "queue"]
LEVELS = ["channel", "line", "queue", "channel_hour", "line_hour"]
VARIANTS = [
    "service_level",
    "service_level_answered_only",
    "service_level_crediting_early_abandons",
    "service_level_ignoring_early_abandons",
    "service_level_ignoring_short_abandons",
]
BANDS = [
    "waits_under_10_seconds",
    "waits_10_to_60_seconds",
    "waits_1_to_5_minutes",
    "waits_5_to_10_minutes",
    "waits_10_to_20_minutes",
    "waits_20_minutes_or_more",
    "waits_unknown",
]


class ServiceLevels(Promise):
    """One row per clock and channel, line, queue or hour of the week (level): offered to in time.

    Do not add levels up: a channel's row already holds its lines, and a line's its queues. The
    clock end_to_end counts calls and their whole wait; the clock queue counts stays in a queue,
    as a switch does. A service level is null where nobody was offered, or where some of the
    contacts had no standard. Hours of the week (weekday 1 is Monday, hour in London) are levels of
    their own, of the clock end_to_end only. Waits are of those answered, but for
    *_wait_of_offered_seconds, which takes those who gave up as waits cut short (Kaplan-Meier).
    `_lower` and `_upper` are 95 % intervals: Wilson's of a share, order statistics' of a median.
    """

    month: Day
    clock: Text = pa.Field(isin=CLOCKS)
    level: Text = pa.Field(isin=LEVELS)
    channel: Text
    line: Text = pa.Field(nullable=True)
    queue: Text = pa.Field(nullable=True)
    weekday: Whole = pa.Field(nullable=True, ge=1, le=7)
    hour: Whole = pa.Field(nullable=True, ge=0, le=23)
    within_seconds: Real = pa.Field(nullable=True)
    boundary: Text = pa.Field(nullable=True)
    target_share: Real = fraction()
    offered: Whole = pa.Field(ge=0)
    answered: Whole = pa.Field(ge=0)
    abandoned: Whole = pa.Field(ge=0)
    other_outcomes: Whole = pa.Field(ge=0)
    answered_within: Whole = pa.Field(nullable=True, ge=0)
    abandoned_within: Whole = pa.Field(nullable=True, ge=0)
    abandoned_short: Whole = pa.Field(nullable=True, ge=0)
    service_level: Real = fraction()
    service_level_lower: Real = fraction()
    service_level_upper: Real = fraction()
    service_level_answered_only: Real = fraction()
    service_level_answered_only_lower: Real = fraction()
    service_level_answered_only_upper: Real = fraction()
    service_level_crediting_early_abandons: Real = fraction()
    service_level_crediting_early_abandons_lower: Real = fraction()
    service_level_crediting_early_abandons_upper: Real = fraction()
    service_level_ignoring_early_abandons: Real = fraction()
    service_level_ignoring_early_abandons_lower: Real = fraction()
    service_level_ignoring_early_abandons_upper: Real = fraction()
    service_level_ignoring_short_abandons: Real = fraction()
    service_level_ignoring_short_abandons_lower: Real = fraction()
    service_level_ignoring_short_abandons_upper: Real = fraction()
    abandoned_share: Real = fraction()
    mean_wait_seconds: Real = duration()
    median_wait_seconds: Real = duration()
    median_wait_seconds_lower: Real = duration()
    median_wait_seconds_upper: Real = duration()
    p90_wait_seconds: Real = duration()
    p95_wait_seconds: Real = duration()
    longest_wait_seconds: Real = duration()
    median_wait_of_offered_seconds: Real = duration()
    p90_wait_of_offered_seconds: Real = duration()
    mean_first_queue_wait_seconds: Real = duration()
    mean_hidden_wait_seconds: Real = duration()
    hidden_wait_share: Real = fraction()
    waits_under_10_seconds: Whole = pa.Field(ge=0)
    waits_10_to_60_seconds: Whole = pa.Field(ge=0)
    waits_1_to_5_minutes: Whole = pa.Field(ge=0)
    waits_5_to_10_minutes: Whole = pa.Field(ge=0)
    waits_10_to_20_minutes: Whole = pa.Field(ge=0)
    waits_20_minutes_or_more: Whole = pa.Field(ge=0)
    waits_unknown: Whole = pa.Field(ge=0)

    @rule("offered must equal answered + abandoned")
    def offered_adds_up(cls, levels: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Everybody offered was either answered or gave up."""
        return levels["offered"] == levels["answered"] + levels["abandoned"]

    @rule("the wait bands must sum to answered")
    def bands_add_up(cls, levels: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Everybody answered waited some time."""
        return levels["answered"] == sum((levels[band] for band in BANDS[1:]), levels[BANDS[0]])


TABLE = Table("measure.service_levels", ServiceLevels, ("measure/service_levels",))
