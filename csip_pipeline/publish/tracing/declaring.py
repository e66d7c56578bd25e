"""The words in which it is declared how the figures of a worksheet are traced."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from csip_pipeline.publish.pack_tables import FEED_TITLES
from csip_pipeline.publish.tracing.figures_of import Behind, Figure, Find
from csip_pipeline.publish.tracing.selections import STANDARDS, Selection

EVERY_CHANNEL = ("telephony", "web_forms", "web_chats", "social")
FEED_OF = {
    "telephone": "telephony",
    "web_form": "web_forms",
    "web_chat": "web_chats",
    "social": "social",
    "email": "web_forms",
}
RULES = frozenset({"within_seconds", "target_share", "target"})
"""Columns that repeat what a standard says."""
OF_A_RULE = "It is what the standard says, and counts nobody."
OF_MARKS = "It marks a figure of its row that was revised, or a break: trace that figure."
MARKS = "marks"


@dataclass(frozen=True)
class Traced:
    """How the figures of one table are traced.

    `measure` is the table that they are measured in, `column` the measured column of a cell where
    it is not of the same name. `contacts` finds who is behind a cell, or says why nobody is.
    `standards` are those by which a cell is judged. `feeds` also bear on every cell, besides the
    feed of each channel that its contacts came by. `queries` stand where the measured table is none
    of the registry's. `keys` is how many columns say what a row is about, where the table's own
    number also counts what is said of it in words.
    """

    measure: str
    definition: str | None
    contacts: Find | str
    pack_query: str | None = None
    column: Callable[[Figure], str] | None = None
    definitions: Mapping[str, str] = field(default_factory=dict)
    standards: Callable[[Figure], Selection | None] | None = None
    feeds: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    keys: int | None = None

    def found(self, figure: Figure) -> Behind | str:
        """Who is behind a cell, or why no contact is."""
        if figure.column == MARKS:
            return OF_MARKS
        if figure.column in RULES:
            return OF_A_RULE
        return self.contacts if isinstance(self.contacts, str) else self.contacts(figure)

    def measured(self, figure: Figure) -> str:
        """The table and column in which a cell was measured; none for what only the pack says."""
        if figure.column == MARKS or not self.measure:
            return ""
        column = figure.column if self.column is None else self.column(figure)
        return column if column.count(".") > 1 else f"{self.measure}.{column}"

    def defined(self, column: str) -> str | None:
        """The name of the definition of a column."""
        return self.definitions.get(column, self.definition)

    def judged(self, figure: Figure) -> Selection | None:
        """The question which standards a cell is judged by; None where it is by none."""
        asked = None if self.standards is None else self.standards(figure)
        return None if asked is None else asked.asked_of(STANDARDS)

    def fed(self, figure: Figure, found: Behind | str) -> set[str]:
        """The feeds that bear on a cell; none where it holds words about others."""
        if not (self.measure or self.queries):
            return set()
        if isinstance(found, str):
            told = {feed for feed, title in FEED_TITLES.items() if title == figure.row.get("feed")}
            return told or set(self.feeds or EVERY_CHANNEL)
        return {feed for asked in found.selections for feed in _feeds(asked)} | set(self.feeds)


def _feeds(asked: Selection) -> set[str]:
    """The feeds of the channels that a question asks of."""
    channels = asked.channels or tuple(each.partition(" ")[0] for each in asked.places or ())
    return {FEED_OF[channel] for channel in channels} or set(EVERY_CHANNEL)
