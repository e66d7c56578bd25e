"""measure.avoidable_demand: how much contact was for somebody else, or need not have been."""

import pandera.pandas as pa

from csip_pipeline.measure.fields import fraction
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Claim, Day, Promise, Real, Text, Whole, rule
from csip_pipeline.reference.tables import REASON_GROUPS
from csip_pipeline.rules import Column, Rows, is_one_of, total

AVOIDABLE = ["other_agency", "information_online", "progress_chasing", "misdial"]
LEVEL = ["month", "level", "channel", "line"]


class AvoidableDemand(Promise):
    """One row per reason group and all contact, channel or line (level): contacts and their share.

    Wherever there are contacts, all six groups have a row. share is of all contacts of the level,
    and sums to 1 over its groups; share_of_known leaves out those whose reason nobody recorded, and
    is null for the group unknown. is_avoidable is true of
    other_agency, information_online, progress_chasing and misdial.
    """

    month: Day
    level: Text = pa.Field(isin=["all", "channel", "line"])
    channel: Text = pa.Field(nullable=True)
    line: Text = pa.Field(nullable=True)
    reason_group: Text = pa.Field(isin=REASON_GROUPS)
    is_avoidable: Claim
    contacts: Whole = pa.Field(ge=0)
    contacts_in_all: Whole = pa.Field(ge=0)
    share: Real = fraction()
    share_lower: Real = fraction()
    share_upper: Real = fraction()
    share_of_known: Real = fraction()
    share_of_known_lower: Real = fraction()
    share_of_known_upper: Real = fraction()

    @rule("shares must sum to 1 over the reason groups of all contact, a channel or a line")
    def shares_are_whole(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Every contact is in one group."""
        return (total(rows, "share", within=LEVEL) - 1).abs() < 1e-9  # noqa: PLR2004 - rounding

    @rule("only demand for another agency, information online, progress or nobody is avoidable")
    def avoidable_is_decided_by_the_group(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """A group is avoidable or it is not."""
        return is_one_of(rows["reason_group"], AVOIDABLE) == rows["is_avoidable"]


TABLE = Table("measure.avoidable_demand", AvoidableDemand, ("measure/avoidable_demand",))
