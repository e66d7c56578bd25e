"""How the tables of a pack about channels, online services and demand are traced."""

import datetime as dt
from dataclasses import replace

from csip_pipeline import calendars
from csip_pipeline.publish.pack_channels import COMPARED
from csip_pipeline.publish.pack_demand import REASON_TITLES
from csip_pipeline.publish.pack_tables import CHANNEL_TITLES
from csip_pipeline.publish.tracing.declaring import EVERY_CHANNEL, Traced
from csip_pipeline.publish.tracing.figures_of import (
    Behind,
    Figure,
    behind,
    everybody,
    of_level,
)
from csip_pipeline.publish.tracing.selections import ANSWERED, Selection

SHIFT, PACKED = "measure.channel_shift", "publish/pack_channel_shift"
TAKEUP, TAKEUP_PACKED = "measure.digital_takeup", "publish/pack_digital_takeup"
ONLINE = ("web_form", "web_chat")
MONTHS_BACK = {"last_month": 1, "last_year": 12}
OF_VISITS = (
    "It counts visits to the website, which the supplier adds up by the day: nobody is known by "
    "one, and none is a contact."
)


def _received(figure: Figure) -> Behind:
    """All contact of the month, or that of the column's channel."""
    where = Selection(months=figure.months)
    if figure.column in CHANNEL_TITLES:
        return everybody(replace(where, channels=(figure.column,)))
    return everybody(where)


def _shares(figure: Figure) -> Behind:
    return everybody(Selection(months=figure.months))


def _compared(figure: Figure) -> Behind:
    """All contact of the month, and for a change that of the month it is compared with."""
    months = figure.months
    if figure.column != "now":
        months = (*months, *(calendars.months_after(one, -_back(figure)) for one in months))
    return everybody(Selection(months=months))


def _back(figure: Figure) -> int:
    headings = {heading: name for name, heading in COMPARED}
    return MONTHS_BACK[headings[str(figure.row["compared"])]]


def _change_column(figure: Figure) -> str:
    name = {heading: name for name, heading in COMPARED}[str(figure.row["compared"])]
    of = "share" if figure.row["channel"] in CHANNEL_TITLES.values() else "digital_share"
    change = f"{of}_change_on_{name}"
    return {
        "now": of,
        "lower": f"{change}_lower",
        "upper": f"{change}_upper",
    }.get(figure.column, change)


def _takeup(figure: Figure) -> Behind:
    return completed(figure.months, str(figure.row["service"]), figure.column)


def completed(months: tuple[dt.date, ...], service: str, column: str) -> Behind:
    """What was done of a service: online, by telephone, or both."""
    where = Selection(months=months, service=service)
    online = replace(where, channels=("web_form",))
    rung = replace(where, channels=("telephone",), outcomes=ANSWERED)
    parts = {"completed_online": (online,), "completed_by_telephone": (rung,)}
    return behind("what was done of the service", *parts.get(column, (online, rung)))


def _online(figure: Figure) -> Behind:
    """Contacts online, of a service or of all."""
    where = Selection(months=figure.months, channels=ONLINE, service=figure.text("service"))
    return replace(everybody(where), whom="contacts online")


def _saved(figure: Figure) -> Behind:
    codes = {title: channel for channel, title in CHANNEL_TITLES.items()}
    where = Selection(months=figure.months, channels=(codes[str(figure.row["channel"])],))
    return replace(everybody(where), whom="contacts online")


def _reasons(figure: Figure) -> Behind:
    """A count is of its reasons; a share is of all contacts, or of those with a reason."""
    where = of_level(figure)
    groups = {title: group for group, title in REASON_TITLES.items()}
    if figure.column == "contacts":
        own = (groups[str(figure.row["reason_group"])],)
        return replace(everybody(replace(where, reason_groups=own)), whom="contacts of the reason")
    if figure.column == "share_of_known":
        known = tuple(group for group in REASON_TITLES if group != "unknown")
        return replace(
            everybody(replace(where, reason_groups=known)), whom="contacts with a known reason"
        )
    return everybody(where)


def _again(figure: Figure) -> Behind:
    return everybody(of_level(figure))


CHANNELS: dict[str, Traced] = {
    "channel_shares": Traced(
        SHIFT,
        "channel_shift",
        _shares,
        PACKED,
        column=lambda figure: "share" if figure.column in CHANNEL_TITLES else figure.column,
        feeds=EVERY_CHANNEL,
    ),
    "channel_contacts": Traced(
        SHIFT,
        "channel_shift",
        _received,
        PACKED,
        column=lambda figure: "contacts" if figure.column in CHANNEL_TITLES else figure.column,
    ),
    "channel_change": Traced(SHIFT, "channel_shift", _compared, PACKED, column=_change_column),
    "digital_takeup": Traced(TAKEUP, "digital_takeup", _takeup, TAKEUP_PACKED),
    "form_completion": Traced(
        TAKEUP, "digital_takeup", OF_VISITS, TAKEUP_PACKED, feeds=("web_sessions",)
    ),
    "channel_leakage": Traced(
        "measure.channel_leakage",
        "channel_leakage",
        _online,
        "publish/pack_channel_leakage",
        feeds=("telephony",),
    ),
    "channel_savings": Traced(
        "measure.channel_savings",
        "channel_savings",
        _saved,
        "publish/pack_channel_savings",
        feeds=("telephony",),
    ),
    "avoidable_demand": Traced(
        "measure.avoidable_demand", "avoidable_demand", _reasons, "publish/pack_avoidable_demand"
    ),
    "repeat_contacts": Traced(
        "measure.repeat_contacts",
        "repeat_contacts",
        _again,
        "publish/pack_repeat_contacts",
        feeds=EVERY_CHANNEL,
    ),
}
"""By table: those of the channels, of online services, of reasons and of repeats."""
