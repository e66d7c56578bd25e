"""The panel_scores feed: what each panellist thought of each call that the panel listened to."""

from functools import reduce
from operator import or_

import pandera.pandas as pa

from csip_pipeline.extract.feeds import Feed, Kept
from csip_pipeline.promises import Promise, Text, Whole, rule
from csip_pipeline.rules import Column, Rows, is_known

ITEMS = [
    "greeting",
    "listening",
    "understanding",
    "accuracy",
    "ownership",
    "next_steps",
    "overall",
]
"""What a score sheet asks of a call, each from 1 (poor) to 5 (excellent)."""


class PanelScores(Promise):
    """One row per panellist and sampled call of a panel cycle: a score from 1 to 5 for each item.

    An item is null where it did not apply to the call.
    """

    cycle: Text
    sample_no: Whole = pa.Field(ge=1)
    greeting: Whole = pa.Field(ge=1, le=5, nullable=True)
    listening: Whole = pa.Field(ge=1, le=5, nullable=True)
    understanding: Whole = pa.Field(ge=1, le=5, nullable=True)
    accuracy: Whole = pa.Field(ge=1, le=5, nullable=True)
    ownership: Whole = pa.Field(ge=1, le=5, nullable=True)
    next_steps: Whole = pa.Field(ge=1, le=5, nullable=True)
    overall: Whole = pa.Field(ge=1, le=5, nullable=True)

    @rule("a call that somebody listened to must have a score on at least one item")
    def scores_something(cls, scores: Rows) -> Column:  # noqa: N805 - Pandera's way
        """A line without any score is a sheet that was not filled in."""
        return reduce(or_, (is_known(scores[item]) for item in ITEMS))


class PanelScoresDelivered(PanelScores):
    """A score as delivered, with the name of the panellist."""

    scorer: Text


class PanelScoresKept(PanelScores, Kept):
    """One row per panellist and sampled call of a panel cycle: a score from 1 to 5 for each item.

    It stands in the last month of its cycle. handler_key stands for the panellist.
    """

    handler_key: Text = pa.Field(nullable=True)


FEED = Feed(
    name="panel_scores",
    delivered=PanelScoresDelivered,
    kept=PanelScoresKept,
    identity=("cycle", "sample_no", "scorer"),
    happened="cycle",
    comes="cyclically",
    handler="scorer",
    completed="extract/panel_scores_completed",
)
