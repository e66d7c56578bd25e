"""measure.abandonment: how many gave up, four ways, and what became of them."""

import pandera.pandas as pa

from csip_pipeline.measure.fields import fraction
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Claim, Day, Promise, Real, Text, Whole, rule
from csip_pipeline.rules import Column, Rows


class Abandonment(Promise):
    """One row per channel, line or queue (level): who gave up out of everybody offered, four ways.

    Gross (abandoned_share); after the seconds that its standard names (abandoned_after_share);
    without those whom the Force called back, within 24 hours or to explain (explained: told why
    their promise was missed before the third month after) (abandoned_net_of_callback_share); and
    those not heard of again on any channel within 24 hours (lost_share; lost_share_at_most adds
    those who cannot be followed). Do not add levels up. Counts calls and chats with their whole
    wait, end to end. is_net_provisional: somebody may yet be called back or told.
    """

    month: Day
    level: Text = pa.Field(isin=["channel", "line", "queue"])
    channel: Text
    line: Text = pa.Field(nullable=True)
    queue: Text = pa.Field(nullable=True)
    offered: Whole = pa.Field(ge=0)
    abandoned: Whole = pa.Field(ge=0)
    abandoned_share: Real = fraction()
    abandoned_share_lower: Real = fraction()
    abandoned_share_upper: Real = fraction()
    after_seconds: Whole = pa.Field(nullable=True, ge=0)
    abandoned_after: Whole = pa.Field(nullable=True, ge=0)
    abandoned_after_share: Real = fraction()
    abandoned_after_share_lower: Real = fraction()
    abandoned_after_share_upper: Real = fraction()
    called_back: Whole = pa.Field(ge=0)
    returned_101: Whole = pa.Field(ge=0)
    moved_to_999: Whole = pa.Field(ge=0)
    went_online: Whole = pa.Field(ge=0)
    lost: Whole = pa.Field(ge=0)
    unknown: Whole = pa.Field(ge=0)
    explained: Whole = pa.Field(ge=0)
    abandoned_net_of_callback_share: Real = fraction()
    abandoned_net_of_callback_share_lower: Real = fraction()
    abandoned_net_of_callback_share_upper: Real = fraction()
    lost_share: Real = fraction()
    lost_share_lower: Real = fraction()
    lost_share_upper: Real = fraction()
    lost_share_at_most: Real = fraction()
    is_provisional: Claim
    is_net_provisional: Claim

    @rule("the fates must sum to those who gave up")
    def fates_add_up(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Nobody who gave up vanishes, and nobody is counted under two fates."""
        heard = (
            rows["called_back"] + rows["returned_101"] + rows["moved_to_999"] + rows["went_online"]
        )
        return rows["abandoned"] == heard + rows["lost"] + rows["unknown"]

    @rule("those explained to must have given up and not been called back before")
    def explained_are_left(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Nobody is taken off twice."""
        return rows["explained"] <= rows["abandoned"] - rows["called_back"]


# the callback list of a month changes while outcomes come in, with the runs of the next two
TABLE = Table("measure.abandonment", Abandonment, ("measure/abandonment",), looks_at=(0, 1, 2))
