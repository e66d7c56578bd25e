"""Editions of a pack: written whole or not at all, listed in a manifest, never overwritten."""

import hashlib
import json
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from csip_pipeline.calendars import Cycle
from csip_pipeline.publish import (
    edition_figures,
    pack_figures,
    panel_pack,
    workbook,
    workbook_lint,
)
from csip_pipeline.publish.workbook_files import put
from csip_pipeline.publish.workbook_parts import FRONT, Workbook
from csip_pipeline.refusals import RefusedError
from csip_pipeline.warehouse import Connection, fetch

INPUTS = """
select distinct file, sha256 from extract.intake
where month between $first_month and $last_month order by file, sha256
"""


@dataclass(frozen=True)
class Edition:
    """One published pack."""

    path: Path
    sha256: str
    revision: int
    is_new: bool
    sheets: int


def publish(con: Connection, published: Path, cycle: Cycle) -> Edition:
    """Publish the cycle's pack, unless the last revision already says exactly the same.

    Raises RefusedError where the workbook breaks a rule of accessibility or safety.
    """
    figures = pack_figures.read(con, cycle)
    folder = published / cycle.cycle
    editions = read_editions(folder)
    if editions:
        last = editions[-1]
        pack = panel_pack.workbook(figures, last["revision"])
        content = workbook.render(pack)
        if _sha256(content) == last["sha256"]:
            path = folder / last["file"]
            if not path.exists():  # somebody moved it away; the manifest still promises it
                put(path, content)
            return _edition(path, last, pack, is_new=False)
    revision = len(editions) + 1
    pack = panel_pack.workbook(figures, revision)
    path = folder / _file_name(cycle, revision)
    folder.mkdir(parents=True, exist_ok=True)
    content = workbook.render(pack)
    _hold_to_the_rules(content, path.name)
    kept = _keep_figures(path, pack)
    put(path, content)
    entry = {
        "revision": revision,
        "file": path.name,
        "sha256": _sha256(content),
        "as_at": figures.about["as_at"].isoformat(),
        "code_version": version("csip_pipeline"),
        "figures": kept,
        "inputs": _inputs(con, cycle),
    }
    manifest = {"cycle": cycle.cycle, "title": cycle.title, "editions": [*editions, entry]}
    put(folder / "manifest.json", json.dumps(manifest, indent=2).encode())
    return _edition(path, entry, pack, is_new=True)


def read_editions(folder: Path) -> list[dict[str, Any]]:
    """The editions listed in a cycle's manifest, oldest first; none where nothing is published."""
    path = folder / "manifest.json"
    if not path.exists():
        return []
    editions: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["editions"]
    return editions


def _edition(path: Path, entry: dict[str, Any], pack: Workbook, *, is_new: bool) -> Edition:
    sheets = len(FRONT) + len(pack.items)
    return Edition(path, str(entry["sha256"]), int(entry["revision"]), is_new, sheets)


def _keep_figures(path: Path, pack: Workbook) -> dict[str, str]:
    """Write the pack's figures as data beside it; return what its manifest says of the file."""
    beside = path.with_name(f"{path.stem}_figures.json")
    return {"file": beside.name, "sha256": put(beside, edition_figures.as_json(pack))}


def _file_name(cycle: Cycle, revision: int) -> str:
    suffix = f"_revision_{revision}" if revision > 1 else ""
    return f"panel_pack_{cycle.cycle}{suffix}.xlsx"


def _hold_to_the_rules(content: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        broken = workbook_lint.lint(path)
    if broken:
        raise RefusedError(
            f"{name} was not published: it breaks {len(broken)} rule(s) of accessibility or "
            f"safety. The first: {broken[0]}"
        )


def _inputs(con: Connection, cycle: Cycle) -> list[dict[str, str]]:
    """Every file that the cycle's months were made from, with its hash."""
    months = {"first_month": cycle.months[0], "last_month": cycle.months[-1]}
    rows = fetch(con, INPUTS, months)
    return [{"file": file, "sha256": sha256} for file, sha256 in rows.itertuples(index=False)]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
