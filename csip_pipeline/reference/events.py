"""The promises of events.csv and channel_costs.csv: what happened when, and what contact costs."""

import pandera.pandas as pa

from csip_pipeline.promises import Day, Promise, Real, Text, rule
from csip_pipeline.reference.channels import CHANNELS
from csip_pipeline.rules import Column, Rows, before, is_first, is_null

HEADLINES = [
    "abandoned_share",
    "avoidable_share",
    "contacts",
    "digital_share",
    "digital_takeup",
    "kept_share",
    "lost_share",
    "median_wait_seconds",
    "offered",
    "p90_wait_seconds",
    "repeat_share_28",
    "service_level",
    "telephoned_72h_share",
]
"""The measures whose trends are drawn, and on which an event may bear."""
EVENT_KINDS = ["campaign", "telephony", "menu", "staffing", "outage", "recording", "other"]


class Events(Promise):
    """One row per dated event: a campaign, new telephony, a change of menu, an outage.

    measure and subject narrow what it bears on (a measure of measure.trends; a line, channel or
    service); null means all. rebases says that limits start afresh from the first whole month on or
    after happened_on. A null ended_on means that it lasts.
    """

    event: Text = pa.Field(unique=True)
    title: Text
    kind: Text = pa.Field(isin=EVENT_KINDS)
    happened_on: Day
    ended_on: Day = pa.Field(nullable=True)
    measure: Text = pa.Field(nullable=True, isin=HEADLINES)
    subject: Text = pa.Field(nullable=True)
    rebases: Text = pa.Field(isin=["yes", "no"])

    @rule("an event must not end before it happened")
    def in_order(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """The last day is not before the first."""
        return is_null(table["ended_on"]) | (table["happened_on"] <= table["ended_on"])


class ChannelCosts(Promise):
    """One row per channel and the days for which its unit cost was worked out, in pounds a contact.

    Published unit costs differ widely, so each is a range; citation says where it is from.
    """

    channel: Text = pa.Field(isin=CHANNELS)
    unit_cost_low: Real = pa.Field(ge=0)
    unit_cost_high: Real = pa.Field(ge=0)
    citation: Text
    applies_from_on: Day
    applies_until_on: Day = pa.Field(nullable=True)

    @rule("the low cost must not be above the high one")
    def is_a_range(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """A range goes up."""
        return table["unit_cost_low"] <= table["unit_cost_high"]

    @rule("a cost must begin before it ends")
    def begins_before_it_ends(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """The last day comes after the first."""
        return is_null(table["applies_until_on"]) | (
            table["applies_from_on"] < table["applies_until_on"]
        )

    @rule("two costs of a channel must not overlap in time")
    def no_two_at_once(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Each day has at most one cost of a channel."""
        ended_on = before(table, "applies_until_on", "applies_from_on", within=("channel",))
        return is_first(table, "applies_from_on", within=("channel",)) | (
            ended_on <= table["applies_from_on"]
        )
