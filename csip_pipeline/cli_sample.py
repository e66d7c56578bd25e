"""The verbs of `csip sample`: plan, freeze, draw, withdraw, target, list, sheets, verify."""

import json
from pathlib import Path

import click

from csip_pipeline.cli_options import AS_JSON
from csip_pipeline.cli_work import done_by
from csip_pipeline.publish.sampling import planning
from csip_pipeline.publish.sampling.causes import TARGETS, WITHDRAWALS

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
@done_by("cli_sampling.freeze")
def freeze(**_: object) -> None:
    """Publish the hash of every call that could be drawn, before there is a seed."""


@sample.command()
@CYCLE
@click.option("--seed", required=True, help="The chair's dice digits, at least 20.")
@click.option("--size", type=click.IntRange(min=1), required=True, help="How many calls.")
@click.option("--reserves", type=click.IntRange(min=0), help="How many to spare: half as many.")
@AS_JSON
@done_by("cli_sampling.draw")
def draw(**_: object) -> None:
    """Draw the sample and its reserves with the chair's dice digits. It happens once."""


@sample.command()
@CYCLE
@click.option("--call", "sample_no", type=int, required=True, help="Its number in the sample.")
@click.option("--because", type=click.Choice(WITHDRAWALS), required=True)
@AS_JSON
@done_by("cli_sampling.withdraw")
def withdraw(**_: object) -> None:
    """Take a call out for a reason; the next reserve takes its place."""


@sample.command()
@CYCLE
@click.option("--contact", "contacts", multiple=True, required=True, help="A contact_id.")
@click.option("--because", type=click.Choice(TARGETS), required=True)
@AS_JSON
@done_by("cli_sampling.target")
def target(**_: object) -> None:
    """Add calls chosen on purpose: heard apart, and in no estimate."""


@sample.command("list")
@CYCLE
@AS_JSON
@done_by("cli_sampling.list_calls")
def list_calls(**_: object) -> None:
    """Write the list by which the contact centre finds the recordings. It is restricted."""


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
@done_by("cli_sampling.sheets")
def sheets(**_: object) -> None:
    """Write each panellist's score sheet: calls by number, and what is asked of them.

    It comes back filled in, under its own name, in extracts/panel_scores.
    """


@sample.command()
@click.argument("manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@AS_JSON
@done_by("cli_sampling.verify")
def verify(**_: object) -> None:
    """Draw again from what is public, and compare. Exits with 1 where anything differs."""
