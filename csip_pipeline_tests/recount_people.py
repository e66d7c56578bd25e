"""Fates, abandonment, repeat contact, leakage and savings counted again, person by person."""

import math

import pandas as pd
from recount import GAVE_UP, one_value, share, standard_of, with_interval
from recount_callbacks import told_why

DAY = pd.Timedelta(hours=24)
SHARED = 20
FATES = ["called_back", "returned_101", "moved_to_999", "went_online", "lost", "unknown"]
IN_ORDER = {"moved_to_999": 0, "returned_101": 1, "went_online": 2}
ABANDONMENT = {"channel": ["channel"], "line": ["channel", "line"]}
ABANDONMENT["queue"] = ["channel", "line", "queue"]


def month_after(month):
    """The first day of the next month."""
    return pd.Timestamp(month) + pd.offsets.MonthBegin(1)


def is_beyond(contacts, month, until):
    """Whether a window that ends then is not all in."""
    next_month = month_after(month)
    calls = contacts[(contacts["month"] == next_month) & (contacts["channel"] == "telephone")]
    reached = [next_month.tz_localize("Europe/London"), *calls["received_at"]]
    return until >= max(reached)


def shared(contacts, month):
    """Persons with more than 20 contacts in the month."""
    counted = contacts.loc[contacts["month"] == pd.Timestamp(month), "person_key"].value_counts()
    return set(counted[counted > SHARED].index)


def by_person(contacts, wanted):
    """The contacts of each person wanted, in order."""
    theirs = contacts[contacts["person_key"].isin(set(wanted["person_key"].dropna()))]
    return dict(list(theirs.sort_values("received_at").groupby("person_key")))


def fates(contacts, month):
    """Rows of measure.abandoned_fates."""
    many = shared(contacts, month)
    of_month = contacts[contacts["month"] == pd.Timestamp(month)]
    gave_up = of_month[of_month["outcome"].isin(GAVE_UP) & of_month["legs"].notna()]
    theirs, found = by_person(contacts, gave_up), []
    for _, one in gave_up.iterrows():
        at = one["ended_at"]
        if pd.isna(at):
            waited = 0 if math.isnan(one["wait_seconds"]) else one["wait_seconds"]
            at = one["received_at"] + pd.Timedelta(seconds=waited)
        fate, heard = "unknown", pd.NaT
        if one["person_key"] is not None and one["person_key"] not in many:
            fate, heard = _fate(theirs[one["person_key"]], at)
        kept = ["contact_id", "channel", "line", "queue", "wait_seconds"]
        after = (heard - at).total_seconds()
        found.append(
            dict(one[kept])
            | {"gave_up_at": at, "fate": fate, "heard_again_at": heard}
            | {"heard_after_seconds": after, "is_provisional": is_beyond(contacts, month, at + DAY)}
        )
    return pd.DataFrame(found)


def _fate(theirs, at):
    reached = theirs.loc[theirs["outcome"] == "callback_requested", "responded_at"]
    reached = reached[(reached > at) & (reached <= at + DAY)]
    if len(reached):
        return "called_back", reached.min()
    later = theirs[(theirs["received_at"] > at) & (theirs["received_at"] <= at + DAY)]
    if later.empty:
        return "lost", pd.NaT
    first = later[later["received_at"] == later["received_at"].min()]
    return min((_kind(row) for _, row in first.iterrows()), key=IN_ORDER.get), (
        first["received_at"].iloc[0]
    )


def _kind(row):
    if row["channel"] != "telephone":
        return "went_online"
    return "moved_to_999" if row["line"] == "999" else "returned_101"


def abandonment(contacts, month, rules, breaches, notices):
    """Rows of measure.abandonment."""
    rows = contacts[(contacts["month"] == pd.Timestamp(month)) & contacts["legs"].notna()].copy()
    rule = rules.reindex(standard_of(rows, rules, "answer"))
    rows["after"] = rule["abandoned_after_seconds"].to_numpy()
    theirs = fates(contacts, month)
    told, untold = told_why(theirs, breaches, notices, month)
    theirs = theirs.set_index("contact_id")
    rows["is_told"] = rows["contact_id"].isin(told)
    rows["fate"] = theirs["fate"].reindex(rows["contact_id"]).to_numpy()
    provisional = set(theirs.index[theirs["is_provisional"].astype(bool)])
    rows["is_provisional"] = rows["contact_id"].isin(provisional)
    rows["is_net_provisional"] = rows["contact_id"].isin(provisional | untold)
    nothing = dict.fromkeys(("line", "queue"))
    return pd.DataFrame(
        {"level": level, **nothing, **dict(zip(names, key, strict=True)), **_abandonment(part)}
        for level, names in ABANDONMENT.items()
        for key, part in rows.groupby(names, dropna=False)
    )


def _abandonment(part):
    gave_up = part[part["outcome"].isin(GAVE_UP)]
    offered = pd.concat([part[part["outcome"] == "answered"], gave_up])
    b, q = len(gave_up), len(offered)
    after = offered["after"]
    is_known = after.notna().all() and gave_up["wait_seconds"].notna().all()
    late = int((gave_up["wait_seconds"] >= gave_up["after"]).sum()) if is_known else math.nan
    counted = {fate: int((gave_up["fate"] == fate).sum()) for fate in FATES}
    told = int(gave_up["is_told"].sum())
    return {
        "offered": q,
        "abandoned": b,
        "after_seconds": one_value(after),
        "abandoned_after": late,
        "lost_share_at_most": share(counted["lost"] + counted["unknown"], q),
        "explained": told,
        "is_provisional": bool(part["is_provisional"].any()),
        "is_net_provisional": bool(part["is_net_provisional"].any()),
        **counted,
        **with_interval("abandoned_share", b, q),
        **with_interval("abandoned_after_share", late, q),
        **with_interval("abandoned_net_of_callback_share", b - counted["called_back"] - told, q),
        **with_interval("lost_share", counted["lost"], q),
    }


def repeats(contacts, month, within_days):
    """Rows of measure.repeat_contacts for one window."""
    before = pd.Timestamp(month) - pd.offsets.MonthBegin(1)
    looked_at = contacts[contacts["month"].isin([pd.Timestamp(month), before])]
    ordered = looked_at.sort_values(["received_at", "contact_id"]).copy()
    people = ordered[ordered["person_key"].notna()]
    since = people.groupby("person_key")["received_at"].diff()
    ordered["is_repeat"] = (since <= pd.Timedelta(days=within_days)).reindex(ordered.index) == True  # noqa: E712
    ordered = ordered[ordered["month"] == pd.Timestamp(month)]
    ordered["nth"] = ordered[ordered["person_key"].notna()].groupby("person_key").cumcount() + 1
    is_whole = (contacts["month"] == before).any()
    nothing = dict.fromkeys(("channel", "line"))
    parts = [({"level": "all"}, ordered)]
    for level in ("channel", "line"):
        names = ABANDONMENT[level]
        for key, part in ordered.groupby(names, dropna=False):
            parts.append(({"level": level, **dict(zip(names, key, strict=True))}, part))
    return pd.DataFrame({**nothing, **which, **_repeats(part, is_whole)} for which, part in parts)


def _repeats(part, is_whole):
    unnamed, over = part["person_key"].isna(), part["nth"] > SHARED
    judged = part[~unnamed & ~over]
    n, repeated = len(judged), int(judged["is_repeat"].sum())
    return {
        "contacts": len(part),
        "without_person": int(unnamed.sum()),
        "without_person_share": share(int(unnamed.sum()), len(part)),
        "over_the_cap": int(over.sum()),
        "judged": n,
        "repeats": repeated,
        "is_whole": bool(is_whole),
        **with_interval("repeat_share", repeated if is_whole else math.nan, n),
    }


def online(contacts, month):
    """The month's forms and chats, with service, who can be followed, and when they telephoned."""
    many = shared(contacts, month)
    is_online = contacts["channel"].isin(["web_form", "web_chat"])
    rows = contacts[is_online & (contacts["month"] == pd.Timestamp(month))].copy()
    calls = by_person(contacts[contacts["channel"] == "telephone"], rows)
    rows["service"] = rows["queue"].where(rows["channel"] == "web_form", rows["reason"])
    rows["followed"] = (rows["person_kind"] == "phone") & ~rows["person_key"].isin(many)
    for name, hours in {"in_24": 24, "in_72": 72}.items():
        rows[name] = [
            row["followed"] and _telephoned(calls.get(row["person_key"]), row["received_at"], hours)
            for _, row in rows.iterrows()
        ]
    until = rows["received_at"] + pd.Timedelta(hours=72)
    rows["beyond"] = [is_beyond(contacts, month, moment) for moment in until]
    return rows


def _telephoned(calls, at, hours):
    if calls is None:
        return False
    moments = calls["received_at"]
    return bool(((moments > at) & (moments <= at + pd.Timedelta(hours=hours))).any())


def leakage(contacts, month):
    """Rows of measure.channel_leakage."""
    rows = online(contacts, month)
    parts = [({"level": "all", "service": None}, rows)]
    parts += [
        ({"level": "service", "service": service}, part)
        for service, part in rows.groupby("service")
    ]
    return pd.DataFrame({**which, **_leakage(part)} for which, part in parts)


def _leakage(part):
    followed = part[part["followed"]]
    people = followed.groupby("person_key")[["in_24", "in_72"]].any()
    leaked = int(followed["in_72"].sum())
    first, last = int(people["in_24"].sum()), int(people["in_72"].sum())
    return {
        "gross_shift": len(part),
        "leaked": leaked,
        "net_shift": len(part) - leaked,
        "not_followed": len(part) - len(followed),
        "people": len(people),
        "telephoned_24h": first,
        "telephoned_72h": last,
        "is_provisional": bool(part["beyond"].any()),
        **with_interval("telephoned_24h_share", first, len(people)),
        **with_interval("telephoned_72h_share", last, len(people)),
    }


def savings(contacts, month, folder):
    """Rows of measure.channel_savings."""
    costs = pd.read_csv(folder / "channel_costs.csv", dtype={"applies_until_on": str})
    day = str(month)
    is_over = costs["applies_until_on"].fillna("9999") <= day
    costs = costs[(costs["applies_from_on"] <= day) & ~is_over]
    costs = costs.set_index("channel")[["unit_cost_low", "unit_cost_high"]]
    return pd.DataFrame(
        _savings(channel, part, costs.reindex(["telephone", channel]))
        for channel, part in online(contacts, month).groupby("channel")
    )


def _savings(channel, part, costs):
    followed, gross = part[part["followed"]], len(part)
    leaked, apart = int(followed["in_72"].sum()), gross - len(followed)
    upper = with_interval("x", leaked, len(followed))["x_upper"] if len(followed) else 1
    least = max(gross - leaked - math.ceil(apart * upper), 0)
    low = costs["unit_cost_low"].iloc[0] - costs["unit_cost_high"].iloc[1]
    high = costs["unit_cost_high"].iloc[0] - costs["unit_cost_low"].iloc[1]
    bounds = [least * low, (gross - leaked) * high]
    return {
        "channel": channel,
        "gross_shift": gross,
        "leaked": leaked,
        "not_followed": apart,
        "net_shift": gross - leaked,
        "net_shift_at_least": least,
        "saving_per_contact_low": low,
        "saving_per_contact_high": high,
        "saving_low": min(bounds),
        "saving_high": max(bounds),
        "kind": "capacity, not cash",
        "is_provisional": bool(part["beyond"].any()),
    }
