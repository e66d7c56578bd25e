"""harmonise.contacts: what every channel says of a contact, whatever system it came from."""

import pandera.pandas as pa

from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Day, Moment, Promise, Real, Text, Whole, rule
from csip_pipeline.reference.channels import CHANNELS
from csip_pipeline.reference.tables import REASON_GROUPS
from csip_pipeline.rules import Column, Rows, is_before

OUTCOMES = ["answered", "abandoned", "timed_out", "callback_requested", "voicemail", "waiting"]


class Contacts(Promise):
    """One row per contact from the public: a call, a form, a chat or a social conversation.

    A call that passes through two queues is one contact with two legs. wait_seconds is what the
    caller waited in the menu and in every queue; first_queue_wait_seconds is what the switch
    counts in the first queue; the difference is the hidden wait. legs is null for a contact that
    never stands in a queue. person_kind says what person_key stands for. paused_seconds is how long
    the supplier's own clock stood still; null where it does not say. For a caller who asked to be
    called back, callback_asked_at says when, and responded_at when they were reached.
    extracted_at says how far the supplier had seen.
    """

    contact_id: Text = pa.Field(unique=True)
    channel: Text = pa.Field(isin=CHANNELS)
    line: Text = pa.Field(nullable=True)
    queue: Text
    month: Day
    received_at: Moment
    responded_at: Moment = pa.Field(nullable=True)
    resolved_at: Moment = pa.Field(nullable=True)
    ended_at: Moment = pa.Field(nullable=True)
    callback_asked_at: Moment = pa.Field(nullable=True)
    outcome: Text = pa.Field(isin=OUTCOMES)
    wait_seconds: Real = pa.Field(nullable=True, ge=0)
    first_queue_wait_seconds: Real = pa.Field(nullable=True, ge=0)
    handling_seconds: Real = pa.Field(nullable=True, ge=0)
    legs: Whole = pa.Field(nullable=True, ge=1)
    reason: Text = pa.Field(nullable=True)
    reason_group: Text = pa.Field(isin=REASON_GROUPS)
    person_key: Text = pa.Field(nullable=True)
    person_kind: Text = pa.Field(nullable=True, isin=["phone", "email", "handle"])
    handler_key: Text = pa.Field(nullable=True)
    target_at: Moment = pa.Field(nullable=True)
    paused_seconds: Real = pa.Field(nullable=True, ge=0)
    source_file: Text
    source_row: Whole = pa.Field(ge=1)
    extracted_at: Moment

    @rule("a contact must not be answered or resolved before it was received")
    def in_order(cls, contacts: Rows) -> Column:  # noqa: N805 - Pandera's way
        """No answer comes before its question."""
        return ~(
            is_before(contacts["responded_at"], contacts["received_at"])
            | is_before(contacts["resolved_at"], contacts["received_at"])
        )


TABLE = Table(
    "harmonise.contacts",
    Contacts,
    (
        "harmonise/contacts_from_social",
        "harmonise/contacts_from_telephony",
        "harmonise/contacts_from_web_chats",
        "harmonise/contacts_from_web_forms",
    ),
)
