"""The tables of a pack that say whether contact moves online, and what that is worth."""

import pandas as pd

from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.pack_subjects import PROVISIONAL, service_titles
from csip_pipeline.publish.pack_tables import CHANNEL_TITLES, INTERVAL, MONTH
from csip_pipeline.publish.workbook import Column, Table

POUNDS, PENCE = "£#,##0;-£#,##0", "£#,##0.00;-£#,##0.00"
SIGNED = "+0.0;-0.0;0.0"
SERVICE = Column("title", "Service")
CHANNEL = Column("channel", "Channel")
COMPARED = (("last_month", "Last month"), ("last_year", "Same month last year"))


def channel_change(figures: Figures) -> Table:
    """How each channel's share has moved, and whether that is more than chance."""
    rows = figures.of_the_cycle(figures.channel_shift)
    digital = rows.drop_duplicates("month")[["month", *_changes("digital_share")]]
    digital = digital.rename(columns=lambda name: name.replace("digital_share", "share"))
    channels = rows.assign(channel=rows["channel"].map(CHANNEL_TITLES))
    both = pd.concat([digital.assign(channel="All digital"), channels])
    return Table(
        name="channel_change",
        sheet="Channel change",
        title="Channel change: how each channel's share has moved, in points",
        intro=("From 20% to 22% is 2 points up.",),
        columns=(
            MONTH,
            CHANNEL,
            Column("compared", "Compared with"),
            Column("now", "Share now", "share"),
            Column("change", "Change", "decimal", unit="points", number_format=SIGNED),
            Column("lower", "At least", "decimal", number_format=SIGNED),
            Column("upper", "At most", "decimal", number_format=SIGNED),
            Column("meaning", "Clear change", notes=("change",)),
        ),
        rows=_in_points(both.sort_values("month", kind="stable").reset_index(drop=True)),
        notes=("digital_share",),
    )


def digital_takeup(figures: Figures) -> Table:
    """Of each service, how much is done online."""
    return Table(
        name="digital_takeup",
        sheet="Digital take-up",
        title="Digital take-up: how much of each service is done online",
        intro=("Of the services that the panel has named.",),
        columns=(
            MONTH,
            SERVICE,
            Column("completed_online", "Completed online", "count"),
            Column("completed_by_telephone", "By telephone", "count"),
            Column("completed", "Completed in all", "count"),
            Column("digital_takeup", "Take-up", "share", notes=("takeup",)),
            Column("digital_takeup_lower", "At least", "share", notes=INTERVAL),
            Column("digital_takeup_upper", "At most", "share", notes=INTERVAL),
        ),
        rows=_services(figures.digital_takeup),
    )


def form_completion(figures: Figures) -> Table:
    """How far people get with each online form."""
    return Table(
        name="form_completion",
        sheet="Form completion",
        title="Form completion: how many of those who start a form finish it",
        columns=(
            MONTH,
            SERVICE,
            Column("visits", "Visits", "count"),
            Column("signposted_away", "Sent elsewhere", "count"),
            Column("form_starts", "Forms started", "count"),
            Column("form_completions", "Forms finished", "count"),
            Column("completion_share", "Finished", "share", notes=("completion",)),
            Column("completion_share_lower", "At least", "share", notes=INTERVAL),
            Column("completion_share_upper", "At most", "share", notes=INTERVAL),
        ),
        rows=_services(figures.digital_takeup),
    )


def leakage(figures: Figures) -> Table:
    """Who tried online and telephoned all the same."""
    return Table(
        name="channel_leakage",
        sheet="Leakage",
        title="Leakage: who tried online and telephoned all the same",
        intro=(
            "Net shift = contacts online less those whose person then telephoned.",
            "All services, and those that the panel has named.",
            "The shares are of the people who can be followed, each counted once for a service.",
        ),
        columns=(
            MONTH,
            SERVICE,
            Column("gross_shift", "Contacts online", "count"),
            Column("leaked", "Came off", "count", notes=("leaked",)),
            Column("net_shift", "Net shift", "count"),
            Column("not_followed", "Cannot be followed", "count"),
            Column("people", "People followed", "count"),
            Column("telephoned_24h_share", "Telephoned within 24 hours", "share"),
            Column("telephoned_72h_share", "Within 72 hours", "share"),
            Column("telephoned_72h_share_lower", "At least", "share", notes=INTERVAL),
            Column("telephoned_72h_share_upper", "At most", "share", notes=INTERVAL),
            PROVISIONAL,
        ),
        rows=_services(figures.channel_leakage),
    )


def savings(figures: Figures) -> Table:
    """What the net shift is worth in staff time, as a range."""
    rows = figures.channel_savings
    return Table(
        name="channel_savings",
        sheet="Savings",
        title="Savings: capacity, not cash. Staff time that contact online frees, as a range",
        intro=("No budget falls by it: it is time that can be spent on other calls.",),
        columns=(
            MONTH,
            CHANNEL,
            Column("net_shift_at_least", "Net shift at least", "count"),
            Column("net_shift", "Net shift at most", "count", notes=("leaked",)),
            _money("saving_per_contact_low", "A contact, at least", PENCE),
            _money("saving_per_contact_high", "A contact, at most", PENCE),
            _money("saving_low", "In all, at least", POUNDS, notes=("savings",)),
            _money("saving_high", "In all, at most", POUNDS, notes=("savings",)),
            PROVISIONAL,
            Column("citation", "Where the costs are from", width=40),
        ),
        rows=rows.assign(channel=rows["channel"].map(CHANNEL_TITLES)),
    )


def _money(name: str, heading: str, shown: str, notes: tuple[str, ...] = ()) -> Column:
    return Column(name, heading, "decimal", notes=notes, number_format=shown)


def _services(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(title=service_titles(rows))


def _changes(share: str) -> list[str]:
    ends = ("", "_lower", "_upper")
    return [share, *(f"{share}_change_on_{each}{end}" for each, _ in COMPARED for end in ends)]


def _in_points(rows: pd.DataFrame) -> pd.DataFrame:
    """A row for each channel and comparison: the change in points, and what it means in a word."""
    parts = []
    for compared, heading in COMPARED:
        change = f"share_change_on_{compared}"
        ends = {"change": change, "lower": f"{change}_lower", "upper": f"{change}_upper"}
        points = {name: rows[column].astype("Float64") * 100 for name, column in ends.items()}
        told = [_meaning(*each) for each in zip(points["lower"], points["upper"], strict=True)]
        part = rows[["month", "channel"]].assign(compared=heading, now=rows["share"], **points)
        parts.append(part.assign(meaning=told))
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)


def _meaning(lower: float, upper: float) -> str | None:
    """What an interval of a change says; nothing where there is none."""
    if pd.isna(lower) or pd.isna(upper):
        return None
    if lower > 0:
        return "Up"
    return "Down" if upper < 0 else "No clear change"
