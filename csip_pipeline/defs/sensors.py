"""New and corrected extracts are run by themselves, the months that they touch and no others."""

import hashlib
import json

import dagster as dg

from csip_pipeline import calendars, cli_extracts, settings
from csip_pipeline.cli_extracts import Look
from csip_pipeline.defs.jobs import month
from csip_pipeline.extract import callback_outcomes, lateness
from csip_pipeline.refusals import RefusedError

LEFT_TO_OTHERS = frozenset({callback_outcomes.FEED.name})
"""The feeds that another sensor looks after."""
SHOWN = 16
"""How many hexadecimal digits tell one set of files from another."""


@dg.sensor(
    job=month,
    description="When an extract is new, corrected or withdrawn: the months it touches, once each.",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def new_extracts(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """When an extract is new, corrected or withdrawn: the months that it touches, once each.

    So are months whose run did not get through. A month that was asked for is not asked for again
    until its files change, so that one which is refused is refused once. The cursor holds months
    and hashes of hashes, and no file's name.
    """
    here = settings.load()
    try:
        look = cli_extracts.look(here)
        touched = cli_extracts.changed_months(here, look.catalogue, but=LEFT_TO_OTHERS)
    except RefusedError as refusal:  # a run writes the warehouse: the next look will tell
        return dg.SkipReason(str(refusal))
    this_month = calendars.month_of(lateness.today())
    wanted = {each for each in touched & look.covered if each <= this_month}
    if any(one.source.feed.name not in LEFT_TO_OTHERS for one in look.catalogue.refused):
        wanted.add(this_month)  # its run says which could not be read, and why
    asked: dict[str, list[str]] = json.loads(context.cursor or "{}")
    requests = []
    for each in sorted(wanted):
        key, files = f"{each:%Y-%m}", _files_of(look, key=f"{each:%Y-%m}")
        before = asked.get(key, [])
        if before and before[-1] == files:
            continue
        asked[key] = [*before, files]
        run_key = f"{key} {files} {len(asked[key])}"
        requests.append(dg.RunRequest(partition_key=key, run_key=run_key))
    if wanted and not requests:
        return dg.SkipReason(
            f"{', '.join(f'{each:%Y-%m}' for each in sorted(wanted))}: asked for before, with the "
            "same files. Where the run was refused, mend what it names, and run the month by hand."
        )
    if not requests:
        return dg.SkipReason("No extract is new, corrected or withdrawn since the last look.")
    return dg.SensorResult(run_requests=requests, cursor=json.dumps(asked, sort_keys=True))


def _files_of(look: Look, key: str) -> str:
    """Stands for the set of files that bear on a month, and those that cannot be read."""
    bearing = [
        one.basis
        for one in look.catalogue
        if one.source.feed.name not in LEFT_TO_OTHERS
        and key in {f"{each:%Y-%m}" for each in one.bears_on}
    ]
    unread = [
        f"{one.path.name} {one.reason}"
        for one in look.catalogue.refused
        if one.source.feed.name not in LEFT_TO_OTHERS
    ]
    text = json.dumps(sorted([*bearing, *unread]))
    return hashlib.sha256(text.encode()).hexdigest()[:SHOWN]
