"""The social feed: one public or private message to or from the Force."""

import pandera.pandas as pa

from csip_pipeline.extract.feeds import KINDS, Feed, Kept
from csip_pipeline.promises import Moment, Promise, Text


class Social(Promise):
    """One row per message, in (from the public) or out (from the Force).

    in_reply_to is null for a message that starts a conversation. The text is never kept.
    """

    message_id: Text = pa.Field(str_length={"min_value": 1})
    platform: Text
    conversation_id: Text = pa.Field(nullable=True)
    in_reply_to: Text = pa.Field(nullable=True)
    direction: Text = pa.Field(isin=["in", "out"])
    sent_at: Moment


class SocialDelivered(Social):
    """A message as delivered, with the account that wrote it."""

    author: Text


class SocialKept(Social, Kept):
    """One row per message, with a pseudonym in place of the account that wrote it.

    A message stands in the month in which its conversation began, so that a reply after midnight
    is found beside its question. person_key is null for the Force's own messages.
    """

    person_key: Text = pa.Field(nullable=True)
    person_kind: Text = pa.Field(nullable=True, isin=KINDS)


FEED = Feed(
    name="social",
    delivered=SocialDelivered,
    kept=SocialKept,
    identity=("platform", "message_id"),
    happened="sent_at",
    contact_points={"author": "handle"},
    names_a_person="direction = 'in'",
)
