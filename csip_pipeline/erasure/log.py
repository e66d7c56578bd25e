"""What was erased when, by whom and why, and what the proof found: counts and names of stores only.

restricted/erasures.jsonl has a line for each erasure. Nothing in it leads to anybody.
"""

import datetime as dt
import json
from typing import Any

from csip_pipeline import durable
from csip_pipeline.settings import Settings


def add(settings: Settings, **said: object) -> None:
    """Add a line."""
    at = dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds")
    before = settings.erasures.read_bytes() if settings.erasures.exists() else b""
    line = json.dumps({"at": at, **said}, sort_keys=False)
    durable.put(settings.erasures, before + f"{line}\n".encode())


def read(settings: Settings) -> list[dict[str, Any]]:
    """Every line, the oldest first."""
    if not settings.erasures.exists():
        return []
    return [json.loads(line) for line in settings.erasures.read_text("utf-8").splitlines()]
