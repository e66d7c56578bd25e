"""The web_forms feed: one submitted form or service request."""

import pandera.pandas as pa

from csip_pipeline.extract.feeds import KINDS, Feed, Kept
from csip_pipeline.promises import Moment, Promise, Real, Text, rule
from csip_pipeline.reference.channels import CHANNELS
from csip_pipeline.rules import Column, Rows, is_before


class WebForms(Promise):
    """One row per submitted form, with when it was first answered and when it was resolved.

    first_response_at and resolved_at are null while that has not happened by extracted_at.
    target_at is the supplier's own due time, paused_seconds how long its own clock stood still (for
    example while it waited for the sender); null where it does not say. channel is null for a form
    on the website, and names the channel where a case system also holds requests that came by
    telephone or social media.
    """

    form_id: Text = pa.Field(str_length={"min_value": 1})
    service: Text
    channel: Text = pa.Field(isin=CHANNELS, nullable=True)
    started_at: Moment = pa.Field(nullable=True)
    submitted_at: Moment
    first_response_at: Moment = pa.Field(nullable=True)
    resolved_at: Moment = pa.Field(nullable=True)
    reference: Text = pa.Field(nullable=True)
    target_at: Moment = pa.Field(nullable=True)
    paused_seconds: Real = pa.Field(nullable=True, ge=0)

    @rule("a form must not be answered or resolved before it was submitted")
    def in_order(cls, forms: Rows) -> Column:  # noqa: N805 - Pandera's way
        """No answer comes before its question."""
        return ~(
            is_before(forms["first_response_at"], forms["submitted_at"])
            | is_before(forms["resolved_at"], forms["submitted_at"])
        )


class WebFormsDelivered(WebForms):
    """A form as delivered, with the sender's e-mail address and telephone number."""

    email: Text = pa.Field(nullable=True)
    phone: Text = pa.Field(nullable=True)


class WebFormsKept(WebForms, Kept):
    """One row per submitted form, without contact points.

    A form seen unanswered here may have been answered since: only a later extract can say so.
    """

    person_key: Text = pa.Field(nullable=True)
    person_kind: Text = pa.Field(nullable=True, isin=KINDS)


FEED = Feed(
    name="web_forms",
    delivered=WebFormsDelivered,
    kept=WebFormsKept,
    identity=("form_id",),
    happened="submitted_at",
    due=("target_at",),
    contact_points={"phone": "phone", "email": "email"},
)
