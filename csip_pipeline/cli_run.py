"""`csip run`: months from extracts to the callback list, and what they came to."""

import datetime as dt

import click

from csip_pipeline import cli_months, cli_outcomes, cli_status, settings


def run(
    month: dt.date | None,
    first: dt.date | None,
    last: dt.date | None,
    *,
    as_json: bool,
) -> None:
    """Run the month, those from first to last, or every month that waits; say what came of it."""
    here = settings.load()
    look = cli_months.look(here)
    wanted = cli_months.wanted(here, month or first, month or last, look)
    for sentence in look.left:
        click.echo(sentence, err=True)
    if not wanted and not as_json:
        click.echo("Nothing to run: no extract is new, changed or withdrawn.")
    outcomes = cli_months.run(here, wanted, total=len(wanted)) if wanted else {}
    through = {month for month, outcome in outcomes.items() if not outcome.refusals}
    restated = cli_status.restated(here, through)
    cli_outcomes.say(outcomes, as_json=as_json, restated=restated, refused=look.refused)
