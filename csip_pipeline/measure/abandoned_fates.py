"""measure.abandoned_fates: what became of each person who gave up waiting."""

import pandera.pandas as pa

from csip_pipeline.measure.fields import duration
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Claim, Day, Moment, Promise, Real, Text, rule
from csip_pipeline.reference.channels import CHANNELS
from csip_pipeline.rules import Column, Rows, is_known, is_one_of

FATES = ["called_back", "returned_101", "moved_to_999", "went_online", "lost", "unknown"]


class AbandonedFates(Promise):
    """One row per contact whose person gave up waiting: how they were next heard of in 24 hours.

    A callback by which the Force reached them in that time decides, else the first thing that
    happens. lost: not heard of again on any channel. unknown: they withheld their number, or it is
    one that many people share. For a call to 999, moved_to_999 is ringing 999 again. A row is
    provisional until the extracts reach the end of its 24 hours.
    """

    month: Day
    contact_id: Text = pa.Field(unique=True)
    channel: Text = pa.Field(isin=CHANNELS)
    line: Text = pa.Field(nullable=True)
    queue: Text
    gave_up_at: Moment
    wait_seconds: Real = duration()
    fate: Text = pa.Field(isin=FATES)
    heard_again_at: Moment = pa.Field(nullable=True)
    heard_after_seconds: Real = duration()
    is_provisional: Claim

    @rule("whoever was heard of again must say when, and nobody else may")
    def heard_means_heard(cls, fates: Rows) -> Column:  # noqa: N805 - Pandera's way
        """A fate and its moment agree."""
        is_silent = is_one_of(fates["fate"], ["lost", "unknown"])
        return is_silent != is_known(fates["heard_again_at"])


TABLE = Table(
    "measure.abandoned_fates", AbandonedFates, ("measure/abandoned_fates",), looks_at=(0, 1)
)
