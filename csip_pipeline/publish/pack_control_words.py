"""What a control chart says in words, as its edition shows it: no more than its cells tell."""

from typing import NamedTuple

from csip_pipeline.publish.pack_words import is_told
from csip_pipeline.publish.workbook import Layout, Table
from csip_pipeline.publish.workbook_shown import shown

TITLED = ", month by month"
"""How the titles of these tables end."""
UNTOLD = "Its limits are not told here, because they would give away a small number."
NOTHING_TOLD = "No month is told here, because it would give away a small number."


class Kind(NamedTuple):
    """What points of some types show: its heading, and how one and several are counted."""

    heading: str
    point_types: tuple[str, ...]
    one: str
    several: str


KINDS: dict[str, Kind] = {
    "improvement": Kind(
        "Improvement", ("special_cause_improvement",), "an improvement", "improvements"
    ),
    "concern": Kind("Concern", ("special_cause_concern",), "a concern", "concerns"),
    "neutral": Kind(
        "Neither better nor worse",
        ("special_cause_neutral_high", "special_cause_neutral_low"),
        "a change for neither better nor worse",
        "changes for neither better nor worse",
    ),
    "common": Kind("Common cause", ("common_cause",), "common cause", "common cause"),
}
"""By column of the table: each point is of one kind."""


def has_limits(table: Table) -> bool:
    """Whether an edition tells the limits, and what each month shows with them."""
    return any(map(is_told, table.rows["mean"]))


class About:
    """What a chart says in words, of its last month that is told."""

    def __init__(self, table: Table) -> None:
        """Find the last month that the table tells."""
        self._table, self._layout = table, Layout(table)
        told = [place for place, value in enumerate(table.rows["value"]) if is_told(value)]
        self._last = told[-1] if told else None

    def message(self) -> list[str]:
        """The last month, its limits and its target."""
        if self._last is None:
            return [NOTHING_TOLD]
        row = self._table.rows.iloc[self._last]
        said = [f"In {row['month']:%B %Y}: {self._said('value')}."]
        if not is_told(row["mean"]):
            return [*said, UNTOLD, *self._target()]
        said += [str(row["meaning"]), f"The mean is {self._said('mean')}."]
        if is_told(row["lower"]):
            between = f"{self._said('lower')} and {self._said('upper')}"
            said += [f"Chance alone keeps a month between {between}."]
        return [*said, *self._target()]

    def alt_text(self) -> list[str]:
        """All of that, how many months show what, and where they are listed."""
        rows = self._table.rows
        first, last = rows["month"].iloc[0], rows["month"].iloc[-1]
        title = self._table.title.removesuffix(TITLED)
        return [
            f"Control chart of {title}, by month from {first:%B %Y} to {last:%B %Y}.",
            *self.message(),
            *self._counted(),
            f"Every value is in the table on the worksheet '{self._table.sheet}'.",
        ]

    def _target(self) -> list[str]:
        row = self._table.rows.iloc[self._last or 0]
        if "target" not in row or not is_told(row["target"]):
            return []
        said = [f"The target is {self._said('target')}."]
        if is_told(row["mean"]) and isinstance(row["against"], str):
            said.append(row["against"])
        return said

    def _counted(self) -> list[str]:
        if not has_limits(self._table):
            return []
        rows = self._table.rows
        counts = {name: sum(map(is_told, rows[name])) for name in KINDS}
        special = [
            f"1 is {kind.one}" if counts[name] == 1 else f"{counts[name]} are {kind.several}"
            for name, kind in KINDS.items()
            if name != "common" and counts[name]
        ]
        if not special:
            return [f"All {counts['common']} months are common cause."]
        rest = [f"{counts['common']} are common cause"] if counts["common"] else []
        return [f"Of {sum(counts.values())} months, {', '.join([*special, *rest])}."]

    def _said(self, name: str) -> str:
        """A figure of the last month as its cell shows it."""
        position = self._layout.position(name)
        contents = self._layout.grid[position]
        return shown(contents[self._last or 0], self._table.columns[position], contents)
