"""Every measured table, in the order in which they rest on each other."""

from csip_pipeline.measure import (
    abandoned_fates,
    abandonment,
    breaches,
    channel_leakage,
    channel_shift,
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
    repeat_contacts.TABLE,
    channel_leakage.TABLE,
    channel_shift.TABLE,
    staffing.TABLE,
    trends.TABLE,
    event_effects.TABLE,
)
