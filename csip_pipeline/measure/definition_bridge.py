"""measure.definition_bridge: what a change of rule did to a figure, apart from what changed."""

import pandera.pandas as pa

from csip_pipeline.measure.fields import difference, fraction
from csip_pipeline.promises import Day, Promise, Real, Text, Whole
from csip_pipeline.reference.channels import CHANNELS
from csip_pipeline.reference.tables import CLOCKS


class DefinitionBridge(Promise):
    """One row per change of a standard and month near it: the figure under both rules.

    measure is service_level for the clock `answer`, else kept_share (met out of met and missed).
    side says whether the month was wholly under the old rule (before), the new (after), or both
    (during). For a month after, change_points is what is published for it less what was published
    for the last whole month before; rule_points and real_points split it: each is the mean of its
    effect worked out first and worked out second (Shapley), so that they sum to the change.
    """

    changed_on: Day
    channel: Text = pa.Field(isin=CHANNELS)
    line: Text = pa.Field(nullable=True)
    queue: Text = pa.Field(nullable=True)
    clock: Text = pa.Field(isin=CLOCKS)
    old_standard_id: Text
    new_standard_id: Text
    month: Day
    side: Text = pa.Field(isin=["before", "during", "after"])
    measure: Text = pa.Field(isin=["service_level", "kept_share"])
    judged_under_old: Whole = pa.Field(ge=0)
    judged_under_new: Whole = pa.Field(ge=0)
    value_under_old: Real = fraction()
    value_under_new: Real = fraction()
    compared_with_month: Day = pa.Field(nullable=True)
    change_points: Real = difference()
    rule_points: Real = difference()
    real_points: Real = difference()
