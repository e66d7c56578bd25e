"""measure.staffing: how many agents each hour of the week needs. A planning aid."""

import pandera.pandas as pa

from csip_pipeline.measure.fields import duration, fraction
from csip_pipeline.promises import Day, Promise, Real, Text, Whole


class Staffing(Promise):
    """One row per telephone line, weekday (Monday is 1) and hour: a planning aid, not a rota.

    offered_load is in erlangs: calls an hour times mean handling time in hours. patience_seconds is
    the mean time after which callers give up, taken from the month's own waits. agents_* is the
    smallest number on the telephone at once for which the model answers target_share within the
    standard: Erlang C has nobody hang up and so overstates it; Erlang A has callers as patient as
    they were. Breaks, training and leave come on top. Null where a model has nothing to go by.
    """

    month: Day
    line: Text
    weekday: Whole = pa.Field(ge=1, le=7)
    hour: Whole = pa.Field(ge=0, le=23)
    hours_in_month: Whole = pa.Field(ge=1)
    calls: Whole = pa.Field(ge=0)
    calls_per_hour: Real = pa.Field(ge=0)
    handling_seconds: Real = duration()
    patience_seconds: Real = duration()
    offered_load: Real = pa.Field(nullable=True, ge=0)
    within_seconds: Real = pa.Field(nullable=True, ge=0)
    target_share: Real = fraction()
    agents_erlang_c: Whole = pa.Field(nullable=True, ge=0)
    service_level_erlang_c: Real = fraction()
    agents_erlang_a: Whole = pa.Field(nullable=True, ge=0)
    service_level_erlang_a: Real = fraction()
    abandoned_share_erlang_a: Real = fraction()
