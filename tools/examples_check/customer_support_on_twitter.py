"""Posts linked by replies: conversations gathered as what hangs together, and their first reply."""

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd

from examples_check.example import Check, Example, one_figure, row_by_row, table

COVERED = ("2017-08-01", "2018-01-01")
CONVERSATIONS = """
    select min(messages.message_id::bigint) as post, any_value(times.clock_seconds) as seconds
    from extract.social as messages
    inner join measure.response_times as times
        on times.contact_id = 'social:twitter:' || messages.conversation_id
    group by messages.conversation_id
"""


def checks(con: duckdb.DuckDBPyConnection, extract: Path) -> Iterator[Check]:
    """Rows kept, contacts, and first responses."""
    posts = _posts(extract)
    began = posts[posts["is_in"]].groupby("thing")["at"].min()
    first = began.reindex(posts["thing"].unique()).fillna(posts.groupby("thing")["at"].min())
    local = first.dt.tz_convert("Europe/London").dt.tz_localize(None)
    covered = first.index[(local >= COVERED[0]) & (local < COVERED[1])]
    kept = posts[posts["thing"].isin(covered)]
    intake = "select sum({}) from extract.intake"
    yield Check("rows received", len(posts), one_figure(con, intake.format("received")))
    yield Check("rows accepted", len(kept), one_figure(con, intake.format("accepted")))
    yield Check("posts kept", len(kept), one_figure(con, "select count(*) from extract.social"))
    began = began[began.index.isin(covered)]
    replied = kept[~kept["is_in"] & (kept["at"] >= kept["thing"].map(began))]
    waited = (replied.groupby("thing")["at"].min() - began).dt.total_seconds()
    by_post = waited.set_axis(kept.groupby("thing")["number"].min()[waited.index]).fillna(-1)
    found = table(con, CONVERSATIONS, "post")["seconds"].fillna(-1)
    yield Check("contacts", len(began), one_figure(con, "select count(*) from harmonise.contacts"))
    yield Check("contacts answered", int((by_post >= 0).sum()), int((found >= 0).sum()))
    yield row_by_row("seconds to the first response, or none", by_post, found)


def _posts(extract: Path) -> pd.DataFrame:
    """Every post: its number, direction, moment, and the thing it hangs together with."""
    # One post holds bare CRs, which a reader of lines would take for the ends of rows.
    text = extract.read_bytes().decode().replace("\r", " ")
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    leader: dict[str, str] = {}
    for row in rows:
        for other in [*row["response_tweet_id"].split(","), row["in_response_to_tweet_id"]]:
            if other:
                one, linked = (_lead(leader, n) for n in (row["tweet_id"], other.split(".")[0]))
                leader[one] = linked
    return pd.DataFrame(
        {
            "number": [int(row["tweet_id"]) for row in rows],
            "is_in": [row["inbound"] == "True" for row in rows],
            "at": pd.to_datetime(
                [row["created_at"] for row in rows], format="%a %b %d %H:%M:%S %z %Y"
            ),
            "thing": [_lead(leader, row["tweet_id"]) for row in rows],
        }
    )


def _lead(leader: dict[str, str], number: str) -> str:
    while leader.get(number, number) != number:
        number = leader[number]
    return number


EXAMPLE = Example(
    "customer_support_on_twitter",
    "social_customer_support_twitter/twcs_head.csv",
    "social",
    ("2017-Q3", "2017-Q4"),
    checks,
)
