"""The jobs and when they run: the month, what all months say together, and the panel's cycle."""

import datetime as dt
import json
from zoneinfo import ZoneInfo

import dagster as dg

from csip_pipeline import calendars, settings
from csip_pipeline.defs.partitions import COVERED, CYCLES, CYCLES_READ, MONTHS
from csip_pipeline.extract import callback_outcomes, intake, sources
from csip_pipeline.measure.registry import TABLES

DAYS_BEFORE_MEETING = 14
PACK = dg.AssetSelection.assets(["publish", "panel_pack"])
QUALITY = dg.AssetSelection.assets(["publish", "quality_site"])

HISTORY = dg.AssetSelection.assets(*(table.name.split(".") for table in TABLES if table.is_history))

month = dg.define_asset_job(
    name="month",
    description="One month, from the extracts to the callback list.",
    selection=dg.AssetSelection.all() - PACK - QUALITY,
    partitions_def=MONTHS,
    executor_def=dg.in_process_executor,
)
history = dg.define_asset_job(
    name="history",
    description="What every month says together: trends, effects of events, changes of definition.",
    selection=HISTORY | dg.AssetSelection.assets(["reference", "events"]),
    executor_def=dg.in_process_executor,
)
callbacks = dg.define_asset_job(
    name="callbacks",
    description="What came of callbacks, and a list of whoever is due. No other feed is read.",
    selection=dg.AssetSelection.assets(
        ["extract", "callback_outcomes"],
        ["extract", "intake"],
        ["publish", "callback_list"],
        ["measure", "abandonment"],
        ["measure", "callbacks"],
        ["reference", "contact_flags"],
        ["reference", "contact_reasons"],
    ),
    partitions_def=MONTHS,
    executor_def=dg.in_process_executor,
)
SAMPLED = dg.AssetSelection.assets(
    ["publish", "call_frame"],
    ["publish", "call_sample"],
    ["publish", "call_draws"],
    ["measure", "panel_answers"],
    ["measure", "panel_results"],
    ["measure", "panel_agreement"],
    ["measure", "unnecessary_calls"],
    ["reference", "score_sheet"],
)
arrivals = dg.define_asset_job(
    name="arrivals",
    description="What is late, and by how many days. No extract is read.",
    selection=dg.AssetSelection.assets(["extract", "arrivals"], ["reference", "feeds"]),
    partitions_def=MONTHS,
    executor_def=dg.in_process_executor,
)
sample = dg.define_asset_job(
    name="sample",
    description="The call sample of the panel cycle that ends in the month, and its results.",
    selection=SAMPLED,
    partitions_def=MONTHS,
    executor_def=dg.in_process_executor,
)
scores = dg.define_asset_job(
    name="scores",
    description="The score sheets that came back, and what they say. No other feed is read.",
    selection=SAMPLED
    | dg.AssetSelection.assets(["extract", "panel_scores"], ["extract", "intake"]),
    partitions_def=MONTHS,
    executor_def=dg.in_process_executor,
)
cycle = dg.define_asset_job(
    name="cycle",
    description="One panel cycle: its pack, from the months measured so far.",
    selection=PACK,
    partitions_def=CYCLES,
    executor_def=dg.in_process_executor,
)


@dg.sensor(
    job=callbacks,
    description="When the contact team gives a list back: what came of it, a run a month.",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def returned_worklists(
    context: dg.SensorEvaluationContext,
) -> dg.SensorResult | dg.SkipReason:
    """When the contact team gives a list back: what came of it, for each month of its attempts."""
    here = settings.load()
    declared = sources.load(here.reference / "feeds.toml")
    own = [source for source in declared if source.feed.name == callback_outcomes.FEED.name]
    found = intake.catalogue(here, own)
    now = {delivery.path.name: delivery.sha256 for delivery in found}
    now |= {refused.path.name: refused.reason for refused in found.refused}
    before = json.loads(context.cursor or "{}")
    if now == before:
        return dg.SkipReason("No list has come back since the last look.")
    fresh = [each for each in found if before.get(each.path.name) != each.sha256]
    touched = {month for each in fresh for month in each.bears_on}
    if len(now) > len(found):  # a run says which could not be read, and why
        touched.add(calendars.month_of(dt.datetime.now(tz=ZoneInfo(calendars.LONDON)).date()))
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(partition_key=f"{month:%Y-%m}") for month in sorted(touched & COVERED)
        ],
        cursor=json.dumps(now, sort_keys=True),
    )


def _month_before(context: dg.ScheduleEvaluationContext) -> str:
    """The partition of the month before a schedule's moment."""
    today = context.scheduled_execution_time.date()
    return f"{calendars.months_after(calendars.month_of(today), -1):%Y-%m}"


@dg.schedule(
    job=month,
    description="On the 5th at 06:00 London time: the month before, from extracts to callbacks.",
    cron_schedule="0 6 5 * *",
    execution_timezone=calendars.LONDON,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def last_month(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """On the 5th at 06:00 London time, when suppliers have sent it: the month before."""
    key = _month_before(context)
    return dg.RunRequest(run_key=key, partition_key=key)


@dg.schedule(
    job=month,
    description="Daily at 06:30 London time, off by default: the month so far, for its callbacks.",
    cron_schedule="30 6 * * *",
    execution_timezone=calendars.LONDON,
    default_status=dg.DefaultScheduleStatus.STOPPED,
)
def month_to_date(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Daily at 06:30 London time, off by default: the month so far, for callbacks while it lasts.

    Whoever has a notice already is not told again, so a day issues only what is new.
    """
    today = context.scheduled_execution_time.date()
    return dg.RunRequest(run_key=f"{today}", partition_key=f"{today:%Y-%m}")


@dg.schedule(
    job=arrivals,
    description="Daily at 08:15 London time: how many days late each source's last month is.",
    cron_schedule="15 8 * * *",
    execution_timezone=calendars.LONDON,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def what_is_late(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Daily at 08:15 London time: how many days late each source's last month is by now."""
    today = context.scheduled_execution_time.date()
    return dg.RunRequest(run_key=f"{today}", partition_key=_month_before(context))


@dg.schedule(
    job=cycle,
    description="At 07:00 London time, a fortnight before the panel meets: the pack of its cycle.",
    cron_schedule="0 7 * * *",
    execution_timezone=calendars.LONDON,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def before_the_meeting(
    context: dg.ScheduleEvaluationContext,
) -> dg.RunRequest | dg.SkipReason:
    """At 07:00 London time, a fortnight before the panel meets: the pack of its cycle."""
    today = context.scheduled_execution_time.date()
    meets_on = today + dt.timedelta(days=DAYS_BEFORE_MEETING)
    for one in CYCLES_READ:
        if one.meeting_on == meets_on:
            return dg.RunRequest(run_key=one.cycle, partition_key=one.cycle)
    return dg.SkipReason(f"No panel meets on {meets_on}.")
