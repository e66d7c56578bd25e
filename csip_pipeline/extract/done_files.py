"""The file that a supplier puts beside another once that one is whole: empty, or a manifest."""

import datetime as dt
import json
import re
from pathlib import Path

from csip_pipeline.extract.declarations import Declared
from csip_pipeline.extract.source_checks import nearest
from csip_pipeline.refusals import RefusedError

KEYS = ("rows", "sha256", "extracted_at")
LARGEST = 65_536
SHA256 = re.compile(r"[0-9a-f]{64}")


def read(path: Path) -> Declared:
    """What a done file says: nothing where it is empty, else the manifest it holds in JSON.

    Raises RefusedError where it holds anything else.
    """
    with path.open("rb") as file:
        raw = file.read(LARGEST + 1)
    try:
        text = raw.decode("utf-8-sig").strip()
        given = json.loads(text, object_pairs_hook=_once) if text else {}
    except (ValueError, RecursionError):  # not UTF-8, not JSON, a key twice, far too deep
        given = None
    if len(raw) > LARGEST or not isinstance(given, dict):
        raise RefusedError(
            f"{path.name} is neither empty nor a manifest in JSON, such as "
            '{"rows": 1200, "extracted_at": "2026-11-01T05:00:00Z"}. Correct it, or empty it.'
        )
    for key in given:
        if key not in KEYS:
            hint = nearest(key, KEYS) or f"Known: {', '.join(KEYS)}."
            raise RefusedError(f"{path.name}: holds an unknown key. {hint}")
    return Declared(
        extracted_at=_moment(given.get("extracted_at"), path.name),
        rows=_whole(given.get("rows"), path.name),
        sha256=_hash(given.get("sha256"), path.name),
    )


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)


def _whole(value: object, name: str) -> int | None:
    if value is not None and (type(value) is not int or value < 0):
        raise RefusedError(f"{name}: rows must be a whole number, such as 1200.")
    return value if isinstance(value, int) else None


def _hash(value: object, name: str) -> str | None:
    text = value.casefold() if isinstance(value, str) else value
    if text is not None and not (isinstance(text, str) and SHA256.fullmatch(text)):
        raise RefusedError(f"{name}: sha256 must be 64 hexadecimal digits.")
    return text if isinstance(text, str) else None


def _moment(value: object, name: str) -> dt.datetime | None:
    if value is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(str(value))
        return moment.astimezone(dt.UTC) if moment.tzinfo else _without_offset(name)
    except (ValueError, OverflowError):
        return _without_offset(name)


def _without_offset(name: str) -> dt.datetime:
    raise RefusedError(
        f"{name}: extracted_at must be a moment with its offset, such as 2026-11-01T05:00:00Z."
    )
