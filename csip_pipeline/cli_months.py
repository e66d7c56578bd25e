"""`csip run` and `csip pack`: which months or cycle, run through Dagster, with progress."""

import datetime as dt
import subprocess
import sys
from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from csip_pipeline import calendars, cli_extracts, warehouse
from csip_pipeline.calendars import Cycle
from csip_pipeline.cli_extracts import Look
from csip_pipeline.cli_outcomes import Outcomes
from csip_pipeline.months_run import months_run
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings, environment, project_root


def wanted(
    here: Settings, first: dt.date | None, last: dt.date | None, look: Look | None = None
) -> list[dt.date]:
    """The months to run: those given, else every month that changed extracts bear on."""
    covered = {month for cycle in cycles(here) for month in cycle.months}
    today = dt.datetime.now(tz=ZoneInfo(calendars.LONDON)).date()
    if first is None or last is None:
        catalogue = (look or cli_extracts.look(here)).catalogue
        changed = cli_extracts.changed_months(here, catalogue)
        return sorted(month for month in changed if month in covered and month <= today)
    months = calendars.months_between(first, last)
    if not months:
        raise RefusedError(f"{first:%Y-%m} comes after {last:%Y-%m}: swap --from and --to.")
    for month in months:
        if month not in covered:
            raise RefusedError(
                f"No panel cycle covers {month:%Y-%m}. Add its cycle to reference/panel_cycles.csv."
            )
        if month > today:
            raise RefusedError(f"{month:%Y-%m} has not begun yet.")
    return months


def run(
    here: Settings,
    months: Iterable[dt.date],
    *,
    total: int,
    today: Callable[[dt.date], dt.date] | None = None,
) -> Outcomes:
    """Run each month in turn, then what all months say together, in the last one's outcome.

    `today` gives the day on which a month's callbacks are issued; without it, that is today. A
    month that is refused does not stop the others. Where nobody sees a bar, a line on standard
    error tells of each of several months.
    """
    from csip_pipeline import cli_runs  # noqa: PLC0415 - loads Dagster, which takes half a second
    from csip_pipeline.defs import resources  # noqa: PLC0415 - as above

    outcomes: Outcomes = {}
    with cli_runs.instance(here) as instance, resources.kept_open(here), progress() as bar:
        task = bar.add_task("Making extracts", total=total)
        for month in months:
            bar.update(task, description=f"{month:%B %Y}")
            is_first = all(outcome.refusals for outcome in outcomes.values())
            outcomes[month] = cli_runs.run_month(
                instance,
                month,
                today=None if today is None else today(month),
                with_reference=is_first,
            )
            bar.advance(task)
            if bar.disable and total > 1:
                end = "refused" if outcomes[month].refusals else "done"
                click.echo(f"{month:%Y-%m} {end}, {len(outcomes)} of {total}", err=True)
        if any(not outcome.refusals for outcome in outcomes.values()):
            bar.update(task, description="What all months say together")
            outcomes[month] = outcomes[month].and_then(cli_runs.run_history(instance))
    return outcomes


def look(here: Settings) -> Look:
    """Look at every delivered file, with progress while files are read."""
    with progress() as bar:
        task = bar.add_task("Reading extracts", total=None)
        return cli_extracts.look(
            here, lambda done, total: bar.update(task, completed=done, total=total)
        )


def publish(here: Settings, cycle: str) -> dict[str, Any]:
    """Run the cycle job; return the pack's path and what is said of it."""
    from csip_pipeline import cli_runs  # noqa: PLC0415 - as above

    if cycle not in {one.cycle for one in cycles(here)}:
        raise unknown_cycle(here, cycle)
    with cli_runs.instance(here) as instance:
        outcome = cli_runs.run_cycle(instance, cycle)
    if outcome.refusals:
        raise RefusedError("\n".join(outcome.refusals))
    said = dict(outcome.counts["publish/panel_pack"])
    path, restricted = said.pop("file"), said.pop("restricted_file")
    return {"path": str(here.data / path), "restricted": str(here.data / restricted), **said}


def judge(here: Settings, month: dt.date) -> dict[str, list[str]]:
    """Run the quality job; return the figures of each table that are not as usual."""
    from csip_pipeline import cli_runs  # noqa: PLC0415 - as above

    with cli_runs.instance(here) as instance:
        outcome = cli_runs.run_quality(instance, month)
    if outcome.refusals:
        raise RefusedError("\n".join(outcome.refusals))
    told = str(outcome.counts["publish/quality_site"]["unusual"])
    found: dict[str, list[str]] = {}
    for line in [] if told == "none" else told.splitlines():
        table, _, name = line.partition(": ")
        found.setdefault(table, []).append(name)
    return found


def unknown_cycle(here: Settings, cycle: str) -> RefusedError:
    """What is said of a cycle that the force does not have."""
    known = ", ".join(one.cycle for one in cycles(here))
    return RefusedError(f"{cycle} is not a panel cycle. reference/panel_cycles.csv has {known}.")


def latest_cycle(here: Settings) -> str:
    """The latest cycle whose months have all been run.

    Raises RefusedError where there is none.
    """
    done: set[dt.date] = set()
    if here.warehouse.exists():
        with warehouse.connected(here.warehouse, read_only=True) as con:
            done = months_run(con)
    begun = [cycle for cycle in cycles(here) if set(cycle.months) & done]
    whole = [cycle.cycle for cycle in begun if set(cycle.months) <= done]
    if not begun:
        raise RefusedError("No month has been run, so there is nothing to publish: csip run")
    if not whole:
        raise RefusedError(
            "No panel cycle has all its months in. Run them first (csip run), or publish what is "
            f"in: csip pack --cycle {begun[-1].cycle}"
        )
    return whole[-1]


def cycles(here: Settings) -> list[Cycle]:
    """The force's panel cycles, earliest first."""
    return calendars.read_cycles(here.reference / "panel_cycles.csv")


def open_ui(here: Settings, options: Iterable[str]) -> int:
    """Serve the Dagster UI until it is stopped; return its exit code."""
    from csip_pipeline import cli_runs  # noqa: PLC0415 - as above

    home = cli_runs.instance_folder(here)
    workspace = project_root() / "workspace.yaml"
    command = [sys.executable, "-m", "dagster", "dev", "-w", str(workspace), *options]
    surroundings = environment(here, DAGSTER_HOME=str(home))
    return subprocess.run(command, env=surroundings, check=False).returncode  # noqa: S603 - ours


def progress() -> Progress:
    """A progress bar on standard error, shown only where somebody can see it move."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=console, disable=not console.is_terminal)
