"""measure.service_levels: how many callers were answered in time, in every way it is counted."""

import pandera.pandas as pa

from csip_pipeline.promises import Day, Promise, Real, Text, Whole, rule
from csip_pipeline.rules import Column, Rows
from csip_pipeline.warehouse import Table

CLOCKS = ["end_to_end", "queue"]
LEVELS = ["channel", "line", "queue"]
VARIANTS = [
    "service_level",
    "service_level_answered_only",
    "service_level_crediting_early_abandons",
    "service_level_ignoring_early_abandons",
    "service_level_ignoring_short_abandons",
]


def _share() -> Real:
    share: Real = pa.Field(nullable=True, ge=0, le=1)
    return share


class ServiceLevels(Promise):
    """One row per clock and channel, line or queue (level): offered, answered, abandoned, in time.

    Do not add levels up: a channel's row already holds its lines, and a line's its queues. The
    clock end_to_end counts calls and their whole wait; the clock queue counts stays in a queue,
    as a switch does. A service level is null where nobody was offered, or where some of the
    contacts had no standard. `_lower` and `_upper` are the 95 % Wilson interval.
    """

    month: Day
    clock: Text = pa.Field(isin=CLOCKS)
    level: Text = pa.Field(isin=LEVELS)
    channel: Text
    line: Text = pa.Field(nullable=True)
    queue: Text = pa.Field(nullable=True)
    within_seconds: Real = pa.Field(nullable=True)
    boundary: Text = pa.Field(nullable=True)
    target_share: Real = _share()
    offered: Whole = pa.Field(ge=0)
    answered: Whole = pa.Field(ge=0)
    abandoned: Whole = pa.Field(ge=0)
    other_outcomes: Whole = pa.Field(ge=0)
    answered_within: Whole = pa.Field(nullable=True, ge=0)
    abandoned_within: Whole = pa.Field(nullable=True, ge=0)
    abandoned_short: Whole = pa.Field(nullable=True, ge=0)
    service_level: Real = _share()
    service_level_lower: Real = _share()
    service_level_upper: Real = _share()
    service_level_answered_only: Real = _share()
    service_level_answered_only_lower: Real = _share()
    service_level_answered_only_upper: Real = _share()
    service_level_crediting_early_abandons: Real = _share()
    service_level_crediting_early_abandons_lower: Real = _share()
    service_level_crediting_early_abandons_upper: Real = _share()
    service_level_ignoring_early_abandons: Real = _share()
    service_level_ignoring_early_abandons_lower: Real = _share()
    service_level_ignoring_early_abandons_upper: Real = _share()
    service_level_ignoring_short_abandons: Real = _share()
    service_level_ignoring_short_abandons_lower: Real = _share()
    service_level_ignoring_short_abandons_upper: Real = _share()
    abandoned_share: Real = _share()
    mean_wait_seconds: Real = pa.Field(nullable=True, ge=0)
    median_wait_seconds: Real = pa.Field(nullable=True, ge=0)
    p90_wait_seconds: Real = pa.Field(nullable=True, ge=0)
    longest_wait_seconds: Real = pa.Field(nullable=True, ge=0)

    @rule("offered must equal answered + abandoned")
    def offered_adds_up(cls, levels: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Everybody offered was either answered or gave up."""
        return levels["offered"] == levels["answered"] + levels["abandoned"]


TABLE = Table("measure.service_levels", ServiceLevels, ("measure/service_levels",))
