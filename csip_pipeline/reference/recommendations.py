"""The promise of recommendations.csv: what the panel asked for, and what came of it."""

import pandera.pandas as pa

from csip_pipeline.promises import Day, Promise, Text, rule
from csip_pipeline.reference.events import HEADLINES
from csip_pipeline.rules import Column, Rows, is_known, is_null

OUTCOMES = ["done", "declined", "superseded"]


class Recommendations(Promise):
    """One row per recommendation of the panel, from the day it was made to the day it was closed.

    board_reference is where the Legitimacy Board took it up. owner is a post, never a person. An
    action is agreed on agreed_on, due by due_on, and closed with an outcome. measure and subject
    (as in measure.trends) say what it should move; event names the row of events.csv that dates
    what was done, so that the levels before and after can be told. What is empty is not known yet.
    """

    recommendation: Text = pa.Field(unique=True)
    made_on: Day
    wording: Text
    board_reference: Text = pa.Field(nullable=True)
    action: Text = pa.Field(nullable=True)
    owner: Text = pa.Field(nullable=True)
    agreed_on: Day = pa.Field(nullable=True)
    due_on: Day = pa.Field(nullable=True)
    closed_on: Day = pa.Field(nullable=True)
    outcome: Text = pa.Field(nullable=True, isin=OUTCOMES)
    measure: Text = pa.Field(nullable=True, isin=HEADLINES)
    subject: Text = pa.Field(nullable=True)
    event: Text = pa.Field(nullable=True)

    @rule("what was agreed must have an action, an owner and a day by which it is due")
    def agreed_means_owned(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Nothing is agreed that nobody is to do."""
        is_owned = is_known(table["action"]) & is_known(table["owner"]) & is_known(table["due_on"])
        return is_null(table["agreed_on"]) | is_owned

    @rule("a recommendation must be made before it is agreed, and before it is closed")
    def in_order(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Time goes forward."""
        agreed = is_null(table["agreed_on"]) | (table["made_on"] <= table["agreed_on"])
        return agreed & (is_null(table["closed_on"]) | (table["made_on"] <= table["closed_on"]))

    @rule("whatever is closed must have an outcome, and nothing else may")
    def closed_means_decided(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """A closed recommendation says how it ended."""
        return is_known(table["closed_on"]) == is_known(table["outcome"])

    @rule("a measure and its subject must be given together, and an event only with them")
    def moves_something(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """A level is one of a measure and a subject."""
        is_measured = is_known(table["measure"])
        told = is_known(table["subject"]) == is_measured
        return told & (is_null(table["event"]) | is_measured)
