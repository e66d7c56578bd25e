"""The sentences of a pack: fixed templates filled with figures, claiming no more than they show."""

import pandas as pd

from csip_pipeline.calendars import Cycle
from csip_pipeline.measure.intervals import wilson
from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.workbook import Cover, Link, Note, Table

NOTES = (
    Note(
        "contact",
        "A contact is one call, one online form, one web chat or one conversation on social media. "
        "A call that is passed on is still one contact.",
    ),
    Note(
        "offered", "Offered is everybody who reached a queue: those answered and those who gave up."
    ),
    Note(
        "service_level",
        "Service level = answered within the standard, out of everybody offered. Somebody who "
        "gives up before the standard has passed therefore counts against it.",
    ),
    Note(
        "variants",
        "With A answered, Aw of them in time, B who gave up, Bw of them before the standard had "
        "passed, Bs of them within the short time allowed for wrong numbers, and Q = A + B: "
        "Aw / Q; Aw / A; (Aw + Bw) / Q; Aw / (Q - Bw); Aw / (Q - Bs).",
    ),
    Note(
        "interval",
        "At least and At most bound the share with 95 % confidence (Wilson): chance alone could "
        "have put it anywhere between them. It takes callers to be independent, so it is a guide.",
    ),
    Note(
        "boundary",
        "Under 10 seconds leaves out a wait of exactly 10; within 10 minutes counts one of exactly "
        "10. Each standard says which it is. Blank where two standards applied in the month.",
    ),
    Note("median", "Half waited less than the median, and half longer."),
    Note(
        "abandoned",
        "Gave up counts callers who hung up in a queue, and those whom the system cut off after "
        "its longest wait, out of everybody offered.",
    ),
    Note(
        "excluded",
        "Not judged: the caller gave up before the standard had passed, or the supplier does not "
        "say how long they waited or when it was due.",
    ),
    Note(
        "digital_share",
        "Digital share = web forms, web chats and social media, out of all contact.",
    ),
    Note(
        "people",
        "One person is told once for each kind of promise in a panel cycle, however often it was "
        "missed. Breaches of standards that promise no explanation have nobody to tell.",
    ),
    Note(
        "held",
        "Held: a call could put them at risk, or nobody recorded why they were in touch. A named "
        "reviewer decides.",
    ),
    Note("withheld", "The caller withheld their number, or the channel names no contact point."),
    Note(
        "intake",
        "Each row received meets exactly one end. Duplicate: delivered again unchanged. "
        "Superseded: corrected by a later delivery. Unusable: broke a promise, and is kept apart "
        "for the supplier. Out of scope: not contact from the public, or of no panel cycle.",
    ),
    Note(
        "arrivals",
        "Late: the first extract that brought a row for the month was made after the day it was "
        "due. Refused: too much of it was unusable, or a file could not be read; figures then rest "
        "on the files used before, if there were any.",
    ),
    Note(
        "missing_hours",
        "What is usual is the mean of the same hours on the month's other days, weekdays with "
        "weekdays and weekends with weekends. A stretch is listed where chance alone would leave "
        "it empty less often than once in 100,000 times.",
    ),
)
HOW_TO_READ = (
    "Each worksheet holds one table or one chart; every chart's figures are in a table. Marks in "
    "square brackets are explained under Notes."
)
WHO_IT_IS_FOR = (
    "It holds no personal data. Small numbers are not hidden: it is for the Force and the "
    "Commissioner's office, and not for publication as it stands."
)


def cover(figures: Figures, revision: int) -> Cover:
    """Whose pack it is, what it says in short, and how to read it."""
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
            ("In short", tuple(headlines(figures))),
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
    return [sentence for sentence in (*said, _digital(figures), _missed(figures)) if sentence]


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


def _missed(figures: Figures) -> str | None:
    if figures.breaches.empty:
        return "No standard was missed" + (" in what has come in." if _incomplete(figures) else ".")
    missed = int(figures.breaches["missed"].sum())
    times = "once" if missed == 1 else f"{missed:,} times"
    owed = "1 explanation is" if figures.notices == 1 else f"{figures.notices:,} explanations are"
    return f"Standards were missed {times}; {owed} owed to people."


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
