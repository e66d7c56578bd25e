"""measure.trends: each headline measure month by month, and whether its changes are chance."""

import datetime as dt

import pandas as pd
import pandera.pandas as pa

from csip_pipeline import promises
from csip_pipeline.measure import spc
from csip_pipeline.measure.headlines import QUERIES, Headline, headlines
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Claim, Day, Promise, Real, Text, Whole, rule
from csip_pipeline.rules import Column, Rows, is_known, is_null, is_one_of, is_true
from csip_pipeline.warehouse import Connection

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
FIRM = 12
"""A segment of fewer months has trial limits, as Making Data Count calls them."""
ROUNDING = 1e-6
"""In contacts: a share times its whole may differ so much from its part."""
ASSURANCES = ["consistent_pass", "consistent_fail", "inconsistent"]


class Trends(Promise):
    """One row per headline measure, subject (a line, channel, service or `all`) and month.

    XmR control limits as in NHS Making Data Count (measure.spc); months without a value, and
    provisional ones, are left out. A segment starts afresh only at an event that rebases
    (events.csv), named in rebased_by (two of one month, with a comma). whole counts the contacts,
    calls or people that a value is about; part those of them that a share is of, null for what is
    no share. is_trial is true of a segment of fewer than 12 months, whose limits are not yet firm;
    a segment of one month, or of months all alike, has none. assurance says how the last segment's
    limits stand to the last month's target; null without limits, a target or a better direction.
    """

    measure: Text
    subject: Text
    month: Day
    unit: Text = pa.Field(isin=UNITS)
    improvement: Text = pa.Field(isin=["increase", "decrease", "neutral"])
    value: Real
    part: Whole = pa.Field(nullable=True, ge=0)
    whole: Whole = pa.Field(ge=0)
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

    @rule("every segment but the first must name the event that started it")
    def segments_are_explained(cls, months: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Limits start afresh at a dated event only."""
        return is_known(months["rebased_by"]) == (months["segment"] > 1)

    @rule("a share must have a part, and nothing else one")
    def shares_have_parts(cls, months: Rows) -> Column:  # noqa: N805 - Pandera's way
        """What gives a small number away is known of every share."""
        return is_known(months["part"]) == is_one_of(months["unit"], ["share"])

    @rule("a part must not be more than its whole")
    def parts_are_of_their_wholes(cls, months: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Nobody is counted who is not one of all."""
        return is_null(months["part"]) | is_true(months["part"] <= months["whole"])

    @rule("a share must be its part of its whole, and a number of contacts its whole")
    def values_are_of_their_counts(cls, months: Rows) -> Column:  # noqa: N805 - Pandera's way
        """A public edition hides a value by its counts: they must be those of this value."""
        unit, value, whole = months["unit"], months["value"], months["whole"]
        left_over = value * whole - months["part"]
        return (
            is_one_of(unit, ["seconds"])
            | (is_one_of(unit, ["share"]) & is_true(left_over.abs() < ROUNDING))
            | (is_one_of(unit, ["contacts"]) & is_true(value == whole))
        )


def made(con: Connection, _: dt.date | None) -> pd.DataFrame:
    """Every headline measure's chart."""
    charts = [chart(headline) for headline in headlines(con)]
    columns = list(promises.duckdb_columns(Trends))
    return pd.concat(charts, ignore_index=True) if charts else pd.DataFrame(columns=columns)


def chart(headline: Headline) -> pd.DataFrame:
    """A headline measure's months with their limits; segments start at events that rebase.

    An event before the second month or after the last starts none: there is nothing to part.
    """
    months = headline.months
    starts = _segment_starts(headline)
    drawn = spc.xmr(months["value"], improvement=headline.improvement, rebase_at=starts)
    names = dict(enumerate(starts.values(), 2))
    has_limits = not drawn[["lower", "upper"]].iloc[-1].isna().any()
    target = months["target"].iloc[-1]
    return drawn.assign(
        measure=headline.measure,
        subject=headline.subject,
        month=months["month"],
        unit=headline.unit,
        improvement=headline.improvement,
        target=months["target"],
        part=months["part"],
        whole=months["whole"],
        rebased_by=drawn["segment"].map(names),
        assurance=spc.assurance(drawn, target, headline.improvement) if has_limits else None,
        is_trial=drawn.groupby("segment")["value"].transform("size") < FIRM,
    )


def _segment_starts(headline: Headline) -> dict[int, str]:
    """The position of each month that starts a segment, with the events that make it do so."""
    starts: dict[int, str] = {}
    rebasing = headline.events[headline.events["is_rebasing"]]
    for event, first_whole in zip(rebasing["event"], rebasing["first_whole"], strict=True):
        position = int(headline.months["month"].searchsorted(first_whole))
        if 0 < position < len(headline.months):
            starts[position] = f"{starts[position]}, {event}" if position in starts else event
    return starts


TABLE = Table("measure.trends", Trends, QUERIES, made=made, is_history=True)
