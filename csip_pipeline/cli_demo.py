"""`csip demo`: a synthetic force's extracts in the data folder, run from end to end."""

import datetime as dt
import shutil

from csip_pipeline import cli_months
from csip_pipeline import demo as force
from csip_pipeline.demo.clock import months_up_to
from csip_pipeline.extract import deliveries
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings, project_root

__all__ = ["MONTHS", "TODAY", "make", "months_up_to", "publish"]

MONTHS = 26
TODAY = dt.date(2026, 11, 5)
"""The day on which the demo's callbacks are issued, so that every demo is the same."""


def make(here: Settings, *, last: dt.date, months: int, scale: float) -> None:
    """Write the extracts. Raises RefusedError where the folder holds somebody else's."""
    if not here.reference.exists():
        shutil.copytree(project_root() / "data" / "reference", here.reference)
    made_before = here.data / ".demo"
    if any(deliveries.delivered_files(here)) and not made_before.exists():
        raise RefusedError(
            f"{here.extracts} already holds extracts, and synthetic ones must never mix with real "
            "ones. Set CSIP_DATA to a new folder for the demo."
        )
    here.extracts.mkdir(parents=True, exist_ok=True)
    made_before.touch()
    with cli_months.progress() as bar:
        task = bar.add_task("Making extracts", total=months)
        force.make(
            here.extracts,
            last=last,
            months=months,
            scale=scale,
            on_month=lambda _month: bar.advance(task),
        )


def publish(here: Settings, last: dt.date, months: int) -> list[str]:
    """Publish the latest cycle that is whole, else the latest begun; say where everything is."""
    made = set(months_up_to(last, months))
    begun = [cycle for cycle in cli_months.cycles(here) if made & set(cycle.months)]
    whole = [cycle for cycle in begun if set(cycle.months) <= made]
    cycle = (whole or begun)[-1].cycle
    said = cli_months.publish(here, cycle)
    return [
        f"Callback worklists: {here.worklists}",
        "To follow a number from extract to pack in the Dagster UI: csip ui",
        f"The panel pack of {cycle}: {said['path']}",
    ]
