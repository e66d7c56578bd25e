"""The verbs of `csip callbacks`: issue, status, release, withdraw, reseal."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from csip_pipeline.cli_options import AS_JSON, MONTH
from csip_pipeline.cli_work import done_by

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
@done_by("cli_notices.say_issued")
def issue(**_: object) -> None:
    """Take in the lists that came back, and issue whoever is due.

    Whoever was told before is not told again.
    """


@callbacks.command()
@click.argument("notice", required=False)
@click.option("--held", is_flag=True, help="Those that wait for a reviewer, and why.")
@AS_JSON
@done_by("cli_notices.say_status")
def status(**_: object) -> None:
    """Say how far notices have got, and prove the ledger.

    With a NOTICE: its history, and the contacts that it is about.
    """


@callbacks.command()
@NOTICES
@_answered_for
@click.option("--safe-time", help="When it is safe to call, such as 'weekdays 10:00 to 12:00'.")
@done_by("cli_notices.release")
def release(**_: object) -> None:
    """Let held notices go to the next worklist, because a named reviewer has looked.

    A person calls; a released notice never enters an automatic message.
    """


@callbacks.command()
@NOTICES
@_answered_for
@done_by("cli_notices.withdraw")
def withdraw(**_: object) -> None:
    """Take back notices that nobody was told of yet, for good."""


@callbacks.command()
@_answered_for
@done_by("cli_notices.reseal")
def reseal(**_: object) -> None:
    """Take a ledger that was changed outside of csip as it is, because somebody answers for it.

    The broken chain is kept beside the new one.
    """
