"""The panel_scores feed: what each panellist thought of each call that the panel listened to."""

import pandera.pandas as pa

from csip_pipeline.extract.feeds import Feed, Kept
from csip_pipeline.promises import Promise, Text, Whole, rule
from csip_pipeline.reference.score_sheet import PLAIN, SCALES
from csip_pipeline.rules import Column, matches

SCORES = list(dict.fromkeys(answer for scale in SCALES.values() for answer in scale))
"""Every answer of any scale, and that the item does not apply."""


class PanelScores(Promise):
    """One row per panellist, sampled call of a panel cycle and item of the score sheet.

    The score is a grade, yes or no, or not_applicable where the item did not apply to the call.
    """

    cycle: Text
    sample_no: Whole = pa.Field(ge=1)
    item: Text
    score: Text = pa.Field(isin=SCORES)

    @rule("an item must be named as in score_sheet.csv: small letters and underscores", of="item")
    def item_is_a_plain_name(cls, items: Column) -> Column:  # noqa: N805 - Pandera's way
        """A free text is no item."""
        return matches(items, PLAIN)


class PanelScoresDelivered(PanelScores):
    """A score as delivered, with the name or letter of the panellist."""

    scorer: Text


class PanelScoresKept(PanelScores, Kept):
    """One row per panellist, sampled call of a panel cycle and item of the score sheet.

    It stands in the last month of its cycle. The score is a grade, yes or no, or not_applicable.
    handler_key stands for the panellist.
    """

    handler_key: Text = pa.Field(nullable=True)


FEED = Feed(
    name="panel_scores",
    delivered=PanelScoresDelivered,
    kept=PanelScoresKept,
    identity=("cycle", "sample_no", "scorer", "item"),
    happened="cycle",
    comes="cyclically",
    handler="scorer",
    completed="extract/panel_scores_completed",
)
