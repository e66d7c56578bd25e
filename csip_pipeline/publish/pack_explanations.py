"""What a pack says of the explanations owed to people: a table, and a sentence for the cover."""

import pandas as pd

from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.pack_subjects import PROVISIONAL
from csip_pipeline.publish.pack_tables import CHANNEL_TITLES, INTERVAL, MONTH
from csip_pipeline.publish.workbook import Column, Table

CLOCK_TITLES = {
    "answer": "To answer",
    "first_response": "To reply first",
    "next_response": "To reply next",
    "resolution": "To deal with it",
    "callback": "To call back as asked",
}
ALL_CHANNELS, ALL_PROMISES = "All channels", "All promises"
SECONDS_PER_DAY = 86_400


def explanations(figures: Figures) -> Table:
    """What became of each explanation owed, by month and kind of promise."""
    return Table(
        name="explanations",
        sheet="Explanations",
        title="Explanations: what became of those owed to people whose standard was missed",
        intro=(
            "The columns from Explained to Ran out sum to those owed.",
            "No row says who was affected: the list of people is not part of this pack.",
        ),
        columns=(
            MONTH,
            Column("channel", "Channel"),
            Column("promise", "Promise", width=16),
            Column("notices", "Owed", "count", notes=("explanation",)),
            Column("explained", "Explained", "count"),
            Column("tried", "Tried", "count", notes=("attempts",)),
            Column("unsafe", "Unsafe", "count"),
            Column("not_contactable", "Not contactable", "count"),
            Column("waiting", "Waiting", "count"),
            Column("held", "Held", "count", notes=("held",)),
            Column("expired", "Ran out", "count"),
            Column("late", "Late", "count", notes=("late",)),
            Column("explained_in_time_share", "In time", "share", missing="[z]"),
            *(
                Column(f"explained_in_time_share_{end}", heading, "share", None, INTERVAL, "[z]")
                for end, heading in (("lower", "At least"), ("upper", "At most"))
            ),
            Column("median_days", "Median days", "decimal", missing="[z]"),
            PROVISIONAL,
        ),
        rows=_rows(figures.callbacks),
    )


def headline(figures: Figures) -> str:
    """How many explanations of the cycle were owed, given, given in time, and are held."""
    whole = figures.callbacks[figures.callbacks["level"] == "all"]
    owed = int(whole["notices"].sum())
    if owed == 0:
        return "No explanation is owed to anybody."
    given, in_time, held = (
        int(whole[name].sum()) for name in ("explained", "explained_in_time", "held")
    )
    explanations = "explanation" if owed == 1 else "explanations"
    said = f"Of {owed:,} {explanations} owed, {_counted(given, 'was', 'were')} given"
    if given == 1:
        said += f", {'within' if in_time else 'after'} the time promised"
    elif given:
        said += f", {_counted(in_time, 'of them', 'of them')} within the time promised"
    return f"{said}; {_counted(held, 'is', 'are')} held for review."


def _rows(measured: pd.DataFrame) -> pd.DataFrame:
    return measured.assign(
        channel=measured["channel"].map(CHANNEL_TITLES).fillna(ALL_CHANNELS),
        promise=measured["clock"].map(CLOCK_TITLES).fillna(ALL_PROMISES),
        waiting=measured["due"] + measured["issued"],
        median_days=measured["median_seconds_to_explanation"] / SECONDS_PER_DAY,
    )


def _counted(count: int, one: str, several: str) -> str:
    if count == 1:
        return f"1 {one}"
    return f"{count or 'none':{',' if count else ''}} {several}"
