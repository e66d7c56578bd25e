"""The pack as one page to read in a browser: same tables, same charts, nothing fetched or run."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain, count
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from csip_pipeline.publish import svg_charts
from csip_pipeline.publish.workbook import Chart, Layout, Table, Workbook, layouts
from csip_pipeline.publish.workbook_charts import NO_FIGURES
from csip_pipeline.publish.workbook_layout import EMPTY
from csip_pipeline.publish.workbook_parts import SHORTHAND, Column
from csip_pipeline.publish.workbook_shown import shown
from csip_pipeline.publish.workbook_values import RIGHT, heading

RIGHT_ALIGNED = Markup(' class="n"')
NOT_A_LETTER = re.compile("[^a-z0-9]+")


@dataclass(frozen=True)
class Text:
    """A cell of a table: its text, its look, and whether it says what its row is about."""

    text: str
    look: Markup
    is_head: bool = False
    notes: tuple[int, ...] = ()


def render(pack: Workbook) -> bytes:
    """The page, HTML 5. The same pack always gives the same bytes."""
    laid_out = layouts(pack)
    anchors = _anchors(item.sheet for item in pack.items)
    anchors |= {"Contents": "contents", "Notes": "notes"}
    numbers = {note.name: number for number, note in enumerate(pack.notes, start=1)}
    items = [
        _chart(item, laid_out[item.table], anchors)
        if isinstance(item, Chart)
        else _table(laid_out[item.name], anchors, numbers)
        for item in pack.items
    ]
    told = _template().render(
        language=pack.properties.language,
        title=f"{pack.cover.title}, {pack.cover.subtitle}",
        author=pack.properties.author,
        style=Markup(_beside("page.css")),  # noqa: S704 - ours
        cover=pack.cover,
        anchors=anchors,
        items=items,
        notes=pack.notes,
        shorthand=list(SHORTHAND.items()),
    )
    return told.encode()


def _chart(chart: Chart, layout: Layout, anchors: dict[str, str]) -> dict[str, Any]:
    anchor = anchors[chart.sheet]
    drawn = "" if layout.is_empty else svg_charts.drawing(chart, layout, f"{anchor}-")
    return {
        "anchor": anchor,
        "sheet": chart.sheet,
        "title": chart.title,
        "lines": [chart.title, chart.message, *([NO_FIGURES] if layout.is_empty else [])],
        "drawn": drawn,
        "table_anchor": anchors[layout.table.sheet],
        "table_sheet": layout.table.sheet,
    }


def _table(layout: Layout, anchors: dict[str, str], numbers: dict[str, int]) -> dict[str, Any]:
    table = layout.table
    meanings = [f"{mark} means {SHORTHAND[mark][0]}" for mark in layout.marks]
    return {
        "anchor": anchors[table.sheet],
        "sheet": table.sheet,
        "title": table.title,
        "lines": [
            *table.intro,
            *([EMPTY] if layout.is_empty else []),
            *([f"Some cells hold shorthand: {', '.join(meanings)}."] if meanings else []),
            *([f"Source: {table.source.rstrip('.')}."] if table.source else []),
        ],
        "drawn": None,
        "heads": [
            Text(
                heading(column, contents, {}, with_notes=False),
                _look(column),
                notes=tuple(numbers[name] for name in column.notes),
            )
            for column, contents in zip(table.columns, layout.grid, strict=True)
        ],
        "rows": _rows(table, layout),
    }


def _rows(table: Table, layout: Layout) -> list[list[Text]]:
    columns = [
        [
            Text(shown(value, column, contents), _look(column), is_head=place < table.keys)
            for value in contents
        ]
        for place, (column, contents) in enumerate(zip(table.columns, layout.grid, strict=True))
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _look(column: Column) -> Markup:
    return RIGHT_ALIGNED if column.kind in RIGHT else Markup("")


def _anchors(sheets: Iterable[str]) -> dict[str, str]:
    """An id for each sheet. None has two hyphens together, so what is within a sheet may."""
    anchors: dict[str, str] = {}
    for sheet in sheets:
        plain = f"sheet-{NOT_A_LETTER.sub('-', sheet.casefold()).strip('-')}"
        places = (f"{plain}_{place}" for place in count(2))
        taken = set(anchors.values())
        anchors[sheet] = next(each for each in chain([plain], places) if each not in taken)
    return anchors


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    return environment.from_string(_beside("page.html.jinja"))


def _beside(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
