"""The control chart of each headline measure as it stood at a cycle's end, month by month."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from csip_pipeline.measure import spc
from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.pack_trend_words import against, meaning, shows

LIMITS = ("mean", "lower", "upper", "shows", "meaning", "point_type", "against")


def charts(figures: Figures, only: Collection[tuple[str, str]] | None = None) -> list[pd.DataFrame]:
    """One frame per headline measure and subject, with a row for each month up to the cycle's end.

    Of all of them, or `only` of some.

    To the columns of the trends: each point's mean and limits by the months that a pack may know,
    what it shows (shows and point_type; meaning says of how few months), and how the last segment's
    limits stand to the last target (against).
    """
    return [
        _chart(rows.reset_index(drop=True))
        for about, rows in figures.trends.groupby(["measure", "subject"])
        if only is None or about in only
    ]


def _chart(rows: pd.DataFrame) -> pd.DataFrame:
    """One chart; its segments start where events rebased it."""
    improvement, target = str(rows["improvement"].iloc[0]), rows["target"].iloc[-1]
    starts = np.flatnonzero(np.diff(rows["segment"].to_numpy("int64"))) + 1
    drawn = spc.xmr(rows["value"], improvement=improvement, rebase_at=starts.tolist())
    lengths = drawn.groupby("segment")["value"].transform("size")
    told = spc.assurance(drawn, None if pd.isna(target) else float(target), improvement)
    found = list(zip(drawn["special_cause"], drawn["point_type"], strict=True))
    has_limits = pd.notna(drawn["lower"].iloc[-1])
    return rows.assign(
        mean=drawn["mean"],
        lower=np.maximum(drawn["lower"], 0),  # none of these can be less than nothing
        upper=np.minimum(drawn["upper"], 1 if rows["unit"].iloc[0] == "share" else np.inf),
        shows=[shows(str(cause), str(kind)) for cause, kind in found],
        meaning=[
            meaning(str(cause), str(kind), int(length))
            for (cause, kind), length in zip(found, lengths, strict=True)
        ],
        point_type=drawn["point_type"],
        against=against(told) if has_limits else None,
    )
