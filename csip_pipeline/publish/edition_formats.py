"""A pack in each form that it is published in: a workbook, a page, and a CSV per table."""

from csip_pipeline.publish import page, tables_csv, workbook
from csip_pipeline.publish.workbook import Workbook

WORKBOOK, PAGE, TABLES = ".xlsx", ".html", "_tables"


def files(pack: Workbook, stem: str) -> dict[str, bytes]:
    """The files by path, the workbook first. The same pack always gives the same bytes."""
    return {
        f"{stem}{WORKBOOK}": workbook.render(pack),
        f"{stem}{PAGE}": page.render(pack),
        **{f"{stem}{TABLES}/{name}": content for name, content in tables_csv.files(pack).items()},
    }
