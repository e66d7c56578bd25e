"""A pack before its charts are drawn: figures may still be hidden; a chart draws what is left."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from csip_pipeline.publish.workbook import Chart, Table


@dataclass(frozen=True)
class Drawn:
    """A chart to be drawn from the table of this name, as it stands when the pack is finished."""

    table: str
    draw: Callable[[Table], Chart]


@dataclass(frozen=True)
class Draft:
    """The tables of a pack and its charts to be, in reading order."""

    items: tuple[Table | Drawn, ...]

    @property
    def tables(self) -> dict[str, Table]:
        """The tables by name, in order."""
        return {item.name: item for item in self.items if isinstance(item, Table)}

    def with_tables(self, tables: Mapping[str, Table]) -> "Draft":
        """The draft with these in place of its own of the same names."""
        return Draft(
            tuple(
                tables.get(item.name, item) if isinstance(item, Table) else item
                for item in self.items
            )
        )

    def finished(self) -> tuple[Table | Chart, ...]:
        """The items of the pack, every chart drawn from its table."""
        tables = self.tables
        return tuple(
            item if isinstance(item, Table) else item.draw(tables[item.table])
            for item in self.items
        )
