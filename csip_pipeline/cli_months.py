"""`csip run` and `csip pack`: which months or cycle, run through Dagster, with progress."""

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from csip_pipeline import calendars, cli_runs, warehouse
from csip_pipeline.calendars import Cycle
from csip_pipeline.cli_runs import Outcome
from csip_pipeline.extract import deliveries, intake, sources
from csip_pipeline.refusals import RefusedError, shown
from csip_pipeline.settings import Settings, environment, project_root

Outcomes = dict[dt.date, Outcome]


def wanted(here: Settings, first: dt.date | None, last: dt.date | None) -> list[dt.date]:
    """The months to run: those given, else every month that changed extracts bear on."""
    covered = {month for cycle in cycles(here) for month in cycle.months}
    today = dt.datetime.now(tz=ZoneInfo(calendars.LONDON)).date()
    if first is None or last is None:
        return sorted(
            month for month in changed_months(here) if month in covered and month <= today
        )
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


def ignored(here: Settings) -> list[str]:
    """A sentence for each kind of delivered file that no month takes in."""
    declared = sources.load(here.reference / "feeds.toml")
    said = []
    if unclaimed := deliveries.unclaimed(here, declared):
        said.append(
            f"No source in feeds.toml claims: {', '.join(map(shown, unclaimed))}. Correct the "
            "file's name or the source's files pattern."
        )
    covered = {month for cycle in cycles(here) for month in cycle.months}
    outside = [
        delivery.path.name
        for delivery in intake.catalogue(here, declared)
        if not covered & set(delivery.months)
    ]
    if outside:
        said.append(
            f"No panel cycle covers any month of: {', '.join(outside)}. Add the cycle to "
            "reference/panel_cycles.csv."
        )
    return said


def changed_months(here: Settings) -> set[dt.date]:
    """Months that an extract bears on which they were not yet run with, or no longer."""
    catalogue = intake.catalogue(here, sources.load(here.reference / "feeds.toml"))
    if catalogue.refused:
        raise RefusedError("\n".join(refused.reason for refused in catalogue.refused))
    if not here.warehouse.exists():
        return {month for delivery in catalogue for month in delivery.bears_on}
    with warehouse.connected(here.warehouse, read_only=True) as con:
        return intake.months_touched(con, catalogue)


def run(
    here: Settings, months: Iterable[dt.date], *, total: int, today: dt.date | None = None
) -> Outcomes:
    """Run each month in turn. One that is refused does not stop the others."""
    outcomes: Outcomes = {}
    with cli_runs.instance(here) as instance, progress() as bar:
        task = bar.add_task("Making extracts", total=total)
        for month in months:
            bar.update(task, description=f"{month:%B %Y}")
            is_first = all(outcome.refusals for outcome in outcomes.values())
            outcomes[month] = cli_runs.run_month(
                instance, month, today=today, with_reference=is_first
            )
            bar.advance(task)
    return outcomes


def say(outcomes: Outcomes, *, as_json: bool = False) -> None:
    """Print what each month came to. Raises RefusedError where any was refused."""
    if as_json:
        click.echo(json.dumps([_as_dict(month, outcome) for month, outcome in outcomes.items()]))
    else:
        for month, outcome in outcomes.items():
            click.echo(_line(month, outcome))
            for warning in outcome.warnings:
                click.echo(f"         {warning}")
    refused = [
        f"{month:%Y-%m}: {reason}"
        for month, outcome in outcomes.items()
        for reason in outcome.refusals
    ]
    if refused:
        raise RefusedError("\n".join(refused))


def publish(here: Settings, cycle: str) -> dict[str, Any]:
    """Run the cycle job; return the pack's path and what is said of it."""
    known = [one.cycle for one in cycles(here)]
    if cycle not in known:
        raise RefusedError(
            f"{cycle} is not a panel cycle. reference/panel_cycles.csv has {', '.join(known)}."
        )
    with cli_runs.instance(here) as instance:
        outcome = cli_runs.run_cycle(instance, cycle)
    if outcome.refusals:
        raise RefusedError("\n".join(outcome.refusals))
    said = dict(outcome.counts["publish/panel_pack"])
    return {"path": str(here.data / said.pop("file")), **said}


def latest_cycle(here: Settings) -> str:
    """The latest cycle whose months have all been run.

    Raises RefusedError where there is none.
    """
    done: set[dt.date] = set()
    if here.warehouse.exists():
        with warehouse.connected(here.warehouse, read_only=True) as con:
            if warehouse.exists(con, "extract.intake"):
                found = con.execute("select distinct month from extract.intake").fetchall()
                done = {month for (month,) in found}
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


def _line(month: dt.date, outcome: Outcome) -> str:
    said = _as_dict(month, outcome)
    if outcome.refusals:
        return f"{said['month']}  refused"
    return (
        f"{said['month']}  {said['contacts']:>8,} contacts  {said['quarantined']:>5,} rows "
        f"unusable  {said['new_notices']:>6,} new callback notices"
    )


def _as_dict(month: dt.date, outcome: Outcome) -> dict[str, Any]:
    counts = outcome.counts
    notices = counts.get("publish/callback_list", {})
    return {
        "month": f"{month:%Y-%m}",
        "contacts": counts.get("harmonise/contacts", {}).get("dagster/row_count", 0),
        "quarantined": sum(asset.get("quarantined", 0) for asset in counts.values()),
        "new_notices": notices.get("new_notices", 0),
        "worklists": notices.get("worklists", "none"),
        "warnings": outcome.warnings,
        "refusals": outcome.refusals,
    }
