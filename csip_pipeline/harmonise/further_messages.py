"""harmonise.further_messages: when the public wrote again, and when the Force wrote back."""

import pandera.pandas as pa

from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Day, Moment, Promise, Text, Whole, rule
from csip_pipeline.rules import Column, Rows, is_before


class FurtherMessages(Promise):
    """One row per message in which somebody wrote again after the Force's last message.

    Such a message reopens its conversation, and the wait lasts from it until the Force's next
    message (replied_at; null while there is none): more messages from the public meanwhile do not
    begin another. nth counts those of a conversation. A row stands in the month in which its
    conversation began, however late the reply.
    """

    contact_id: Text
    nth: Whole = pa.Field(ge=1)
    month: Day
    asked_at: Moment
    replied_at: Moment = pa.Field(nullable=True)
    extracted_at: Moment

    @rule("a reply must not come before what it answers")
    def in_order(cls, messages: Rows) -> Column:  # noqa: N805 - Pandera's way
        """No answer comes before its question."""
        return ~is_before(messages["replied_at"], messages["asked_at"])


TABLE = Table("harmonise.further_messages", FurtherMessages, ("harmonise/further_messages",))
