"""Freeze the frame: every call that could be drawn, its hash published before any seed exists."""

import hashlib
import io
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from csip_pipeline import pseudonyms, warehouse
from csip_pipeline.calendars import Cycle
from csip_pipeline.months_run import months_run
from csip_pipeline.pseudonyms import Purpose
from csip_pipeline.publish import manifests
from csip_pipeline.publish.disclosure.quantities import THRESHOLD
from csip_pipeline.publish.sampling import manifested
from csip_pipeline.publish.sampling.manifested import FRAME, FrameRow
from csip_pipeline.publish.workbook_files import put
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings
from csip_pipeline.warehouse import Connection

ELIGIBLE = (
    "Every call of the cycle's months to 101 that somebody answered, however short. (One that "
    "nobody answered has nothing to listen to.)"
)
QUERY = "publish/sampling/frame"
Strata = Literal["month", "queue", "reason"]


def freeze(
    con: Connection, here: Settings, cycle: Cycle, strata: Strata | None = None
) -> dict[str, Any]:
    """Freeze the cycle's frame and return what its manifest says of it.

    The same frame again changes nothing, and restores what was lost of it. Raises RefusedError
    where a month is not in, where there is no call, or where another frame was drawn from already.
    """
    _all_in(con, cycle)
    rows = _rows(con, here, cycle, strata)
    public = _public(rows)
    strata_of = dict(sorted(Counter(row.stratum for row in public).items()))
    _none_is_small(con, strata_of)
    content = manifested.frame_csv(public)
    extracted = max(rows["extracted_at"].to_pylist())
    frame = {
        "file": FRAME,
        "sha256": hashlib.sha256(content).hexdigest(),
        "rows": len(public),
        "strata": strata_of,
        "as_at": extracted.isoformat(),
        "eligible": ELIGIBLE,
    }
    folder = here.published / cycle.cycle
    told = manifested.read(folder)
    if told.get("frame", {}).get("sha256") == frame["sha256"]:
        if not _is_kept(here, cycle, content):
            _keep(here, cycle, rows)
        put(folder / FRAME, content)
        return dict(told["frame"])
    if "draw" in told:
        raise RefusedError(
            f"The frame of {cycle.cycle} was drawn from already, and the calls are others now (an "
            "extract changed, or the strata did). The draw stands: a frame cannot change after it."
        )
    _keep(here, cycle, rows)
    folder.mkdir(parents=True, exist_ok=True)
    put(folder / FRAME, content)

    def frozen(manifest: manifests.Manifest) -> manifests.Manifest:
        before = manifest.get("sample", {})
        earlier = [*before.get("superseded_frames", []), *([before["frame"]] if before else [])]
        return {
            **manifest,
            "sample": {"frame": frame, **({"superseded_frames": earlier} if earlier else {})},
        }

    manifests.update(folder, cycle, frozen)
    return frame


def kept(here: Settings, cycle: str) -> Path:
    """Where it is kept which call each reference stands for."""
    return here.samples / f"{cycle}.parquet"


def make_samples(here: Settings) -> Path:
    """Make the folder of samples, readable by its owner alone."""
    here.make_restricted()
    here.samples.mkdir(mode=0o700, exist_ok=True)
    return here.samples


def _all_in(con: Connection, cycle: Cycle) -> None:
    missing = [f"{month:%Y-%m}" for month in sorted(set(cycle.months) - months_run(con))]
    if missing:
        raise RefusedError(
            f"The frame of {cycle.cycle} cannot be frozen yet: {', '.join(missing)} has not been "
            "run to its end, and its calls could not be drawn. Run it first: csip run"
        )


def _none_is_small(con: Connection, strata: Mapping[str, int]) -> None:
    """Refuse strata of which the public frame would tell a number that packs hide."""
    given = con.execute("select hide_below from reference.force").fetchall()
    fewest = next((below for (below,) in given if below), THRESHOLD)
    small = [name for name, calls in strata.items() if calls < fewest]
    if small:
        raise RefusedError(
            f"The frame cannot be divided like this: fewer than {fewest} calls are of "
            f"{', '.join(small)}, and anybody could count them. Divide it otherwise, or not at all."
        )


def _rows(con: Connection, here: Settings, cycle: Cycle, strata: Strata | None) -> pa.Table:
    key = pseudonyms.purpose_key(here.pseudonym_key(), Purpose.SAMPLE)
    rows = warehouse.fetch_arrow(
        con,
        warehouse.read_query(QUERY),
        {
            "first_month": cycle.months[0],
            "last_month": cycle.months[-1],
            "cycle": cycle.cycle,
            "strata": strata or "none",
            **pseudonyms.pads(key),
        },
    )
    if len(rows) == 0:
        raise RefusedError(
            f"No call to 101 was answered in {cycle.title}, so there is nothing to draw from."
        )
    return rows


def _public(rows: pa.Table) -> list[FrameRow]:
    columns = (rows[name].to_pylist() for name in ("row_no", "reference", "stratum"))
    return [
        FrameRow(int(row), str(reference), str(stratum))
        for row, reference, stratum in zip(*columns, strict=True)
    ]


def _is_kept(here: Settings, cycle: Cycle, content: bytes) -> bool:
    """Whether the frame as it was first frozen is there: later codings must not replace it."""
    path = kept(here, cycle.cycle)
    return path.is_file() and manifested.frame_csv(_public(pq.read_table(path))) == content


def _keep(here: Settings, cycle: Cycle, rows: pa.Table) -> None:
    """Keep which call each reference stands for, where only its owner reads it."""
    content = io.BytesIO()
    pq.write_table(rows, content)
    path = kept(here, cycle.cycle)
    make_samples(here)
    put(path, content.getvalue())
    path.chmod(0o600)
