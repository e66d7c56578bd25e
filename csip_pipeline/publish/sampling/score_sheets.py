"""The panel's score sheets: a workbook a panellist, with calls and questions and nothing personal.

Its second worksheet comes back as the feed panel_scores, so its header stands in row 1.
"""

import datetime as dt
import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from csip_pipeline import warehouse
from csip_pipeline.calendars import Cycle
from csip_pipeline.publish.sampling import drawing, freezing, manifested, sheet_shares
from csip_pipeline.publish.sampling.score_sheet_words import GUIDE, SCORES, guide
from csip_pipeline.publish.workbook_cells import Pen
from csip_pipeline.publish.workbook_files import package, put
from csip_pipeline.publish.workbook_front import write_cover
from csip_pipeline.publish.workbook_layout import Layout
from csip_pipeline.publish.workbook_parts import Column, Properties, Table
from csip_pipeline.publish.workbook_sheets import write_table
from csip_pipeline.reference import tables
from csip_pipeline.reference.score_sheet import SCALES, title
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

QUESTIONS = "publish/sampling/questions"
CODE = re.compile(r"[A-Z]\d{0,2}")
"""How a panellist is called: a letter, with a number where there are many. Never a name."""
COLUMNS = (
    Column("cycle", "Cycle", width=12),
    Column("sample_no", "Call", "count", width=8),
    Column("reference", "Reference", width=17),
    Column("panellist", "Panellist", width=11),
    Column("criterion", "Criterion", width=26),
    Column("wording", "Question", width=46),
    Column("score", "Score", missing="", width=24),
)
BOX: dict[str, Any] = {
    "border": 1,
    "border_color": "#595959",
    "align": "left",
    "indent": 1,
    "locked": False,
    "num_format": "@",
}
LEFT_OPEN = {"format_columns": True, "format_rows": True}
"""What a panellist may do to the sheet beside choosing scores: no sort can part a row."""


def write(here: Settings, cycle: Cycle, panellists: Sequence[str], overlap: int) -> list[Path]:
    """Write a cycle's score sheets, one a panellist, and return their paths.

    The same again changes nothing. Raises RefusedError where nothing is drawn, a panellist is
    named otherwise than by a letter, more calls are to be heard twice than there are, or a sheet
    is there that would be another: somebody may have begun to fill it in.
    """
    told = manifested.read(here.published / cycle.cycle)
    if "draw" not in told:
        raise RefusedError(f"The sample of {cycle.cycle} is not drawn yet: csip sample draw")
    _check(panellists, overlap, int(told["draw"]["size"]))
    chosen = [int(each["sample_no"]) for each in drawing.targeted(here, cycle.cycle)]
    references = {row["sample_no"]: row["reference"] for row in told["draw"]["rows"]}
    references |= {number: f"T{number}" for number in chosen}
    items = questions(here, cycle)
    folder = freezing.make_samples(here) / cycle.cycle
    folder.mkdir(mode=0o700, exist_ok=True)
    sheets = {
        folder / f"scores_{cycle.cycle}_{panellist}.xlsx": render(
            cycle, panellist, items, {number: references[number] for number in numbers}
        )
        for panellist, numbers in sheet_shares.shared(told, chosen, panellists, overlap).items()
        if numbers
    }
    others = [path.name for path, content in sheets.items() if _is_another(path, content)]
    if others:
        raise RefusedError(
            f"{', '.join(others)} is there already with other calls or questions, and somebody may "
            "have begun to fill it in. Move it away first, then make the sheets again."
        )
    for path, content in sheets.items():
        put(path, content)
        path.chmod(0o600)
    return list(sheets)


def questions(here: Settings, cycle: Cycle) -> pd.DataFrame:
    """The items asked on a cycle's last day, in order. Raises RefusedError where there is none."""
    with warehouse.connected(Path(":memory:")) as con:
        tables.load(con, here.reference, "score_sheet")
        found = warehouse.fetch(con, warehouse.read_query(QUESTIONS), {"day": cycle.ends_on})
    if found.empty:
        raise RefusedError(
            f"reference/score_sheet.csv asks nothing on {cycle.ends_on}. Copy the demo force's "
            "file and change it."
        )
    return found


def render(cycle: Cycle, panellist: str, items: pd.DataFrame, references: dict[int, str]) -> bytes:
    """A sheet's bytes: a row for each call and item. The same arguments give the same bytes."""
    rows = [
        {
            "cycle": cycle.cycle,
            "sample_no": number,
            "reference": reference,
            "panellist": panellist,
            "criterion": title(item.item),
            "wording": item.wording,
            "score": None,
            "scale": item.scale,
        }
        for number, reference in references.items()
        for item in items.itertuples()
    ]
    name = f"Score sheet of panellist {panellist}"
    shown = pd.DataFrame(rows)
    layout = Layout(Table("scores", SCORES, name, COLUMNS, shown), lines=())

    def fill(book: xlsxwriter.Workbook) -> None:
        pen = Pen(book)
        write_cover(book, pen, guide(cycle.cycle, panellist, items, len(references)), GUIDE)
        sheet = write_table(book, pen, layout)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&LPanellist {panellist}, {cycle.cycle}&RPage &P of &N")
        _ask(sheet, pen, layout, list(shown["scale"]))
        sheet.protect("", LEFT_OPEN)

    created = dt.datetime.combine(cycle.ends_on, dt.time())
    return package(Properties(name, "The panel", f"Cycle {cycle.cycle}", created), fill)


def _check(panellists: Sequence[str], overlap: int, size: int) -> None:
    if not all(CODE.fullmatch(each) for each in panellists):
        raise RefusedError(
            "Call each panellist by a capital letter (A, B, C) and not by a name: the sheets are "
            "printed and passed on. Keep who is who apart."
        )
    if len(set(panellists)) < len(panellists):
        raise RefusedError("Two panellists have the same letter.")
    if overlap and len(panellists) == 1:
        raise RefusedError("One panellist cannot hear calls twice: ask for --overlap 0.")
    if overlap > size:
        raise RefusedError(f"{overlap} calls cannot be heard twice where {size} were drawn.")


def _is_another(path: Path, content: bytes) -> bool:
    return path.exists() and path.read_bytes() != content


def _ask(sheet: Worksheet, pen: Pen, layout: Layout, scales: list[str]) -> None:
    """A box and a drop-down on every score, with the answers of the item's scale."""
    position = layout.position("score")
    box = pen.format(**BOX)
    row = layout.first_row
    for scale, run in groupby(scales):
        last = row + len(list(run)) - 1
        for each in range(row, last + 1):
            sheet.write_blank(each, position, None, box)
        answers = list(SCALES[scale].values())
        rule = {
            "validate": "list",
            "source": answers,
            "error_title": "Not one of the answers",
            "error_message": f"Choose one of: {', '.join(answers)}.",
        }
        sheet.data_validation(row, position, last, position, rule)
        row = last + 1
