"""measure.trends: each headline measure month by month, and whether its changes are chance."""

import pandera.pandas as pa

from csip_pipeline.promises import Claim, Day, Promise, Real, Text, Whole

UNITS = ["share", "seconds", "contacts"]
SPECIAL_CAUSES = [
    "Above UCL",
    "Below LCL",
    "7 Point Trend (Increasing)",
    "7 Point Trend (Decreasing)",
    "2 in 3 Above CL",
    "2 in 3 Below CL",
    "7 Points Above CL",
    "7 Points Below CL",
    "Common Cause",
]
POINT_TYPES = [
    "common_cause",
    "special_cause_improvement",
    "special_cause_concern",
    "special_cause_neutral_high",
    "special_cause_neutral_low",
]
ASSURANCES = ["consistent_pass", "consistent_fail", "inconsistent"]


class Trends(Promise):
    """One row per headline measure, subject (a line, channel, service or `all`) and month.

    XmR control limits as in NHS Making Data Count (measure.spc); months without a value, and
    provisional ones, are left out. A segment starts afresh only at an event that rebases
    (events.csv), named in rebased_by. is_trial is true of a segment of fewer than 12 months, whose
    limits are not yet firm. assurance says how the last segment's limits stand to the target.
    """

    measure: Text
    subject: Text
    month: Day
    unit: Text = pa.Field(isin=UNITS)
    improvement: Text = pa.Field(isin=["increase", "decrease", "neutral"])
    value: Real
    target: Real = pa.Field(nullable=True)
    segment: Whole = pa.Field(ge=1)
    rebased_by: Text = pa.Field(nullable=True)
    mean: Real
    lower: Real = pa.Field(nullable=True)
    upper: Real = pa.Field(nullable=True)
    special_cause: Text = pa.Field(isin=SPECIAL_CAUSES)
    point_type: Text = pa.Field(isin=POINT_TYPES)
    assurance: Text = pa.Field(isin=ASSURANCES, nullable=True)
    is_trial: Claim
