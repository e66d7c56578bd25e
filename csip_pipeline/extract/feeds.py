"""What a feed is: its promise as delivered, the table it is kept in, and who it names."""

from dataclasses import dataclass, field
from typing import Literal

import pandera.pandas as pa

from csip_pipeline import promises
from csip_pipeline.promises import Day, Moment, Promise, Text, Whole

KINDS = ["phone", "email", "handle"]
"""What a pseudonym may stand for: person_kind says which."""


class Kept(Promise):
    """What every kept row says of itself: its month, and the line it came from."""

    month: Day
    source_file: Text
    source_row: Whole = pa.Field(ge=1)
    extracted_at: Moment


@dataclass(frozen=True)
class Feed:
    """One thing a supplier sends, whatever the format it is written in."""

    name: str
    delivered: type[Promise]
    """The promise of a row as delivered, contact points included."""
    kept: type[Kept]
    """The promise of extract.<name>: the same row with pseudonyms in place of contact points."""
    identity: tuple[str, ...]
    """The columns that make two rows the same thing: the newest declared version wins."""
    happened: str
    """The column that decides a mapped row's month: a moment, a day, or a panel cycle's name."""
    comes: Literal["monthly", "cyclically", "when it happens"] = "monthly"
    """How often a file is expected: only a monthly feed is missing from a month without one."""
    due: tuple[str, ...] = ()
    """Moments that may lie ahead: every other one is past when a file is extracted."""
    contact_points: dict[str, str] = field(default_factory=dict)
    """Personal columns and their kind, the one preferred as person_key first."""
    handler: str | None = None
    """The column that names a member of staff, kept as handler_key."""
    names_a_person: str = "true"
    """The rows (as an SQL condition) whose contact point is a member of the public's."""
    completed: str | None = None
    """The query that works out, from what a mapping says (`mapped`), what it leaves unsaid."""
    worked_out: tuple[str, ...] = ()
    """The columns that `completed` never leaves empty."""
    assemble: str | None = None
    """The query that makes the feed's rows of mapped ones, where a supplier may split a row."""

    @property
    def table(self) -> str:
        """Where accepted rows are kept."""
        return f"extract.{self.name}"

    @property
    def needs(self) -> list[str]:
        """The columns that a mapping must name."""
        columns = self.delivered.to_schema().columns
        return [n for n in columns if not columns[n].nullable and n not in self.worked_out]

    @property
    def dated_by(self) -> Literal["moment", "day", "cycle"]:
        """What decides a mapped row's month: `happened`, by the type it is promised in.

        What is dated by a cycle stands in the cycle's last month.
        """
        kind = promises.duckdb_columns(self.delivered)[self.happened]
        if kind == "TIMESTAMPTZ":
            return "moment"
        return "day" if kind == "DATE" else "cycle"

    @property
    def past(self) -> list[str]:
        """The columns whose latest moment says how far a file had seen."""
        columns = promises.duckdb_columns(self.delivered)
        return [n for n, kind in columns.items() if kind == "TIMESTAMPTZ" and n not in self.due]

    @property
    def personal(self) -> dict[str, str]:
        """Every column that must not reach the warehouse, with its kind."""
        return self.contact_points | ({self.handler: "handler"} if self.handler else {})
