"""How runs are divided: months in London time, and panel cycles from panel_cycles.csv."""

import datetime as dt

import dagster as dg

from csip_pipeline import calendars, settings
from csip_pipeline.calendars import Cycle

CYCLES_READ: list[Cycle] = calendars.read_cycles(settings.load().reference / "panel_cycles.csv")
"""The cycles as they stood when the code location was loaded; reload it after a change."""
COVERED = {month for cycle in CYCLES_READ for month in cycle.months}
"""The months that some cycle looks back on."""

MONTHS = dg.MonthlyPartitionsDefinition(
    start_date=CYCLES_READ[0].starts_on.strftime("%Y-%m"),
    timezone=calendars.LONDON,
    fmt="%Y-%m",
    end_offset=1,  # the month in progress can be run to date
)
CYCLES = dg.StaticPartitionsDefinition([cycle.cycle for cycle in CYCLES_READ])


def month_of(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> dt.date:
    """The month this run is about."""
    return calendars.parse_month(context.partition_key)


def cycle_of(context: dg.AssetExecutionContext) -> Cycle:
    """The panel cycle this run is about."""
    return next(cycle for cycle in CYCLES_READ if cycle.cycle == context.partition_key)
