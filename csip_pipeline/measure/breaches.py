"""measure.breaches: every promise that was missed, in the words in which it was made."""

import pandera.pandas as pa

from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Claim, Day, Moment, Promise, Real, Text
from csip_pipeline.reference.channels import CHANNELS
from csip_pipeline.reference.tables import CLOCKS


class Breaches(Promise):
    """One row per missed clock, with the wording and citation of the standard it missed.

    Breaches are not people: one person may have several, and a withheld number has none to call
    back (person_key is null). explain_by_on counts from the day the standard was missed.
    """

    month: Day
    contact_id: Text
    clock: Text = pa.Field(isin=CLOCKS)
    channel: Text = pa.Field(isin=CHANNELS)
    line: Text = pa.Field(nullable=True)
    queue: Text
    standard_id: Text
    received_at: Moment
    due_at: Moment
    within_seconds: Real
    clock_seconds: Real = pa.Field(nullable=True)
    is_still_waiting: Claim
    wording: Text
    citation: Text
    explain_by_on: Day = pa.Field(nullable=True)
    reason: Text = pa.Field(nullable=True)
    person_key: Text = pa.Field(nullable=True)


TABLE = Table("measure.breaches", Breaches, ("measure/breaches",))
