"""`csip quality`: whether a month looks as the months before it did."""

import datetime as dt

import click

from csip_pipeline import cli_months, settings
from csip_pipeline.cli_options import MONTH


@click.command()
@click.option("--month", type=MONTH, required=True, help="The month to judge.")
def quality(month: dt.date) -> None:
    """Say what is unusual in a month, and show it.

    Volumes, shares, waits and empty cells outside what is usual are listed. They are questions to
    ask, not faults: nothing is refused.
    """
    found = cli_months.judge(settings.load(), month)
    for table, names in found.items():
        for name in names:
            click.echo(f"Unusual in {month:%Y-%m}: {table}, {name}.")
    if not found:
        click.echo(f"{month:%Y-%m} looks as the months before it did.")
    click.echo(f"The site: {settings.load().quality / f'{month:%Y-%m}' / 'index.html'}")
