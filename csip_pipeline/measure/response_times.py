"""measure.response_times: every contact against every promise that was in force for it."""

import pandera.pandas as pa

from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Day, Moment, Promise, Real, Text, rule
from csip_pipeline.reference.channels import CHANNELS
from csip_pipeline.reference.tables import CLOCKS
from csip_pipeline.rules import Column, Rows, is_known, is_one_of

STATUSES = ["met", "missed", "pending", "excluded"]


class ResponseTimes(Promise):
    """One row per contact and clock of a standard in force on the day it was received.

    The most particular standard applies: one for the queue before one for the line before one for
    the channel. within_seconds is the time allowed: the supplier's own due time where it gives
    one. clock_seconds is null while the clock still runs. A caller who gave up before the standard
    had passed is excluded: the Force can no longer keep or miss the promise.

    Under a calendar both are seconds of opening hours, and due_at is the first moment by which so
    many have passed; the supplier's due time is a moment, and no calendar bears on it (null).
    next_response is for social conversations and takes the longest of the waits in
    harmonise.further_messages, a miss first, then one that still lasts. callback runs from when a
    caller asked to be called back to when they were reached. paused_seconds, of resolution only, is
    never taken off: a pause cannot flatter a clock.
    """

    month: Day
    contact_id: Text
    clock: Text = pa.Field(isin=CLOCKS)
    channel: Text = pa.Field(isin=CHANNELS)
    line: Text = pa.Field(nullable=True)
    queue: Text
    standard_id: Text
    received_at: Moment
    within_seconds: Real = pa.Field(nullable=True)
    boundary: Text = pa.Field(isin=["<", "<="])
    due_at: Moment = pa.Field(nullable=True)
    clock_seconds: Real = pa.Field(nullable=True, ge=0)
    paused_seconds: Real = pa.Field(nullable=True, ge=0)
    calendar: Text = pa.Field(nullable=True)
    status: Text = pa.Field(isin=STATUSES)
    excluded_because: Text = pa.Field(nullable=True)
    as_of: Moment

    @rule("an excluded clock must say why, and no other may")
    def exclusions_are_explained(cls, clocks: Rows) -> Column:  # noqa: N805
        """Nothing is left out without a reason."""
        return is_one_of(clocks["status"], ["excluded"]) == is_known(clocks["excluded_because"])


TABLE = Table("measure.response_times", ResponseTimes, ("measure/response_times",))
