"""measure.definition_bridge: what a change of rule did to a figure, apart from what changed."""

import datetime as dt
from typing import Any, NamedTuple

import pandas as pd
import pandera.pandas as pa

from csip_pipeline import promises
from csip_pipeline.measure import response_times, service_levels
from csip_pipeline.measure.fields import difference, fraction
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Day, Promise, Real, Text, Whole, rule
from csip_pipeline.reference.channels import CHANNELS
from csip_pipeline.reference.tables import CLOCKS
from csip_pipeline.rules import Column, Rows, is_null, is_one_of
from csip_pipeline.warehouse import Connection, fetch, read_query

BY_LEVEL = """
    select
        level,
        channel,
        line,
        queue,
        answered_within as in_time,
        offered as judged
    from ({levels})
    where clock = 'end_to_end'
"""
"""Only what is wanted: DuckDB then leaves out most of the work on waits."""
BY_STANDARD = """
    select
        standard_id,
        count(*) filter (where status = 'met') as in_time,
        count(*) filter (where status in ('met', 'missed')) as judged
    from ({clocks})
    where clock != 'answer'
    group by standard_id
"""
"""Counted where they lie: a month may have millions of clocks."""
ROUNDING = 1e-9


class DefinitionBridge(Promise):
    """One row per change of a standard and month near it: the figure under both rules.

    measure is service_level for the clock `answer`, else kept_share (met out of met and missed).
    A standard with the rule, target and words of the one before it is no change of it. Near are the
    months up to six from the change of which the standard before it or the one after it held all
    days. side says whether the month was wholly under the old rule (before), the new (after), or
    both (during). For a month after, change_points is its figure under the new rule less that of
    the last whole month before under the old; rule_points and real_points split it: each is the
    mean of its effect worked out first and worked out second (Shapley), so that they sum to the
    change. Every other standard stays as it was on the day before the change (old) or on the day
    itself (new).
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

    @rule("rule and real points must sum to the change")
    def points_add_up(cls, months: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Nothing of a change is left over, and nothing is told twice."""
        of_rule, of_service = months["rule_points"], months["real_points"]
        left = of_rule + of_service - months["change_points"]
        return is_null(of_rule) | is_null(of_service) | (left.abs() < ROUNDING)

    @rule("only a month after the change may be compared with one before")
    def after_is_compared(cls, months: Rows) -> Column:  # noqa: N805 - Pandera's way
        """A month under both rules, or before them, shows no change of its own."""
        return is_one_of(months["side"], ["after"]) | is_null(months["compared_with_month"])


class Figure(NamedTuple):
    """How many were judged, and the share in time; no share where nobody was, or it is unknown."""

    judged: int
    value: float | None


class Figures:
    """Figures of months under the rules of a day, each measured once and only if asked for."""

    def __init__(self, con: Connection) -> None:
        """Nothing is measured yet."""
        self._con = con
        self._measured: dict[tuple[str, dt.date, dt.date], pd.DataFrame] = {}

    def of(self, change: Any, rules_of: dt.date) -> Figure:  # noqa: ANN401 - a named tuple
        """The figure of a row of definition_bridge.sql, by the standards of a day."""
        key = (change.measure, change.month.date(), rules_of)
        if key not in self._measured:
            measured = _answered if change.measure == "service_level" else _kept
            self._measured[key] = measured(self._con, *key[1:])
        mine = _at_its_level if change.measure == "service_level" else _promised_by_either
        rows = self._measured[key]
        return _figure(rows[mine(rows, change)])


def made(con: Connection, _: dt.date | None) -> pd.DataFrame:
    """Every change of a standard, and the months near it under both rules."""
    near, figures = fetch(con, read_query("measure/definition_bridge")), Figures(con)
    rows = [
        {
            **change._asdict(),
            **_under("old", figures.of(change, change.last_day_of_old_on.date())),
            **_under("new", figures.of(change, change.changed_on.date())),
        }
        for change in near.itertuples(index=False)
    ]
    columns = list(promises.duckdb_columns(DefinitionBridge))
    return split(pd.DataFrame(rows, columns=columns)) if rows else pd.DataFrame(columns=columns)


def split(months: pd.DataFrame) -> pd.DataFrame:
    """With the change of each month after, and its two parts: Shapley's values of two players.

    Takes rows with value_under_old and value_under_new, fractions. Each part is the mean of its
    marginal effects over both orders (Shapley 1953, A value for n-person games).
    """
    values = ["value_under_old", "value_under_new"]
    keys = ["old_standard_id", "month"]
    earlier = months.set_index(keys)[values].astype("float64")
    compared = pd.MultiIndex.from_frame(months[["old_standard_id", "compared_with_month"]])
    old_before, new_before = earlier.reindex(compared).to_numpy().T
    old_after, new_after = months[values].astype("float64").to_numpy().T
    return months.assign(
        change_points=new_after - old_before,
        rule_points=((new_before - old_before) + (new_after - old_after)) / 2,
        real_points=((old_after - old_before) + (new_after - new_before)) / 2,
    )


def _answered(con: Connection, month: dt.date, rules_of: dt.date) -> pd.DataFrame:
    (query,) = service_levels.TABLE.queries
    counted = BY_LEVEL.format(levels=read_query(query))
    return fetch(con, counted, {"month": month, "rules_of": rules_of})


def _kept(con: Connection, month: dt.date, rules_of: dt.date) -> pd.DataFrame:
    (query,) = response_times.TABLE.queries
    counted = BY_STANDARD.format(clocks=read_query(query))
    return fetch(con, counted, {"month": month, "rules_of": rules_of})


def _at_its_level(rows: pd.DataFrame, change: Any) -> pd.Series:  # noqa: ANN401
    """The rows of what a standard is for: a queue (on any line), a line, or else a channel."""
    given = {"channel": change.channel, "line": change.line, "queue": change.queue}
    known = {name: value for name, value in given.items() if pd.notna(value)}
    level = next(name for name in ("queue", "line", "channel") if name in known)
    is_mine = rows["level"] == level
    for name, value in known.items():
        is_mine &= rows[name] == value
    return is_mine


def _promised_by_either(rows: pd.DataFrame, change: Any) -> pd.Series:  # noqa: ANN401
    """The rows of the standard before or of the one after."""
    return rows["standard_id"].isin([change.old_standard_id, change.new_standard_id])


def _figure(rows: pd.DataFrame) -> Figure:
    judged, in_time = int(rows["judged"].sum()), rows["in_time"].sum(skipna=False)
    return Figure(judged, in_time / judged if judged and pd.notna(in_time) else None)


def _under(which: str, figure: Figure) -> dict[str, object]:
    return {f"judged_under_{which}": figure.judged, f"value_under_{which}": figure.value}


TABLE = Table(
    "measure.definition_bridge",
    DefinitionBridge,
    ("measure/definition_bridge", *service_levels.TABLE.queries, *response_times.TABLE.queries),
    made=made,
    is_history=True,
)
