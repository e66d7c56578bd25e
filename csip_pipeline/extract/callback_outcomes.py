"""The callback_outcomes feed: what came of each attempt to explain a missed standard."""

import pandera.pandas as pa

from csip_pipeline.extract.feeds import Feed, Kept
from csip_pipeline.promises import Moment, Promise, Text

OUTCOMES = ["explained", "tried", "unsafe", "not_contactable"]


class CallbackOutcomes(Promise):
    """One row per attempt by the contact team to reach the person whom a notice is about.

    A notice that was tried twice has two rows. code is what the worklist printed beside the notice:
    a row whose code is another's was edited, or stands in another list; null where none came back.
    """

    notice_id: Text = pa.Field(str_length={"min_value": 1})
    attempted_at: Moment
    outcome: Text = pa.Field(isin=OUTCOMES)
    code: Text = pa.Field(nullable=True)


class CallbackOutcomesDelivered(CallbackOutcomes):
    """An attempt as delivered, with the name or number of whoever made it."""

    by: Text


class CallbackOutcomesKept(CallbackOutcomes, Kept):
    """One row per attempt by the contact team to reach the person whom a notice is about.

    handler_key stands for the member of staff who made it.
    """

    handler_key: Text = pa.Field(nullable=True)


FEED = Feed(
    name="callback_outcomes",
    delivered=CallbackOutcomesDelivered,
    kept=CallbackOutcomesKept,
    identity=("notice_id", "attempted_at"),
    happened="attempted_at",
    comes="when it happens",
    handler="by",
)
