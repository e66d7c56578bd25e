"""`csip quality`: whether a month looks as the months before it did."""

import datetime as dt

import click

from csip_pipeline import cli_months, settings


def judge(*, month: dt.date) -> None:
    """Judge the month, and say what is unusual and where its site is."""
    found = cli_months.judge(settings.load(), month)
    for table, names in found.items():
        for name in names:
            click.echo(f"Unusual in {month:%Y-%m}: {table}, {name}.")
    if not found:
        click.echo(f"{month:%Y-%m} looks as the months before it did.")
    click.echo(f"The site: {settings.load().quality / f'{month:%Y-%m}' / 'index.html'}")
