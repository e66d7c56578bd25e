"""What GOV.UK Notify tells of messages that it was given."""

from typing import Any

import pandas as pd

from csip_pipeline.publish.callbacks.channels import NEWS_COLUMNS
from csip_pipeline.publish.callbacks.notify_desk import Desk

OUTCOMES = {
    "delivered": "explained",
    "permanent-failure": "not_contactable",
    "temporary-failure": "tried",
    "technical-failure": "tried",
}
"""What each final state of a message means; any other is not the end of it."""
KINDS = ["sms", "email"]
TIMES = ("completed_at", "sent_at", "created_at")


def news(desk: Desk, notice_ids: list[str]) -> pd.DataFrame:
    """The outcomes of notices: notice_id, outcome, attempted_at (UTC), one row a message.

    Pages through the messages that Notify still has, newest first, until all are found: a request
    for each 250, and not one for each notice. Raises RefusedError where it does not answer.
    """
    wanted, found = set(notice_ids), []
    older_than, seen = None, set[str]()
    while wanted:
        page = _page(desk, older_than)
        new = [one for one in page if one.get("id") not in seen]
        if not new:
            break
        seen |= {str(one.get("id")) for one in new}
        older_than = str(new[-1].get("id"))
        found += [one for one in new if one.get("reference") in wanted]
        if wanted <= {one["reference"] for one in found}:
            break
    rows = [
        (one["reference"], OUTCOMES[one["status"]], _moment(one))
        for one in found
        if one.get("status") in OUTCOMES
    ]
    told = pd.DataFrame(rows, columns=NEWS_COLUMNS, dtype="object")
    moments = pd.to_datetime(told["attempted_at"], utc=True, errors="coerce", format="ISO8601")
    return told.assign(attempted_at=moments.astype("datetime64[us, UTC]")).dropna()


def _page(desk: Desk, older_than: str | None) -> list[dict[str, Any]]:
    """The messages that are older than one, newest first."""
    return desk.asked(
        lambda: desk.client.get_all_notifications(template_type=KINDS, older_than=older_than)
    )


def _moment(message: dict[str, Any]) -> str | None:
    given = [message.get(name) for name in TIMES]
    return next((str(one) for one in given if one), None)
