"""The figures behind a pack, read once from the measured tables."""

import datetime as dt
from dataclasses import dataclass
from functools import cache

import pandas as pd

from csip_pipeline import calendars, warehouse
from csip_pipeline.calendars import Cycle
from csip_pipeline.parsed_queries import tables_read
from csip_pipeline.publish.disclosure.quantities import THRESHOLD
from csip_pipeline.refusals import RefusedError
from csip_pipeline.warehouse import Connection, read_query

MONTHS_LOOKED_BACK = 26
ABOUT = "publish/pack_about"
OF_THE_CYCLE = (
    "publish/pack_abandonment",
    "publish/pack_arrivals",
    "publish/pack_avoidable_demand",
    "publish/pack_breaches",
    "publish/pack_call_sample",
    "publish/pack_callbacks",
    "publish/pack_channel_leakage",
    "publish/pack_channel_savings",
    "publish/pack_definition_bridge",
    "publish/pack_digital_takeup",
    "publish/pack_event_effects",
    "publish/pack_hours",
    "publish/pack_intake",
    "publish/pack_missing_hours",
    "publish/pack_panel_agreement",
    "publish/pack_panel_results",
    "publish/pack_recommendations",
    "publish/pack_repeat_contacts",
    "publish/pack_response_times",
    "publish/pack_staffing",
    "publish/pack_trends",
    "publish/pack_unnecessary_calls",
)
LOOKED_BACK_ON = ("publish/pack_channel_shift", "publish/pack_service_levels")
"""Queries of the cycle's own months (what the panel heard: of those before), and of all charted."""
EVENTS = "measure/dated_events"
"""What measure knows of each event, so that a pack takes the same months to either side of it."""
BASES = ("publish/edition_inputs", "publish/reference_hashes")
"""Queries of what an edition was made from."""
QUERIES = (ABOUT, EVENTS, *OF_THE_CYCLE, *LOOKED_BACK_ON, *BASES)


@dataclass(frozen=True)
class Figures:
    """What a pack says, by query: of the cycle's months, and of those its charts look back on."""

    cycle: Cycle
    about: pd.Series
    abandonment: pd.DataFrame
    arrivals: pd.DataFrame
    avoidable_demand: pd.DataFrame
    breaches: pd.DataFrame
    call_sample: pd.DataFrame
    callbacks: pd.DataFrame
    channel_leakage: pd.DataFrame
    channel_savings: pd.DataFrame
    channel_shift: pd.DataFrame
    dated_events: pd.DataFrame
    definition_bridge: pd.DataFrame
    digital_takeup: pd.DataFrame
    event_effects: pd.DataFrame
    hours: pd.DataFrame
    intake: pd.DataFrame
    missing_hours: pd.DataFrame
    panel_agreement: pd.DataFrame
    panel_results: pd.DataFrame
    recommendations: pd.DataFrame
    repeat_contacts: pd.DataFrame
    response_times: pd.DataFrame
    service_levels: pd.DataFrame
    staffing: pd.DataFrame
    trends: pd.DataFrame
    unnecessary_calls: pd.DataFrame

    @property
    def hide_below(self) -> int:
        """Counts below this, other than nought, are small: the public edition hides them."""
        given = self.about.get("hide_below")
        return THRESHOLD if given is None or pd.isna(given) else int(given)

    @property
    def months_in(self) -> list[dt.date]:
        """The cycle's months that any extract has come in for."""
        return [month for month in self.cycle.months if month in set(self.about["months_in"])]

    @property
    def months_out(self) -> list[dt.date]:
        """The cycle's months that are not in yet."""
        return [month for month in self.cycle.months if month not in self.months_in]

    def of_the_cycle(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of the cycle's own months."""
        return frame[frame["month"].dt.date.isin(self.cycle.months)].reset_index(drop=True)


@cache
def reads() -> list[str]:
    """Every table that a pack rests on. To parse all its queries takes a second, so once."""
    return sorted({table for query in QUERIES for table in tables_read(read_query(query))})


def read(con: Connection, cycle: Cycle) -> Figures:
    """Read a cycle's figures. Raises RefusedError where none of its months has been run."""
    if any(not warehouse.exists(con, table) for table in reads()):
        raise _not_run(cycle)
    own = {"first_month": cycle.months[0], "last_month": cycle.months[-1]}
    looked_back = {**own, "first_month": months_drawn_on(cycle)[0]}

    def rows(query: str, months: dict[str, dt.date]) -> pd.DataFrame:
        return warehouse.fetch(con, read_query(query), months)

    about = rows(ABOUT, own).iloc[0].copy()
    if pd.isna(about["as_at"]):
        raise _not_run(cycle)
    about["months_in"] = [pd.Timestamp(month).date() for month in about["months_in"]]
    return Figures(
        cycle=cycle,
        about=about,
        dated_events=warehouse.fetch(con, read_query(EVENTS)),
        **{_field(query): rows(query, own) for query in OF_THE_CYCLE},
        **{_field(query): rows(query, looked_back) for query in LOOKED_BACK_ON},
    )


def months_drawn_on(cycle: Cycle) -> list[dt.date]:
    """Every month that a pack shows a figure of: its cycle's, and those that its charts show."""
    last = cycle.months[-1]
    first = min(calendars.months_after(last, 1 - MONTHS_LOOKED_BACK), cycle.months[0])
    return calendars.months_between(first, last)


def _field(query: str) -> str:
    return query.removeprefix("publish/pack_")


def _not_run(cycle: Cycle) -> RefusedError:
    first, last = cycle.months[0], cycle.months[-1]
    return RefusedError(
        f"There is nothing to publish for {cycle.cycle}: none of its months has been run. Put the "
        f"extracts in place, then: csip run --from {first:%Y-%m} --to {last:%Y-%m}"
    )
