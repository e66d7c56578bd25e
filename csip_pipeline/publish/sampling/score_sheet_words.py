"""What a score sheet tells the panellist who fills it in."""

import pandas as pd

from csip_pipeline.publish.workbook_parts import Cover, Link
from csip_pipeline.reference.score_sheet import GRADES, title

SCORES = "Scores"
GUIDE = "How to use"

BEFORE = (
    "Hear each call by its number. The contact centre plays the recording; keep no copy of it.",
    "Score what you heard, alone, before you talk with other panellists about the call.",
    "Some calls go to a second panellist too, to see how far you agree. It is not said which.",
)
FILLING_IN = (
    "Each row is one question about one call. Choose an answer in the column Score.",
    f"Grades, best first: {', '.join(GRADES.values())}.",
    "Some questions are answered by Yes or No.",
    "N/A: the question did not apply to the call. Leave nothing empty that you have heard.",
    "A call that you know somebody in, or that cannot be heard: leave it empty and tell the chair.",
)
AFTER = (
    "Save the workbook under its own name and give it back to the data team.",
    "Do not add, move, rename or delete rows or columns.",
    "Write no names in it: neither a caller's, nor a member of staff's, nor your own.",
)


def guide(cycle: str, panellist: str, items: pd.DataFrame, calls: int) -> Cover:
    """The worksheet that a score sheet opens with: how to fill it in, and what each item means."""
    heard = "1 call" if calls == 1 else f"{calls:,} calls"
    return Cover(
        f"Score sheet of panellist {panellist}",
        f"Cycle {cycle}: {heard}.",
        (
            ("Before you start", BEFORE),
            ("Fill in one cell a row", (Link(SCORES, "Go to the scores"), *FILLING_IN)),
            *((title(row.item), (row.wording, row.guidance)) for row in items.itertuples()),
            ("When you have finished", AFTER),
        ),
    )
