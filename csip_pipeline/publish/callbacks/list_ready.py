"""The note to the contact team that a callback list is ready. It holds nothing about anybody."""

import datetime as dt
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import PurePath

from csip_pipeline.mail import TIMEOUT, MailSettings, UnsentError, send

__all__ = ["ListReady", "MailSettings", "note", "tell"]

FORWARD = "Please tell the team yourself. The list is issued and safe."


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
    message["Message-ID"] = f"<callback-list-{ready.list_id}@{mail.domain}>"
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
    try:
        unreached = send(mail, note(mail, ready), password, timeout)
    except UnsentError as why:
        return (
            f"The note that list {ready.list_id} is ready may not have been sent "
            f"({why}). {FORWARD} Check [mail] in reference/callbacks.toml."
        )
    if unreached:
        return (
            f"The note that list {ready.list_id} is ready was refused for {unreached} of "
            f"{len(mail.to)} addresses in [mail] of reference/callbacks.toml. {FORWARD}"
        )
    return None
