"""measure.channel_savings: the capacity that contact online frees, as a range."""

import pandera.pandas as pa

from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Claim, Day, Promise, Real, Text, Whole, rule
from csip_pipeline.reference.channels import CHANNELS
from csip_pipeline.rules import Column, Rows, is_null


class ChannelSavings(Promise):
    """One row per online channel: its net shift times what a telephone contact costs more.

    In pounds, as a range, of capacity and not of cash: no budget falls by it. net_shift_at_least
    also takes off as many of those who cannot be followed as the upper end of the leakage interval
    says. Null where channel_costs.csv has no cost for the channel or the telephone.
    """

    month: Day
    channel: Text = pa.Field(isin=CHANNELS)
    gross_shift: Whole = pa.Field(ge=0)
    leaked: Whole = pa.Field(ge=0)
    not_followed: Whole = pa.Field(ge=0)
    net_shift: Whole = pa.Field(ge=0)
    net_shift_at_least: Whole = pa.Field(ge=0)
    saving_per_contact_low: Real = pa.Field(nullable=True)
    saving_per_contact_high: Real = pa.Field(nullable=True)
    saving_low: Real = pa.Field(nullable=True)
    saving_high: Real = pa.Field(nullable=True)
    kind: Text = pa.Field(isin=["capacity, not cash"])
    citation: Text = pa.Field(nullable=True)
    is_provisional: Claim

    @rule("the low saving must not be above the high one")
    def is_a_range(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """A range goes up."""
        return is_null(rows["saving_low"]) | (rows["saving_low"] <= rows["saving_high"])


TABLE = Table(
    "measure.channel_savings", ChannelSavings, ("measure/channel_savings",), looks_at=(0, 1)
)
