"""What the real extracts of the worked examples hold, counted straight from their files."""

import re
from pathlib import Path

import pandas as pd

Figures = dict[str, float | None]

OUT_OF_SCOPE = ("Employee Generated", "City Worker App", "Maximo Integration")
CHANNELS = {
    "Constituent Call": "telephone",
    "Citizens Connect App": "web_form",
    "Self Service": "web_form",
    "Twitter": "social",
}
LOCAL = "%m/%d/%Y %I:%M:%S %p"
EXTRACTED = "01/12/2016 10:22:40 PM"


def bank(path: Path) -> Figures:
    """Every call's wait, talk and length as the bank's own switch counted them."""
    calls = pd.read_csv(path, sep="\t", dtype=str)
    calls["row"] = range(2, len(calls) + 2)
    real = calls[calls["outcome"] != "PHANTOM"]
    answered = real[real["outcome"] == "AGENT"]
    wait = pd.to_numeric(answered["q_time"])
    lengths = wait + pd.to_numeric(answered["ser_time"])
    return {
        "answered": float(len(answered)),
        "abandoned": float(len(real) - len(answered)),
        "out of scope": float(len(calls) - len(real)),
        **{f"answered within {s}": float((wait <= s).sum()) for s in (20, 30, 60, 90)},
        **{f"wait of {row}": float(s) for row, s in zip(real["row"], real["q_time"], strict=True)},
        **{
            f"talk of {row}": float(s) for row, s in zip(real["row"], real["ser_time"], strict=True)
        },
        **{
            f"length of {row}": float(s) for row, s in zip(answered["row"], lengths, strict=True)
        },
    }


def asterisk(path: Path) -> Figures:
    """What Asterisk itself says of each queue (queue_show.txt stands beside the log)."""
    said = (path.parent / "queue_show.txt").read_text(encoding="utf-8")
    found = re.findall(r"(\w+) has .*C:(\d+), A:(\d+), SL:([\d.]+)%, SL2:([\d.]+)%", said)
    return {
        f"{queue} {what}": float(figure)
        for queue, *figures in found
        for what, figure in zip(("answered", "abandoned", "SL", "SL2"), figures, strict=True)
    }


def boston(path: Path) -> Figures:
    """Which requests the city itself calls overdue, where a comparison is fair.

    Not compared: requests without a due time (the city calls them all on time), and those for
    which the city gives no status.
    """
    rows = pd.read_csv(path, dtype=str)
    opened = pd.to_datetime(rows["OPEN_DT"], format=LOCAL)
    as_utc = opened.dt.tz_localize("America/New_York", ambiguous=True, nonexistent="shift_forward")
    london = as_utc.dt.tz_convert("Europe/London")
    covered = (london.dt.year == 2015) & (london.dt.month <= 6)  # noqa: PLR2004 - the half-year
    public = rows[covered & ~rows["Source"].isin(OUT_OF_SCOPE)]
    due = public["TARGET_DT"].notna()
    late = _late_by_hand(public[due])
    stated = public[due]["OnTime_Status"].map({"OVERDUE": 1.0, "ONTIME": 0.0})
    flags = stated.fillna(late.astype(float))
    return {
        **{channel: float(count) for channel, count in _by_channel(public).items()},
        "not judged": float((~due).sum()),
        **{f"late {key}": flag for key, flag in zip(public[due]["CASE_ENQUIRY_ID"], flags, strict=True)},
    }


def _by_channel(public: pd.DataFrame) -> dict[str, int]:
    return dict(public["Source"].map(CHANNELS).value_counts())


def _late_by_hand(rows: pd.DataFrame) -> pd.Series:
    """For the few rows without a status: closed, or still open at the extract, after the due time."""
    closed = pd.to_datetime(rows["CLOSED_DT"], format=LOCAL)
    return closed.fillna(pd.to_datetime(EXTRACTED, format=LOCAL)) > pd.to_datetime(
        rows["TARGET_DT"], format=LOCAL
    )


def twitter(path: Path) -> Figures:
    """First responses of conversations, found by walking up each reply chain by hand."""
    posts = _posts(path)
    parent = {one: post["parent"] for one, post in posts.items() if post["parent"]}
    for one, post in posts.items():
        for answer in post["answers"]:
            parent[answer] = min(one, parent.get(answer, one))
    conversations: dict[str, list[dict[str, object]]] = {}
    for one, post in posts.items():
        conversations.setdefault(_top(one, parent), []).append(post)
    firsts = {top: _first_response(found) for top, found in conversations.items()}
    contacts = {top: seconds for top, seconds in firsts.items() if seconds != "no contact"}
    answered = {top: s for top, s in contacts.items() if s is not None}
    return {
        "contacts": float(len(contacts)),
        "answered": float(len(answered)),
        **{f"first response to {top}": float(s) for top, s in answered.items()},
    }


def _posts(path: Path) -> dict[str, dict[str, object]]:
    # a post may hold a bare CR, which ends no row of this file
    rows = pd.read_csv(path, dtype=str, keep_default_na=False, lineterminator="\n")
    sent = pd.to_datetime(rows["created_at"], format="%a %b %d %H:%M:%S %z %Y")
    return {
        row["tweet_id"]: {
            "is_in": row["inbound"] == "True",
            "at": at,
            "parent": row["in_response_to_tweet_id"].removesuffix(".0"),
            "answers": [one for one in row["response_tweet_id"].split(",") if one],
        }
        for at, row in zip(sent, rows.to_dict("records"), strict=True)
    }


def _top(one: str, parent: dict[str, str]) -> str:
    while one in parent:
        one = parent[one]
    return one


def _first_response(posts: list[dict[str, object]]) -> float | str | None:
    asked = [post["at"] for post in posts if post["is_in"]]
    if not asked:
        return "no contact"
    replies = [post["at"] for post in posts if not post["is_in"] and post["at"] >= min(asked)]
    return (min(replies) - min(asked)).total_seconds() if replies else None


def workbook(path: Path) -> Figures:
    """Answered, not answered, in time and the mean, as pandas reads the sheet."""
    calls = pd.read_excel(path, sheet_name="Call center data")
    speed = calls["Speed of answer in seconds"]
    return {
        "answered": float((calls["Answered (Y/N)"] == "Y").sum()),
        "abandoned": float((calls["Answered (Y/N)"] == "N").sum()),
        "within 60": float((speed <= 60).sum()),  # noqa: PLR2004 - the standard of the example
        "mean wait": round(float(speed.mean()), 5),
    }
