"""Months of which a delivered file was deleted because its time was up: they cannot be restated.

restricted/expired.jsonl has a line for each such file. Without it, a file that is gone would be
taken for a withdrawn one, and its months for emptier than they were.
"""

import datetime as dt
import json

from csip_pipeline import durable
from csip_pipeline.extract.deliveries import Delivery
from csip_pipeline.refusals import KeptError
from csip_pipeline.settings import Settings


def load(settings: Settings) -> frozenset[tuple[str, dt.date]]:
    """The feeds and months that lost a file which was not delivered again."""
    if not settings.expired.exists():
        return frozenset()
    lines = settings.expired.read_text(encoding="utf-8").splitlines()
    return frozenset(
        (told["feed"], dt.date.fromisoformat(month))
        for told in map(json.loads, lines)
        if not (settings.extracts / told["file"]).exists()
        for month in told["months"]
    )


def add(settings: Settings, delivery: Delivery) -> None:
    """Keep that a delivered file's time is up."""
    told = {
        "feed": delivery.source.feed.name,
        "file": delivery.path.relative_to(settings.extracts).as_posix(),
        "months": sorted(month.isoformat() for month in delivery.bears_on),
    }
    before = settings.expired.read_bytes() if settings.expired.exists() else b""
    line = f"{json.dumps(told)}\n".encode()
    if line not in before.splitlines(keepends=True):
        durable.put(settings.expired, before + line)


def refusal(feed: str, month: dt.date) -> KeptError:
    """The refusal to take a month in from what is left of it."""
    return KeptError(
        f"{feed}, {month:%B %Y}: files that it was taken from were deleted when their time was up "
        "(reference/retention.csv), so it cannot be restated, and keeps what it had. If it must "
        "be, put them back under extracts/ from a backup first."
    )
