"""Notices as an issuing run hands them to a channel, for the tests of the channels of Notify."""

import pandas as pd

from csip_pipeline.publish.callbacks.channels import Answer, Batch

USUAL = {
    "person_key": "ann",
    "channel": "telephone",
    "clock": "answer",
    "priority": 3,
    "breaches": 1,
    "why": "Their telephone call waited more than 10 minutes.",
    "promised": "We aim to connect you with somebody within 10 minutes of your call to 101.",
    "received_at": pd.Timestamp("2026-10-05 09:00Z"),
    "due_by": pd.Timestamp("2026-11-14").date(),
    "kind": "phone",
    "contact_point": "+447700900123",
    "safe_time": None,
}


def rows(*given: dict) -> pd.DataFrame:
    """The rows of a batch; each says only what the case is about."""
    made = [{"notice_id": f"{number:016x}", **USUAL, **row} for number, row in enumerate(given, 1)]
    return pd.DataFrame(made, columns=["notice_id", *USUAL])


def batch(*given: dict, list_id: str = "2026-10-1") -> Batch:
    """A batch of such rows."""
    return Batch(list_id, rows(*given))


def many(count: int) -> Batch:
    """A batch of people with numbers of their own, every fourth with an address instead."""
    phones = [{"contact_point": f"+447700900{number % 1000:03}"} for number in range(count)]
    emails = {"kind": "email"}
    each = [
        one if number % 4 else emails | {"contact_point": f"person{number}@example.org"}
        for number, one in enumerate(phones)
    ]
    return batch(*each)


def by_answer(receipts) -> dict[Answer, list[str]]:
    """The notices of receipts by answer, in the order told."""
    told: dict[Answer, list[str]] = {answer: [] for answer in Answer}
    for receipt in receipts:
        told[receipt.answer] += receipt.notice_ids
    return told
