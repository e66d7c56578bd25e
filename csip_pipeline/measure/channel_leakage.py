"""measure.channel_leakage: who tried online and telephoned all the same."""

import pandera.pandas as pa

from csip_pipeline.measure.fields import fraction
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Claim, Day, Promise, Real, Text, Whole, rule
from csip_pipeline.rules import Column, Rows


class ChannelLeakage(Promise):
    """One row per online service, and one for all of them (level): gross and net channel shift.

    gross_shift counts contacts by web form and web chat; leaked those whose person then telephoned
    within 72 hours; net_shift is the difference. Only somebody who left a telephone number can be
    found again: not_followed counts the contacts of everybody else. people are those who can be
    followed, once for each service; the shares are of them. Provisional until the extracts reach
    72 hours beyond the month.
    """

    month: Day
    level: Text = pa.Field(isin=["all", "service"])
    service: Text = pa.Field(nullable=True)
    gross_shift: Whole = pa.Field(ge=0)
    leaked: Whole = pa.Field(ge=0)
    net_shift: Whole = pa.Field(ge=0)
    not_followed: Whole = pa.Field(ge=0)
    people: Whole = pa.Field(ge=0)
    telephoned_24h: Whole = pa.Field(ge=0)
    telephoned_24h_share: Real = fraction()
    telephoned_24h_share_lower: Real = fraction()
    telephoned_24h_share_upper: Real = fraction()
    telephoned_72h: Whole = pa.Field(ge=0)
    telephoned_72h_share: Real = fraction()
    telephoned_72h_share_lower: Real = fraction()
    telephoned_72h_share_upper: Real = fraction()
    is_provisional: Claim

    @rule("net shift must be gross shift less what leaked")
    def net_is_net(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Leakage comes off once."""
        return rows["net_shift"] == rows["gross_shift"] - rows["leaked"]


TABLE = Table(
    "measure.channel_leakage", ChannelLeakage, ("measure/channel_leakage",), looks_at=(0, 1)
)
