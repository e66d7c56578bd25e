"""What the tables of a pack about channels and online services give away."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from csip_pipeline.calendars import months_after
from csip_pipeline.publish.disclosure.declaring import (
    Declaration,
    Long,
    added,
    alike,
    interval,
    month_key,
)
from csip_pipeline.publish.disclosure.quantities import Quantity
from csip_pipeline.publish.disclosure.sayings import Sayings
from csip_pipeline.publish.pack_channels import COMPARED
from csip_pipeline.publish.pack_subjects import ALL
from csip_pipeline.publish.pack_tables import CHANNEL_TITLES
from csip_pipeline.publish.workbook import Table

DIGITAL = ("web_form", "web_chat", "social")
BACK = dict(zip([heading for _, heading in COMPARED], (1, 12), strict=True))
"""How many months before the month each comparison looks."""


def _contacts(month: str, subject: str) -> Quantity:
    return ("contacts", month, subject)


def _digital(month: str) -> Quantity:
    return ("digital", month, ALL)


def _channel_contacts(sayings: Sayings, table: Table) -> None:
    """A row a month, a column a channel: how many."""
    channels = [column.name for column in table.columns if column.name in CHANNEL_TITLES]
    for place, row in enumerate(table.rows.to_dict("records")):
        month = month_key(row["month"])
        whole = _contacts(month, ALL)
        if sayings.count(whole, row["contacts_on_all_channels"]):
            sayings.gives(table.name, [(place, "contacts_on_all_channels")], whole)
        parts = {name: _contacts(month, CHANNEL_TITLES[name]) for name in channels}
        known = {name: part for name, part in parts.items() if sayings.count(part, row[name])}
        for name, part in known.items():
            sayings.gives(table.name, [(place, name)], part)
        if known.keys() == parts.keys():
            digital = [part for name, part in parts.items() if name in DIGITAL]
            sayings.bind(whole, parts.values())
            if digital:
                sayings.count(_digital(month), sum(sayings.known[part] for part in digital))
                sayings.bind(_digital(month), digital)
                sayings.bind(whole, [_digital(month)])


def _channel_shares(sayings: Sayings, table: Table) -> None:
    """A row a month, a column a channel: its share of all contacts."""
    channels = [column.name for column in table.columns if column.name in CHANNEL_TITLES]
    for place, row in enumerate(table.rows.to_dict("records")):
        month, whole = month_key(row["month"]), row["contacts_on_all_channels"]
        if not sayings.count(_contacts(month, ALL), whole):
            continue
        told = {name: _contacts(month, CHANNEL_TITLES[name]) for name in channels}
        for column, part in {**told, "digital_share": _digital(month)}.items():
            share = row[column]
            if not pd.isna(share) and sayings.count(part, share * whole):
                sayings.gives(table.name, [(place, column)], part, _contacts(month, ALL))


def _channel_change(sayings: Sayings, table: Table) -> None:
    """A change in points tells the share of both months that it compares.

    One of them may be of an earlier pack, and hidden there.
    """
    for place, row in enumerate(table.rows.to_dict("records")):
        before = month_key(months_after(row["month"].date(), -BACK[row["compared"]]))
        own = [(place, column) for column in ("now", "change", "lower", "upper", "meaning")]
        for month, cells in ((month_key(row["month"]), own), (before, own[1:])):
            of_channel = _contacts(month, row["channel"])
            part = of_channel if row["channel"] in CHANNEL_TITLES.values() else _digital(month)
            told = (part, _contacts(month, ALL))
            sayings.gives(table.name, cells, *(each for each in told if each in sayings.known))
            if not sayings.concealed.isdisjoint(told):
                sayings.gives_untold(table.name, cells)


def _service(row: Mapping[str, Any]) -> str:
    service = row.get("service")
    return ALL if service is None or pd.isna(service) else f"service {service}"


def _channel(row: Mapping[str, Any]) -> str:
    return str(row["channel"])


CHANNELS: dict[str, Declaration] = {
    "channel_contacts": Declaration(_channel_contacts),
    "channel_shares": Declaration(_channel_shares),
    "channel_change": Declaration(_channel_change),
    "digital_takeup": Long(
        _service,
        counts={name: name for name in ("completed_online", "completed_by_telephone", "completed")},
        shares=alike(interval("digital_takeup"), ("completed_online", "completed")),
        sums=(("completed", ("completed_online", "completed_by_telephone")),),
    ).declared(),
    "form_completion": Long(
        _service,
        counts={
            name: name for name in ("visits", "signposted_away", "form_starts", "form_completions")
        },
        shares=alike(interval("completion_share"), ("form_completions", "form_starts")),
    ).declared(),
    "channel_leakage": Long(
        _service,
        counts={
            name: name for name in ("gross_shift", "leaked", "net_shift", "not_followed", "people")
        },
        shares={
            "telephoned_24h_share": ("telephoned_24h", "people"),
            **alike(interval("telephoned_72h_share"), ("telephoned_72h", "people")),
        },
        sums=(
            ("gross_shift", ("leaked", "net_shift")),
            ("gross_shift", ("not_followed",)),
            ("telephoned_72h", ("telephoned_24h",)),
        ),
    ).declared(),
    "channel_savings": Long(
        _channel,
        counts={"net_shift_at_least": "net_shift_at_least", "net_shift": "net_shift"},
        rests={
            "saving_low": "net_shift_at_least",
            "saving_high": "net_shift",
            "saving_per_contact_low": "net_shift",
            "saving_per_contact_high": "net_shift",
        },
        of={"gross_shift": added("net_shift", "leaked")},
        sums=(("gross_shift", ("leaked", "net_shift")), ("net_shift", ("net_shift_at_least",))),
    ).declared(),
}
"""By table: those of the channels, of online services, and of what moving online is worth."""
