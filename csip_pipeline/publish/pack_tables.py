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
    "web_sessions": "Visits to the website",
    "social": "Social media",
    "callback_outcomes": "Callbacks made",
    "panel_scores": "Panel scores",
}
MONTH = Column("month", "Month", "month")
INTERVAL = ("interval",)


def response_times(figures: Figures) -> Table:
    """Every standard in force: how often it was kept."""
    promised = figures.response_times
    titled = promised["channel"].map(CHANNEL_TITLES)
    rows = promised.assign(channel_code=promised["channel"], channel=titled)
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


def feed_titles(feeds: str) -> str:
    """Feeds by the names that readers know."""
    return ", ".join(FEED_TITLES[feed] for feed in feeds.split(", "))


def _channels(shift: pd.DataFrame) -> list[str]:
    present = set(shift["channel"])
    return [channel for channel in CHANNEL_TITLES if channel in present]


def _by_channel(shift: pd.DataFrame, value: str) -> pd.DataFrame:
    return shift.pivot(index="month", columns="channel", values=value).reset_index()


def _totals(shift: pd.DataFrame) -> pd.DataFrame:
    columns = ["month", "contacts_on_all_channels", "digital_share", "feeds_missing"]
    return shift[columns].drop_duplicates("month")
