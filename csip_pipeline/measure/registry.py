"""Every measured table, in the order in which they rest on each other."""

from csip_pipeline.measure import (
    abandoned_fates,
    abandonment,
    avoidable_demand,
    breaches,
    callbacks,
    channel_leakage,
    channel_savings,
    channel_shift,
    definition_bridge,
    digital_takeup,
    event_effects,
    repeat_contacts,
    response_times,
    service_levels,
    staffing,
    trends,
)
from csip_pipeline.monthly_tables import Table

TABLES: tuple[Table, ...] = (
    response_times.TABLE,
    service_levels.TABLE,
    breaches.TABLE,
    abandoned_fates.TABLE,
    abandonment.TABLE,
    callbacks.TABLE,
    repeat_contacts.TABLE,
    channel_shift.TABLE,
    digital_takeup.TABLE,
    channel_leakage.TABLE,
    channel_savings.TABLE,
    avoidable_demand.TABLE,
    staffing.TABLE,
    definition_bridge.TABLE,
    trends.TABLE,
    event_effects.TABLE,
)
