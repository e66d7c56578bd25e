"""The promises of what is said about gaps: extracts late or missing, and hours nobody logged."""

import pandera.pandas as pa

from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Day, Moment, Promise, Real, Text, Whole, rule
from csip_pipeline.rules import Column, Rows, is_before, is_known

STATUSES = ["on_time", "late", "missing", "refused"]


class Arrivals(Promise):
    """One row per month and source from which something is due: whether it came, and in time.

    files are those that the month rests on. first_extracted_at is when the earliest that brought a
    usable row for the month was made, superseded since or not; null where the month rests on none.
    It is late when that was after due_on, in London. A source whose feed was refused is refused.
    due_on is null where nothing is due and the feed was refused.
    """

    month: Day
    feed: Text
    source: Text
    files: Whole = pa.Field(ge=0)
    first_extracted_at: Moment = pa.Field(nullable=True)
    due_on: Day = pa.Field(nullable=True)
    status: Text = pa.Field(isin=STATUSES)

    @rule("a source has a first extract exactly where it has files")
    def has_a_first(cls, sources: Rows) -> Column:  # noqa: N805 - Pandera's way
        """What came has a moment."""
        return is_known(sources["first_extracted_at"]) == (sources["files"] > 0)


class MissingHours(Promise):
    """One row per stretch of whole hours in which a feed, or a line, logged nothing but should.

    expected_contacts is how many calls, forms, chats or conversations begin on the month's other
    days in those hours of the day, weekdays and weekends apart. As they come independently, the
    chance of none is exp(-expected_contacts): a stretch is here where that is below 1 in 100,000.
    Hours are of elapsed time, so that a clock change is no gap. line is null but for telephony.
    """

    month: Day
    feed: Text
    line: Text = pa.Field(nullable=True)
    began_at: Moment
    ended_at: Moment
    hours: Whole = pa.Field(ge=1)
    expected_contacts: Real = pa.Field(gt=0)

    @rule("a stretch must end after it began")
    def in_order(cls, stretches: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Nothing is missing from no time at all."""
        return is_before(stretches["began_at"], stretches["ended_at"])


ARRIVALS = Table("extract.arrivals", Arrivals, ("extract/arrivals",))
MISSING_HOURS = Table("extract.missing_hours", MissingHours, ("extract/missing_hours",))
