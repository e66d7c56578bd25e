"""`csip serve`: the office's site, and the verbs that look after its accounts and its log."""

from pathlib import Path

import click

from csip_pipeline import settings
from csip_pipeline.cli_options import AS_JSON
from csip_pipeline.cli_work import done_by, work
from csip_pipeline.serve.roles import Role, Zone

PASSWORD = click.option(
    "--generate", is_flag=True, help="Make a password and print it once, instead of asking."
)
ROLES = click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="What it is to the panel; several may be given.",
)
NAME = click.argument("name")


@click.group(invoke_without_command=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8300, show_default=True, type=click.IntRange(1, 65_535))
@click.option(
    "--only",
    "zones",
    multiple=True,
    type=click.Choice([zone.value for zone in Zone]),
    help="Serve this zone and open nothing of another; several may be given. Default: all.",
)
@click.option("--state", type=click.Path(path_type=Path), help="Its own folder. Default: serve/.")
@click.option("--behind-https", is_flag=True, help="A proxy before it speaks HTTPS.")
@click.option("--host-name", "names", multiple=True, help="A name by which people reach it.")
@click.option("--trusted-proxy", "proxies", multiple=True, help="The address of a proxy.")
@click.option("--trusted-header", help="Its header with the name of who is signed in.")
@click.option("--roles-header", help="Its header with roles: csip-office, csip-chair.")
@click.pass_context
def serve(ctx: click.Context, /, *, state: Path | None, **options: object) -> None:
    """Serve packs, lists and the sample as a site.

    Who may see and do what follows from their role. Without a verb it serves until it is stopped;
    there is no account to begin with: csip serve add-user NAME --role office
    """
    ctx.obj = state or settings.load().door
    if ctx.invoked_subcommand is None:
        work("cli_door.serve")(ctx.obj, **options)


@serve.command("add-user")
@NAME
@ROLES
@PASSWORD
@click.option("--no-password", is_flag=True, help="It signs in through the proxy only.")
@click.pass_obj
@done_by("cli_door.add_user")
def add_user(_folder: Path, **_: object) -> None:
    """Add an account. There is none to begin with, and no default password."""


@serve.command("set-password")
@NAME
@PASSWORD
@click.pass_obj
@done_by("cli_door.set_password")
def set_password(_folder: Path, **_: object) -> None:
    """Give an account another password; its sessions end."""


@serve.command("set-roles")
@NAME
@ROLES
@click.pass_obj
@done_by("cli_door.set_roles")
def set_roles(_folder: Path, **_: object) -> None:
    """Give an account other roles, from its next request on."""


@serve.command("remove-user")
@NAME
@click.pass_obj
@done_by("cli_door.remove_user")
def remove_user(_folder: Path, **_: object) -> None:
    """Remove an account; its sessions end."""


@serve.command()
@AS_JSON
@click.pass_obj
@done_by("cli_door.users")
def users(_folder: Path, **_: object) -> None:
    """List the accounts and their roles."""


@serve.command("log")
@AS_JSON
@click.pass_obj
@done_by("cli_door.verify_log")
def verify_log(_folder: Path, **_: object) -> None:
    """Prove the access log. Exits with 1 where anything was changed."""
