"""Rules about charts: each says what it is and shows, and plots nothing but cells of a table."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from openpyxl.utils.cell import range_boundaries

from csip_pipeline.publish.workbook_read import Written, named, references


def charts_have_a_title(written: Written) -> Iterator[str]:
    """A chart that is copied into a paper still says what it is."""
    for sheet in written.sheets:
        for chart in sheet.charts:
            titles = [part for part in list(_chart_element(chart.root)) if _tag(part) == "title"]
            if not any(text.strip() for part in titles for text in part.itertext()):
                yield f"Worksheet '{sheet.name}': the chart has no title."


def charts_have_alternative_text(written: Written) -> Iterator[str]:
    """Somebody who cannot see the chart is told what it shows."""
    for sheet in written.sheets:
        if any(not chart.description.strip() for chart in sheet.charts):
            yield f"Worksheet '{sheet.name}': the chart has no alternative text."


def charts_plot_tables(written: Written) -> Iterator[str]:
    """Every plotted value is a cell of a table, so that it can be read and traced."""
    for sheet in written.sheets:
        for chart in sheet.charts:
            if named(chart.root, "numLit") or named(chart.root, "strLit"):
                yield f"Worksheet '{sheet.name}': the chart holds values of its own."
            for formula in named(chart.root, "f"):
                places = references(formula.text or "")
                if not places:
                    yield f"Worksheet '{sheet.name}': the chart plots '{formula.text}'."
                for name, cells in places:
                    if not _is_in_a_table(written, name, cells):
                        yield (
                            f"Worksheet '{sheet.name}': the chart plots cell {cells} of "
                            f"'{name}', which is in no table."
                        )


def _is_in_a_table(written: Written, name: str, cells: str) -> bool:
    """Whether the cells are inside a table; an empty cell may stand for a value not available."""
    if name not in written.book.sheetnames:
        return False
    page = written.book[name]
    left, top, right, bottom = range_boundaries(cells)
    for table in page.tables.values():
        first, head, last, foot = range_boundaries(table.ref)
        if first <= left and right <= last and head < top and bottom <= foot:
            return True
    return ":" not in cells and bool(page[cells].value is None)


def _chart_element(root: ET.Element) -> ET.Element:
    return next(part for part in root if _tag(part) == "chart")


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
