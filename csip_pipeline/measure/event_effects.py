"""measure.event_effects: the level of each headline measure before and after each dated event."""

import pandera.pandas as pa

from csip_pipeline.measure.trends import UNITS
from csip_pipeline.promises import Day, Promise, Real, Text, Whole

VERDICTS = ["rose", "fell", "no clear change", "too few months to tell"]


class EventEffects(Promise):
    """One row per event, headline measure and subject: its level before and after, and the change.

    Whole months only, at most 12 on either side, and none beyond another event that bears on the
    same measure. change is after less before, with a 95 % interval that allows for months
    resembling their neighbours; it says what changed at the time, not what caused it. words says
    so plainly.
    """

    event: Text
    title: Text
    happened_on: Day
    measure: Text
    subject: Text
    unit: Text = pa.Field(isin=UNITS)
    months_before: Whole = pa.Field(ge=0)
    months_after: Whole = pa.Field(ge=0)
    level_before: Real = pa.Field(nullable=True)
    level_after: Real = pa.Field(nullable=True)
    change: Real = pa.Field(nullable=True)
    change_lower: Real = pa.Field(nullable=True)
    change_upper: Real = pa.Field(nullable=True)
    verdict: Text = pa.Field(isin=VERDICTS)
    words: Text
