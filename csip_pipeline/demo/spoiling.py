"""How rows are broken: the ways in which files really are damaged before they are delivered."""

import datetime as dt
from collections.abc import Callable

from csip_pipeline.demo import blemishes

Cells = list[str]
MOBILE = ("07700", "+447700", "+44 7700")


def spoilt(extract: str, month: dt.date, rows: list[str], delimiter: str) -> list[str]:
    """The rows of a month's file, with those broken that blemishes.py says."""
    done = list(rows)
    broken = blemishes.broken_rows(extract, month, len(rows))
    for place, row in enumerate(broken, 1):
        first = len(rows) * place // (len(broken) + 1)
        number, cells = _broken(rows, first, delimiter, WAYS[extract, row.kind])
        done[number] = delimiter.join(cells)
    return done


def with_answers_left_out(rows: list[str], column: int) -> list[str]:
    """Comma-separated rows of which one in so many lacks a column."""
    done = list(rows)
    for number in range(0, len(rows), blemishes.EVERY):
        cells = rows[number].split(",")
        done[number] = ",".join([*cells[:column], "", *cells[column + 1 :]])
    return done


def _broken(
    rows: list[str], first: int, delimiter: str, way: Callable[[Cells], Cells | None]
) -> tuple[int, Cells]:
    """The first row from a place on that can be broken in a way, and what becomes of it."""
    for number in range(first, len(rows)):
        cells = way(rows[number].split(delimiter)) if '"' not in rows[number] else None
        if cells is not None:
            return number, cells
    raise ValueError("no row of the file can be broken in this way")


def _cut_off(cells: Cells) -> Cells | None:
    """A log line that the disk did not take whole. It was about a call already complete."""
    return [*cells[:2], cells[2][:4]] if cells[4] == "WRAPCODE" else None


def _impossible_day(cells: Cells) -> Cells:
    return _replaced(cells, 2, f"30/02{cells[2][5:]}")


def _impossible_post(cells: Cells) -> Cells | None:
    is_last_word = cells[2] == "False" and not cells[5]
    return _replaced(cells, 3, f"{cells[3][:4]}Feb 30{cells[3][10:]}") if is_last_word else None


def _damaged_number(cells: Cells) -> Cells | None:
    """A telephone number that a spreadsheet took for a number."""
    return _replaced(cells, 8, "7.7009E+11") if cells[8].startswith(MOBILE) else None


def _extra_delimiter(cells: Cells) -> Cells:
    return [*cells, ""]


def _resolved_before_submission(cells: Cells) -> Cells | None:
    """The year mistyped."""
    resolved = cells[5]
    return _replaced(cells, 5, f"{resolved[:9]}0{resolved[10:]}") if resolved else None


def _no_chat_id(cells: Cells) -> Cells | None:
    return _replaced(cells, 0, "") if "ChatMessage" in cells else None


def _replaced(cells: Cells, column: int, text: str) -> Cells:
    return [*cells[:column], text, *cells[column + 1 :]]


WAYS: dict[tuple[str, str], Callable[[Cells], Cells | None]] = {
    ("queue_log", "cut_off"): _cut_off,
    ("999", "impossible_date"): _impossible_day,
    ("999", "damaged_number"): _damaged_number,
    ("999", "extra_delimiter"): _extra_delimiter,
    ("forms", "extra_delimiter"): _extra_delimiter,
    ("forms", "resolved_before_submission"): _resolved_before_submission,
    ("ticket_chat_event", "no_chat_id"): _no_chat_id,
    ("twcs", "impossible_date"): _impossible_post,
}
