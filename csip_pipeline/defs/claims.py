"""What must hold of a month of a table, asked in the step that made it.

A check that is a step of its own costs a run about as much as a table does, and sees no more.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import dagster as dg

from csip_pipeline import calendars, warehouse
from csip_pipeline.defs.partitions import MONTHS

MONTHS_BEFORE = 12
WARN, ERROR = dg.AssetCheckSeverity.WARN, dg.AssetCheckSeverity.ERROR
Said = dg.MetadataValue | int | str
"""What a check may add to its counts: words, dates and names of sources, and nothing of any row."""


@dataclass(frozen=True)
class Claim:
    """A check of a table that passes when its query file counts nothing (its column is `broken`).

    One that looks back is of what never is nothing: it passes up to the highest count of the
    twelve months before, so that a warning still means something. One that is blocking stops
    whatever rests on the table, so it is an ERROR.
    """

    name: str
    query: str
    description: str
    severity: dg.AssetCheckSeverity = WARN
    is_blocking: bool = False
    looks_back: bool = False

    def asked(
        self, con: warehouse.Connection, month: dt.date, **metadata: Said
    ) -> dg.AssetCheckResult:
        """What the query finds in a month, and above which count somebody must act."""
        earlier = range(1, MONTHS_BEFORE + 1) if self.looks_back else ()
        found = _broken(con, self.query, month)
        before = [
            _broken(con, self.query, calendars.months_after(month, -back)) for back in earlier
        ]
        act_above = max(before, default=0)
        return dg.AssetCheckResult(
            check_name=self.name,
            passed=found <= act_above,
            severity=self.severity,
            metadata={"found": found, "act_above": act_above, **metadata},
        )


def specs(table: str, claims: Iterable[Claim]) -> list[dg.AssetCheckSpec]:
    """The claims as checks of the asset of a table, written schema.table."""
    return [
        dg.AssetCheckSpec(
            claim.name,
            asset=table.split("."),
            description=claim.description,
            blocking=claim.is_blocking,
            partitions_def=MONTHS,
        )
        for claim in claims
    ]


def _broken(con: warehouse.Connection, query: str, month: dt.date) -> int:
    found = warehouse.fetch(con, warehouse.read_query(query), {"month": month})
    return int(found["broken"].iloc[0])
