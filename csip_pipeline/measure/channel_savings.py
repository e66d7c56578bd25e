"""measure.channel_savings: the capacity that contact online frees, as a range."""

import pandera.pandas as pa

from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Claim, Day, Promise, Real, Text, Whole, rule
from csip_pipeline.reference.channels import CHANNELS
from csip_pipeline.rules import Column, Rows, is_null


class ChannelSavings(Promise):
    """One row per online channel (web form, web chat): its net shift in telephone contacts' cost.

    In pounds, as a range, of capacity and not of cash: no budget falls by it. Shift and leakage are
    those of channel_leakage, by channel. net_shift_at_least also takes off as many of those who
    cannot be followed as the upper end of the leakage interval says; all of them where nobody can
    be followed, as in a month without telephony. The costs are those in force on the first of the
    month; savings are null where channel_costs.csv has none for the channel or the telephone, and
    below 0 where the channel costs more. Provisional until telephony reaches 72 hours
    beyond the month's last contact, and where it sent nothing.
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

    @rule("net shift must be gross shift less what leaked, and what is certain not above it")
    def net_is_net(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Leakage comes off once."""
        net, at_least = rows["net_shift"], rows["net_shift_at_least"]
        return (net == rows["gross_shift"] - rows["leaked"]) & (at_least <= net)

    @rule("the low saving must not be above the high one")
    def is_a_range(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """A range goes up."""
        return is_null(rows["saving_low"]) | (rows["saving_low"] <= rows["saving_high"])


TABLE = Table(
    "measure.channel_savings", ChannelSavings, ("measure/channel_savings",), looks_at=(0, 1)
)
