"""The tables of a pack: which figures stand on which worksheet, under which headings."""

import pandas as pd

from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.workbook import Column, Table

CHANNEL_TITLES = {
    "telephone": "Telephone",
    "web_form": "Web forms",
    "web_chat": "Web chat",
    "social": "Social media",
    "email": "E-mail",
}
FEED_TITLES = {
    "telephony": "Telephony",
    "web_forms": "Web forms",
    "web_chats": "Web chats",
    "social": "Social media",
}
MONTH = Column("month", "Month", "month")
OFFERED = (
    Column("offered", "Offered", "count", notes=("offered",)),
    Column("answered", "Answered", "count"),
    Column("abandoned", "Gave up", "count"),
)
INTERVAL = ("interval",)


def service_levels(figures: Figures) -> Table:
    """The headline service level by month and line, with its interval and its target."""
    rows = _levels(figures, clock="end_to_end")
    return Table(
        name="service_levels",
        sheet="Service levels",
        title="Service levels: callers answered within the standard",
        intro=(
            "Counts calls and web chats, each with its whole wait: the menu and every queue.",
            "The service level is those answered in time out of everybody offered.",
        ),
        columns=(
            MONTH,
            Column("title", "Line or channel"),
            *OFFERED,
            Column("answered_within", "Answered in time", "count"),
            Column("within_seconds", "Standard", "duration"),
            Column("service_level", "Service level", "share", notes=("service_level",)),
            Column("service_level_lower", "At least", "share", notes=INTERVAL),
            Column("service_level_upper", "At most", "share", notes=INTERVAL),
            Column("target_share", "Target", "share"),
        ),
        rows=rows,
        notes=("boundary",),
    )


def service_level_variants(figures: Figures) -> Table:
    """The same months under every formula in daily use."""
    return Table(
        name="service_level_variants",
        sheet="Other formulas",
        title="Service levels under the five formulas in daily use",
        intro=("Suppliers and forces count differently; the first column is this pack's own.",),
        columns=(
            MONTH,
            Column("title", "Line or channel"),
            Column("service_level", "Of all offered", "share"),
            Column("service_level_answered_only", "Of those answered", "share"),
            Column(
                "service_level_crediting_early_abandons", "Early hang-ups as successes", "share"
            ),
            Column("service_level_ignoring_early_abandons", "Early hang-ups left out", "share"),
            Column("service_level_ignoring_short_abandons", "Short hang-ups left out", "share"),
        ),
        rows=_levels(figures, clock="end_to_end"),
        notes=("variants",),
    )


def waits(figures: Figures) -> Table:
    """How long those answered waited."""
    rows = _levels(figures, clock="end_to_end")
    return Table(
        name="waits",
        sheet="Waits",
        title="Waits of those who were answered",
        intro=("An average over those answered looks better when more people give up.",),
        columns=(
            MONTH,
            Column("title", "Line or channel"),
            Column("answered", "Answered", "count"),
            Column("mean_wait_seconds", "Mean", "duration"),
            Column("median_wait_seconds", "Median", "duration"),
            Column("p90_wait_seconds", "9 in 10 waited less than", "duration"),
            Column("longest_wait_seconds", "Longest", "duration"),
            Column("abandoned_share", "Gave up", "share", notes=("abandoned",)),
        ),
        rows=rows,
        notes=("median",),
    )


def queues(figures: Figures) -> Table:
    """What the switch itself counts: each stay in a queue."""
    rows = _levels(figures, clock="queue", level="queue")
    return Table(
        name="queues",
        sheet="Queues",
        title="Queues: each stay in a queue, as the switch counts it",
        intro=(
            "A call that is passed on stands in two queues and is counted twice here.",
            "The wait starts again in each queue, so these waits are shorter than the caller's.",
        ),
        columns=(
            MONTH,
            Column("title", "Queue"),
            *OFFERED,
            Column("service_level", "In time, of all offered", "share"),
            Column("service_level_answered_only", "In time, of those answered", "share"),
            Column("median_wait_seconds", "Median wait", "duration"),
            Column("longest_wait_seconds", "Longest wait", "duration"),
        ),
        rows=rows,
        notes=("median",),
    )


def response_times(figures: Figures) -> Table:
    """Every standard in force: how often it was kept."""
    rows = figures.response_times.assign(
        channel=figures.response_times["channel"].map(CHANNEL_TITLES)
    )
    return Table(
        name="response_times",
        sheet="Response times",
        title="Response times: how often each service standard was kept",
        columns=(
            MONTH,
            Column("channel", "Channel"),
            Column("wording", "Standard", width=44),
            Column("contacts", "Contacts", "count"),
            Column("met", "Kept", "count"),
            Column("missed", "Missed", "count"),
            Column("pending", "Not yet due", "count"),
            Column("excluded", "Not judged", "count", notes=("excluded",)),
            Column("met_share", "Kept, of those judged", "share"),
            Column("met_share_lower", "At least", "share", notes=INTERVAL),
            Column("met_share_upper", "At most", "share", notes=INTERVAL),
            Column("target_share", "Target", "share"),
            Column("median_seconds", "Median time", "duration"),
        ),
        rows=rows,
        notes=("median",),
    )


def answer_performance(figures: Figures) -> Table:
    """The headline service level of each line over the months, as its chart draws it."""
    levels = _lines(figures.service_levels, "end_to_end")
    titles = sorted(levels["title"].unique())
    wide = levels.pivot(index="month", columns="title", values="service_level").reset_index()
    return Table(
        name="answer_performance",
        sheet="Answer performance",
        title="Answer performance by month: service level of each line and channel",
        intro=("Each line is held to its own standard; the standards are in Response times.",),
        columns=(MONTH, *(Column(title, title, "share") for title in titles)),
        rows=wide,
        notes=("service_level",),
    )


def channel_contacts(figures: Figures) -> Table:
    """Contacts by month and channel."""
    shift = figures.channel_shift
    channels = _channels(shift)
    wide = _by_channel(shift, "contacts").merge(_totals(shift), on="month")
    return Table(
        name="channel_contacts",
        sheet="Channel contacts",
        title="Contacts by month and channel",
        columns=(
            MONTH,
            *(Column(name, CHANNEL_TITLES[name], "count") for name in channels),
            Column("contacts_on_all_channels", "All channels", "count", notes=("contact",)),
        ),
        rows=wide,
    )


def channel_shares(figures: Figures) -> Table:
    """Each channel's share of contact, and the digital share."""
    shift = figures.channel_shift
    wide = _by_channel(shift, "share").merge(_totals(shift), on="month")
    named = wide["feeds_missing"].map(feed_titles, na_action="ignore")
    wide["feeds_missing"] = named.fillna("None")
    return Table(
        name="channel_shares",
        sheet="Channel shares",
        title="Channel shift: each channel's share of contact by month",
        intro=("There is no share for a month in which a supplier sent nothing.",),
        columns=(
            MONTH,
            *(Column(name, CHANNEL_TITLES[name], "share") for name in _channels(shift)),
            Column("digital_share", "Digital share", "share", notes=("digital_share",)),
            Column("feeds_missing", "Missing"),
        ),
        rows=wide,
    )


def breaches(figures: Figures) -> Table:
    """How often each standard was missed, and how many people are to be told why."""
    return Table(
        name="breaches",
        sheet="Breaches",
        title="Breaches: standards missed, and people who are owed an explanation",
        intro=("No row says who was affected: the list of people is not part of this pack.",),
        columns=(
            MONTH,
            Column("wording", "Standard missed", width=44),
            Column("citation", "Where it is promised", width=30),
            Column("missed", "Times missed", "count"),
            Column("people", "People to tell", "count", notes=("people",)),
            Column("people_held", "of whom held for review", "count", notes=("held",)),
            Column("without_contact_point", "Nobody known to tell", "count", notes=("withheld",)),
        ),
        rows=figures.breaches,
    )


def data_quality(figures: Figures) -> Table:
    """What became of every row of every file, and which feeds sent nothing."""
    rows = figures.intake.assign(feed=figures.intake["feed"].map(FEED_TITLES))
    rows["file"] = rows["file"].fillna("No file arrived")
    counts = ("received", "accepted", "duplicate", "superseded", "quarantined", "out_of_scope")
    headings = ("Received", "Accepted", "Duplicate", "Superseded", "Unusable", "Out of scope")
    return Table(
        name="data_quality",
        sheet="Data quality",
        title="Data quality: what became of every row that suppliers sent",
        intro=(
            "Received = accepted + duplicate + superseded + unusable + out of scope, in every row.",
        ),
        columns=(
            MONTH,
            Column("feed", "Feed"),
            Column("file", "File", width=44),
            *(
                Column(name, heading, "count", notes=("intake",) if name == "received" else ())
                for name, heading in zip(counts, headings, strict=True)
            ),
        ),
        rows=rows,
    )


def feed_titles(feeds: str) -> str:
    """Feeds by the names that readers know."""
    return ", ".join(FEED_TITLES[feed] for feed in feeds.split(", "))


def _levels(figures: Figures, *, clock: str, level: str | None = None) -> pd.DataFrame:
    rows = figures.of_the_cycle(figures.service_levels)
    if level is None:
        return _lines(rows, clock)
    return rows[(rows["clock"] == clock) & (rows["level"] == level)].assign(
        title=lambda queue: queue["title"].fillna(queue["queue"])
    )


def _lines(rows: pd.DataFrame, clock: str) -> pd.DataFrame:
    """One row a month for each telephone line, and for each channel that has no lines."""
    has_lines = rows["channel"] == "telephone"
    is_line = (rows["level"] == "line") & has_lines
    is_channel = (rows["level"] == "channel") & ~has_lines
    return rows[(rows["clock"] == clock) & (is_line | is_channel)]


def _channels(shift: pd.DataFrame) -> list[str]:
    present = set(shift["channel"])
    return [channel for channel in CHANNEL_TITLES if channel in present]


def _by_channel(shift: pd.DataFrame, value: str) -> pd.DataFrame:
    return shift.pivot(index="month", columns="channel", values=value).reset_index()


def _totals(shift: pd.DataFrame) -> pd.DataFrame:
    columns = ["month", "contacts_on_all_channels", "digital_share", "feeds_missing"]
    return shift[columns].drop_duplicates("month")
