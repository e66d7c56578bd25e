"""`csip pack`: publish a cycle's pack, or say what a revision of it would change."""

import json
from typing import Any

import click

from csip_pipeline import cli_months, warehouse
from csip_pipeline.publish import editions
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings, load

NOTHING = "No figure would change."


def pack(*, cycle: str | None, diff: bool, as_json: bool) -> None:
    """Publish the cycle's pack, or the latest one's; or say what would change."""
    here = load()
    wanted = cycle or cli_months.latest_cycle(here)
    if diff:
        changed = _pending(here, wanted)
        click.echo(json.dumps(changed) if as_json else _told(changed))
        return
    published = cli_months.publish(here, wanted)
    if as_json:
        click.echo(json.dumps(published))
        return
    if not published["is_new"]:
        click.echo("Nothing has changed since this edition was published.")
    click.echo(f"For the Force and the office: {published['restricted']}")
    click.echo(published["path"])


def _pending(here: Settings, cycle: str) -> list[dict[str, Any]]:
    """Each figure that a revision of the cycle's pack would change."""
    known = {one.cycle: one for one in cli_months.cycles(here)}
    if cycle not in known:
        raise cli_months.unknown_cycle(here, cycle)
    if not here.warehouse.exists():
        raise RefusedError("No month has been run, so there is nothing to compare: csip run")
    with warehouse.connected(here.warehouse, read_only=True) as con:
        changed = editions.pending(con, here.published, known[cycle])
    if changed is None:
        raise RefusedError(
            f"No pack of {cycle} is published, so there is nothing to compare with. Publish it: "
            f"csip pack --cycle {cycle}"
        )
    return [
        {
            "sheet": change.sheet,
            "row": change.row,
            "figure": change.heading,
            "was": change.before,
            "is_now": change.after,
            "difference": change.difference,
            "cause": cause,
            "conclusion_changed": change.is_conclusion,
        }
        for change, cause in changed
    ]


def _told(changed: list[dict[str, Any]]) -> str:
    if not changed:
        return NOTHING
    lines = [
        f"{each['sheet']}, {each['row']}: {each['figure']} {_bare(each['was'])} -> "
        + _bare(each["is_now"])
        + ("" if each["difference"] == "[z]" else f" ({each['difference']})")
        + f". {each['cause']}."
        + (" A conclusion changed." if each["conclusion_changed"] else "")
        for each in changed
    ]
    figures = "figure" if len(changed) == 1 else "figures"
    return "\n".join([*lines, f"{len(changed):,} {figures} would change."])


def _bare(figure: str) -> str:
    """A figure without the full stop of one that is a sentence: another follows."""
    return figure.removesuffix(".")
