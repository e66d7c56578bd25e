"""The figures of a pack, row by row: a test names what its case is about, the rest is usual."""

import datetime as dt
from dataclasses import fields

import pandas as pd

from csip_pipeline import promises
from csip_pipeline.calendars import Cycle
from csip_pipeline.measure.abandonment import Abandonment
from csip_pipeline.measure.avoidable_demand import AvoidableDemand
from csip_pipeline.measure.callbacks import Callbacks
from csip_pipeline.measure.channel_leakage import ChannelLeakage
from csip_pipeline.measure.channel_savings import ChannelSavings
from csip_pipeline.measure.channel_shift import ChannelShift
from csip_pipeline.measure.definition_bridge import DefinitionBridge
from csip_pipeline.measure.digital_takeup import DigitalTakeup
from csip_pipeline.measure.panel_agreement import PanelAgreement
from csip_pipeline.measure.panel_results import PanelResults
from csip_pipeline.measure.repeat_contacts import RepeatContacts
from csip_pipeline.measure.service_levels import ServiceLevels
from csip_pipeline.measure.staffing import Staffing
from csip_pipeline.measure.trends import Trends
from csip_pipeline.measure.unnecessary_calls import UnnecessaryCalls
from csip_pipeline.publish.pack_figures import Figures

OCTOBER, NOVEMBER, DECEMBER = (dt.date(2026, month, 1) for month in (10, 11, 12))
CYCLE = Cycle(
    "2026-Q4", "October to December 2026", OCTOBER, dt.date(2026, 12, 31), dt.date(2027, 1, 21)
)
ABOUT = {
    "name": "Demo Constabulary",
    "panel": "The panel",
    "office": "The office",
    "contact": "csip@example.org",
    "as_at": pd.Timestamp("2027-01-04 05:00", tz="UTC"),
    "months_in": CYCLE.months,
}
LINE = {"month": OCTOBER, "level": "line", "channel": "telephone", "line": "101"}
EARLIER = {"month": dt.date(2026, 9, 1), "cycle": "2026-Q3"}
USUAL = {
    "abandonment": (Abandonment, LINE | {"offered": 100, "abandoned": 10}),
    "avoidable_demand": (AvoidableDemand, LINE | {"reason_group": "misdial", "contacts": 1}),
    "callbacks": (Callbacks, {"month": OCTOBER, "level": "all"}),
    "channel_leakage": (ChannelLeakage, {"month": OCTOBER, "level": "service", "title": None}),
    "channel_savings": (ChannelSavings, {"month": OCTOBER, "channel": "web_form"}),
    "channel_shift": (ChannelShift, {"month": OCTOBER, "channel": "web_form"}),
    "definition_bridge": (DefinitionBridge, {"month": OCTOBER, "wording": "We aim to answer."}),
    "digital_takeup": (DigitalTakeup, {"month": OCTOBER, "title": None}),
    "hours": (ServiceLevels, LINE | {"level": "line_hour", "weekday": 1, "hour": 9}),
    "panel_agreement": (PanelAgreement, EARLIER | {"item": "tone"}),
    "panel_results": (PanelResults, EARLIER | {"item": "tone", "scale": "grades"}),
    "repeat_contacts": (RepeatContacts, LINE | {"within_days": 7, "contacts": 9}),
    "service_levels": (ServiceLevels, LINE | {"clock": "end_to_end"}),
    "staffing": (Staffing, LINE | {"weekday": 1, "hour": 9}),
    "trends": (
        Trends,
        {
            "measure": "service_level",
            "subject": "101",
            "month": OCTOBER,
            "unit": "share",
            "improvement": "increase",
            "segment": 1,
            "title": None,
        },
    ),
    "unnecessary_calls": (UnnecessaryCalls, EARLIER),
}


def figures(**given: object) -> Figures:
    """Figures with the given rows; whatever is not given is empty."""
    frames = {
        name: rows_of(name, given.get(name, []))
        for name in USUAL
        if isinstance(given.get(name, []), list)
    }
    ready = {name: rows for name, rows in given.items() if not isinstance(rows, list)}
    rest = {each.name: pd.DataFrame() for each in fields(Figures)}
    rest["intake"] = pd.DataFrame({"month": pd.to_datetime([]), "feed": [], "file": []})
    whole = {"cycle": CYCLE, "about": pd.Series(ABOUT)}
    return Figures(**{**rest, **whole, **frames, **ready})


def rows_of(name, given):
    """Rows of a query, in the types of its table's promise."""
    promise, usual = USUAL[name]
    columns = promises.duckdb_columns(promise)
    texts = dict.fromkeys(columns)
    rows = pd.DataFrame([{**texts, **usual, **row} for row in given], columns=[*texts, *usual])
    rows = rows.loc[:, ~rows.columns.duplicated()]
    for column, kind in columns.items():
        if kind in ("DOUBLE", "BIGINT"):
            rows[column] = rows[column].astype("Float64" if kind == "DOUBLE" else "Int64")
        elif kind == "BOOLEAN":
            rows[column] = rows[column].astype("boolean").fillna(value=False)
    return rows.assign(month=pd.to_datetime(rows["month"]))
