"""Channel shift, take-up, avoidable demand and staffing counted again in pandas."""

import datetime as dt
import math
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from recount import GAVE_UP, london, share, standard_of, with_interval
from scipy.linalg import expm
from statsmodels.stats.proportion import confint_proportions_2indep

DIGITAL = ["web_form", "web_chat", "social"]
AVOIDABLE = ["other_agency", "information_online", "progress_chasing", "misdial"]
GROUPS = ["police_matter", *AVOIDABLE, "unknown"]


def shift(contacts, month):
    """Rows of measure.channel_shift, where no feed is missing."""
    earlier = {
        "last_month": pd.Timestamp(month) - pd.offsets.MonthBegin(1),
        "last_year": pd.Timestamp(month) - pd.DateOffset(years=1),
    }
    now, found = _by_channel(contacts, month), []
    for channel in now.index:
        row = {"channel": channel, "contacts": now[channel], "contacts_on_all_channels": now.sum()}
        row |= {"share": now[channel] / now.sum(), "digital_share": _digital(now) / now.sum()}
        for name, other in earlier.items():
            then = _by_channel(contacts, other)
            was = (then.get(channel, 0), then.sum())
            row |= _change(f"share_change_on_{name}", (now[channel], now.sum()), was)
            was = (_digital(then), then.sum())
            row |= _change(f"digital_share_change_on_{name}", (_digital(now), now.sum()), was)
        found.append(row | {"feeds_missing": None})
    return pd.DataFrame(found)


def _by_channel(contacts, month):
    return contacts.loc[contacts["month"] == pd.Timestamp(month), "channel"].value_counts()


def _digital(counted):
    return sum(counted.get(channel, 0) for channel in DIGITAL)


def _change(name, now, then):
    names = [name, f"{name}_lower", f"{name}_upper"]
    if not then[1]:
        return dict.fromkeys(names, math.nan)
    ends = confint_proportions_2indep(*now, *then, method="newcomb", compare="diff")
    return dict(zip(names, [now[0] / now[1] - then[0] / then[1], *ends], strict=True))


def takeup(contacts, sessions, folder, month):
    """Rows of measure.digital_takeup; `sessions` as the website's own file has them."""
    reasons = pd.read_csv(folder / "contact_reasons.csv").set_index("reason")["service"].dropna()
    of_month = contacts[contacts["month"] == pd.Timestamp(month)]
    forms = of_month.loc[of_month["channel"] == "web_form", "queue"].value_counts()
    is_call = (of_month["channel"] == "telephone") & (of_month["outcome"] == "answered")
    calls = of_month.loc[is_call, "reason"].map(reasons).value_counts()
    services = sorted({*forms.index, *sessions["Service"], *reasons})
    return pd.DataFrame(
        _takeup(service, forms, calls, sessions, service in set(reasons)) for service in services
    )


def _takeup(service, forms, calls, sessions, has_reason):
    seen = sessions[sessions["Service"] == service]
    names = ["Visits", "Form started", "Form sent", "Left for another agency"]
    visits, starts, sent, away = (seen[name].sum() for name in names)
    written = forms.get(service, 0)
    rung = calls.get(service, 0) if has_reason else math.nan
    completed = written + rung
    is_likely = sent <= starts
    return {
        "service": service,
        "visits": visits,
        "form_starts": starts,
        "form_completions": sent,
        "signposted_away": away,
        "signposted_share": share(away, visits),
        "completed_online": written,
        "completed_by_telephone": rung,
        "completed": completed,
        **with_interval("completion_share", sent, starts if is_likely else 0),
        **with_interval("digital_takeup", written, completed),
    }


def avoidable(contacts, folder, month):
    """Rows of measure.avoidable_demand."""
    groups = pd.read_csv(folder / "contact_reasons.csv").set_index("reason")["reason_group"]
    rows = contacts[contacts["month"] == pd.Timestamp(month)].copy()
    rows["group"] = rows["reason"].map(groups).fillna("unknown")
    parts = [({"level": "all", "channel": None, "line": None}, rows)]
    for level, names in {"channel": ["channel"], "line": ["channel", "line"]}.items():
        for key, part in rows.groupby(names):  # a channel without lines has no row of a line
            which = dict(zip(names, key, strict=True))
            parts.append(({"level": level, "line": None, **which}, part))
    return pd.DataFrame(
        {**which, "reason_group": group, **_avoidable(part, group)}
        for which, part in parts
        for group in GROUPS
    )


def _avoidable(part, group):
    n, x = len(part), int((part["group"] == group).sum())
    known = 0 if group == "unknown" else n - int((part["group"] == "unknown").sum())
    return {
        "is_avoidable": group in AVOIDABLE,
        "contacts": x,
        "contacts_in_all": n,
        **with_interval("share", x, n),
        **with_interval("share_of_known", x, known),
    }


def staffing(contacts, rules, month):
    """Rows of measure.staffing."""
    is_of_month = (contacts["month"] == pd.Timestamp(month)) & contacts["line"].notna()
    calls = contacts[is_of_month].copy()
    moments = london(calls["received_at"])
    calls["weekday"], calls["hour"] = moments.dt.day_of_week + 1, moments.dt.hour
    hours = _hours_in(month)
    return pd.DataFrame(
        {"line": line, "weekday": weekday, "hour": hour, **_staffing(part, weekday, hour, n, rule)}
        for line, part in calls.groupby("line")
        for rule in [_rule(part, rules, month)]
        for (weekday, hour), n in hours.items()
    )


def _hours_in(month):
    zone, moment = ZoneInfo("Europe/London"), dt.datetime(month.year, month.month, 1)  # noqa: DTZ001
    at, found = moment.replace(tzinfo=zone).astimezone(dt.UTC), {}
    while at.astimezone(zone).month == month.month:
        key = (at.astimezone(zone).isoweekday(), at.astimezone(zone).hour)
        found[key] = found.get(key, 0) + 1
        at += dt.timedelta(hours=1)
    return found


def _rule(part, rules, month):
    last_day = pd.Timestamp(month) + pd.offsets.MonthEnd(1)
    one = part.iloc[:1].assign(received_at=last_day.tz_localize("Europe/London"), queue=None)
    return rules.loc[standard_of(one, rules, "answer").iloc[0]]


def _staffing(line, weekday, hour, hours, rule):
    calls = line[(line["weekday"] == weekday) & (line["hour"] == hour)]
    handled = calls.loc[calls["outcome"] == "answered", "handling_seconds"].dropna()
    if len(handled) < 10:
        handled = line.loc[line["outcome"] == "answered", "handling_seconds"].dropna()
    gave_up = line[line["outcome"].isin(GAVE_UP) & line["wait_seconds"].notna()]
    handling, rate = handled.mean(), len(calls) / hours
    patience = share(line["wait_seconds"].sum(), len(gave_up))
    load, within, target = rate * handling / 3600, rule["within_seconds"], rule["target_share"]
    agents, level = 0, math.nan
    while load and not level >= target:
        agents += 1
        level = erlang_c(load, agents, handling, within)
    others, in_time, gave_up = 0, math.nan, math.nan
    while load and not in_time >= target:
        others += 1
        in_time, gave_up = erlang_a(load, others, handling, patience, within)
    return {
        "agents_erlang_a": others,
        "service_level_erlang_a": in_time,
        "abandoned_share_erlang_a": gave_up,
        "hours_in_month": hours,
        "calls": len(calls),
        "calls_per_hour": rate,
        "handling_seconds": handling,
        "patience_seconds": patience,
        "offered_load": load,
        "within_seconds": within,
        "target_share": target,
        "agents_erlang_c": agents,
        "service_level_erlang_c": level,
    }


def erlang_c(load, agents, handling, within):
    """Erlang's own formula of 1917: the share answered in time where nobody hangs up."""
    if agents <= load:
        return 0.0
    top = load**agents / math.factorial(agents) * agents / (agents - load)
    waits = top / (sum(load**k / math.factorial(k) for k in range(agents)) + top)
    return 1 - waits * math.exp(-(agents - load) * within / handling)


def erlang_a(load, agents, handling, patience, within):
    """Palm's model, as two Markov chains: the shares answered in time and hanging up.

    The first chain is how many are there. The second follows one caller through the queue, whom
    everybody ahead leaves (answered or hung up) unless they hang up themselves.
    """
    served, hung_up = agents / handling, 1 / patience
    chances = [1.0]
    while len(chances) < agents + 2 or chances[-1] > 1e-14 * sum(chances):
        k = len(chances)
        leaving = min(k, agents) / handling + max(k - agents, 0) * hung_up
        chances.append(chances[-1] * load / handling / leaving)
    there = np.array(chances) / sum(chances)
    queued = there[agents:]  # whoever finds n ahead of them in the queue, n = 0, 1, ...
    n = len(queued)
    steps = np.zeros((n + 1, n + 1))  # the last state: answered
    for ahead in range(n):
        onward = served + ahead * hung_up
        steps[ahead, ahead - 1 if ahead else n] += onward
        steps[ahead, ahead] -= onward + hung_up
    answered = expm(steps * within)[:n, n]
    waiting = (queued * np.arange(n)).sum()
    return there[:agents].sum() + queued @ answered, waiting * hung_up / (load / handling)
