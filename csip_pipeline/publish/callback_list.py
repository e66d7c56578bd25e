"""publish.callback_list: who is owed an explanation, once each, and how far it has got."""

import pandera.pandas as pa

from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Claim, Day, Moment, Promise, Real, Text, Whole
from csip_pipeline.reference.channels import CHANNELS
from csip_pipeline.reference.tables import CLOCKS

STATES = [
    "due",
    "held",
    "issued",
    "explained",
    "tried",
    "unsafe",
    "not_contactable",
    "expired",
    "withdrawn",
]


class CallbackList(Promise):
    """One row per person, panel cycle and kind of promise that was missed in the month.

    However many breaches, files or reruns, it is one notice with one id, which stands in each month
    of its cycle that it is about. held means that nobody may call before a named reviewer has
    looked; withdrawn, that a correction took the breach away, or somebody decided, before anybody
    was told. is_withdrawn is true also where they had been told already: no breach of it stands.
    Everything is as the ledger (restricted/callbacks.duckdb) has it on the day as_at. Withheld
    numbers are not here.
    """

    month: Day
    notice_id: Text = pa.Field(unique=True, str_length={"min_value": 16, "max_value": 16})
    cycle: Text
    person_key: Text
    channel: Text = pa.Field(isin=CHANNELS)
    clock: Text = pa.Field(isin=CLOCKS)
    breaches: Whole = pa.Field(ge=0)
    received_at: Moment
    longest_seconds: Real = pa.Field(nullable=True, ge=0)
    is_still_waiting: Claim
    why: Text
    promised: Text
    due_by: Day
    priority: Whole = pa.Field(ge=1, le=3)
    held_because: Text = pa.Field(nullable=True)
    state: Text = pa.Field(isin=STATES)
    is_withdrawn: Claim
    issued_at: Moment = pa.Field(nullable=True)
    attempted_at: Moment = pa.Field(nullable=True)
    explained_at: Moment = pa.Field(nullable=True)
    as_at: Day


TABLE = Table("publish.callback_list", CallbackList, ("publish/callback_list",))
