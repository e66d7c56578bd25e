"""`csip demo`: a synthetic force's extracts in the data folder, run from end to end."""

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import click

from csip_pipeline import cli_demo_panel, cli_months, cli_outcomes, demo, settings
from csip_pipeline.cli_outcomes import Outcomes
from csip_pipeline.demo import contact_team, flagged_people, reviewer, series
from csip_pipeline.demo.clock import months_up_to
from csip_pipeline.extract import deliveries, intake, sources
from csip_pipeline.publish.callbacks import opening, reviewing
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings, project_root

HELD = "select notice_id, flags from publish.notices where state = 'held'"

Made = dict[dt.date, "Future[None]"]


def demonstrate(*, months: int, last: dt.date, scale: float, extracts_only: bool) -> None:
    """Make the extracts, run and publish them unless only they are wanted, and say where all is."""
    here = settings.load()
    if extracts_only:
        make(here, last=last, months=months, scale=scale)
        click.echo(f"The extracts are in {here.extracts}")
        return
    cli_outcomes.say(run(here, last=last, months=months, scale=scale))
    for line in publish(here, last, months):
        click.echo(line)


def make(here: Settings, *, last: dt.date, months: int, scale: float) -> None:
    """Write the extracts and run nothing."""
    _prepare(here)
    with cli_months.progress() as bar:
        task = bar.add_task("Making extracts", total=months)
        demo.make(
            here.extracts,
            last=last,
            months=months,
            scale=scale,
            on_month=lambda _month: bar.advance(task),
        )


def run(here: Settings, *, last: dt.date, months: int, scale: float) -> Outcomes:
    """Write the extracts, and run each month once it and the one after it are there.

    (A reply on the 1st belongs to a question of the 31st, so a month needs the next one's files.)
    A month's callbacks are issued early in the next one, whose extracts tell what came of them.
    """
    _prepare(here)
    made: Made = {month: Future() for month in months_up_to(last, months)}

    def make_all() -> None:
        try:
            demo.make(
                here.extracts,
                last=last,
                months=months,
                scale=scale,
                on_month=lambda month: made[month].set_result(None),
                then=partial(_read, here),
                workers=max((os.cpu_count() or 1) - 1, 1),  # one core is for the runs
            )
        except BaseException as error:
            for month in made.values():
                if not month.done():
                    month.set_exception(error)
            raise

    with ThreadPoolExecutor(1) as background:
        background.submit(make_all)
        return cli_months.run(
            here, _as_made(here, made), total=len(made), today=contact_team.issued_on
        )


def publish(here: Settings, last: dt.date, months: int) -> list[str]:
    """Publish the latest cycle that is whole, else the latest begun; say where everything is.

    The whole cycle before it has had its panel, whose results are in the pack; its own calls are
    frozen for the next one.
    """
    made = set(months_up_to(last, months))
    begun = [cycle for cycle in cli_months.cycles(here) if made & set(cycle.months)]
    whole = [cycle for cycle in begun if set(cycle.months) <= made]
    cycle = (whole or begun)[-1].cycle
    for earlier in whole[-2:-1]:
        cli_demo_panel.meet(here, earlier)
    said = cli_months.publish(here, cycle)
    for own in whole[-1:]:
        cli_demo_panel.freeze(here, own)
    return [
        f"Callback worklists: {here.worklists}",
        "To follow a number from extract to pack in the Dagster UI: csip ui",
        f"The panel pack of {cycle} for the Force and the office: {said['restricted']}",
        f"The panel pack of {cycle} for the public: {said['path']}",
    ]


def _prepare(here: Settings) -> None:
    """Give the folder the demo's reference data, unless it holds somebody else's extracts."""
    if not here.reference.exists():
        shutil.copytree(project_root() / "data" / "reference", here.reference)
    is_demo = here.data / ".demo"
    if any(deliveries.delivered_files(here)) and not is_demo.exists():
        raise RefusedError(
            f"{here.extracts} already holds extracts, and synthetic ones must never mix with real "
            "ones. Set CSIP_DATA to a new folder for the demo."
        )
    here.extracts.mkdir(parents=True, exist_ok=True)
    is_demo.touch()
    here.make_restricted()
    flagged_people.write(here.flagged_people)


def _read(here: Settings, paths: list[Path]) -> None:
    """Read a month's files while other months are still being made; intake says what is wrong."""
    declared = sources.load(here.reference / "feeds.toml")
    intake.catalogue(here, declared, only=set(paths))


def _as_made(here: Settings, made: Made) -> Iterator[dt.date]:
    """Each month once it can be run; what it leads to is reviewed and worked before the next is."""
    months = list(made)
    for position, month in enumerate(months):
        if position > 0:
            contact_team.give_back(here.worklists, here.extracts, months[position - 1])
            _review(here)
        for needed in months[position : position + 2]:
            made[needed].result()
        yield month


def _review(here: Settings) -> None:
    """Let the reviewer decide about whatever is held: what is released is in the next list."""
    if not here.callbacks.exists():
        return
    with opening.opened(here) as ledger:
        held = dict(ledger.con.execute(HELD).fetchall())
        for decision, ids in reviewer.decided(held, series.SEED).items():
            told = {"by": reviewer.NAME, "reason": decision.reason}
            if decision.is_released:
                reviewing.release(ledger, ids, **told, safe_time=decision.safe_time)
            else:
                reviewing.withdraw(ledger, ids, **told)
