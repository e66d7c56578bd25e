"""Mail that the pipeline sends to colleagues: how it is set up, and sent once. It names nobody."""

import re
import smtplib
import ssl
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from email.message import EmailMessage

from csip_pipeline.refusals import RefusedError

TIMEOUT = 20
"""Seconds that a mail server may take over each answer."""
REASONS: dict[type[Exception], str] = {
    smtplib.SMTPAuthenticationError: "the mail server did not accept the user name and password",
    smtplib.SMTPNotSupportedError: "the mail server offers no encryption or no sign-in",
    smtplib.SMTPRecipientsRefused: "the mail server refused every address",
    smtplib.SMTPServerDisconnected: "the mail server broke off",
    smtplib.SMTPResponseException: "the mail server did not accept it",
    ssl.SSLError: "the mail server's certificate is not trusted, or its encryption failed",
    TimeoutError: "the mail server did not answer in time",
    ConnectionRefusedError: "nothing answers under that host and port",
}
"""What each kind of error means, the narrower before the wider."""
KEYS = ("host", "port", "sender", "to", "starttls", "username")
LAST_PORT = 65_535
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
HOST = re.compile(r"[A-Za-z0-9.:-]+")


class UnsentError(Exception):
    """Mail of which nobody can tell that it arrived; its text says why, in none of the server's."""


@dataclass(frozen=True)
class MailSettings:
    """What [mail] of a settings file says."""

    host: str
    sender: str
    to: tuple[str, ...]
    port: int = 587
    starttls: bool = True
    username: str | None = None

    @property
    def domain(self) -> str:
        """The sender's domain, which stands in for this computer's own name."""
        return self.sender.rpartition("@")[2]


def read(given: Mapping[str, object], wrong: Callable[[str, str], RefusedError]) -> MailSettings:
    """What a settings file says of mail. Raises what `wrong` makes of a key and its fault."""
    for name in given:
        if name not in KEYS:
            raise wrong(name, f"is not known in [mail]. Use one of: {', '.join(KEYS)}.")
    host, port, to = given.get("host"), given.get("port", 587), given.get("to")
    starttls, username = given.get("starttls", True), given.get("username")
    if not isinstance(host, str) or not HOST.fullmatch(host):
        raise wrong("[mail] host", 'must name the mail server, such as "smtp.example.police.uk".')
    if type(port) is not int or not 1 <= port <= LAST_PORT:
        raise wrong("[mail] port", f"must be a whole number from 1 to {LAST_PORT}, usually 587.")
    if not _is_address(given.get("sender")):
        raise wrong("[mail] sender", "must be one e-mail address.")
    if not isinstance(to, list) or not to or not all(map(_is_address, to)):
        raise wrong("[mail] to", 'must be a list of e-mail addresses: ["contact@example.org"].')
    if not isinstance(starttls, bool):
        raise wrong("[mail] starttls", "must be true or false.")
    if username is not None and not (isinstance(username, str) and username.isprintable()):
        raise wrong("[mail] username", "must be a name in quotes, or left out.")
    if username is not None and not starttls:
        raise wrong(
            "[mail] starttls",
            "must be true where there is a username: else the password is sent "
            "for anybody to read.",
        )
    return MailSettings(host, str(given["sender"]), tuple(to), port, starttls, username)


def send(
    mail: MailSettings, message: EmailMessage, password: str | None, timeout: float = TIMEOUT
) -> int:
    """Send a message once; how many of its addresses the server refused.

    Raises UnsentError where it may not have been sent.
    """
    try:
        with closing(smtplib.SMTP(mail.host, mail.port, mail.domain, timeout)) as server:
            if mail.starttls:
                server.starttls(context=ssl.create_default_context())
            if mail.username is not None:
                server.login(mail.username, password or "")
            unreached = server.send_message(message)
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise UnsentError(_reason(error)) from None
    return len(unreached)


def _is_address(given: object) -> bool:
    return isinstance(given, str) and ADDRESS.fullmatch(given) is not None


def _reason(error: Exception) -> str:
    """What went wrong, without a word of the server's, which may hold anything."""
    found = (words for kind, words in REASONS.items() if isinstance(error, kind))
    return next(found, type(error).__name__)
