"""What `csip callbacks` does: issue, look at notices, decide about them."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

import click

from csip_pipeline import calendars, cli_extracts, settings, warehouse
from csip_pipeline.cli_outcomes import Outcome
from csip_pipeline.extract import callback_outcomes
from csip_pipeline.extract.catalogues import months_touched
from csip_pipeline.months_run import months_run
from csip_pipeline.publish.callbacks import opening, reviewing, seal
from csip_pipeline.publish.callbacks.ledger import Ledger
from csip_pipeline.publish.callbacks.states import DUE, HELD, IN_WORDS
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

CONTACTS = """
select contact_id from measure.breaches
where person_key = $person_key and channel = $channel and clock = $clock
    and list_contains($months, month)
order by received_at, contact_id
"""
NOTHING = "No callback notice has been recorded yet: csip run"


def today() -> dt.date:
    """The day in London."""
    return dt.datetime.now(tz=ZoneInfo(calendars.LONDON)).date()


def say_issued(*, month: dt.date | None, as_json: bool) -> None:
    """Issue whoever is due, and say what came of it."""
    outcomes = issue(settings.load(), month)
    if as_json:
        told = {f"{each:%Y-%m}": dict(one.counts) for each, one in outcomes.items()}
        click.echo(json.dumps(told, default=str))
    else:
        for line in said(outcomes):
            click.echo(line)
    reasons = refusals(outcomes)
    if reasons:
        raise RefusedError("\n".join(reasons))


def say_status(*, notice: str | None, held: bool, as_json: bool) -> None:
    """Say the ledger in counts, a notice's history, or which notices are held."""
    here = settings.load()
    found: Any
    if notice is not None:
        found = history(here, notice)
        lines = history_as_text(found)
    elif held:
        found = waiting(here)
        lines = waiting_as_text(found)
    else:
        found = status(here)
        lines = status_as_text(found)
    click.echo(json.dumps(found, indent=2) if as_json else "\n".join(lines))


def release(*, notices: tuple[str, ...], by: str, reason: str, safe_time: str | None) -> None:
    """Release notices, all of them or none."""
    with _opened(settings.load()) as ledger:
        reviewing.release(ledger, list(notices), by=by, reason=reason, safe_time=safe_time)
    click.echo(f"Released: {len(notices):,}. They are in the next list: csip callbacks issue")


def withdraw(*, notices: tuple[str, ...], by: str, reason: str) -> None:
    """Withdraw notices, all of them or none."""
    with _opened(settings.load()) as ledger:
        reviewing.withdraw(ledger, list(notices), by=by, reason=reason)
    click.echo(f"Withdrawn: {len(notices):,}. Nobody will be told.")


def reseal(*, by: str, reason: str) -> None:
    """Seal the ledger as it is."""
    opening.reseal(settings.load(), by=by, why=reason)
    click.echo("The ledger is sealed anew. csip callbacks status proves it.")


def issue(here: Settings, month: dt.date | None) -> dict[dt.date, Outcome]:
    """Take in the lists that came back, and issue whoever is due, through the job callbacks."""
    from csip_pipeline import cli_runs  # noqa: PLC0415 - loads Dagster, which takes half a second

    months = [month] if month else _months(here)
    outcomes = {}
    with cli_runs.instance(here) as instance:
        for each in months:
            outcomes[each] = cli_runs.run_callbacks(instance, each)
    return outcomes


def _months(here: Settings) -> list[dt.date]:
    """The months of attempts that were not taken in yet, and the last month that was run."""
    if not here.warehouse.exists():
        raise RefusedError(NOTHING)
    look = cli_extracts.look(here)
    with warehouse.connected(here.warehouse, read_only=True) as con:
        done = months_run(con)
        if not done:
            raise RefusedError(NOTHING)
        touched = months_touched(con, look.catalogue, of=callback_outcomes.FEED.name)
    return sorted((touched & look.covered) | {max(done)})


def said(outcomes: dict[dt.date, Outcome]) -> list[str]:
    """What issuing came to, a line each."""
    lines = []
    for month, outcome in outcomes.items():
        told = outcome.counts.get("publish/callback_list", {})
        if told:
            lines.append(
                f"{month:%Y-%m}  {told['outcomes_taken_in']:,} outcomes taken in  "
                f"{told['new_notices']:,} new notices  lists: {told['worklists']}"
            )
        lines += [f"         {warning}" for warning in outcome.warnings]
    return lines


def refusals(outcomes: dict[dt.date, Outcome]) -> list[str]:
    """Every reason why something was refused, once."""
    told = [
        reason
        for outcome in outcomes.values()
        for reason in (*outcome.refusals, *outcome.kept.values())
    ]
    return list(dict.fromkeys(told))


@contextmanager
def _opened(here: Settings) -> Iterator[Ledger]:
    """The ledger, if a run has made one. A ledger that is gone is refused by its seal."""
    if not here.callbacks.exists() and not seal.path_of(here.callbacks).exists():
        raise RefusedError(NOTHING)
    with opening.opened(here) as ledger:
        yield ledger


def status(here: Settings) -> dict[str, Any]:
    """The ledger in counts: notices by state, and those due or held past their day."""
    day = today()
    with _opened(here) as ledger:
        late = {
            state: int(reviewing.waiting(ledger, state, day)["is_late"].sum())
            for state in (DUE, HELD)
        }
        return {
            "notices": ledger.count_by_state(),
            "late": late,
            "entries": ledger.head.entry,
            "chain": "whole",
        }


def status_as_text(found: dict[str, Any]) -> list[str]:
    """The ledger as the contact team's lead reads it."""
    width = max(map(len, IN_WORDS.values()))
    lines = [
        f"{IN_WORDS[state]:<{width}}  {found['notices'][state]:>8,}"
        + (
            f"   of which past their day: {found['late'][state]:,}"
            if found["late"].get(state)
            else ""
        )
        for state in IN_WORDS
        if state in found["notices"]
    ]
    lines.append(f"The ledger's chain of {found['entries']:,} entries is whole.")
    if found["notices"].get(HELD):
        lines.append("Whom a reviewer is to look at: csip callbacks status --held")
    return lines


def waiting(here: Settings) -> list[dict[str, Any]]:
    """The notices that wait for a reviewer: what each is about and why it is held, never whom."""
    with _opened(here) as ledger:
        rows = reviewing.waiting(ledger, HELD, today())
    rows["due_by"] = rows["due_by"].dt.strftime("%Y-%m-%d")
    return [dict(row) for row in rows.to_dict("records")]


def history(here: Settings, notice_id: str) -> dict[str, Any]:
    """Every change of one notice, and the contacts that it is about by their suppliers' ids."""
    with _opened(here) as ledger:
        changes = reviewing.history(ledger, notice_id)
        about = reviewing.about(ledger, notice_id)
    contacts = []
    if here.warehouse.exists():
        with warehouse.connected(here.warehouse, read_only=True) as con:
            contacts = [row[0] for row in con.execute(CONTACTS, about).fetchall()]
    moments = changes["happened_at"].dt.tz_convert(calendars.LONDON)
    changes["happened_at"] = moments.dt.strftime("%Y-%m-%d %H:%M:%S")
    return {"contacts": contacts, "changes": [dict(row) for row in changes.to_dict("records")]}


def history_as_text(found: dict[str, Any]) -> list[str]:
    """A notice's history as a reviewer reads it."""
    lines = [f"About: {', '.join(found['contacts']) or 'no breach that still stands'}"]
    for row in found["changes"]:
        step = row["to_state"]
        if row["from_state"] not in ("new", step):
            step = f"{row['from_state']} -> {step}"
        why = f": {row['why']}" if isinstance(row["why"], str) else ""
        lines.append(f"{row['happened_at']}  {step:<20}  {row['by']}{why}")
    return lines


def waiting_as_text(rows: list[dict[str, Any]]) -> list[str]:
    """The held notices, the most overdue first."""
    lines = [
        f"{row['notice_id']}  due by {row['due_by']}{' (late)' if row['is_late'] else ''}  "
        f"{row['months']}  {row['channel']} {row['clock']}  {row['held_because']}"
        for row in rows
    ]
    return lines or ["No notice is held."]
