"""measure.callbacks: what became of the explanations owed, and whether they came in time."""

import pandera.pandas as pa

from csip_pipeline.measure.fields import duration, fraction
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Claim, Day, Promise, Real, Text, Whole, rule
from csip_pipeline.reference.channels import CHANNELS
from csip_pipeline.reference.tables import CLOCKS
from csip_pipeline.rules import Column, Rows, is_known, is_one_of


class Callbacks(Promise):
    """One row per month and kind of promise (level kind), and per month of all kinds (level all).

    Counts notices of publish.callback_list: one per person, panel cycle and kind of promise, in the
    first month that it is about. notices is all that were owed; those withdrawn before anybody was
    told stand apart. late was not explained by the end of the London day due_by, as of the newest
    as_at of all the list; judged is those whose day is past, late or explained in time.
    is_provisional: some notice is not judged yet.
    """

    month: Day
    level: Text = pa.Field(isin=["kind", "all"])
    channel: Text = pa.Field(isin=CHANNELS, nullable=True)
    clock: Text = pa.Field(isin=CLOCKS, nullable=True)
    notices: Whole = pa.Field(ge=0)
    due: Whole = pa.Field(ge=0)
    held: Whole = pa.Field(ge=0)
    issued: Whole = pa.Field(ge=0)
    explained: Whole = pa.Field(ge=0)
    tried: Whole = pa.Field(ge=0)
    unsafe: Whole = pa.Field(ge=0)
    not_contactable: Whole = pa.Field(ge=0)
    expired: Whole = pa.Field(ge=0)
    withdrawn: Whole = pa.Field(ge=0)
    ever_issued: Whole = pa.Field(ge=0)
    explained_share: Real = fraction()
    explained_share_lower: Real = fraction()
    explained_share_upper: Real = fraction()
    judged: Whole = pa.Field(ge=0)
    explained_in_time: Whole = pa.Field(ge=0)
    late: Whole = pa.Field(ge=0)
    explained_in_time_share: Real = fraction()
    explained_in_time_share_lower: Real = fraction()
    explained_in_time_share_upper: Real = fraction()
    median_seconds_to_explanation: Real = duration()
    median_seconds_to_explanation_lower: Real = duration()
    median_seconds_to_explanation_upper: Real = duration()
    is_provisional: Claim

    @rule("the states must sum to the notices owed")
    def states_add_up(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Nobody who is owed an explanation vanishes, and nobody is in two states."""
        open_ones = rows["due"] + rows["held"] + rows["issued"]
        tried = rows["explained"] + rows["tried"] + rows["unsafe"] + rows["not_contactable"]
        return rows["notices"] == open_ones + tried + rows["expired"]

    @rule("those judged must be late or explained in time, and all of them owed")
    def judged_add_up(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Nobody is in time and late at once, and nothing withdrawn is either."""
        in_time = rows["judged"] - rows["late"]
        told_in_time = (in_time >= 0) & (in_time <= rows["explained_in_time"])
        return told_in_time & (rows["explained_in_time"] + rows["late"] <= rows["notices"])

    @rule("a kind of promise must be named by channel and clock, and nothing else by either")
    def kinds_are_named(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """The row of all kinds is of no channel and no clock."""
        is_kind = is_one_of(rows["level"], ["kind"])
        return (is_known(rows["channel"]) == is_kind) & (is_known(rows["clock"]) == is_kind)


TABLE = Table("measure.callbacks", Callbacks, ("measure/callbacks",), is_history=True)
