"""By which channel each kind of contact point is reached: reference/callbacks.toml.

Without the file everything goes by worklist, and nothing leaves the building.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from csip_pipeline.mail import MailSettings
from csip_pipeline.mail import read as read_mail
from csip_pipeline.publish.callbacks.channels import Channel
from csip_pipeline.publish.callbacks.notify_api import NotifyApi
from csip_pipeline.publish.callbacks.notify_desk import NotifySettings
from csip_pipeline.publish.callbacks.notify_file import NotifyFile
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import UUID, Settings

FILE = "callbacks.toml"
WORKLIST, BY_FILE, BY_API = "worklist", "notify_file", "notify_api"
WAYS = (WORKLIST, BY_FILE, BY_API)
KINDS = ("phone", "email")
"""What may go by other than the worklist. A social media account is always somebody's to write to.
"""
TABLES = ("routes", "notify", "mail")
NOTIFY_KEYS = ("base_url", "phone_template", "email_template", "memory_days", "settle_seconds")
HERE = ("127.0.0.1", "localhost", "::1")
SHORTEST_SETTLE, LONGEST_SETTLE, SETTLE_HERE = 35, 600, 0.1
"""Seconds. The client gives up after 30, and the request may be a little longer on its way."""
LONGEST_MEMORY = 90
ID = "Copy the template's id from its page in GOV.UK Notify."


@dataclass(frozen=True)
class Routes:
    """Which channel reaches whom; `mail` is None where nobody wants to be told of a list."""

    phone: str = WORKLIST
    email: str = WORKLIST
    notify: NotifySettings = field(default_factory=NotifySettings)
    mail: MailSettings | None = None

    def way(self, kind: str) -> str:
        """The name of the channel for a kind of contact point."""
        return {"phone": self.phone, "email": self.email}.get(kind, WORKLIST)

    def channel(self, name: str, settings: Settings) -> Channel:
        """The channel of that name, other than the worklist, whether or not anything goes by it.

        Notices may be under way by a channel that is no longer used. Raises RefusedError where the
        channel lacks its key or its client.
        """
        if name == BY_FILE:
            return NotifyFile(settings.notify_files)
        if name == BY_API:
            return NotifyApi.connected(self.notify, settings.notify_api_key())
        raise ValueError(f"{name} is no channel of GOV.UK Notify.")


def load(folder: Path) -> Routes:
    """What callbacks.toml in the reference folder says, or the worklist for all if it is not there.

    Raises RefusedError that names the key and the remedy.
    """
    path = folder / FILE
    if not path.exists():
        return Routes()
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RefusedError(f"reference/{FILE} is not valid TOML: {error}") from None
    _known(given, TABLES, "at its top")
    ways, notify, mail = (_table(given, name) for name in TABLES)
    _known(ways, KINDS, "in [routes]")
    chosen = {kind: _way(ways, kind) for kind in KINDS}
    settings = _notify(notify)
    for kind, way in chosen.items():
        if way == BY_API and kind not in settings.templates:
            raise _wrong(f"[notify] {kind}_template", f"is missing: {kind} goes by {BY_API}. {ID}")
    return Routes(
        **chosen, notify=settings, mail=read_mail(mail, _wrong) if "mail" in given else None
    )


def _way(ways: Mapping[str, object], kind: str) -> str:
    way = ways.get(kind, WORKLIST)
    if way not in WAYS:
        raise _wrong(f"[routes] {kind}", f"must be one of {', '.join(WAYS)}.")
    return str(way)


def _notify(given: Mapping[str, object]) -> NotifySettings:
    _known(given, NOTIFY_KEYS, "in [notify]")
    usual = NotifySettings()
    base_url = given.get("base_url", usual.base_url)
    is_here = _check_base_url(base_url)
    days = given.get("memory_days", usual.memory_days)
    if type(days) is not int or not 1 <= days <= LONGEST_MEMORY:
        raise _wrong(
            "[notify] memory_days",
            f"must be a whole number from 1 to {LONGEST_MEMORY}: the data retention period of the "
            "service, in Notify's settings.",
        )
    seconds = given.get("settle_seconds", usual.settle_seconds)
    shortest = SETTLE_HERE if is_here else SHORTEST_SETTLE
    if type(seconds) not in (int, float) or not shortest <= float(str(seconds)) <= LONGEST_SETTLE:
        raise _wrong(
            "[notify] settle_seconds",
            f"must be a number from {SHORTEST_SETTLE} to {LONGEST_SETTLE}: an unanswered request "
            "may arrive that much later.",
        )
    return NotifySettings(
        base_url=str(base_url).rstrip("/"),
        phone_template=_template(given, "phone_template"),
        email_template=_template(given, "email_template"),
        memory_days=days,
        settle_seconds=float(str(seconds)),
    )


def _check_base_url(given: object) -> bool:
    """Refuse an address to which personal data must not go; whether it is this computer itself."""
    try:
        parts = urlsplit(given) if isinstance(given, str) else urlsplit("")
        is_plain = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
        is_here = parts.hostname in HERE and parts.port is not None
    except ValueError:
        is_plain, is_here, parts = False, False, urlsplit("")
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_here)
    if not (is_plain and is_safe and parts.hostname):
        raise _wrong(
            "[notify] base_url",
            f'must be an address that begins with https:// and has no path, "'
            f'{NotifySettings().base_url}". Leave it out unless you test.',
        )
    return is_here


def _template(given: Mapping[str, object], key: str) -> str | None:
    template = given.get(key)
    if template is None:
        return None
    if not isinstance(template, str) or not re.fullmatch(UUID, template, re.IGNORECASE):
        raise _wrong(f"[notify] {key}", f"is no template's id. {ID}")
    return template


def _table(given: Mapping[str, object], name: str) -> Mapping[str, object]:
    table = given.get(name, {})
    if not isinstance(table, dict):
        raise _wrong(name, f"must be a table: write [{name}] on a line of its own.")
    return table


def _known(given: Mapping[str, object], names: tuple[str, ...], where: str) -> None:
    for name in given:
        if name not in names:
            raise _wrong(name, f"is not known {where}. Use one of: {', '.join(names)}.")


def _wrong(key: str, what: str) -> RefusedError:
    return RefusedError(f"reference/{FILE}: {key} {what}")
