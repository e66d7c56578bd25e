"""measure.staffing: how many agents each hour of the week needs. A planning aid."""

import datetime as dt

import numpy as np
import pandas as pd
import pandera.pandas as pa

from csip_pipeline import warehouse
from csip_pipeline.measure import erlang
from csip_pipeline.measure.fields import duration, fraction
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Day, Promise, Real, Text, Whole, rule
from csip_pipeline.rules import Column, Rows, is_known

QUERY = "measure/staffing"


class Staffing(Promise):
    """One row per telephone line, weekday (Monday is 1) and hour: a planning aid, not a rota.

    A line has all 168 hours of a week in a month in which anybody rang it, in London's time.
    hours_in_month is how often that hour came. offered_load is in erlangs: calls an hour times
    handling_seconds in hours, which is talking alone: work after a call is not in the data.
    handling_seconds is the mean of the answered calls of that hour, or of the line's month where
    they are fewer than 10. patience_seconds is the mean time after which callers give up, taken
    from the line's month: all waits, over the number who gave up; null where nobody did.
    within_seconds and target_share are of the standard for the line on the month's last day.

    agents_* is the smallest number on the telephone at once for which the model answers
    target_share of the calls offered within the standard. Erlang C has nobody hang up; Erlang A has
    callers as patient as they were, and is Erlang C where nobody gave up. Where lines are busy
    those who hang up make room, and Erlang A asks for fewer; where the standard is long beside
    the patience it may ask for more, because a caller who hangs up was not answered. Both take an
    hour's calls to come at random and evenly. Breaks, training and leave come on top. An hour
    without calls needs nobody and has no service level. Null where a model has nothing to go by: no
    standard with a target below 1, or no answered call whose handling is known all month.
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

    @rule("the number of agents must be known under both models or under neither")
    def models_know_the_same(cls, hours: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Both models go by the same standard and load."""
        return is_known(hours["agents_erlang_a"]) == is_known(hours["agents_erlang_c"])


def made(con: warehouse.Connection, month: dt.date | None) -> pd.DataFrame:
    """The hours of a week that the query gives, each with the agents that the models ask for."""
    hours = warehouse.fetch(con, warehouse.read_query(QUERY), {"month": month})
    load, handling, within, target = (
        hours[name].to_numpy(dtype=float, na_value=np.nan)
        for name in ("offered_load", "handling_seconds", "within_seconds", "target_share")
    )
    patience = hours["patience_seconds"].to_numpy(dtype=float, na_value=np.nan)
    patience = np.where(np.isnan(patience), np.inf, patience)
    handling = np.where(load > 0, handling, 1.0)  # without load, nobody is handled
    for model, theirs in {"c": np.full_like(patience, np.inf), "a": patience}.items():
        agents = erlang.agents_needed(load, handling, theirs, within, target)
        found = erlang.erlang_a(load, agents, handling, theirs, within)
        is_offered = (load > 0) & ~np.isnan(agents)
        hours[f"agents_erlang_{model}"] = pd.array(agents, dtype="Int64")
        hours[f"service_level_erlang_{model}"] = np.where(is_offered, found.service_level, np.nan)
    hours["abandoned_share_erlang_a"] = np.where(is_offered, found.abandoned, np.nan)
    return hours


TABLE = Table("measure.staffing", Staffing, (QUERY,), made=made)
