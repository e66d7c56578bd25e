"""measure.digital_takeup: of each service, how much is done online, and how far people get."""

import pandera.pandas as pa

from csip_pipeline.measure.fields import fraction
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Day, Promise, Real, Text, Whole


class DigitalTakeup(Promise):
    """One row per online service: completed online out of all completed, and form completions.

    completed_online counts forms received; completed_by_telephone answered calls whose reason is
    one that the service also does (contact_reasons.service). The website's own counts (visits,
    form_starts, form_completions, signposted_away) are null where its analytics sent nothing;
    completed and digital_takeup where telephony or web forms sent nothing.
    """

    month: Day
    service: Text
    visits: Whole = pa.Field(nullable=True, ge=0)
    form_starts: Whole = pa.Field(nullable=True, ge=0)
    form_completions: Whole = pa.Field(nullable=True, ge=0)
    completion_share: Real = fraction()
    completion_share_lower: Real = fraction()
    completion_share_upper: Real = fraction()
    signposted_away: Whole = pa.Field(nullable=True, ge=0)
    signposted_share: Real = fraction()
    completed_online: Whole = pa.Field(nullable=True, ge=0)
    completed_by_telephone: Whole = pa.Field(nullable=True, ge=0)
    completed: Whole = pa.Field(nullable=True, ge=0)
    digital_takeup: Real = fraction()
    digital_takeup_lower: Real = fraction()
    digital_takeup_upper: Real = fraction()


TABLE = Table("measure.digital_takeup", DigitalTakeup, ("measure/digital_takeup",))
