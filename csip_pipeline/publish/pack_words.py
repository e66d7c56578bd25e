"""The sentences of a pack: fixed templates filled with figures, claiming no more than they show."""

import pandas as pd

from csip_pipeline.calendars import Cycle
from csip_pipeline.measure.intervals import wilson
from csip_pipeline.publish import pack_explanations
from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.workbook import Cover, Link, Table

HOW_TO_READ = (
    "Each worksheet holds one table or one chart; every chart's figures are in a table. Marks in "
    "square brackets are explained under Notes."
)
WHO_IT_IS_FOR = (
    "It holds no personal data. Small numbers are not hidden: it is for the Force and the "
    "Commissioner's office, and not for publication as it stands."
)


def cover(figures: Figures, revision: int, *said: str | None) -> Cover:
    """Whose pack it is, what it says in short (and what else is `said`), and how to read it."""
    about, cycle = figures.about, figures.cycle
    as_at = about["as_at"].tz_convert("Europe/London")
    status = [
        f"Revision {revision}. Figures as at {_day(as_at)}, when the latest extract was made.",
        f"The panel meets on {_day(pd.Timestamp(cycle.meeting_on))}.",
    ]
    return Cover(
        title=f"{about['panel']}: panel pack",
        subtitle=f"{about['name']}, {cycle.title}",
        sections=(
            ("In short", (*headlines(figures), *filter(None, said))),
            ("Status", (*status, *_incomplete(figures), *_gaps(figures))),
            (
                "How to read it",
                (
                    HOW_TO_READ,
                    WHO_IT_IS_FOR,
                    Link("Contents", "Go to the contents"),
                ),
            ),
            ("Questions", (f"{about['office']}: {about['contact']}",)),
        ),
    )


def headlines(figures: Figures) -> list[str]:
    """What the cycle came to, a sentence each."""
    levels = figures.of_the_cycle(figures.service_levels)
    own = levels[levels["clock"] == "end_to_end"]
    lines = own[
        ((own["channel"] == "telephone") & (own["level"] == "line"))
        | ((own["channel"] != "telephone") & (own["level"] == "channel"))
    ]
    said = [_answered(title, rows) for title, rows in lines.groupby("title", sort=True)]
    told = (_digital(figures), _missed(figures), _explained(figures))
    return [sentence for sentence in (*said, *told) if sentence]


def performance_message(table: Table) -> str:
    """The latest month's service level of each line."""
    latest = table.rows.iloc[-1] if len(table.rows) else None
    if latest is None:
        return "There are no figures yet."
    parts = [
        f"{column.heading} {latest[column.name]:.1%}"
        for column in table.columns[1:]
        if pd.notna(latest[column.name])
    ]
    month = f"{latest['month']:%B %Y}"
    return f"In {month}: {', '.join(parts)}." if parts else f"In {month} nothing can be judged."


def digital_message(table: Table) -> str:
    """The latest month's digital share, and that of the first month shown."""
    known = table.rows[table.rows["digital_share"].notna()]
    if known.empty:
        return "No month has every channel in, so there is no share to show."
    first, last = known.iloc[0], known.iloc[-1]
    said = f"In {last['month']:%B %Y}, {last['digital_share']:.1%} of contact was digital"
    if len(known) == 1:
        return f"{said}."
    return f"{said}; in {first['month']:%B %Y}, {first['digital_share']:.1%}."


def _answered(title: str, rows: pd.DataFrame) -> str | None:
    if rows["answered_within"].isna().any():
        return None
    within, offered = int(rows["answered_within"].sum()), int(rows["offered"].sum())
    interval = wilson(within, offered)
    if interval is None:
        return None
    targets = rows["target_share"].dropna().unique()
    said = f"{title}: {within / offered:.1%} of {offered:,} were answered within the standard"
    if len(targets) != 1 or len(rows["target_share"].dropna()) != len(rows):
        return f"{said}."
    return f"{said}; {_against(interval, float(targets[0]))}."


def _against(interval: tuple[float, float], target: float) -> str:
    """How a share stands to its target, as far as its interval allows to say."""
    lower, upper = interval
    if lower > target:
        return f"the target of {_percent(target)} was met"
    if upper < target:
        return f"the target of {_percent(target)} was missed"
    return f"too close to the target of {_percent(target)} to tell from chance"


def _digital(figures: Figures) -> str | None:
    shift = figures.of_the_cycle(figures.channel_shift).drop_duplicates("month")
    if shift.empty or shift["digital_share"].isna().any():
        return None
    contacts = shift["contacts_on_all_channels"]
    share = (shift["digital_share"] * contacts).sum() / contacts.sum()
    return f"{share:.1%} of {int(contacts.sum()):,} contacts were digital."


def _missed(figures: Figures) -> str:
    if figures.breaches.empty:
        return "No standard was missed" + (" in what has come in." if _incomplete(figures) else ".")
    missed = int(figures.breaches["missed"].sum())
    times = "once" if missed == 1 else f"{missed:,} times"
    return f"Standards were missed {times}."


def _explained(figures: Figures) -> str | None:
    """What became of the explanations owed; nothing where no standard was missed."""
    if figures.breaches.empty and figures.callbacks.empty:
        return None
    return pack_explanations.headline(figures)


def _incomplete(figures: Figures) -> list[str]:
    said = []
    if figures.months_out:
        months = ", ".join(f"{month:%B %Y}" for month in figures.months_out)
        said.append(f"Not in yet: {months}. Figures of the whole cycle are provisional.")
    gaps = figures.intake[figures.intake["file"].isna()]
    gaps = gaps[gaps["month"].dt.date.isin(figures.months_in)]
    for month, rows in gaps.groupby("month"):
        feeds = ", ".join(rows["feed"].str.replace("_", " "))
        said.append(f"Missing in {month:%B %Y}: {feeds}. Its channel is marked [x] in that month.")
    return said


def _gaps(figures: Figures) -> list[str]:
    """What the figures rest on less than they seem to: refused deliveries, and missing hours."""
    said = []
    refused = figures.arrivals[figures.arrivals["status"] == "refused"]
    for month, rows in refused.groupby("month"):
        feeds = ", ".join(rows["feed"].drop_duplicates().str.replace("_", " "))
        said.append(f"Refused in {month:%B %Y}: {feeds}. Figures rest on what came before, if any.")
    for month, rows in figures.missing_hours.groupby("month"):
        hours = int(rows["hours"].sum())
        said.append(
            f"In {month:%B %Y} a system logged nothing for {hours:,} "
            f"{'hour' if hours == 1 else 'hours'}: see the worksheet Missing hours."
        )
    return said


def title(cycle: Cycle) -> str:
    """The document's title."""
    return f"Panel pack, {cycle.title}"


def _percent(share: float) -> str:
    """A target as it was set: 90%, 97.5%."""
    return f"{share * 100:.10g}%"


def _day(moment: pd.Timestamp) -> str:
    return f"{moment.day} {moment:%B %Y}"
