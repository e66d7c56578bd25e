"""Explanations owed, made up for the demo's breaches in every state, and counted again."""

import math
import zlib

import pandas as pd
from recount import london, median_interval, share, with_interval

STATES = ["due", "held", "issued", "explained", "tried", "unsafe", "not_contactable", "expired"]
STATES += ["withdrawn", "explained", "explained"]
KIND = ["channel", "clock"]
NOTICE = ["person_key", *KIND]
DAY = 86_400


def made_up(breaches, month):
    """Rows of publish.callback_list for a month's breaches.

    What became of a notice follows from its id, so that it is the same in each month of its cycle;
    some were explained after the day promised, before the contact, or much later.
    """
    cycle = pd.Timestamp(month).to_period("Q")
    owed = breaches[breaches["explain_by_on"].notna() & breaches["person_key"].notna()]
    rows = owed.groupby(NOTICE, as_index=False).agg(
        breaches=("contact_id", "size"),
        received_at=("received_at", "min"),
        longest_seconds=("clock_seconds", "max"),
        due_by=("explain_by_on", "min"),
    )
    keys = [f"{cycle}|{'|'.join(row)}" for row in rows[NOTICE].itertuples(index=False)]
    chance = [zlib.crc32(key.encode()) for key in keys]
    rows["notice_id"] = [
        f"{zlib.crc32(key[::-1].encode()):08x}{n:08x}" for key, n in zip(keys, chance, strict=True)
    ]
    rows["state"] = [STATES[n % len(STATES)] for n in chance]
    is_told = (rows["clock"] == "answer") & (pd.Series(chance) % 3 > 0)  # few of them gave up
    rows["state"] = rows["state"].mask(is_told, "explained")
    began = pd.Timestamp(cycle.start_time).tz_localize("Europe/London")
    moments = [began + pd.Timedelta(seconds=n // 7 % (130 * DAY)) for n in chance]
    rows["explained_at"] = pd.Series(moments, index=rows.index).where(rows["state"] == "explained")
    rows["issued_at"] = pd.Series(moments, index=rows.index).where(
        rows["state"].isin(["issued", "explained", "tried", "unsafe", "not_contactable"])
    )
    usual = {"is_still_waiting": False, "why": "why", "promised": "promised", "priority": 3}
    usual |= {"cycle": str(cycle), "is_withdrawn": False, "held_because": None}
    as_at = pd.Timestamp(month) + pd.Timedelta(days=45)
    return rows.assign(as_at=as_at, attempted_at=rows["issued_at"], **usual)


def callbacks(notices):
    """Rows of measure.callbacks."""
    ordered = notices.sort_values(["as_at", "month"])
    last = ordered.groupby("notice_id", as_index=False).last()
    last["as_at"] = notices["as_at"].max()
    last["month"] = last["notice_id"].map(notices.groupby("notice_id")["month"].min())
    parts = [
        (dict(zip(["month", *KIND], key, strict=True)) | {"level": "kind"}, part)
        for key, part in last.groupby(["month", *KIND])
    ]
    parts += [
        ({"month": month, "channel": None, "clock": None, "level": "all"}, part)
        for month, part in last.groupby("month")
    ]
    return pd.DataFrame({**which, **_callbacks(part)} for which, part in parts)


def _callbacks(part):
    owed = part[part["state"] != "withdrawn"]
    told = owed[owed["state"] == "explained"]
    in_time = london(told["explained_at"]).dt.date <= told["due_by"].dt.date
    untold = owed[owed["state"] != "explained"]
    late = int((~in_time).sum()) + int((untold["as_at"] > untold["due_by"]).sum())
    n, within = len(owed), int(in_time.sum())
    is_early = in_time & (told["as_at"] <= told["due_by"])
    judged = within + late - int(is_early.sum())
    seconds = (told["explained_at"] - told["received_at"]).dt.total_seconds()
    seconds = seconds[seconds >= 0].to_numpy()
    lower, upper = median_interval(seconds)
    return {
        "notices": n,
        **{state: int((owed["state"] == state).sum()) for state in STATES[:8]},
        "withdrawn": len(part) - n,
        "ever_issued": int(owed["issued_at"].notna().sum()),
        "judged": judged,
        "explained_in_time": within,
        "late": late,
        "median_seconds_to_explanation": pd.Series(seconds).median() if len(seconds) else math.nan,
        "median_seconds_to_explanation_lower": lower,
        "median_seconds_to_explanation_upper": upper,
        "is_provisional": share(judged, n) < 1,
        **with_interval("explained_share", len(told), n),
        **with_interval("explained_in_time_share", judged - late, judged),
    }


def told_why(fates, breaches, notices, month):
    """Of whoever gave up and was not called back: when they were told why, and who may yet be."""
    of_month = pd.Timestamp(month)
    owed = breaches[(breaches["month"] == of_month) & (breaches["clock"] == "answer")]
    owed = owed[owed["explain_by_on"].notna()][["contact_id", "channel", "person_key"]]
    known = notices[(notices["month"] == of_month) & (notices["clock"] == "answer")]
    known = known[["channel", "person_key", "state", "explained_at"]]
    left = fates[fates["fate"] != "called_back"][["contact_id", "gave_up_at"]]
    both = left.merge(owed, on="contact_id").merge(known, on=["channel", "person_key"])
    explained, ends = both["explained_at"], of_month + pd.DateOffset(months=3)
    is_near = (notices["month"] >= of_month) & (notices["month"] < ends)
    is_open = explained.isna() & (both["state"] != "withdrawn")
    is_open &= notices.loc[is_near, "as_at"].max() < ends
    is_told = (explained > both["gave_up_at"]) & (explained < ends.tz_localize("Europe/London"))
    return set(both.loc[is_told, "contact_id"]), set(both.loc[is_open, "contact_id"])
