"""The cover of a pack and the messages of its charts: fixed templates filled with figures."""

from dataclasses import dataclass

import pandas as pd

from csip_pipeline.calendars import LONDON, Cycle
from csip_pipeline.publish import pack_gaps
from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.workbook import Cover, Link, Table

HOW_TO_READ = (
    "Each worksheet holds one table or one chart; every chart's figures are in a table. Marks in "
    "square brackets are explained under Notes."
)
HIDDEN = "[c]"


@dataclass(frozen=True)
class Audience:
    """For whom an edition is, and what it says of itself."""

    name: str
    suffix: str
    title: str
    sentence: str


RESTRICTED = Audience(
    "restricted",
    "_restricted",
    "panel pack, restricted edition",
    "It holds no personal data. Small numbers are not hidden: it is for the Force and the "
    "Commissioner's office, and not for publication.",
)
PUBLIC = Audience(
    "public",
    "",
    "panel pack",
    "It holds no personal data and may be published. Numbers below {threshold}, and those from "
    "which they could be worked out, are hidden and marked [c].",
)


def cover(figures: Figures, revision: int, headlines: Table, audience: Audience) -> Cover:
    """Whose pack it is, what it says in short, and how to read it."""
    about, cycle = figures.about, figures.cycle
    as_at = about["as_at"].tz_convert(LONDON)
    status = [
        f"Revision {revision}. Figures as at {_day(as_at)}, when the latest extract was made.",
        f"The panel meets on {_day(pd.Timestamp(cycle.meeting_on))}.",
    ]
    return Cover(
        title=f"{about['panel']}: {audience.title}",
        subtitle=f"{about['name']}, {cycle.title}",
        sections=(
            ("In short", tuple(_in_short(headlines))),
            ("Status", (*status, *pack_gaps.incomplete(figures), *pack_gaps.gaps(figures))),
            (
                "How to read it",
                (
                    HOW_TO_READ,
                    audience.sentence.format(threshold=figures.hide_below),
                    Link("Contents", "Go to the contents"),
                ),
            ),
            ("Questions", (f"{about['office']}: {about['contact']}",)),
        ),
    )


def _in_short(headlines: Table) -> list[str]:
    """The sentences that are told in this edition, and how many are not."""
    sentences = [str(sentence) for sentence in headlines.rows["sentence"]]
    told = [sentence for sentence in sentences if sentence != HIDDEN]
    silent = len(sentences) - len(told)
    if silent == 1:
        told.append("1 headline is not told here, because it would give away a small number.")
    elif silent:
        told.append(
            f"{silent} headlines are not told here, because they would give away small numbers."
        )
    return told


def performance_message(table: Table) -> str:
    """The latest month's service level of each line."""
    latest = table.rows.iloc[-1] if len(table.rows) else None
    if latest is None:
        return "There are no figures yet."
    parts = [
        f"{column.heading} {latest[column.name]:.1%}"
        for column in table.columns
        if column.kind == "share" and is_told(latest[column.name])
    ]
    month = f"{latest['month']:%B %Y}"
    return f"In {month}: {', '.join(parts)}." if parts else f"In {month} nothing can be judged."


def digital_message(table: Table) -> str:
    """The latest month's digital share, and that of the first month shown."""
    known = table.rows[[is_told(share) for share in table.rows["digital_share"]]]
    if known.empty:
        return "No month has every channel in, so there is no share to show."
    first, last = known.iloc[0], known.iloc[-1]
    said = f"In {last['month']:%B %Y}, {last['digital_share']:.1%} of contact was digital"
    if len(known) == 1:
        return f"{said}."
    return f"{said}; in {first['month']:%B %Y}, {first['digital_share']:.1%}."


def title(cycle: Cycle) -> str:
    """The document's title."""
    return f"Panel pack, {cycle.title}"


def is_told(value: object) -> bool:
    """Whether a cell holds a number, and not a mark or nothing."""
    return not isinstance(value, str) and bool(pd.notna(value))


def _day(moment: pd.Timestamp) -> str:
    return f"{moment.day} {moment:%B %Y}"
