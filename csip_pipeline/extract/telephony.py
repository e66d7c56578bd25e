"""The telephony feed: one call leg offered to a queue."""

import pandera.pandas as pa

from csip_pipeline.damaged_numbers import DAMAGED_PHONE, DAMAGED_SENTENCE
from csip_pipeline.extract.feeds import KINDS, Feed, Kept
from csip_pipeline.promises import Moment, Promise, Real, Text, Whole, rule
from csip_pipeline.rules import Column, Rows, first_known, is_known, is_null, is_one_of, matches

OUTCOMES = ["answered", "abandoned", "callback_requested", "transferred", "voicemail", "timed_out"]


class Telephony(Promise):
    """One row per call leg offered to a queue, from arrival to its end.

    answered_at and talk_seconds are null where nobody answered. Where a call back was asked for,
    answered_at is when the caller was reached, which may be after ended_at. The supplier's own
    wait_seconds wins over a difference of two clock times; it and ended_at are null only for an
    unanswered call of a supplier that does not say how long it waited.
    """

    call_id: Text = pa.Field(str_length={"min_value": 1})
    leg: Whole
    line: Text = pa.Field(isin=["101", "999", "other"])
    queue: Text
    arrived_at: Moment
    queued_at: Moment
    answered_at: Moment = pa.Field(nullable=True)
    ended_at: Moment = pa.Field(nullable=True)
    outcome: Text = pa.Field(isin=OUTCOMES)
    wait_seconds: Real = pa.Field(ge=0, nullable=True)
    talk_seconds: Real = pa.Field(ge=0, nullable=True)
    wrap_code: Text = pa.Field(nullable=True)
    transferred_to: Text = pa.Field(nullable=True)
    recording_id: Text = pa.Field(nullable=True)

    @rule("a call must enter a queue before all else (does its first file begin in mid-call?)")
    def begins(cls, calls: Rows) -> Column:  # noqa: N805 - Pandera's way
        """The first leg is number 1."""
        return calls["leg"] >= 1

    @rule("a call must arrive, queue, be answered and end in that order")
    def in_order(cls, calls: Rows) -> Column:  # noqa: N805 - Pandera's way
        """No moment comes before the one it follows; a call back may come after the call's end."""
        answered = first_known(calls["answered_at"], calls["queued_at"])
        called_back = is_one_of(calls["outcome"], ["callback_requested"])
        return (
            (calls["arrived_at"] <= calls["queued_at"])
            & (calls["queued_at"] <= answered)
            & (
                is_null(calls["ended_at"])
                | (answered <= calls["ended_at"])
                | (called_back & (calls["queued_at"] <= calls["ended_at"]))
            )
        )

    @rule("an answered call must say how long it waited and when it ended (is it still going on?)")
    def answered_is_whole(cls, calls: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Only a call that nobody answered may leave its wait or its end unsaid."""
        unanswered = is_one_of(calls["outcome"], ["abandoned", "timed_out"])
        return unanswered | (is_known(calls["wait_seconds"]) & is_known(calls["ended_at"]))

    @rule("an answered call must say when it was answered, and an unanswered one must not")
    def answered_means_answered(cls, calls: Rows) -> Column:  # noqa: N805 - Pandera's way
        """The outcome and the clock agree; a transferred call may have been answered first."""
        has_time = is_known(calls["answered_at"])
        answered = is_one_of(calls["outcome"], ["answered"])
        given_up = is_one_of(calls["outcome"], ["abandoned", "timed_out"])
        return ~((answered & ~has_time) | (given_up & has_time))


class TelephonyDelivered(Telephony):
    """A call leg as delivered, with the caller's number and the handler's name or number."""

    caller_number: Text = pa.Field(nullable=True)
    handler_id: Text = pa.Field(nullable=True)

    @rule(DAMAGED_SENTENCE, of="caller_number")
    def is_undamaged(cls, numbers: Column) -> Column:  # noqa: N805 - Pandera's way
        """Damaged digits cannot be restored, and guessing would ring a stranger."""
        return ~matches(numbers, DAMAGED_PHONE)


class TelephonyKept(Telephony, Kept):
    """One row per call leg offered to a queue, without contact points.

    A leg is not a call: a call that passes through two queues has two rows here and one in
    harmonise/contacts. person_key is null where the caller withheld their number.
    """

    person_key: Text = pa.Field(nullable=True)
    person_kind: Text = pa.Field(nullable=True, isin=KINDS)
    handler_key: Text = pa.Field(nullable=True)


FEED = Feed(
    name="telephony",
    delivered=TelephonyDelivered,
    kept=TelephonyKept,
    identity=("call_id", "leg"),
    happened="arrived_at",
    contact_points={"caller_number": "phone"},
    handler="handler_id",
    completed="extract/telephony_completed",
    worked_out=("leg", "queued_at"),
)
