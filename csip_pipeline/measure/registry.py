"""Every measured table, in the order in which they rest on each other."""

from csip_pipeline.measure import (
    avoidable_demand,
    breaches,
    channel_savings,
    channel_shift,
    digital_takeup,
    response_times,
    service_levels,
)
from csip_pipeline.monthly_tables import Table

TABLES: tuple[Table, ...] = (
    response_times.TABLE,
    service_levels.TABLE,
    breaches.TABLE,
    channel_shift.TABLE,
    digital_takeup.TABLE,
    avoidable_demand.TABLE,
    channel_savings.TABLE,
)
