"""The web_sessions feed: visits to an online service on a day, and how far they got."""

import pandera.pandas as pa

from csip_pipeline.extract.feeds import Feed, Kept
from csip_pipeline.promises import Day, Promise, Text, Whole, rule
from csip_pipeline.rules import Column, is_null


class WebSessions(Promise):
    """One row per online service and day: visits, forms begun and sent, and people sent elsewhere.

    A count is null where the supplier does not count it; only visits must be counted. Completions
    may be more than starts: a form begun before midnight is completed after it. signposted_away
    counts those who followed a link to another agency.
    """

    on_date: Day
    service: Text
    visits: Whole = pa.Field(ge=0)
    form_starts: Whole = pa.Field(ge=0, nullable=True)
    form_completions: Whole = pa.Field(ge=0, nullable=True)
    signposted_away: Whole = pa.Field(ge=0, nullable=True)


class WebSessionsDelivered(WebSessions):
    """A service's day as delivered, or a part of it: a country's visitors, or a browser's.

    By the time that the promise is held, a file's parts have been added up, and part is null.
    """

    part: Text = pa.Field(nullable=True)

    @rule(
        "is not told apart from another row of the same day and service in its file (map part to "
        "what the supplier splits a day by)",
        of="part",
    )
    def is_told_apart(cls, parts: Column) -> Column:  # noqa: N805 - Pandera's way
        """Of two counts of the same thing, nobody can say which is true, or whether to add them."""
        return is_null(parts)


class WebSessionsKept(WebSessions, Kept):
    """One row per online service and day: visits, forms begun and sent, and people sent elsewhere.

    Where a supplier splits a day, its parts are added up, and a count is null if one part lacks it.
    source_row is the first of them.
    """


FEED = Feed(
    name="web_sessions",
    delivered=WebSessionsDelivered,
    kept=WebSessionsKept,
    identity=("on_date", "service"),
    happened="on_date",
    assemble="extract/web_sessions",
)
