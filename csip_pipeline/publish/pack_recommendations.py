"""The register of recommendations: what the panel asked for, and whether it moved anything.

Everything is told as it stood on the last day of the cycle, so that what happens later restates no
pack that is published.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from csip_pipeline.publish import pack_trends
from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.pack_trend_words import MEASURE_TITLES
from csip_pipeline.publish.workbook import Column, Table
from csip_pipeline.refusals import RefusedError

OUTCOMES = {"done": "Done", "declined": "Declined", "superseded": "Replaced by another"}
NOT_DATED = "Nothing that was done has taken effect yet."
TOO_FEW = "Too few months on a side to tell."


def recommendations(figures: Figures, latest: pd.DataFrame) -> Table:
    """Every recommendation so far. `latest` are the rows of the sheets of trends.

    Raises RefusedError where one names an event that events.csv does not have.
    """
    given = figures.recommendations
    unknown = given.loc[given["is_of_unknown_event"], "event"].tolist()
    if unknown:
        raise RefusedError(
            "reference/recommendations.csv names an event that reference/events.csv does not have: "
            f"{', '.join(unknown)}. Add it there with its date, or correct the name."
        )
    effects = {
        (str(row["event"]), str(row["measure"]), str(row["subject"])): str(row["words"])
        for row in pack_trends.told_effects(figures)
    }
    now = {(row["measure"], row["subject"]): row["meaning"] for row in latest.to_dict("records")}
    told = [
        {
            **row,
            "age_days": ((row["closed_on"] or row["as_at"]) - row["made_on"]).days,
            "status": _status(row),
            **_moved(row, effects, now),
        }
        for row in given.astype("object").where(given.notna(), None).to_dict("records")
    ]
    columns = [*(column.name for column in COLUMNS), "measure", "subject"]
    return Table(
        name="recommendations",
        sheet="Recommendations",
        title="Recommendations: what the panel asked for, and what came of it",
        intro=(
            "As it stood on the last day of the cycle.",
            "Age counts from the day it was made until it was closed, or else to that last day.",
            "Before and after say what changed at the time, and not what caused it.",
        ),
        columns=COLUMNS,
        rows=pd.DataFrame(told, columns=columns),
        notes=("effects", "limits"),
        key_columns=1,
    )


COLUMNS = (
    Column("recommendation", "No.", width=6),
    Column("made_on", "Made on", "date"),
    Column("wording", "Recommendation", width=28),
    Column("board_reference", "Legitimacy Board", missing="Not taken up yet", width=11),
    Column("action", "Action agreed", missing="None agreed", width=20),
    Column("owner", "Owner", missing="[z]", width=16),
    Column("due_on", "Due", "date", missing="[z]"),
    Column("status", "Status", width=15),
    Column("age_days", "Age", "count", unit="days"),
    Column("moves", "Should move", missing="[z]", width=18),
    Column("effect", "Before and after", missing="[z]", width=34),
    Column("now", "In the cycle's last month", missing="[z]", width=22),
)


def _status(row: Mapping[str, Any]) -> str:
    """Where a recommendation stood, in words; how long overdue where it was."""
    if row["outcome"]:
        late = row["due_on"] is not None and row["closed_on"] > row["due_on"]
        return OUTCOMES[row["outcome"]] + (" after it was due" if late else "")
    if row["agreed_on"] is None:
        return "Not agreed yet"
    over = (row["as_at"] - row["due_on"]).days
    return f"Overdue by {over:,} days" if over > 0 else "Agreed, under way"


def _moved(
    row: Mapping[str, Any],
    effects: Mapping[tuple[str, str, str], str],
    now: Mapping[tuple[str, str], str],
) -> dict[str, str | None]:
    """What it should move, the level before and after, and what the last month shows."""
    if not row["measure"]:
        return {"moves": None, "effect": None, "now": None}
    about = (row["measure"], row["subject"])
    effect = effects.get((row["event"], *about), TOO_FEW) if row["event"] else NOT_DATED
    title = f"{MEASURE_TITLES[row['measure']]}, {pack_trends.subject_title(row['subject'])}"
    return {"moves": title, "effect": effect, "now": now.get(about)}
