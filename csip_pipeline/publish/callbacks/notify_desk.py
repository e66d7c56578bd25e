"""Where GOV.UK Notify is asked: one request at a time, and what its answer means."""

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from csip_pipeline.publish.callbacks import notify_words
from csip_pipeline.publish.callbacks.channels import Answer
from csip_pipeline.refusals import RefusedError

CLIENT = "notifications_python_client"
TIMEOUT = 30
"""Seconds after which a request counts as lost."""
BUSY_PAUSES = (10, 20, 30)
"""Seconds between tries when Notify says that it is asked too often: its limit is by the minute."""
ASKING_PAUSES = (1, 5, 15)
"""Seconds between tries when a question, which changes nothing, is not answered."""
BAD_REQUEST = "Notify refused it (BadRequestError)."
WRONG_KEY = (401, 403)
WRONG_ADDRESS = (404, 405)
TOO_MANY, BAD = 429, 400
DAILY_LIMIT = "TooManyRequestsError"
ERROR_TYPE = re.compile(r"[A-Za-z]{1,40}")
FROM_OUTSIDE = ["what_happened", "promise"]


@dataclass(frozen=True)
class NotifySettings:
    """What [notify] in reference/callbacks.toml says.

    `settle_seconds` is how long an unanswered request may still arrive: the client's time-out and a
    margin. `memory_days` is the service's data retention period.
    """

    base_url: str = "https://api.notifications.service.gov.uk"
    phone_template: str | None = None
    email_template: str | None = None
    memory_days: int = 7
    settle_seconds: float = 35

    @property
    def templates(self) -> dict[str, str]:
        """The template for each kind of contact point that has one."""
        given = {"phone": self.phone_template, "email": self.email_template}
        return {kind: template for kind, template in given.items() if template}


@dataclass(frozen=True)
class Message:
    """One notice on its way to a person."""

    notice_id: str
    kind: str
    to: str
    words: dict[str, str]


class BusyError(Exception):
    """Notify takes no more for now."""


class UnaskedError(RefusedError):
    """Notify could not be asked."""


@dataclass(frozen=True)
class Desk:
    """Notify, asked through its own client; `wait` takes seconds."""

    client: Any
    settings: NotifySettings
    wait: Callable[[float], None] = time.sleep

    @classmethod
    def connected(
        cls, settings: NotifySettings, api_key: str, wait: Callable[[float], None] = time.sleep
    ) -> "Desk":
        """A desk that follows no redirect: a notice goes to the address in the settings or nowhere.

        The client's log is silenced: it repeats Notify's messages, which may quote a number.
        """
        try:
            library = import_module(f"{CLIENT}.notifications")
        except ImportError:
            raise RefusedError(
                "Sending by the API of GOV.UK Notify needs its client. Install it: "
                'pip install "csip_pipeline[notify]". Or use notify_file in '
                "reference/callbacks.toml."
            ) from None
        logging.getLogger(CLIENT).setLevel(logging.CRITICAL + 1)
        timeout = min(TIMEOUT, settings.settle_seconds)
        client = library.NotificationsAPIClient(
            api_key, base_url=settings.base_url, timeout=timeout
        )
        client.request_session.max_redirects = 0
        return cls(client, settings, wait)

    def settle(self) -> None:
        """Wait until no unanswered request can still arrive."""
        self.wait(self.settings.settle_seconds)

    def post(self, message: Message) -> tuple[Answer, str]:
        """Send a message once, and say what came of it.

        Raises BusyError where Notify takes no more now, and RefusedError where it takes none at all
        until somebody changes the settings.
        """
        for pause in (*BUSY_PAUSES, None):
            try:
                given = self._send(message)
            except Exception as error:  # noqa: BLE001 - whatever it was, the request may have arrived
                status, kind = _about(error)
            else:
                if isinstance(given, dict) and given.get("reference") == message.notice_id:
                    return Answer.SENT, "Notify has it."
                status, kind = None, ""
            _refuse_wrong_settings(status)
            if status == BAD:
                return Answer.REFUSED, f"Notify refused it ({kind})."
            if status != TOO_MANY:
                return Answer.UNKNOWN, "No answer from Notify that says whether it has it."
            if pause is None or kind == DAILY_LIMIT:
                break
            self.wait(pause)
        raise BusyError

    def has(self, notice_id: str) -> bool:
        """Whether Notify was given a notice. Raises UnaskedError where it does not say."""
        found = self.asked(lambda: self.client.get_all_notifications(reference=notice_id))
        if any(one.get("reference") != notice_id for one in found):
            raise UnaskedError(
                "Notify gave messages that it was not asked for, so nothing is sent. Check "
                "base_url in reference/callbacks.toml."
            )
        return bool(found)

    def asked(self, question: Callable[[], Any]) -> list[dict[str, Any]]:
        """The messages in the answer to a question, which is put again where none comes."""
        for pause in (*ASKING_PAUSES, None):
            try:
                given = question()
            except Exception as error:  # noqa: BLE001 - whatever it was, it is no answer
                _refuse_wrong_settings(_about(error)[0])
            else:
                found = given.get("notifications") if isinstance(given, dict) else None
                if isinstance(found, list) and all(isinstance(one, dict) for one in found):
                    return found
            if pause is not None:
                self.wait(pause)
        raise UnaskedError(
            "GOV.UK Notify does not answer, so nobody can tell what it has been given, and nothing "
            "is sent. Issue again when it does; its state: status.notifications.service.gov.uk"
        )

    def check_templates(self, kinds: list[str]) -> None:
        """Refuse a template that is missing, of the wrong kind, or asks for what is not filled.

        Where Notify does not answer, sending will show.
        """
        for kind in kinds:
            if kind not in self.settings.templates:
                raise RefusedError(
                    f"[notify] in reference/callbacks.toml has no {kind}_template, but notices are "
                    "under way by it. Put it back: Notify is asked what it has been given."
                )
            try:
                given = self.client.get_template(self.settings.templates[kind])
            except Exception as error:  # noqa: BLE001 - whatever it was, it is no answer
                status = _about(error)[0]
                if status in (BAD, 404):
                    raise _wrong_template(kind, "is not there") from None
                _refuse_wrong_settings(status)
                continue
            if not isinstance(given, dict) or not isinstance(given.get("personalisation"), dict):
                continue
            if given.get("type") != {"phone": "sms", "email": "email"}[kind]:
                raise _wrong_template(kind, "is for another kind of message")
            plain = {re.sub(r"[ _-]", "", name).lower() for name in given["personalisation"]}
            if not plain <= {name.replace("_", "") for name in notify_words.PLACEHOLDERS}:
                raise _wrong_template(kind, "has a placeholder that is never filled")

    def _send(self, message: Message) -> object:
        about = {
            "template_id": self.settings.templates[message.kind],
            "personalisation": message.words,
            "reference": message.notice_id,
        }
        if message.kind == "phone":
            return self.client.send_sms_notification(phone_number=message.to, **about)
        return self.client.send_email_notification(
            email_address=message.to, sanitise_content_for=FROM_OUTSIDE, **about
        )


def _about(error: Exception) -> tuple[int | None, str]:
    """The status of an answer, or None where there was none; and the type of error it names."""
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", None)
    try:
        kind = response.json()["errors"][0]["error"]  # type: ignore[union-attr]
    except Exception:  # noqa: BLE001 - an answer may be anything
        kind = None
    is_type = isinstance(kind, str) and ERROR_TYPE.fullmatch(kind)
    return status, str(kind) if is_type else "no reason that can be shown"


def _refuse_wrong_settings(status: int | None) -> None:
    if status in WRONG_KEY:
        raise RefusedError(
            "GOV.UK Notify does not accept the API key. Check $CSIP_NOTIFY_API_KEY (or the file "
            "that $CSIP_NOTIFY_API_KEY_FILE names) and that this computer's clock is right to "
            "within 30 seconds. Notices that were not sent stay due."
        ) from None
    if status in WRONG_ADDRESS:
        raise RefusedError(
            "What base_url in reference/callbacks.toml names is not GOV.UK Notify. Correct it. "
            "Notices that were not sent stay due."
        ) from None


def _wrong_template(kind: str, what: str) -> RefusedError:
    filled = ", ".join(f"(({name}))" for name in notify_words.PLACEHOLDERS)
    return RefusedError(
        f"The template that {kind}_template in reference/callbacks.toml names {what}. Put the "
        f"right id there, or change the template in Notify: it may use {filled} only. Nothing was "
        "sent."
    )
