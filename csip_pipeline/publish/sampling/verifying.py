"""Prove a draw again from what is public: the manifest and the frame beside it, nothing else."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from csip_pipeline.publish.sampling import causes, drawing, manifested
from csip_pipeline.publish.sampling.manifested import HEADER, FrameRow
from csip_pipeline.refusals import RefusedError


@dataclass(frozen=True)
class Proof:
    """What was looked at, and each thing that does not hold."""

    looked_at: list[str]
    faults: list[str]


def verify(manifest: Path) -> Proof:
    """Check a cycle's sample. Raises RefusedError where the manifest tells of none."""
    try:
        told = json.loads(manifest.read_text(encoding="utf-8"))["sample"]
        frame, draw = told["frame"], told.get("draw")
        content = (manifest.parent / frame["file"]).read_bytes()
    except (OSError, KeyError, TypeError, ValueError):
        raise RefusedError(
            f"{manifest} tells of no call sample whose frame lies beside it. Give the path of a "
            "cycle's manifest.json: csip sample verify published/2026-Q3/manifest.json"
        ) from None
    faults = list(_frame_faults(content, frame))
    looked_at = [f"frame of {frame['rows']:,} calls, SHA-256 {frame['sha256']}"]
    if faults or draw is None:
        return Proof([*looked_at, *([] if draw else ["not drawn yet"])], faults)
    rows = _rows(content)
    again = drawing.drawn_rows(rows, draw["seed"], draw["size"], draw["reserves"])
    faults += list(_draw_faults(draw["rows"], again))
    faults += list(_withdrawal_faults(told))
    looked_at.append(
        f"seed {draw['seed']}: {draw['size']} calls and {draw['reserves']} reserves, drawn again"
    )
    return Proof([*looked_at, f"{len(told.get('withdrawn', []))} withdrawn"], faults)


def _frame_faults(content: bytes, frame: dict[str, Any]) -> Iterator[str]:
    if hashlib.sha256(content).hexdigest() != frame["sha256"]:
        yield "The frame is not the one whose hash was published."
        return
    rows = _rows(content)
    if len(rows) != frame["rows"] or [row.row for row in rows] != list(range(1, len(rows) + 1)):
        yield "The frame does not have the rows that were published."
    if len({row.reference for row in rows}) != len(rows):
        yield "Two rows of the frame have the same reference."
    counts = {stratum: len(own) for stratum, own in manifested.by_stratum(rows).items()}
    if counts != frame["strata"]:
        yield "The frame does not have the strata that were published."


def _draw_faults(told: list[dict[str, Any]], again: list[dict[str, Any]]) -> Iterator[str]:
    if len(told) != len(again):
        yield f"{len(told)} calls are listed as drawn; the seed draws {len(again)}."
    for listed, drawn in zip(told, again, strict=False):
        if listed != drawn:
            yield f"Call {listed.get('sample_no')} is not the one that the seed draws."


def _withdrawal_faults(told: dict[str, Any]) -> Iterator[str]:
    """Each withdrawal has a reason, and the next reserve of its stratum took the place."""
    rows = {row["sample_no"]: row for row in told["draw"]["rows"]}
    before: list[dict[str, Any]] = []
    for entry in told.get("withdrawn", []):
        number, by = entry.get("sample_no"), entry.get("replaced_by")
        states = drawing.standing({**told, "withdrawn": before})
        if entry.get("because") not in causes.WITHDRAWALS:
            yield f"Call {number} was withdrawn without a reason."
        if states.get(number, ("", None))[0] != "sampled":
            yield f"Call {number} was withdrawn, though it was not in the sample."
            return
        spare = [
            other
            for other, row in rows.items()
            if row["stratum"] == rows[number]["stratum"] and states[other][0] == "reserve"
        ]
        if by != min(spare, default=None):
            yield f"Call {number} was not replaced by the next reserve."
            return
        before.append(entry)


def _rows(content: bytes) -> list[FrameRow]:
    rows = csv.reader(io.StringIO(content.decode()))
    if next(rows, None) != HEADER:
        return []
    return [FrameRow(int(row), reference, stratum) for row, reference, stratum in rows]
