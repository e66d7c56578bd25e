"""What `csip sample` does: freeze, draw, withdraw, target, list, sheets, verify."""

import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import cast

import click

from csip_pipeline import calendars, cli_months, settings, warehouse
from csip_pipeline.calendars import Cycle
from csip_pipeline.publish.sampling import (
    drawing,
    freezing,
    listing,
    manifested,
    score_sheets,
    verifying,
)
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings


def freeze(*, cycle: str, strata: str | None, as_json: bool) -> None:
    """Freeze the frame, load its table, and say its hash."""
    here, of = _cycle(cycle)
    with _warehouse(here) as con:
        frame = freezing.freeze(con, here, of, cast("freezing.Strata | None", strata))
    _load(here, of)
    said = f"Frozen: {frame['rows']:,} calls, SHA-256 {frame['sha256']}"
    click.echo(json.dumps(frame) if as_json else said)


def draw(*, cycle: str, seed: str, size: int, reserves: int | None, as_json: bool) -> None:
    """Draw, load the tables, and say each call in its order."""
    here, of = _cycle(cycle)
    drawn = drawing.draw(here, of, seed, size, reserves)
    _load(here, of)
    if as_json:
        click.echo(json.dumps(drawn))
        return
    for row in drawn["rows"]:
        kind = "call" if row["sample_no"] <= size else "reserve"
        click.echo(f"{row['sample_no']:>4}  {kind:<8}  {row['reference']}  row {row['row']:,}")


def withdraw(*, cycle: str, sample_no: int, because: str, as_json: bool) -> None:
    """Withdraw the call, load the tables, and say which reserve takes its place."""
    here, of = _cycle(cycle)
    entry = drawing.withdraw(here, of, sample_no, because)
    _load(here, of)
    said = f"Call {sample_no} is withdrawn; reserve {entry['replaced_by']} takes its place."
    click.echo(json.dumps(entry) if as_json else said)


def target(*, cycle: str, contacts: tuple[str, ...], because: str, as_json: bool) -> None:
    """Add the calls, load the tables, and say how many are targeted."""
    here, of = _cycle(cycle)
    after = drawing.target(here, of, list(contacts), because)
    _load(here, of)
    click.echo(json.dumps({"targeted": len(after)}) if as_json else f"Targeted calls: {len(after)}")


def list_calls(*, cycle: str, as_json: bool) -> None:
    """Write the list of recordings, and say where it is."""
    here, of = _cycle(cycle)
    if here.warehouse.exists() and "draw" in manifested.read(here.published / of.cycle):
        _load(here, of)  # the chair may have drawn at the office's door, which runs no job
    with _warehouse(here) as con:
        path = listing.write(con, here, of)
    click.echo(json.dumps({"path": str(path)}) if as_json else path)


def sheets(*, cycle: str, panellists: str, overlap: int, as_json: bool) -> None:
    """Write a score sheet for each letter, and say where they are."""
    here, of = _cycle(cycle)
    letters = [each.strip() for each in panellists.split(",") if each.strip()]
    paths = score_sheets.write(here, of, letters, overlap)
    if as_json:
        click.echo(json.dumps({"paths": [str(path) for path in paths]}))
        return
    for path in paths:
        click.echo(path)


def verify(*, manifest: Path, as_json: bool) -> None:
    """Say what was compared and what differs, and exit with 1 if anything does."""
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
