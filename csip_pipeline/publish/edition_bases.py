"""What an edition was made from, and so why a figure of the next one is another."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from csip_pipeline.calendars import Cycle
from csip_pipeline.publish.pack_figures import BASES, months_drawn_on
from csip_pipeline.warehouse import Connection, fetch, read_query

LATE, CORRECTED, RULE = "Late data", "Correction", "Rule"
EARLIER = "Late data or a correction of an earlier cycle"
QUERIES = ("harmonise", "measure", "publish")
"""The folders whose queries and definitions decide what a figure is."""


INPUTS, REFERENCE = BASES


@dataclass(frozen=True)
class Basis:
    """The files behind an edition with the rows each brought a month, and its rules by hash.

    Of `earlier` months, on which its charts look back, one hash each of all that came in.
    """

    inputs: list[dict[str, Any]]
    earlier: dict[str, str]
    rules: dict[str, str]
    code_version: str

    def as_dict(self) -> dict[str, Any]:
        """The basis as a manifest lists it."""
        return {
            "code_version": self.code_version,
            "inputs": self.inputs,
            "earlier_months": self.earlier,
            "rules": self.rules,
        }


def read(con: Connection, cycle: Cycle) -> Basis:
    """What a pack of the cycle would be made from now."""
    drawn_on = months_drawn_on(cycle)
    rows = fetch(con, read_query(INPUTS), {"first_month": drawn_on[0], "last_month": drawn_on[-1]})
    is_own = rows["month"].dt.date.isin(cycle.months)
    inputs: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows[is_own].itertuples(index=False):
        entry = inputs.setdefault(
            (row.file, row.sha256),
            {"file": row.file, "sha256": row.sha256, "feed": row.feed, "accepted": {}},
        )
        entry["accepted"][f"{row.month:%Y-%m}"] = int(row.accepted)
    hashes = fetch(con, read_query(REFERENCE))
    rules = dict(hashes[["name", "sha256"]].itertuples(index=False, name=None))
    earlier = {
        f"{month:%Y-%m}": _sha256(own[["sha256", "accepted"]].to_csv(index=False).encode())
        for month, own in rows[~is_own].groupby("month")
    }
    every_rule = {**rules, **_queries()}
    return Basis(list(inputs.values()), earlier, every_rule, version("csip_pipeline"))


def from_dict(entry: dict[str, Any]) -> Basis:
    """The basis of an edition as its manifest lists it."""
    return Basis(
        list(entry.get("inputs", [])),
        dict(entry.get("earlier_months", {})),
        dict(entry.get("rules", {})),
        str(entry.get("code_version", "")),
    )


def cause(before: Basis, now: Basis, month: dt.date | None) -> str:
    """Why a figure of a month changed: late data, a correction, a rule; or several of them.

    What bears on the month itself comes first. A figure may rest on other months too (somebody who
    gave up on the 31st rings again on the 1st), so else whatever changed in any of them.
    """
    key = f"{month:%Y-%m}" if month else None
    told = _of_files(before, now, key) if key else set()
    if key in before.earlier and before.earlier[key] != now.earlier.get(key):
        told.add(EARLIER)
    told = told or _of_files(before, now, None)
    rules = sorted(
        name for name in before.rules.keys() | now.rules.keys() if _differ(before, now, name)
    )
    if before.rules and rules:
        told.add(f"{RULE}: {rules[0]}" if len(rules) == 1 else f"{RULE}: {len(rules)} changed")
    elif before.code_version != now.code_version:
        told.add(f"{RULE}: version {now.code_version}")
    return " and ".join(sorted(told)) or LATE


def _of_files(before: Basis, now: Basis, month: str | None) -> set[str]:
    """What the files of a month tell, or those of all months."""
    old, new = _accepted(before, month), _accepted(now, month)
    told = set()
    if any(new.get(file, 0) < rows for file, rows in old.items()):
        told.add(CORRECTED)
    elif any(file not in old for file in new) or any(old.get(f, 0) < n for f, n in new.items()):
        told.add(LATE)
    return told


def _accepted(basis: Basis, month: str | None) -> dict[str, int]:
    """How many rows of each file were taken; by its hash, since a name may come again."""
    return {
        str(entry["sha256"]): sum(
            rows for one, rows in entry.get("accepted", {}).items() if month in (None, one)
        )
        for entry in basis.inputs
        if month is None or month in entry.get("accepted", {})
    }


def _differ(before: Basis, now: Basis, name: str) -> bool:
    return before.rules.get(name) != now.rules.get(name)


def _queries() -> dict[str, str]:
    """The SHA-256 of each query and definition by which figures are made."""
    package = files("csip_pipeline")
    return {
        f"{folder}/{file.name}": _sha256(file.read_bytes())
        for folder in QUERIES
        for file in sorted(package.joinpath(folder).iterdir(), key=lambda each: each.name)
        if file.name.endswith((".sql", ".toml"))
    }


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
