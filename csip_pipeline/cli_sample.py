"""The verbs of `csip sample`: plan, freeze, draw, withdraw, target, list, sheets, verify."""

import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import cast

import click

from csip_pipeline import calendars, cli_months, settings, warehouse
from csip_pipeline.calendars import Cycle
from csip_pipeline.cli_options import AS_JSON
from csip_pipeline.publish.sampling import (
    drawing,
    freezing,
    listing,
    manifested,
    planning,
    score_sheets,
    verifying,
)
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

CYCLE = click.option("--cycle", required=True, help="Such as 2026-Q3.")


@click.group()
def sample() -> None:
    """Draw the calls that the panel listens to.

    Nobody can say that they were picked: freeze the frame, let the chair throw dice, draw. Anybody
    can draw again and compare.
    """


@sample.command()
@click.option("--half-width", type=float, required=True, help="Points to either side: 10.")
@click.option("--share", type=float, default=50, show_default=True, help="Expected, per cent.")
@click.option("--confidence", type=float, default=95, show_default=True, help="Per cent.")
@click.option("--calls", type=click.IntRange(min=1), help="Calls in the frame, if it is small.")
@click.option("--minutes-per-call", type=float, default=8, show_default=True)
@click.option("--hours", type=float, help="How long the panel can listen.")
@AS_JSON
def plan(  # noqa: PLR0913, PLR0917 - the options of a verb
    half_width: float,
    share: float,
    confidence: float,
    calls: int | None,
    minutes_per_call: float,
    hours: float | None,
    *,
    as_json: bool,
) -> None:
    """Say how many calls to hear, for a share to be as exact as the panel wants it."""
    try:
        planned = planning.plan(
            half_width / 100,
            share=share / 100,
            confidence=confidence / 100,
            frame=calls,
            minutes_per_call=minutes_per_call,
            hours=hours,
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if as_json:
        click.echo(json.dumps(planned.as_dict()))
        return
    click.echo(
        f"Hear {planned.calls} calls: about {planned.hours:g} hours at {minutes_per_call:g} "
        f"minutes each. A share of {share:g} % is then known to {half_width:g} points either way."
    )
    if planned.calls_in_the_hours is not None:
        reach = planned.half_width_in_the_hours
        told = f", which gives {reach:g} points either way" if reach else ""
        click.echo(f"In {hours:g} hours: {planned.calls_in_the_hours} calls{told}.")


@sample.command()
@CYCLE
@click.option("--strata", type=click.Choice(["month", "queue", "reason"]), help="Divide the frame.")
@AS_JSON
def freeze(cycle: str, strata: str | None, *, as_json: bool) -> None:
    """Publish the hash of every call that could be drawn, before there is a seed."""
    here, of = _cycle(cycle)
    with _warehouse(here) as con:
        frame = freezing.freeze(con, here, of, cast("freezing.Strata | None", strata))
    _load(here, of)
    said = f"Frozen: {frame['rows']:,} calls, SHA-256 {frame['sha256']}"
    click.echo(json.dumps(frame) if as_json else said)


@sample.command()
@CYCLE
@click.option("--seed", required=True, help="The chair's dice digits, at least 20.")
@click.option("--size", type=click.IntRange(min=1), required=True, help="How many calls.")
@click.option("--reserves", type=click.IntRange(min=0), help="How many to spare: half as many.")
@AS_JSON
def draw(cycle: str, seed: str, size: int, reserves: int | None, *, as_json: bool) -> None:
    """Draw the sample and its reserves with the chair's dice digits. It happens once."""
    here, of = _cycle(cycle)
    drawn = drawing.draw(here, of, seed, size, reserves)
    _load(here, of)
    if as_json:
        click.echo(json.dumps(drawn))
        return
    for row in drawn["rows"]:
        kind = "call" if row["sample_no"] <= size else "reserve"
        click.echo(f"{row['sample_no']:>4}  {kind:<8}  {row['reference']}  row {row['row']:,}")


@sample.command()
@CYCLE
@click.option("--call", "sample_no", type=int, required=True, help="Its number in the sample.")
@click.option("--because", type=click.Choice(drawing.WITHDRAWALS), required=True)
@AS_JSON
def withdraw(cycle: str, sample_no: int, because: str, *, as_json: bool) -> None:
    """Take a call out for a reason; the next reserve takes its place."""
    here, of = _cycle(cycle)
    entry = drawing.withdraw(here, of, sample_no, because)
    _load(here, of)
    said = f"Call {sample_no} is withdrawn; reserve {entry['replaced_by']} takes its place."
    click.echo(json.dumps(entry) if as_json else said)


@sample.command()
@CYCLE
@click.option("--contact", "contacts", multiple=True, required=True, help="A contact_id.")
@click.option("--because", type=click.Choice(drawing.TARGETS), required=True)
@AS_JSON
def target(cycle: str, contacts: tuple[str, ...], because: str, *, as_json: bool) -> None:
    """Add calls chosen on purpose: heard apart, and in no estimate."""
    here, of = _cycle(cycle)
    after = drawing.target(here, of, list(contacts), because)
    _load(here, of)
    click.echo(json.dumps({"targeted": len(after)}) if as_json else f"Targeted calls: {len(after)}")


@sample.command("list")
@CYCLE
@AS_JSON
def list_calls(cycle: str, *, as_json: bool) -> None:
    """Write the list by which the contact centre finds the recordings. It is restricted."""
    here, of = _cycle(cycle)
    if here.warehouse.exists() and "draw" in manifested.read(here.published / of.cycle):
        _load(here, of)  # the chair may have drawn at the office's door, which runs no job
    with _warehouse(here) as con:
        path = listing.write(con, here, of)
    click.echo(json.dumps({"path": str(path)}) if as_json else path)


@sample.command()
@CYCLE
@click.option("--panellists", required=True, help="A letter each, never a name: A,B,C.")
@click.option(
    "--overlap",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="Calls that two of them score, to see how far they agree.",
)
@AS_JSON
def sheets(cycle: str, panellists: str, overlap: int, *, as_json: bool) -> None:
    """Write each panellist's score sheet: calls by number, and what is asked of them.

    It comes back filled in, under its own name, in extracts/panel_scores.
    """
    here, of = _cycle(cycle)
    letters = [each.strip() for each in panellists.split(",") if each.strip()]
    paths = score_sheets.write(here, of, letters, overlap)
    if as_json:
        click.echo(json.dumps({"paths": [str(path) for path in paths]}))
        return
    for path in paths:
        click.echo(path)


@sample.command()
@click.argument("manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@AS_JSON
def verify(manifest: Path, *, as_json: bool) -> None:
    """Draw again from what is public, and compare. Exits with 1 where anything differs."""
    proof = verifying.verify(manifest)
    if as_json:
        click.echo(json.dumps({"looked_at": proof.looked_at, "faults": proof.faults}))
    else:
        for line in proof.looked_at:
            click.echo(f"Checked: {line}")
        for fault in proof.faults:
            click.echo(fault)
        if not proof.faults:
            click.echo("Everything holds.")
    if proof.faults:
        raise click.exceptions.Exit(1)


def _cycle(name: str) -> tuple[Settings, Cycle]:
    here = settings.load()
    for cycle in cli_months.cycles(here):
        if cycle.cycle == name:
            return here, cycle
    raise cli_months.unknown_cycle(here, name)


def _warehouse(here: Settings) -> AbstractContextManager[warehouse.Connection]:
    if not here.warehouse.exists():
        raise RefusedError("No month has been run, so there is nothing to draw from: csip run")
    return warehouse.connected(here.warehouse, read_only=True)


def _load(here: Settings, cycle: Cycle) -> None:
    """Run the job that loads the sample's tables, so that lineage and measures follow."""
    from csip_pipeline import cli_runs  # noqa: PLC0415 - loads Dagster, which takes half a second

    with cli_runs.instance(here) as instance:
        outcome = cli_runs.run_sample(instance, calendars.month_of(cycle.ends_on))
    if outcome.refusals:
        raise RefusedError("\n".join(outcome.refusals))
