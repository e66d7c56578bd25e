"""The measured tables say what the suppliers' raw files say, counted apart from the pipeline.

Nothing here but the demo, and the pipeline's own answers, comes from the package: the files are
read again by other code, so that a mistake has to be made twice to go unnoticed.
"""

import datetime as dt
import shutil
from pathlib import Path

import pandas as pd
import pytest

from csip_pipeline import demo, monthly_tables, settings, warehouse
from csip_pipeline.extract import accounts, intake, sources
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.harmonise import call_legs, further_messages
from csip_pipeline.harmonise import contacts as harmonised
from csip_pipeline.measure import registry
from csip_pipeline.reference import open_intervals, tables

OCTOBER, SEPTEMBER = dt.date(2026, 10, 1), dt.date(2026, 9, 1)
REBUILT = (
    accounts.INTAKE,
    call_legs.TABLE,
    further_messages.TABLE,
    harmonised.TABLE,
    *registry.TABLES,
)
COUNTED = [
    "offered",
    "answered",
    "abandoned",
    "answered_within",
    "abandoned_within",
    "median_wait_seconds",
    "longest_wait_seconds",
]
CALLS = ["ENTERQUEUE", "CONNECT", "ABANDON", "EXITWITHTIMEOUT"]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder with two months of extracts."""
    folder = tmp_path_factory.mktemp("agree")
    shutil.copytree(settings.project_root() / "data" / "reference", folder / "reference")
    demo.make(folder / "extracts", last=OCTOBER, months=2, scale=0.05, workers=0)
    return settings.Settings(data=folder)


@pytest.fixture(scope="module")
def measured(data):
    """The warehouse, with October taken in and measured."""
    with warehouse.connected(Path(":memory:")) as con:
        for table in tables.TABLES:
            tables.load(con, data.reference, table)
        declared = sources.load(data.reference / "feeds.toml")
        tables.replace(con, "feeds", tables.Feeds, sources.as_table(declared))
        catalogued = intake.catalogue(data, declared)
        for feed in FEEDS.values():
            covered = {SEPTEMBER, OCTOBER}
            intake.take_month(con, data, feed, catalogued, OCTOBER, covered=covered)
        monthly_tables.rebuild_history(con, open_intervals.TABLE)
        for table in REBUILT:
            monthly_tables.rebuild(con, table, OCTOBER)
        yield con


def london(epochs):
    return pd.to_datetime(epochs, unit="s", utc=True).dt.tz_convert("Europe/London")


def in_october(moments):
    return (moments.dt.year == 2026) & (moments.dt.month == 10)


def seconds(durations):
    return pd.to_timedelta(durations).dt.total_seconds()


@pytest.fixture(scope="module")
def events(data):
    """Every line of the two months' queue logs that is about a call, with its London time."""
    lines = [
        line.split("|")
        for path in sorted(data.extracts.glob("telephony/queue_log_*.log"))
        for line in path.read_text().splitlines()
    ]
    found = pd.DataFrame(
        [(line + [""] * 3)[:8] for line in lines if len(line) >= 5],
        columns=["epoch", "call", "queue", "member", "event", "data_1", "data_2", "data_3"],
    )
    return found[found["event"].isin(CALLS)]


@pytest.fixture(scope="module")
def stays(events):
    """Each stay in a queue that began in October's calls: how long, and how it ended."""
    entered = events[events["event"] == "ENTERQUEUE"].copy()
    left = events[events["event"] != "ENTERQUEUE"].copy()
    for part in (entered, left):
        part["leg"] = part.groupby("call").cumcount()
    both = entered.merge(left, on=["call", "leg"], suffixes=("", "_left"), validate="1:1")
    assert len(both) == len(entered) - _cut_short(entered, left)
    is_answered = both["event_left"] == "CONNECT"
    both["wait"] = both["data_1_left"].where(is_answered, both["data_3_left"]).astype(float)
    both["is_answered"] = is_answered
    both["arrived"] = both["call"].str.extract(r"(\d+)\.\d+$")[0].astype(int)
    return both[in_october(london(both["arrived"]))]


def _cut_short(entered, left):
    """Stays that go on beyond the last log."""
    return (entered["call"].value_counts() - left["call"].value_counts()).fillna(1).clip(0).sum()


@pytest.fixture(scope="module")
def calls(data, stays):
    """October's calls on both lines, from their raw files: line, is_answered, wait."""
    ordered = stays.sort_values("leg").groupby("call")
    menu = ordered["epoch"].first().astype(int) - ordered["arrived"].first()
    last_answered, waited = ordered["is_answered"].last(), ordered["wait"].sum() + menu
    lines = {"line": "101", "is_answered": last_answered, "wait": waited}
    (table,) = data.extracts.glob("telephony/999_2026-10_*.tsv")
    emergency = pd.read_csv(table, sep="\t", dtype=str, keep_default_na=False)
    emergency = emergency[emergency["Result"] != "Test call"]
    is_answered = emergency["Result"] == "Answered"
    others = {"line": "999", "is_answered": is_answered, "wait": seconds(emergency["Ring Time"])}
    return pd.concat([pd.DataFrame(lines), pd.DataFrame(others)], ignore_index=True)


def in_time(rows):
    """Charter 2026: a call to 101 within ten minutes, one to 999 in under ten seconds."""
    is_101 = rows["line"] == "101"
    return (is_101 & (rows["wait"] <= 600)) | (~is_101 & (rows["wait"] < 10))


def counted(rows, by="line"):
    """Offered, answered, abandoned, in time and the median wait of those answered."""
    found = {}
    for key, part in rows.groupby(by):
        is_answered, waits = part["is_answered"], part.loc[part["is_answered"], "wait"]
        found[key] = {
            "offered": len(part),
            "answered": is_answered.sum(),
            "abandoned": (~is_answered).sum(),
            "answered_within": (is_answered & in_time(part)).sum(),
            "abandoned_within": (~is_answered & in_time(part)).sum(),
            "median_wait_seconds": waits.median(),
            "longest_wait_seconds": waits.max(),
        }
    return found


def measures(con, clock, level):
    found = warehouse.fetch(
        con,
        "select * from measure.service_levels "
        "where clock = $clock and level = $level and channel = 'telephone'",
        {"clock": clock, "level": level},
    ).set_index(level)
    return found[COUNTED].to_dict("index")


def test_calls_are_answered_as_often_and_as_soon_end_to_end(measured, calls):
    assert set(calls["line"]) == {"101", "999"}
    assert measures(measured, "end_to_end", "line") == counted(calls)


def test_the_whole_channel_holds_both_lines(measured, calls):
    found = measures(measured, "end_to_end", "channel")["telephone"]
    lines = counted(calls).values()

    for name in COUNTED[:5]:
        assert found[name] == sum(line[name] for line in lines)
    assert found["median_wait_seconds"] == calls.loc[calls["is_answered"], "wait"].median()


def test_stays_in_each_queue_are_those_of_the_switch(measured, stays):
    found = measures(measured, "queue", "queue")
    found.pop("emergency_999")

    assert found == counted(stays.assign(line="101"), by="queue")


def test_a_call_has_as_many_legs_as_it_has_stays(measured, stays):
    query = "select legs, count(*) as n from harmonise.contacts where line = '101' group by legs"
    found = warehouse.fetch(measured, query).set_index("legs")["n"]

    assert found.to_dict() == stays.groupby("call").size().value_counts().to_dict()


def test_missed_calls_to_101_are_breaches_and_no_others(measured, calls):
    is_101 = calls["line"] == "101"
    query = "select count(*) as n from measure.breaches where line = '101'"

    assert warehouse.fetch(measured, query)["n"].item() == (is_101 & ~in_time(calls)).sum()


@pytest.fixture(scope="module")
def forms(data):
    """October's forms, with naive London clock times."""
    (path,) = data.extracts.glob("web_forms/forms_2026-10_*.csv")
    return pd.read_csv(
        path,
        encoding="cp1252",
        parse_dates=["Submitted", "First reply"],
        date_format="%d/%m/%Y %H:%M",
    )


def test_forms_are_answered_within_a_day_as_often(measured, forms):
    moments = {
        name: forms[name].dt.tz_localize("Europe/London", ambiguous=True)
        for name in ("Submitted", "First reply")
    }
    waits = moments["First reply"] - moments["Submitted"]
    query = "select count(*) as n from measure.response_times where channel = 'web_form'"

    in_a_day = (waits <= pd.Timedelta(hours=24)).sum()
    assert warehouse.fetch(measured, f"{query} and status = 'met'")["n"].item() == in_a_day
    assert warehouse.fetch(measured, query)["n"].item() == len(forms)


def test_each_channel_has_as_many_contacts(measured, data, calls, forms):
    (chats,) = data.extracts.glob("web_chats/ticket_chat_event_2026-10_*.csv")
    began = pd.read_csv(chats).groupby("chat_id")["created_at"].min()
    posts = pd.concat(map(pd.read_csv, sorted(data.extracts.glob("social/twcs_*.csv"))))
    begun = posts[posts["inbound"] & posts["in_response_to_tweet_id"].isna()]
    sent = pd.to_datetime(begun["created_at"], format="%a %b %d %H:%M:%S %z %Y", utc=True)
    expected = {
        "telephone": len(calls),
        "web_form": len(forms),
        "web_chat": len(began),
        "social": in_october(sent.dt.tz_convert("Europe/London")).sum(),
    }

    found = warehouse.fetch(measured, "from measure.channel_shift").set_index("channel")

    assert found["contacts"].to_dict() == expected
    for channel, n in expected.items():
        assert found.loc[channel, "share"] == pytest.approx(n / sum(expected.values()))
