"""measure.repeat_contacts: how much contact comes from people who were in touch shortly before."""

import pandera.pandas as pa

from csip_pipeline.measure.fields import fraction
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Claim, Day, Promise, Real, Text, Whole, rule
from csip_pipeline.rules import Column, Rows


class RepeatContacts(Promise):
    """One row per window (within_days: 7, 28) and all contact, channel or line (level).

    A contact is a repeat if the same person was in touch, on any channel, in the window before it.
    Contacts without a person (withheld numbers) and those above the cap of a contact point that
    many people share are not judged, and are counted. is_whole says that the window before the
    month's first day is in; there is no share without it.
    """

    month: Day
    within_days: Whole = pa.Field(isin=[7, 28])
    level: Text = pa.Field(isin=["all", "channel", "line"])
    channel: Text = pa.Field(nullable=True)
    line: Text = pa.Field(nullable=True)
    contacts: Whole = pa.Field(ge=0)
    without_person: Whole = pa.Field(ge=0)
    without_person_share: Real = fraction()
    over_the_cap: Whole = pa.Field(ge=0)
    judged: Whole = pa.Field(ge=0)
    repeats: Whole = pa.Field(ge=0)
    repeat_share: Real = fraction()
    repeat_share_lower: Real = fraction()
    repeat_share_upper: Real = fraction()
    is_whole: Claim

    @rule("every contact must be judged, without a person, or over the cap")
    def contacts_add_up(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """No contact is left out without a count."""
        return rows["contacts"] == rows["without_person"] + rows["over_the_cap"] + rows["judged"]

    @rule("there must not be more repeats than contacts judged")
    def repeats_are_judged(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """A repeat is one of those judged."""
        return rows["repeats"] <= rows["judged"]


TABLE = Table(
    "measure.repeat_contacts", RepeatContacts, ("measure/repeat_contacts",), looks_at=(-1, 0)
)
