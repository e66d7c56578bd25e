"""The web_chats feed: one chat requested on the website."""

import pandera.pandas as pa

from csip_pipeline.extract.feeds import KINDS, Feed, Kept
from csip_pipeline.promises import Moment, Promise, Text, rule
from csip_pipeline.rules import Column, Rows, first_known


class WebChats(Promise):
    """One row per chat requested: when a member of staff joined, first replied, and it ended.

    joined_at and first_reply_at are null where nobody joined. A greeting sent by the chat system
    itself is not a reply.
    """

    chat_id: Text = pa.Field(str_length={"min_value": 1})
    service: Text = pa.Field(nullable=True)
    requested_at: Moment
    joined_at: Moment = pa.Field(nullable=True)
    first_reply_at: Moment = pa.Field(nullable=True)
    ended_at: Moment
    outcome: Text = pa.Field(isin=["answered", "abandoned"])

    @rule("a chat must be requested, joined and ended in that order")
    def in_order(cls, chats: Rows) -> Column:  # noqa: N805 - Pandera's way
        """No moment comes before the one it follows."""
        joined = first_known(chats["joined_at"], chats["requested_at"])
        return (chats["requested_at"] <= joined) & (joined <= chats["ended_at"])


class WebChatsDelivered(WebChats):
    """A chat as delivered, with the visitor's e-mail address and telephone number."""

    email: Text = pa.Field(nullable=True)
    phone: Text = pa.Field(nullable=True)


class WebChatsKept(WebChats, Kept):
    """One row per chat requested, without contact points.

    Most chat exports name no contact point, so most rows here have no person_key.
    """

    person_key: Text = pa.Field(nullable=True)
    person_kind: Text = pa.Field(nullable=True, isin=KINDS)


FEED = Feed(
    name="web_chats",
    delivered=WebChatsDelivered,
    kept=WebChatsKept,
    identity=("chat_id",),
    happened="requested_at",
    contact_points={"phone": "phone", "email": "email"},
)
