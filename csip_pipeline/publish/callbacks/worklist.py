"""The callback worklist: whom the contact team is to call, and how it went.

Its second worksheet comes back as the feed callback_outcomes, so its header stands in row 1.
"""

import datetime as dt
import re
from typing import Any

import pandas as pd
import phonenumbers
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from csip_pipeline.publish.callbacks.worklist_guide import LIST, OUTCOMES, Worklist, guide
from csip_pipeline.publish.workbook_cells import Pen
from csip_pipeline.publish.workbook_files import package
from csip_pipeline.publish.workbook_front import write_cover
from csip_pipeline.publish.workbook_layout import Layout
from csip_pipeline.publish.workbook_parts import Column, Properties, Table
from csip_pipeline.publish.workbook_sheets import write_table

__all__ = ["COLUMNS", "GUIDE", "LIST", "OUTCOMES", "Worklist", "contact_point", "render"]

GUIDE = "How to use"
DAY, MOMENT = "[$-809]d mmm yyyy", "[$-809]d mmm yyyy hh:mm"
LONGEST_OPEN = dt.timedelta(days=365)
DIALLED = re.compile(r"\+?[\d\s()-]+")
UK = 44

NONE = "not recorded"
COLUMNS = (
    Column("notice_id", "Notice", width=18),
    Column("priority", "Priority", missing=NONE, width=10),
    Column("contact_kind", "Kind of contact", missing=NONE, width=14),
    Column("contact_point", "Phone or e-mail", missing=NONE, width=22),
    Column("why", "Why we are calling", missing=NONE, width=26),
    Column("promised", "What we promise", missing=NONE, width=26),
    Column("safe_time", "Safe time to call", missing="any", width=18),
    Column("received_at", "Received at", "datetime", None, (), NONE, 18, MOMENT),
    Column("explain_by_on", "Explain by", "date", None, (), NONE, 14, DAY),
    Column("breaches", "Times missed", "count", missing=NONE, width=9),
    Column("outcome", "Outcome", missing="", width=17),
    Column("attempted_at", "Attempted at", "datetime", None, (), "", 18, MOMENT),
    Column("by", "By", missing="", width=13),
    Column("code", "Code", missing="", width=11),
)
FILLED_IN = ("outcome", "attempted_at", "by")
BOX: dict[str, Any] = {
    "border": 1,
    "border_color": "#595959",
    "align": "left",
    "indent": 1,
    "locked": False,
}
LEFT_OPEN = {"format_columns": True, "format_rows": True}
"""What a team may do to the sheet beside filling in its boxes: no sort can part a row."""


def render(rows: pd.DataFrame, about: Worklist) -> bytes:
    """The workbook's bytes: one row a notice, in the order given; the same rows, the same bytes.

    `rows` has the columns of COLUMNS save the three that the team fills in; received_at has a
    zone and is shown in London time. Raises ValueError where there is no row, or where a notice
    has no id or stands twice.
    """
    if rows.empty:
        raise ValueError("A worklist needs at least one notice.")
    if rows["notice_id"].isna().any() or rows["notice_id"].duplicated().any():
        raise ValueError("A notice of the worklist has no id, or stands in it twice.")
    layout = Layout(_table(rows, about), lines=())

    def fill(book: xlsxwriter.Workbook) -> None:
        pen = Pen(book)
        write_cover(book, pen, guide(about, len(rows)), GUIDE)
        sheet = write_table(book, pen, layout)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.25, right=0.25, top=0.5, bottom=0.6)
        sheet.set_footer(f"&L{_plain(about.title)}, list {_plain(about.list_id)}&RPage &P of &N")
        _leave_room(sheet, pen, layout)
        _ask(sheet, layout, about.newest_on)
        sheet.protect("", LEFT_OPEN)

    created = dt.datetime.combine(about.newest_on, dt.time())
    return package(Properties(about.title, about.author, f"List {about.list_id}", created), fill)


def contact_point(given: str) -> str:
    """A telephone number as people in the UK dial it ("07700 900123"); anything else as it is."""
    if not DIALLED.fullmatch(given):
        return given
    try:
        number = phonenumbers.parse(given, "GB")
    except phonenumbers.NumberParseException:
        return given
    if not phonenumbers.is_possible_number(number):
        return given
    style = phonenumbers.PhoneNumberFormat
    is_uk = number.country_code == UK
    return phonenumbers.format_number(number, style.NATIONAL if is_uk else style.INTERNATIONAL)


def _table(rows: pd.DataFrame, about: Worklist) -> Table:
    points = rows["contact_point"].map(contact_point, na_action="ignore")
    shown = rows.assign(contact_point=points, **dict.fromkeys(FILLED_IN))
    return Table("callbacks", LIST, f"{about.title}, list {about.list_id}", COLUMNS, shown)


def _leave_room(sheet: Worksheet, pen: Pen, layout: Layout) -> None:
    """Boxes for what the team writes, on paper too; what they type in a text cell stays text."""
    for name in FILLED_IN:
        position = layout.position(name)
        box = pen.format(num_format="@" if name != "attempted_at" else MOMENT, **BOX)
        for row in range(layout.first_row, layout.last_row + 1):
            sheet.write_blank(row, position, None, box)


def _ask(sheet: Worksheet, layout: Layout, newest_on: dt.date) -> None:
    """Drop-downs and input messages on the cells that the team fills in."""
    opens = dt.datetime.combine(newest_on, dt.time())
    rules: dict[str, dict[str, Any]] = {
        "outcome": {
            "validate": "list",
            "source": list(OUTCOMES),
            "input_message": "Choose what came of it. In doubt about safety: unsafe.",
            "error_title": "Not one of the outcomes",
            "error_message": f"Choose one of: {', '.join(OUTCOMES)}.",
        },
        "attempted_at": {
            "validate": "date",
            "criteria": "between",
            "minimum": opens,
            "maximum": opens + LONGEST_OPEN,
            "input_message": "Day and time of your attempt, such as 05/10/2026 14:30.",
            "error_title": "Not a day and time",
            "error_message": "Give a day and time after the list was made: 05/10/2026 14:30.",
        },
        "by": {"validate": "any", "input_message": "Your collar or staff number."},
    }
    for name, rule in rules.items():
        position = layout.position(name)
        titled = {"input_title": COLUMNS[position].heading, **rule}
        sheet.data_validation(layout.first_row, position, layout.last_row, position, titled)


def _plain(text: str) -> str:
    """Text in a page's footer, where & starts a code."""
    return text.replace("&", "&&")
