"""The note to the contact team that a callback list is ready. It holds nothing about anybody."""

import datetime as dt
import smtplib
import ssl
from contextlib import closing, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import PurePath

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
FORWARD = "Please tell the team yourself. The list is issued and safe."


@dataclass(frozen=True)
class MailSettings:
    """What [mail] in reference/callbacks.toml says."""

    host: str
    sender: str
    to: tuple[str, ...]
    port: int = 587
    starttls: bool = True
    username: str | None = None


@dataclass(frozen=True)
class ListReady:
    """What the note says: the list, how many notices it has, the first day due, the file's name."""

    list_id: str
    notices: int
    first_due_on: dt.date
    file_name: str


def note(mail: MailSettings, ready: ListReady) -> EmailMessage:
    """The note. Its Message-ID follows from the list, so that a second copy is seen to be one."""
    count = "1 notice" if ready.notices == 1 else f"{ready.notices:,} notices"
    due = f"{ready.first_due_on.day} {ready.first_due_on:%B %Y}"
    message = EmailMessage()
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.to)
    message["Subject"] = f"Callback list {ready.list_id} is ready"
    message["Date"] = format_datetime(dt.datetime.now(dt.UTC))
    message["Message-ID"] = f"<callback-list-{ready.list_id}@{_domain(mail)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        f"Callback list {ready.list_id} is ready, with {count}.\n"
        f"The first is due to be explained by {due}.\n\n"
        f"Fetch {PurePath(ready.file_name).name} from the restricted folder as usual.\n"
        "Do not send the list by e-mail, and do not reply to this message.\n"
    )
    return message


def tell(
    mail: MailSettings, ready: ListReady, password: str | None, timeout: float = TIMEOUT
) -> str | None:
    """Send the note once; give a warning in plain words where nobody can tell that it arrived.

    It never raises on account of the mail server: the list is issued, note or no note.
    """
    domain = _domain(mail)
    try:
        with closing(smtplib.SMTP(mail.host, mail.port, domain, timeout)) as server:
            if mail.starttls:
                server.starttls(context=ssl.create_default_context())
            if mail.username is not None:
                server.login(mail.username, password or "")
            unreached = server.send_message(note(mail, ready))
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return (
            f"The note that list {ready.list_id} is ready may not have been sent "
            f"({_reason(error)}). {FORWARD} Check [mail] in reference/callbacks.toml."
        )
    if unreached:
        return (
            f"The note that list {ready.list_id} is ready was refused for {len(unreached)} of "
            f"{len(mail.to)} addresses in [mail] of reference/callbacks.toml. {FORWARD}"
        )
    return None


def _domain(mail: MailSettings) -> str:
    """The sender's domain, which stands in for this computer's own name."""
    return mail.sender.rpartition("@")[2]


def _reason(error: Exception) -> str:
    """What went wrong, without a word of the server's, which may hold anything."""
    found = (words for kind, words in REASONS.items() if isinstance(error, kind))
    return next(found, type(error).__name__)
