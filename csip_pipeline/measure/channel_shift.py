"""measure.channel_shift: how contact divides between the channels."""

import pandera.pandas as pa

from csip_pipeline.measure.fields import difference, fraction
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Day, Promise, Real, Text, Whole, rule
from csip_pipeline.reference.channels import CHANNELS
from csip_pipeline.rules import Column, Rows, is_null, total


class ChannelShift(Promise):
    """One row per channel: its contacts and its share of the month's contact from the public.

    Shares are null in a month for which an expected feed sent nothing: a share of an incomplete
    whole would mislead. *_change_on_last_month and _last_year are in points (0.01 is one percentage
    point), with Newcombe's 95 % interval (1998, method 10); null where either month has no share. A
    channel has a row if its feed is expected or it had contact in any of the three months. contacts
    is null for a channel whose own feed sent nothing.
    """

    month: Day
    channel: Text = pa.Field(isin=CHANNELS)
    contacts: Whole = pa.Field(nullable=True, ge=0)
    contacts_on_all_channels: Whole = pa.Field(ge=0)
    share: Real = fraction()
    digital_share: Real = fraction()
    share_change_on_last_month: Real = difference()
    share_change_on_last_month_lower: Real = difference()
    share_change_on_last_month_upper: Real = difference()
    share_change_on_last_year: Real = difference()
    share_change_on_last_year_lower: Real = difference()
    share_change_on_last_year_upper: Real = difference()
    digital_share_change_on_last_month: Real = difference()
    digital_share_change_on_last_month_lower: Real = difference()
    digital_share_change_on_last_month_upper: Real = difference()
    digital_share_change_on_last_year: Real = difference()
    digital_share_change_on_last_year_lower: Real = difference()
    digital_share_change_on_last_year_upper: Real = difference()
    feeds_missing: Text = pa.Field(nullable=True)

    @rule("shares must sum to 1 over the channels of a month")
    def shares_are_whole(cls, channels: Rows) -> Column:  # noqa: N805 - Pandera's way
        """No contact is counted twice or left out."""
        whole = total(channels, "share", within=["month"])
        return is_null(whole) | ((whole - 1).abs() < 1e-9)  # noqa: PLR2004 - rounding only


TABLE = Table(
    "measure.channel_shift", ChannelShift, ("measure/channel_shift",), looks_at=(-12, -1, 0)
)
