"""Response times counted again: each clock by a walk over the hours in which it may run."""

import datetime as dt
from zoneinfo import ZoneInfo

import holidays
import pandas as pd
from recount import GAVE_UP, is_in_time, standard_of

CLOCKS = ["answer", "first_response", "next_response", "callback"]


def open_hours(folder, calendar, first, last):
    """The stretches in which a calendar is open, day by day, as pairs of moments."""
    hours = pd.read_csv(folder / "opening_hours.csv")
    hours = hours[hours["calendar"] == calendar]
    off = holidays.country_holidays("GB", subdiv="ENG", years=range(first.year, last.year + 1))
    found, day = [], first
    while day <= last:
        name = "bank_holiday" if day in off else f"{day:%A}".lower()
        for _, row in hours[hours["day"] == name].iterrows():
            zone = ZoneInfo("Europe/London" if pd.isna(row["zone"]) else row["zone"])
            ends = [dt.time.fromisoformat(row[end]) for end in ("opens", "closes")]
            found.append(tuple(pd.Timestamp(dt.datetime.combine(day, t, zone)) for t in ends))
        day += dt.timedelta(days=1)
    return found


def elapsed(start, end, hours):
    """Seconds from start to end: all, or only those within the hours."""
    if hours is None:
        return (end - start).total_seconds()
    spans = (min(end, closes) - max(start, opens) for opens, closes in hours)
    return sum(max(span.total_seconds(), 0) for span in spans)


def due(start, within, hours):
    """The first moment by which so many seconds have passed."""
    if hours is None:
        return start + pd.Timedelta(seconds=within)
    left = within
    for opens, closes in hours:
        begins = max(start, opens)
        if closes <= begins:
            continue
        if (closes - begins).total_seconds() >= left:
            return begins + pd.Timedelta(seconds=left)
        left -= (closes - begins).total_seconds()
    raise AssertionError("the hours laid out do not reach so far")


def judged(start, end, as_of, rule, hours):
    """Status, clock_seconds and due_at of one clock from start to end, if it ended."""
    within, boundary = rule["within_seconds"], rule["boundary"]
    due_at = due(start, within, hours)
    if pd.notna(end):
        ran = elapsed(start, end, hours)
        return ("met" if is_in_time(ran, within, boundary) else "missed"), ran, due_at
    could_be_met = is_in_time(elapsed(start, as_of, hours), within, boundary)
    return ("pending" if could_be_met else "missed"), None, due_at


def response_times(contacts, further, rules, folder, month):
    """Rows of measure.response_times: contact_id, clock, standard_id, status and its seconds."""
    contacts = contacts[contacts["month"] == pd.Timestamp(month)]
    until = month + dt.timedelta(days=120)
    hours = {
        name: open_hours(folder, name, month, until) for name in rules["calendar"].dropna().unique()
    }
    again = dict(list(further.groupby("contact_id")))
    found = []
    for clock in CLOCKS:
        ids = standard_of(contacts, rules, clock)
        for (_, one), name in zip(contacts.iterrows(), ids, strict=True):
            if pd.isna(name) or (clock == "callback" and one["outcome"] != "callback_requested"):
                continue
            rule = rules.loc[name]
            theirs = hours.get(rule["calendar"])
            messages = again.get(one["contact_id"])
            status, ran, due_at = _judged(clock, one, rule, theirs, messages)
            found.append(
                {"contact_id": one["contact_id"], "clock": clock, "standard_id": name}
                | {"status": status, "clock_seconds": ran, "due_at": due_at}
                | {"within_seconds": rule["within_seconds"], "boundary": rule["boundary"]}
            )
    return pd.DataFrame(found)


def _judged(clock, one, rule, hours, messages):
    if clock == "answer":
        return _answered(one, rule)
    if clock == "next_response":
        return _next(rule, hours, messages)
    start = one["callback_asked_at"] if clock == "callback" else one["received_at"]
    return judged(start, one["responded_at"], one["extracted_at"], rule, hours)


def _answered(one, rule):
    waited, within = one["wait_seconds"], rule["within_seconds"]
    due_at = one["received_at"] + pd.Timedelta(seconds=within)
    in_time = is_in_time(waited, within, rule["boundary"])
    if one["outcome"] == "answered":
        return ("met" if in_time else "missed"), waited, due_at
    if one["outcome"] in GAVE_UP:
        return ("excluded" if in_time else "missed"), waited, due_at
    return "excluded", None, due_at


def _next(rule, hours, messages):
    if messages is None:
        return "excluded", None, None
    waits = []
    for _, one in messages.iterrows():
        found = judged(one["asked_at"], one["replied_at"], one["extracted_at"], rule, hours)
        end = one["extracted_at"] if pd.isna(one["replied_at"]) else one["replied_at"]
        order = ["missed", "pending", "met"].index(found[0])
        waits.append((order, -elapsed(one["asked_at"], end, hours), one["asked_at"], found))
    return min(waits, key=lambda wait: wait[:3])[3]
