"""The `csip` command: every verb runs a Dagster job of the project, or reads what they left."""

import datetime as dt
import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from csip_pipeline import (
    cli_callbacks,
    cli_check,
    cli_demo,
    cli_erase,
    cli_months,
    cli_outcomes,
    cli_pack,
    cli_quality,
    cli_sample,
    cli_serve,
    cli_status,
    cli_trace,
    settings,
)
from csip_pipeline.cli_options import AS_JSON, MONTH
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.refusals import RefusedError


class Refusing(click.Group):
    """A group that says a refusal in plain words and exits with 1."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - whatever a verb returns
        """Run the verb."""
        try:
            return super().invoke(ctx)
        except RefusedError as refusal:
            raise click.ClickException(str(refusal)) from None


@click.group(cls=Refusing, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="csip_pipeline", message="%(version)s")
def csip() -> None:
    """From contact extracts to the panel's pack.

    Data lives in $CSIP_DATA, else in data/. Exit codes: 0 done, 1 refused, 2 bad usage.
    """


@csip.command()
@click.option(
    "--months",
    type=click.IntRange(min=1),
    default=cli_demo.MONTHS,
    show_default=True,
    help="How many months.",
)
@click.option("--last", type=MONTH, default="2026-10", show_default=True, help="The last of them.")
@click.option("--scale", default=1.0, show_default=True, help="1 is about 35,000 calls a month.")
@click.option("--extracts-only", is_flag=True, help="Make the extracts and run nothing.")
def demo(months: int, last: dt.date, scale: float, *, extracts_only: bool) -> None:
    """Make, run and publish a synthetic force.

    It says where the worklists and the panel's pack are. Real extracts are never touched: a
    folder that holds any is refused.
    """
    here = settings.load()
    if extracts_only:
        cli_demo.make(here, last=last, months=months, scale=scale)
        click.echo(f"The extracts are in {here.extracts}")
        return
    cli_outcomes.say(cli_demo.run(here, last=last, months=months, scale=scale))
    for line in cli_demo.publish(here, last, months):
        click.echo(line)


@csip.command()
@click.option("--month", type=MONTH, help="One month.")
@click.option("--from", "first", type=MONTH, help="The first of several months.")
@click.option("--to", "last", type=MONTH, help="The last of several months.")
@AS_JSON
def run(
    month: dt.date | None,
    first: dt.date | None,
    last: dt.date | None,
    *,
    as_json: bool,
) -> None:
    """Run months from extracts to the callback list.

    Without a month: every month that new, changed or withdrawn extracts bear on.
    """
    if month and (first or last):
        raise click.UsageError("Give either --month, or --from and --to.")
    if (first is None) != (last is None):
        raise click.UsageError("--from and --to go together.")
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


@csip.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--feed", required=True, type=click.Choice(list(FEEDS)), help="What it feeds.")
@click.option("--source", help="The source in feeds.toml, where the feed has several.")
@AS_JSON
def check(file: Path, feed: str, source: str | None, *, as_json: bool) -> None:
    """Check one file as intake would.

    It changes nothing, and says which rows and columns could not be used and why, without any
    value: a report to send to the supplier. Exits with 1 where there is such a row.
    """
    report = cli_check.check(settings.load(), file, feed, source)
    click.echo(json.dumps(report.as_dict(), indent=2) if as_json else report.as_text())
    if report.faults:
        raise click.exceptions.Exit(1)


@csip.command()
@click.option("--files", is_flag=True, help="What became of every file, not only of every feed.")
@AS_JSON
def status(*, files: bool, as_json: bool) -> None:
    """Say what came in, is missing, and was published."""
    found = cli_status.read(settings.load(), by_file=files)
    click.echo(json.dumps(found.as_dict(), indent=2) if as_json else found.as_text())


csip.add_command(cli_pack.pack)
csip.add_command(cli_callbacks.callbacks)
csip.add_command(cli_sample.sample)
csip.add_command(cli_trace.trace)
csip.add_command(cli_erase.erase)
csip.add_command(cli_quality.quality)
csip.add_command(cli_serve.serve)


@csip.command(context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def ui(options: tuple[str, ...]) -> None:
    """Open the Dagster UI on this data folder.

    Options are handed to `dagster dev`: csip ui --port 3001
    """
    raise click.exceptions.Exit(cli_months.open_ui(settings.load(), options))


def main() -> None:
    """Run the command and end the process."""
    code: int | str | None = 0
    try:
        csip()
    except SystemExit as ended:
        code = ended.code
    sys.stdout.flush()
    sys.stderr.flush()
    # Ended at once: DuckDB's binding otherwise prints a page about its own types at exit.
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    main()
