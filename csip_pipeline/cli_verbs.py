"""The verbs of `csip` that have none of their own: what each asks, and where its work is done."""

from pathlib import Path

import click

from csip_pipeline import settings
from csip_pipeline.cli_options import AS_JSON, MONTH
from csip_pipeline.cli_work import done_by, work

FEEDS = (
    "telephony",
    "web_forms",
    "web_chats",
    "web_sessions",
    "social",
    "callback_outcomes",
    "panel_scores",
)
EDITIONS = ("restricted", "public")


@click.command()
@click.option(
    "--months",
    type=click.IntRange(min=1),
    default=26,
    show_default=True,
    help="How many months.",
)
@click.option("--last", type=MONTH, default="2026-10", show_default=True, help="The last of them.")
@click.option("--scale", default=1.0, show_default=True, help="1 is about 35,000 calls a month.")
@click.option("--extracts-only", is_flag=True, help="Make the extracts and run nothing.")
@done_by("cli_demo.demonstrate")
def demo(**_: object) -> None:
    """Make, run and publish a synthetic force.

    It says where the worklists and the panel's pack are. Real extracts are never touched: a
    folder that holds any is refused.
    """


@click.command()
@click.option("--month", type=MONTH, help="One month.")
@click.option("--from", "first", type=MONTH, help="The first of several months.")
@click.option("--to", "last", type=MONTH, help="The last of several months.")
@AS_JSON
@done_by("cli_run.run")
def run(*, month: object, first: object, last: object, **_: object) -> None:
    """Run months from extracts to the callback list.

    Without a month: every month that new, changed or withdrawn extracts bear on.
    """
    if month and (first or last):
        raise click.UsageError("Give either --month, or --from and --to.")
    if (first is None) != (last is None):
        raise click.UsageError("--from and --to go together.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--feed", required=True, type=click.Choice(FEEDS), help="What it feeds.")
@click.option("--source", help="The source in feeds.toml, where the feed has several.")
@AS_JSON
@done_by("cli_check.say")
def check(**_: object) -> None:
    """Check one file as intake would.

    It changes nothing, and says which rows and columns could not be used and why, without any
    value: a report to send to the supplier. Exits with 1 where there is such a row.
    """


@click.command()
@click.option("--files", is_flag=True, help="What became of every file, not only of every feed.")
@AS_JSON
@done_by("cli_status.say")
def status(**_: object) -> None:
    """Say what came in, is missing, and was published."""


@click.command()
@click.option("--cycle", help="Such as 2026-Q3. Without it: the latest cycle whose months are in.")
@click.option("--diff", is_flag=True, help="Publish nothing: say what a revision would change.")
@AS_JSON
@done_by("cli_pack.pack")
def pack(**_: object) -> None:
    """Publish a panel cycle's pack, and say where it is.

    Two editions come of it: one for the public, which is named last, and one for the Force and the
    office. A figure that changed makes a revision beside the last edition; nothing is overwritten.
    """


@click.command()
@click.option("--month", type=MONTH, required=True, help="The month to judge.")
@done_by("cli_quality.judge")
def quality(**_: object) -> None:
    """Say what is unusual in a month, and show it.

    Volumes, shares, waits and empty cells outside what is usual are listed. They are questions to
    ask, not faults: nothing is refused.
    """


@click.command()
@click.argument("cycle")
@click.argument("sheet")
@click.argument("cell")
@click.option(
    "--edition",
    type=click.Choice(EDITIONS),
    default=EDITIONS[0],
    show_default=True,
    help="Whose workbook the cell is in.",
)
@click.option(
    "--export",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the ids of its contacts to this CSV, for the data team alone.",
)
@AS_JSON
@done_by("cli_trace.trace")
def trace(**_: object) -> None:
    """Say where a published figure comes from.

    CYCLE, SHEET (a worksheet's name or title) and CELL, such as 2026-Q3 "Service levels" C7. The
    trail names nobody, but says small numbers plainly: it is not for publication.
    """


@click.command()
@click.option("--phone", "phones", multiple=True, help="A telephone number; - asks for it.")
@click.option("--email", "emails", multiple=True, help="An e-mail address; - asks for it.")
@click.option("--handle", "handles", multiple=True, help="A social media account; - asks for it.")
@click.option("--beside", is_flag=True, help="And whatever else stood in the same rows.")
@click.option("--remove-extracts", is_flag=True, help="Delete suppliers' files that name them.")
@click.option("--also-flags", is_flag=True, help="Their rows of flagged_people.csv, too.")
@click.option("--redelivered", is_flag=True, help="Delete files that erased people are in again.")
@click.option("--expired", is_flag=True, help="What is older than retention.csv lets be kept.")
@click.option("--by", help="Who answers for it. It is kept.")
@click.option("--reason", help="Why, such as the number of the request. It is kept.")
@click.option("--yes", is_flag=True, help="Do not ask whether to go on.")
@AS_JSON
@done_by("cli_erase.erase")
def erase(*, by: str | None, reason: str | None, **whom: object) -> None:
    """Erase a person from every store, and prove it.

    Intake leaves them out from then on. Exits with 1 while they still stand anywhere.
    """
    if not any(whom[name] for name in ("phones", "emails", "handles", "redelivered", "expired")):
        raise click.UsageError("Say whom: --phone, --email or --handle; or --expired.")
    if by is None or reason is None:
        raise click.UsageError("Say who answers for it, and why: --by and --reason.")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def ui(options: tuple[str, ...]) -> None:
    """Open the Dagster UI on this data folder.

    Options are handed to `dagster dev`: csip ui --port 3001
    """
    raise click.exceptions.Exit(work("cli_months.open_ui")(settings.load(), options))
