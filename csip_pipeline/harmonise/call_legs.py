"""harmonise.call_legs: each stay of a call in a queue, as the switch itself counts it."""

import pandera.pandas as pa

from csip_pipeline.harmonise.contacts import OUTCOMES
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Day, Moment, Promise, Real, Text, Whole


class CallLegs(Promise):
    """One row per stay of a call in a queue, in the month its call was received.

    A switch reports on these, not on calls: somebody who waits 10 seconds for the switchboard and
    9 minutes for a crime recorder is two answered legs here, and one contact.
    """

    contact_id: Text
    leg: Whole = pa.Field(ge=1)
    month: Day
    channel: Text = pa.Field(isin=["telephone"])
    line: Text
    queue: Text
    received_at: Moment
    outcome: Text = pa.Field(isin=[*OUTCOMES, "transferred"])
    wait_seconds: Real = pa.Field(nullable=True, ge=0)


TABLE = Table("harmonise.call_legs", CallLegs, ("harmonise/call_legs",))
