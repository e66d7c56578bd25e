"""When a mapped row stands, in SQL: its London month, and how far it had seen."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from csip_pipeline.extract.formats import expressions as sql

if TYPE_CHECKING:
    from csip_pipeline.extract.sources import Source


class When:
    """The month of a feed dated by a moment (already in UTC), by a day, or by a panel cycle."""

    def __init__(self, source: Source, file_name: str) -> None:
        """Take the column that decides."""
        self.source = source
        self.feed = source.feed
        self.file_name = file_name
        self.happened = f'"{source.feed.happened}"'

    def late(self) -> str:
        """Rows later than the file's own stamp: perhaps day and month are the wrong way round."""
        declared = self.source.declared_at(self.file_name)
        if declared is None or self.feed.dated_by == "cycle":
            return ""
        stamp = declared.astimezone(dt.UTC).replace(tzinfo=None)
        latest = stamp + dt.timedelta(days=1 if self.feed.dated_by == "moment" else 0)
        return f"{self.happened}::timestamp > timestamp '{latest}'"

    def month(self) -> str:
        """The London month, or null where it cannot be told."""
        if self.feed.dated_by == "cycle":
            return self.cycles_month()
        is_moment = self.feed.dated_by == "moment"
        local = f"{self.happened} + london_day.offset_after" if is_moment else self.happened
        known = f"not ({late})" if (late := self.late()) else "true"
        return f"case when {known} then date_trunc('month', {local})::date end"

    def cycles_month(self) -> str:
        """The last month of the cycle that a row names."""
        months = {cycle: month.isoformat() for cycle, month in self.source.cycles.items()}
        return f"({sql.translated(self.happened, months)})::date"

    def seen_until(self) -> str:
        """The latest moment that a row speaks of: what happened, or when its day or cycle ended."""
        past = [f'"{column}"' for column in self.feed.past]
        if self.feed.dated_by != "moment":
            past.append("(london_day.clock_date + 1)::timestamp - london_day.offset_after")
        return sql.moment(f"greatest({', '.join(past)})")

    def london(self) -> str:
        """The day in London on which something happened. When it ends, its later offset holds."""
        days = {
            "moment": f"{self.happened}::date",
            "day": self.happened,
            "cycle": f"(({self.cycles_month()}) + interval 1 month - interval 1 day)::date",
        }
        on_date = days[self.feed.dated_by]
        return f"left join london_days as london_day on london_day.clock_date = {on_date}"
