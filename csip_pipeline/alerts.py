"""Tell the data team that a run needs them: what, what to do and where to look, about nobody."""

import datetime as dt
import json
import tomllib
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csip_pipeline import mail
from csip_pipeline.mail import MailSettings
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

FILE = "alerts.toml"
KEYS = ("ui", "mail", "webhook")
HERE = ("127.0.0.1", "localhost", "::1")
TIMEOUT = 20
"""Seconds that a webhook may take to answer."""
NOT_OK = 300


@dataclass(frozen=True)
class Alert:
    """A run that needs somebody: its job and part, what failed, and what to do about it."""

    job: str
    part: str | None
    """The month or panel cycle."""
    run_id: str
    is_stopped: bool
    """Whether the run failed; else it went through, and a check of it did not."""
    failed: tuple[str, ...]
    to_do: tuple[str, ...]

    @property
    def title(self) -> str:
        """The alert in one line."""
        what = f"{self.job} {self.part}" if self.part else self.job
        return f"{what} failed" if self.is_stopped else f"{what} went through, but look at it"

    def as_text(self, ui: str | None = None) -> str:
        """The alert as mail says it."""
        where = f"{ui}/runs/{self.run_id}" if ui else f"csip ui, Runs, {self.run_id[:8]}"
        told = [f"{self.title}.", "", "What failed:", *(f"- {one}" for one in self.failed)]
        told += ["", "What to do:", *(f"- {one}" for one in self.to_do)]
        return "\n".join([*told, "", f"Where to look: {where}", ""])

    def as_dict(self, ui: str | None = None) -> dict[str, Any]:
        """The alert as a webhook is given it; `text` is what chat programs show."""
        return {
            "text": self.as_text(ui),
            "title": self.title,
            "job": self.job,
            "part": self.part,
            "run_id": self.run_id,
            "failed": list(self.failed),
            "to_do": list(self.to_do),
        }


@dataclass(frozen=True)
class Channels:
    """What reference/alerts.toml says: where alerts go. Neither, and they are in the UI alone."""

    ui: str | None = None
    mail: MailSettings | None = None
    is_posted: bool = False
    webhook: str | None = None
    """The webhook's address; None where $CSIP_ALERT_WEBHOOK holds it."""


def load(folder: Path) -> Channels:
    """The channels of the reference folder. Raises RefusedError that names the key and remedy."""
    path = folder / FILE
    if not path.exists():
        return Channels()
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RefusedError(f"reference/{FILE} is not valid TOML: {error}") from None
    for name in given:
        if name not in KEYS:
            raise _wrong(name, f"is not known. Use one of: {', '.join(KEYS)}.")
    by_mail, webhook = _table(given, "mail"), _table(given, "webhook")
    ui, url = given.get("ui"), (webhook or {}).get("url")
    if set(webhook or {}) - {"url"}:
        raise _wrong("[webhook]", "takes url and nothing else.")
    for key, address in (("ui", ui), ("[webhook] url", url)):
        if address is not None and not _is_safe(address):
            raise _wrong(key, "must be an address that begins with https://.")
    return Channels(
        ui=None if ui is None else str(ui).rstrip("/"),
        mail=None if by_mail is None else mail.read(by_mail, _wrong),
        is_posted=webhook is not None,
        webhook=url,
    )


def send(alert: Alert, settings: Settings) -> list[str]:
    """Send an alert by every channel that is set up; what went wrong, in plain words."""
    channels = load(settings.reference)
    troubles = []
    if channels.mail is not None:
        troubles += _mailed(alert, channels, channels.mail, settings)
    if channels.is_posted:
        troubles += _posted(alert, channels, settings)
    return troubles


def _mailed(alert: Alert, channels: Channels, to: MailSettings, settings: Settings) -> list[str]:
    message = EmailMessage()
    message["From"] = to.sender
    message["To"] = ", ".join(to.to)
    message["Subject"] = f"csip: {alert.title}"
    message["Date"] = format_datetime(dt.datetime.now(dt.UTC))
    message["Message-ID"] = f"<csip-run-{alert.run_id}@{to.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(alert.as_text(channels.ui))
    try:
        password = settings.mail_password() if to.username is not None else None
        unreached = mail.send(to, message, password)
    except RefusedError as refusal:
        return [str(refusal)]
    except mail.UnsentError as why:
        return [f"The alert may not have been mailed ({why}). Check [mail] in reference/{FILE}."]
    if unreached:
        return [f"The alert was refused for {unreached} of {len(to.to)} addresses in {FILE}."]
    return []


def _posted(alert: Alert, channels: Channels, settings: Settings) -> list[str]:
    try:
        url = channels.webhook or settings.alert_webhook()
    except RefusedError as refusal:
        return [str(refusal)]
    if not _is_safe(url):
        return ["$CSIP_ALERT_WEBHOOK must be an address that begins with https://."]
    body = json.dumps(alert.as_dict(channels.ui)).encode()
    request = urllib.request.Request(  # noqa: S310 - https, or this computer
        url, data=body, headers={"Content-Type": "application/json"}, method="POST"
    )
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=TIMEOUT) as answer:
            status = int(answer.status)
    except (OSError, ValueError) as error:
        code = getattr(error, "code", None)
        told = f"it answered {code}" if code else type(error).__name__
        return [f"The alert was not posted ({told}). Check [webhook] in reference/{FILE}."]
    if status >= NOT_OK:
        return [f"The alert was not posted (it answered {status}). Check [webhook] in {FILE}."]
    return []


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """An alert goes to the address in the settings or nowhere."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


def _is_safe(address: object) -> bool:
    """Whether what is sent there is encrypted, or never leaves this computer."""
    if not isinstance(address, str):
        return False
    try:
        parts = urlsplit(address)
        is_here = parts.hostname in HERE
    except ValueError:
        return False
    is_encrypted = parts.scheme == "https" or (parts.scheme == "http" and is_here)
    return bool(is_encrypted and parts.hostname)


def _table(given: Mapping[str, object], name: str) -> Mapping[str, Any] | None:
    table = given.get(name)
    if table is not None and not isinstance(table, dict):
        raise _wrong(name, f"must be a table: write [{name}] on a line of its own.")
    return table


def _wrong(key: str, what: str) -> RefusedError:
    return RefusedError(f"reference/{FILE}: {key} {what}")
