"""What `csip serve` does: it serves the site, and looks after its accounts and its log."""

import ipaddress
import json
import logging
import tempfile
from pathlib import Path

import click
from filelock import FileLock, Timeout

from csip_pipeline import cli_check
from csip_pipeline.refusals import RefusedError
from csip_pipeline.serve import access_log, accounts, opening
from csip_pipeline.serve.accounts import Accounts
from csip_pipeline.serve.peers import Peers
from csip_pipeline.serve.roles import Role, Zone
from csip_pipeline.settings import Settings, load

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
MOST_AT_ONCE = 200


def serve(  # noqa: PLR0913 - the options of a verb
    folder: Path,
    *,
    host: str,
    port: int,
    zones: tuple[str, ...],
    behind_https: bool,
    names: tuple[str, ...],
    proxies: tuple[str, ...],
    trusted_header: str | None,
    roles_header: str | None,
) -> None:
    """Serve the zones until it is stopped, unless that would be unsafe."""
    peers = Peers(frozenset(proxies), trusted_header, roles_header, is_https=behind_https)
    hold_to_safety(host, peers)
    served = [Zone(zone) for zone in zones] or list(Zone)
    _run(load(), folder, served, peers, (host, port), names)


def add_user(
    folder: Path, *, name: str, roles: tuple[str, ...], generate: bool, no_password: bool
) -> None:
    """Add the account, and say its password if one was made."""
    secret = None if no_password else _password(generate=generate)
    _accounts(folder).add(name, [Role(role) for role in roles], secret)
    click.echo(f"Added: {name} ({', '.join(roles)})")
    _say_once(secret, generate=generate and not no_password)


def set_password(folder: Path, *, name: str, generate: bool) -> None:
    """Change the account's password, and say it if one was made."""
    secret = _password(generate=generate)
    _accounts(folder).set_password(name, secret)
    click.echo(f"{name} has another password.")
    _say_once(secret, generate=generate)


def set_roles(folder: Path, *, name: str, roles: tuple[str, ...]) -> None:
    """Change the account's roles, and say them."""
    _accounts(folder).set_roles(name, [Role(role) for role in roles])
    click.echo(f"{name}: {', '.join(roles)}")


def remove_user(folder: Path, *, name: str) -> None:
    """Remove the account, and say so."""
    _accounts(folder).remove(name)
    click.echo(f"Removed: {name}")


def users(folder: Path, *, as_json: bool) -> None:
    """Say each account, its roles, and whether it is locked."""
    found = _accounts(folder).all()
    told = [{"name": one.name, "roles": one.roles, "locked": one.is_locked} for one in found]
    if as_json:
        click.echo(json.dumps(told))
        return
    for one in found:
        click.echo(f"{one.name}: {', '.join(one.roles)}{' (locked)' if one.is_locked else ''}")


def verify_log(folder: Path, *, as_json: bool) -> None:
    """Say whether the access log holds, and exit with 1 if it does not."""
    kept = access_log.read(folder)
    if as_json:
        click.echo(json.dumps({"fault": kept.fault, "entries": kept.entries}))
    elif kept.fault is None:
        entries = "1 entry" if len(kept.entries) == 1 else f"{len(kept.entries):,} entries"
        click.echo(f"The log holds: {entries}, last link {kept.link or 'none'}")
    else:
        click.echo(f"The log is not as csip left it: {kept.fault}.")
    if kept.fault is not None:
        raise click.exceptions.Exit(1)


def _run(  # noqa: PLR0913, PLR0917 - the parts of one process
    here: Settings,
    folder: Path,
    zones: list[Zone],
    peers: Peers,
    address: tuple[str, int],
    names: tuple[str, ...],
) -> None:
    import uvicorn  # noqa: PLC0415 - other verbs need no server

    from csip_pipeline.serve import app  # noqa: PLC0415 - as above

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(folder / "serve.lock", timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise RefusedError(
            f"Another csip serve uses {folder}. Stop it, or give this one its own: --state FOLDER"
        ) from None
    tempfile.tempdir = str(folder / opening.SCRATCH)  # uploads are personal: never in /tmp
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    site = opening.site(
        here, folder, zones, peers, lambda path, feed: cli_check.check(here, path, feed, None)
    )
    host, port = address
    click.echo(f"Serving {', '.join(zones)} at http://{host}:{port}. Stop it with Ctrl+C.")
    if not peers.are_vouched_for and not site.accounts.all():
        click.echo("Nobody can sign in yet: csip serve add-user NAME --role office", err=True)
    uvicorn.run(
        app.build(site, (*LOOPBACK_NAMES, *(name.casefold() for name in names))),
        host=host,
        port=port,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_level="warning",
        limit_concurrency=MOST_AT_ONCE,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=10,
    )


def hold_to_safety(host: str, peers: Peers) -> None:
    """Refuse what would show passwords on the network, or believe anybody's header."""
    try:
        is_here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_here = host == "localhost"
    if not is_here and not peers.is_https:
        raise RefusedError(
            f"On {host} passwords and packs would cross the network unencrypted. Put a proxy that "
            "speaks HTTPS before it, and say so with --behind-https; docs/serve.md has an example."
        )
    if peers.name_header is not None and not peers.trusted:
        raise RefusedError(
            "With --trusted-header anybody could say who they are. Name the proxy that may: "
            "--trusted-proxy 127.0.0.1"
        )
    if peers.roles_header is not None and peers.name_header is None:
        raise RefusedError("--roles-header goes with --trusted-header.")


def _accounts(folder: Path) -> Accounts:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return opening.accounts_of(folder)


def _password(*, generate: bool) -> str:
    if generate:
        return accounts.generated()
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _say_once(secret: str | None, *, generate: bool) -> None:
    if generate:
        click.echo(f"Its password, shown this once: {secret}")
