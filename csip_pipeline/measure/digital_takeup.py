"""measure.digital_takeup: of each service, how much is done online, and how far people get."""

import pandera.pandas as pa

from csip_pipeline.measure.fields import fraction
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Day, Promise, Real, Text, Whole, rule
from csip_pipeline.rules import Column, Rows, is_null, is_true


class DigitalTakeup(Promise):
    """One row per online service: completed online out of all completed, and form completions.

    completed_online counts forms received; completed_by_telephone answered calls whose reason is
    one that the service also does (contact_reasons.service), null where no reason says so. The
    website's own counts (visits, form_starts, form_completions, signposted_away) are null where its
    analytics sent nothing of the service, or not on every day; a share of them is null too where
    they report more of a part than of its whole. completed and digital_takeup are null where either
    count is not known: telephony or web forms sent nothing.
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

    @rule("completed must be what was completed online and by telephone")
    def completed_adds_up(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Nothing is completed twice or left out."""
        parts = rows["completed_online"] + rows["completed_by_telephone"]
        return is_null(rows["completed"]) | is_true(rows["completed"] == parts)


TABLE = Table("measure.digital_takeup", DigitalTakeup, ("measure/digital_takeup",))
