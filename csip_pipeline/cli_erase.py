"""`csip erase`: a person from every store, or what is older than it may be kept."""

import datetime as dt
import json
import sys
from zoneinfo import ZoneInfo

import click

from csip_pipeline import calendars, settings
from csip_pipeline.erasure import delivered, erasing, log, retaining
from csip_pipeline.erasure.erasing import Erased, Request
from csip_pipeline.erasure.wanted import wanted
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

FROM_PROMPT = "-"
"""Given for a value, it is asked for, so that it is in no history of commands."""


def erase(  # noqa: PLR0913 - the options of a verb
    *,
    phones: tuple[str, ...],
    emails: tuple[str, ...],
    handles: tuple[str, ...],
    by: str,
    reason: str,
    beside: bool,
    remove_extracts: bool,
    also_flags: bool,
    redelivered: bool,
    expired: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Erase whoever is given, or what is too old, once somebody has said yes; say what is left."""
    given = [
        (kind, _asked(kind) if value == FROM_PROMPT else value)
        for kind, values in (("phone", phones), ("email", emails), ("handle", handles))
        for value in values
    ]
    here = settings.load()
    if expired:
        _delete_expired(here, by, reason, yes=yes)
        return
    if redelivered:
        _delete_redelivered(here, by, reason, yes=yes)
        return
    request = Request(
        wanted(here, given, delivered.phone_rule(here).region),
        by,
        reason,
        removes_extracts=remove_extracts,
        includes_flags=also_flags,
        includes_beside=beside,
    )
    if yes:
        erasing.look_briefly(here, request)
    else:
        for store, count in sorted(erasing.look(here, request).items()):
            click.echo(f"{store}: {count:,}", err=as_json)
    _go_on("Erase them from every store? It cannot be undone.", yes=yes)
    _say(erasing.erase(here, request), as_json=as_json)


def _say(erased: Erased, *, as_json: bool) -> None:
    found = sum(one.count for one in erased.left)
    places = sorted({f"{one.store}: {one.path.name}, {one.where}" for one in erased.left})
    if as_json:
        told = {
            "rows": erased.rows,
            "extracts": erased.extracts,
            "beside": erased.beside,
            "stores": erased.stores,
            "found": found,
            "left": places,
            "kept_flags": erased.kept,
        }
        click.echo(json.dumps(told))
    else:
        for line in _lines(erased):
            click.echo(line)
        click.echo(f"{found:,} found in {erased.stores:,} stores.")
        for place in places:
            click.echo(f"  still in {place}")
    if found:
        raise click.exceptions.Exit(1)


def _lines(erased: Erased) -> list[str]:
    lines = [f"{store}: taken out of {rows:,}" for store, rows in erased.rows.items() if rows]
    if erased.extracts and "extracts" not in erased.rows:
        lines.append(
            f"Suppliers' files name them, and stay until somebody says otherwise: "
            f"{', '.join(erased.extracts)}. To delete them, our copies standing in for them: the "
            "same again with --remove-extracts"
        )
    if erased.beside and not erased.has_beside:
        lines.append(
            f"Other contact points in the same rows: {erased.beside:,}. They may be the same "
            "person's: --beside erases them too."
        )
    if erased.kept:
        lines.append(
            "restricted/flagged_people.csv names them still, for their safety: --also-flags"
        )
    return lines


def _delete_redelivered(here: Settings, by: str, reason: str, *, yes: bool) -> None:
    paths = delivered.redelivered(here)
    if not paths:
        click.echo("No delivered file holds anybody who was erased.")
        return
    for path in paths:
        click.echo(path.relative_to(here.extracts).as_posix())
    _go_on("Delete these files? Our copies stand in for them.", yes=yes)
    delivered.put_copies_in_place(here, paths)
    log.add(here, what="redelivered files", by=by, reason=reason, delivered_files=len(paths))


def _delete_expired(here: Settings, by: str, reason: str, *, yes: bool) -> None:
    for store, months in retaining.periods(here).items():
        click.echo(f"{store}: kept for {months:,} months")
    _go_on("Delete what is older? Its months cannot be restated afterwards.", yes=yes)
    today = dt.datetime.now(tz=ZoneInfo(calendars.LONDON)).date()
    for store, deleted in retaining.apply(here, today, by=by, reason=reason).items():
        click.echo(f"{store}: deleted {deleted:,}")


def _asked(kind: str) -> str:
    """A value from the terminal, unseen, or a line of what is piped in."""
    if sys.stdin.isatty():
        return str(click.prompt(kind.capitalize(), hide_input=True))
    line = sys.stdin.readline().strip()
    if not line:
        raise RefusedError(f"No {kind} was given: it is read from the next line of the input.")
    return line


def _go_on(question: str, *, yes: bool) -> None:
    if not yes:
        click.confirm(question, abort=True)
