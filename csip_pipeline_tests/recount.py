"""The measures counted again in pandas, from the words of docs/measures.md and not from the SQL.

Everything here takes contacts as harmonise.contacts has them, or stays in a queue as
harmonise.call_legs has them, and the force's own reference files.
"""

import math

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.proportion import proportion_confint

CLOSE = 1e-9
GAVE_UP = ["abandoned", "timed_out"]
BANDS = {
    "waits_under_10_seconds": (0, 10),
    "waits_10_to_60_seconds": (10, 60),
    "waits_1_to_5_minutes": (60, 300),
    "waits_5_to_10_minutes": (300, 600),
    "waits_10_to_20_minutes": (600, 1200),
    "waits_20_minutes_or_more": (1200, math.inf),
}
LEVELS = {
    "channel": ["channel"],
    "line": ["channel", "line"],
    "queue": ["channel", "line", "queue"],
    "channel_hour": ["channel", "weekday", "hour"],
    "line_hour": ["channel", "line", "weekday", "hour"],
}


def share(x, n):
    """A share, or none of nothing."""
    return x / n if n else math.nan


def with_interval(name, x, n):
    """A share with Wilson's interval, under its name, `_lower` and `_upper`."""
    if not n or math.isnan(x) or math.isnan(n):
        return {name: math.nan, f"{name}_lower": math.nan, f"{name}_upper": math.nan}
    lower, upper = proportion_confint(x, n, method="wilson")
    return {name: x / n, f"{name}_lower": max(lower, 0), f"{name}_upper": min(upper, 1)}


def median_interval(values):
    """The values ranked r and n + 1 - r, for the largest r that covers 95 %."""
    n = len(values)
    ranks = np.arange(1, n // 2 + 1)
    covered = stats.binom.cdf(n - ranks, n, 0.5) - stats.binom.cdf(ranks - 1, n, 0.5)
    ranks = ranks[covered >= 0.95]
    if not len(ranks):
        return math.nan, math.nan
    ordered = np.sort(values)
    return ordered[ranks[-1] - 1], ordered[n - ranks[-1]]


def waits_until(waits, is_answered, *, left):
    """Kaplan and Meier: the shortest wait at which so small a share would still be waiting."""
    if not is_answered.any():
        return math.nan
    curve = SurvfuncRight(waits, is_answered.astype(int))
    times = np.asarray(curve.surv_times)[np.asarray(curve.surv_prob) <= left + CLOSE]
    return times[0] if len(times) else math.nan


def london(moments):
    """The same moments on London's clocks."""
    return moments.dt.tz_convert("Europe/London")


def standards(folder):
    """The force's standards as its own file has them, the least particular first."""
    found = pd.read_csv(folder / "service_standards.csv", dtype={"line": str})
    found["particular"] = found["line"].notna() + 2 * found["queue"].notna()
    return found.sort_values("particular").set_index("standard_id")


def standard_of(rows, rules, clock):
    """The id of the most particular standard of a clock in force on each row's London day."""
    days = london(rows["received_at"]).dt.strftime("%Y-%m-%d")
    found = pd.Series(None, index=rows.index, dtype=object)
    for name, rule in rules[rules["clock"] == clock].iterrows():
        applies = rows["channel"] == rule["channel"]
        for part in ("line", "queue"):
            if pd.notna(rule[part]):
                applies &= rows[part] == rule[part]
        applies &= days >= rule["applies_from_on"]
        if pd.notna(rule["applies_until_on"]):
            applies &= days < rule["applies_until_on"]
        found[applies] = name
    return found


def is_in_time(seconds, within, boundary):
    """Whether so many seconds are within ("<=") or under ("<") those allowed."""
    return (seconds < within) | ((seconds == within) & (boundary == "<="))


def service_levels(rows, rules, levels=tuple(LEVELS)):
    """Rows of measure.service_levels for one month and clock."""
    rows = rows.copy()
    rule = rules.reindex(standard_of(rows, rules, "answer"))
    for name in ("within_seconds", "boundary", "target_share", "short_abandon_seconds"):
        rows[name] = rule[name].to_numpy()
    rows["has_standard"] = rule["within_seconds"].notna().to_numpy()
    rows["in_time"] = is_in_time(rows["wait_seconds"], rows["within_seconds"], rows["boundary"])
    moments = london(rows["received_at"])
    rows["weekday"], rows["hour"] = moments.dt.day_of_week + 1, moments.dt.hour
    nothing = dict.fromkeys(("line", "queue", "weekday", "hour"))
    return pd.DataFrame(
        {"level": level, **nothing, **dict(zip(LEVELS[level], key, strict=True)), **_levels(part)}
        for level in levels
        for key, part in rows.groupby(LEVELS[level], dropna=False)
    )


def _levels(part):
    """One row's figures."""
    answered = part[part["outcome"].isin(["answered", "transferred"])]
    gave_up = part[part["outcome"].isin(GAVE_UP)]
    a, b = len(answered), len(gave_up)
    q, aw = a + b, int(answered["in_time"].sum())
    unsaid = gave_up["wait_seconds"].isna().any()
    bw = math.nan if unsaid else int(gave_up["in_time"].sum())
    is_short = gave_up["wait_seconds"] <= gave_up["short_abandon_seconds"]
    bs = math.nan if unsaid else int(is_short.sum())
    found = {name: one_value(part[name]) for name in ("within_seconds", "boundary", "target_share")}
    found |= {"offered": q, "answered": a, "abandoned": b, "other_outcomes": len(part) - q}
    found |= {"answered_within": aw, "abandoned_within": bw, "abandoned_short": bs}
    whole = q if part["has_standard"].all() else 0
    found |= with_interval("service_level", aw, whole)
    found |= with_interval("service_level_answered_only", aw, a)
    found |= with_interval("service_level_crediting_early_abandons", aw + bw, q)
    found |= with_interval("service_level_ignoring_early_abandons", aw, q - bw)
    found |= with_interval("service_level_ignoring_short_abandons", aw, q - bs)
    found["abandoned_share"] = share(b, q)
    return found | _waits(answered) | _waits_of_offered(answered, gave_up) | _hidden(answered)


def one_value(values):
    """The one value that all rows share, or none."""
    different = values.unique()
    return different[0] if len(different) == 1 else None


def _waits(answered):
    waits = answered["wait_seconds"].dropna().to_numpy()
    bands = {name: int(((waits >= a) & (waits < b)).sum()) for name, (a, b) in BANDS.items()}
    found = bands | {"waits_unknown": int(answered["wait_seconds"].isna().sum())}
    lower, upper = median_interval(waits)
    found |= {"median_wait_seconds_lower": lower, "median_wait_seconds_upper": upper}
    shares = {"median_wait_seconds": 50, "p90_wait_seconds": 90, "p95_wait_seconds": 95}
    if not len(waits):
        names = [*shares, "mean_wait_seconds", "longest_wait_seconds"]
        return found | dict.fromkeys(names, math.nan)
    found |= {name: np.percentile(waits, percent) for name, percent in shares.items()}
    return found | {"mean_wait_seconds": waits.mean(), "longest_wait_seconds": waits.max()}


def _waits_of_offered(answered, gave_up):
    both = pd.concat([answered.assign(is_answered=True), gave_up.assign(is_answered=False)])
    both = both[both["wait_seconds"].notna()]
    waits, is_answered = both["wait_seconds"].to_numpy(), both["is_answered"].to_numpy(bool)
    return {
        "median_wait_of_offered_seconds": waits_until(waits, is_answered, left=0.5),
        "p90_wait_of_offered_seconds": waits_until(waits, is_answered, left=0.1),
    }


def _hidden(answered):
    names = ["mean_first_queue_wait_seconds", "mean_hidden_wait_seconds", "hidden_wait_share"]
    if "first_queue_wait_seconds" not in answered:
        return dict.fromkeys(names, math.nan)
    first = answered["first_queue_wait_seconds"]
    hidden = (answered["wait_seconds"] - first).dropna()
    whole = answered.loc[hidden.index, "wait_seconds"].sum()
    figures = [first.mean(), hidden.mean(), share(hidden.sum(), whole)]
    return dict(zip(names, figures, strict=True))
