"""The verbs of `csip callbacks`: issue, status, release, withdraw, reseal."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any, TypeVar

import click

from csip_pipeline import cli_notices, settings
from csip_pipeline.cli_options import AS_JSON, MONTH
from csip_pipeline.publish.callbacks import opening
from csip_pipeline.refusals import RefusedError

Verb = TypeVar("Verb", bound=Callable[..., Any])
NOTICES = click.argument("notices", nargs=-1, required=True, metavar="NOTICE...")


def _answered_for(verb: Verb) -> Verb:
    """Ask who decides, and why: both are kept in the ledger."""
    by = click.option("--by", required=True, help="Who decides. It is kept in the ledger.")
    reason = click.option("--reason", required=True, help="Why. It is kept in the ledger.")
    return by(reason(verb))


@click.group()
def callbacks() -> None:
    """Proactive callbacks: who is owed an explanation, once each.

    Notices are known by their ids. Nothing here names or reaches anybody.
    """


@callbacks.command()
@click.option("--month", type=MONTH, help="One month. Without it: what came back, and what is due.")
@AS_JSON
def issue(month: dt.date | None, *, as_json: bool) -> None:
    """Take in the lists that came back, and issue whoever is due.

    Whoever was told before is not told again.
    """
    outcomes = cli_notices.issue(settings.load(), month)
    if as_json:
        told = {f"{each:%Y-%m}": dict(one.counts) for each, one in outcomes.items()}
        click.echo(json.dumps(told, default=str))
    else:
        for line in cli_notices.said(outcomes):
            click.echo(line)
    reasons = cli_notices.refusals(outcomes)
    if reasons:
        raise RefusedError("\n".join(reasons))


@callbacks.command()
@click.argument("notice", required=False)
@click.option("--held", is_flag=True, help="Those that wait for a reviewer, and why.")
@AS_JSON
def status(notice: str | None, *, held: bool, as_json: bool) -> None:
    """Say how far notices have got, and prove the ledger.

    With a NOTICE: its history, and the contacts that it is about.
    """
    here = settings.load()
    found: Any
    if notice is not None:
        found = cli_notices.history(here, notice)
        lines = cli_notices.history_as_text(found)
    elif held:
        found = cli_notices.held(here)
        lines = cli_notices.held_as_text(found)
    else:
        found = cli_notices.status(here)
        lines = cli_notices.status_as_text(found)
    click.echo(json.dumps(found, indent=2) if as_json else "\n".join(lines))


@callbacks.command()
@NOTICES
@_answered_for
@click.option("--safe-time", help="When it is safe to call, such as 'weekdays 10:00 to 12:00'.")
def release(notices: tuple[str, ...], *, by: str, reason: str, safe_time: str | None) -> None:
    """Let held notices go to the next worklist, because a named reviewer has looked.

    A person calls; a released notice never enters an automatic message.
    """
    here = settings.load()
    cli_notices.decide(here, "release", list(notices), by=by, reason=reason, safe_time=safe_time)
    click.echo(f"Released: {len(notices):,}. They are in the next list: csip callbacks issue")


@callbacks.command()
@NOTICES
@_answered_for
def withdraw(notices: tuple[str, ...], *, by: str, reason: str) -> None:
    """Take back notices that nobody was told of yet, for good."""
    cli_notices.decide(settings.load(), "withdraw", list(notices), by=by, reason=reason)
    click.echo(f"Withdrawn: {len(notices):,}. Nobody will be told.")


@callbacks.command()
@_answered_for
def reseal(*, by: str, reason: str) -> None:
    """Take a ledger that was changed outside of csip as it is, because somebody answers for it.

    The broken chain is kept beside the new one.
    """
    opening.reseal(settings.load(), by=by, why=reason)
    click.echo("The ledger is sealed anew. csip callbacks status proves it.")
