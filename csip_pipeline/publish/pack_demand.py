"""The tables of a pack that say how much contact need not have been, or came again."""

import pandas as pd

from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.pack_subjects import SUBJECT, with_subjects
from csip_pipeline.publish.pack_tables import INTERVAL, MONTH
from csip_pipeline.publish.workbook import Column, Table

REASON_TITLES = {
    "police_matter": "A matter for the police",
    "other_agency": "For another agency",
    "information_online": "Answered online already",
    "progress_chasing": "Asking for news of a case",
    "misdial": "Wrong number",
    "unknown": "Not recorded",
}
LEVELS = ("all", "channel", "line")


def avoidable_demand(figures: Figures) -> Table:
    """Why people were in touch: of all contact, and of each telephone line."""
    rows = figures.avoidable_demand
    own = _in_order(rows[rows["level"] != "channel"], "reason_group", list(REASON_TITLES))
    own = own.assign(reason_group=own["reason_group"].map(REASON_TITLES))
    return Table(
        name="avoidable_demand",
        sheet="Avoidable demand",
        title="Avoidable demand: why people were in touch",
        intro=("The shares of a line and month sum to 100%.",),
        columns=(
            MONTH,
            SUBJECT,
            Column("reason_group", "Reason", width=28),
            Column("is_avoidable", "Avoidable", notes=("avoidable",)),
            Column("contacts", "Contacts", "count", notes=("contact",)),
            Column("share", "Share", "share"),
            Column("share_lower", "At least", "share", notes=INTERVAL),
            Column("share_upper", "At most", "share", notes=INTERVAL),
            Column("share_of_known", "Of those recorded", "share", missing="[z]"),
        ),
        rows=own,
    )


def repeat_contacts(figures: Figures) -> Table:
    """How much contact comes from people who were in touch shortly before."""
    rows = figures.repeat_contacts
    own = _in_order(rows, "within_days", sorted(rows["within_days"].unique()))
    return Table(
        name="repeat_contacts",
        sheet="Repeat contact",
        title="Repeat contact: people who had been in touch shortly before",
        columns=(
            MONTH,
            SUBJECT,
            Column("window", "In touch before, within", notes=("repeat",)),
            Column("contacts", "Contacts", "count", notes=("contact",)),
            Column("judged", "Judged", "count"),
            Column("repeats", "Repeats", "count"),
            Column("repeat_share", "Repeats, of those judged", "share"),
            Column("repeat_share_lower", "At least", "share", notes=INTERVAL),
            Column("repeat_share_upper", "At most", "share", notes=INTERVAL),
            Column("without_person_share", "Number withheld", "share"),
        ),
        rows=own.assign(window=own["within_days"].map(lambda days: f"{days} days")),
    )


def _in_order(rows: pd.DataFrame, by: str, order: list[object]) -> pd.DataFrame:
    """All contact before each channel and line; within it, in the order given.

    A channel without lines stands in the table as one line more, which says the same again.
    """
    once = rows[(rows["level"] != "line") | rows["line"].notna()]
    placed = with_subjects(once).assign(
        level_order=once["level"].map(LEVELS.index), own_order=once[by].map(order.index)
    )
    keys = ["month", "level_order", "subject", "own_order"]
    return placed.sort_values(keys, kind="stable").reset_index(drop=True)
