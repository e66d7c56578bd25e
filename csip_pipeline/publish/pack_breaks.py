"""Where the way of counting changes in a table: a month held to another standard than before."""

import pandas as pd

from csip_pipeline.publish.pack_drafts import Draft
from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.pack_subjects import lines_and_channels

HELD_TO_A_STANDARD = ("answer_performance", "service_levels", "service_level_variants")
RULE = ["within_seconds", "boundary"]


def rows(figures: Figures, draft: Draft) -> dict[str, list[int]]:
    """By table, the rows that are the first month of a line under a new standard.

    A row that has all lines side by side is one as soon as any of them is.
    """
    levels = figures.service_levels
    broken = _broken(lines_and_channels(levels[levels["clock"] == "end_to_end"]))
    if broken.empty:
        return {}
    titled = set(zip(broken["month"], broken["title"], strict=True))
    months = set(broken["month"])
    found = {}
    for name in HELD_TO_A_STANDARD:
        table = draft.tables[name].rows
        if "title" in table:
            keys = zip(table["month"], table["title"], strict=True)
            found[name] = [row for row, key in enumerate(keys) if key in titled]
        else:
            found[name] = [row for row, month in enumerate(table["month"]) if month in months]
    return found


def _broken(levels: pd.DataFrame) -> pd.DataFrame:
    """The months of each line whose standard is another than in its month before."""
    ordered = levels[levels["within_seconds"].notna()].sort_values("month", kind="stable")
    before = ordered.groupby("title")[RULE].shift()
    changed = (ordered[RULE].astype("string") != before.astype("string")).any(axis=1)
    return ordered[changed.fillna(value=False) & before["within_seconds"].notna()]
