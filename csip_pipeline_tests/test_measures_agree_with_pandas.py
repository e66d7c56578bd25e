"""The measured tables say what the suppliers' raw files say, counted apart from the pipeline.

Nothing here but the demo, and the pipeline's own answers, comes from the package: the files are
read again by other code, so that a mistake has to be made twice to go unnoticed.
"""

import pandas as pd
import pytest
from recount_demo import OCTOBER, measured, of_month

COUNTED = [
    "offered",
    "answered",
    "abandoned",
    "answered_within",
    "abandoned_within",
    "other_outcomes",
    "median_wait_seconds",
    "longest_wait_seconds",
]
CALLS = ["ENTERQUEUE", "CONNECT", "ABANDON", "EXITWITHTIMEOUT", "EXITWITHKEY"]
WAITED_IN = {"CONNECT": "data_1", "ABANDON": "data_3", "EXITWITHTIMEOUT": "data_3"}
WAITED_IN["EXITWITHKEY"] = "data_4"
HOUR = 3600


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The data folder and the measured tables."""
    return measured(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def data(demo):
    """The data folder."""
    return demo[0]


@pytest.fixture(scope="module")
def october(demo):
    """October's rows of each table."""
    return {name: of_month(rows, OCTOBER) for name, rows in demo[1].items()}


def london(epochs):
    return pd.to_datetime(epochs, unit="s", utc=True).dt.tz_convert("Europe/London")


def in_october(moments):
    return (moments.dt.year == 2026) & (moments.dt.month == 10)


def seconds(durations):
    return pd.to_timedelta(durations).dt.total_seconds()


@pytest.fixture(scope="module")
def logged(data):
    """Every line of the year's queue logs that is about a call."""
    lines = [
        line.split("|")
        for path in sorted(data.extracts.glob("telephony/queue_log_2026-*.log"))
        for line in path.read_text().splitlines()
    ]
    found = pd.DataFrame(
        [(line + [""] * 4)[:9] for line in lines if len(line) >= 5],
        columns=["epoch", "call", "queue", "member", "event", *(f"data_{n}" for n in range(1, 5))],
    )
    return found[found["event"].isin([*CALLS, "CALLEDBACK"])]


@pytest.fixture(scope="module")
def stays(logged):
    """Each stay in a queue that began in October's calls: how long, and how it ended."""
    events = logged[logged["event"].isin(CALLS)]
    entered = events[events["event"] == "ENTERQUEUE"].copy()
    left = events[events["event"] != "ENTERQUEUE"].copy()
    for part in (entered, left):
        part["leg"] = part.groupby("call").cumcount()
    both = entered.merge(left, on=["call", "leg"], suffixes=("", "_left"), validate="1:1")
    assert len(both) == len(entered) - _cut_short(entered, left)
    waits = [row[f"{WAITED_IN[row['event_left']]}_left"] for _, row in both.iterrows()]
    both["wait"] = pd.Series(waits, index=both.index).astype(float)
    both["is_answered"] = both["event_left"] == "CONNECT"
    both["asked"] = both["event_left"] == "EXITWITHKEY"
    both["arrived"] = both["call"].str.extract(r"(\d+)\.\d+$")[0].astype(int)
    return both[in_october(london(both["arrived"]))]


def _cut_short(entered, left):
    """Stays that go on beyond the last log."""
    return (entered["call"].value_counts() - left["call"].value_counts()).fillna(1).clip(0).sum()


@pytest.fixture(scope="module")
def calls(data, stays):
    """October's calls on both lines, from their raw files: line, is_answered, asked, wait."""
    ordered = stays.sort_values("leg").groupby("call")
    menu = ordered["epoch"].first().astype(int) - ordered["arrived"].first()
    last_answered, waited = ordered["is_answered"].last(), ordered["wait"].sum() + menu
    lines = {"line": "101", "is_answered": last_answered, "wait": waited}
    lines["asked"] = ordered["asked"].last()
    (table,) = data.extracts.glob("telephony/999_2026-10_*.tsv")
    emergency = pd.read_csv(table, sep="\t", dtype=str, keep_default_na=False)
    emergency = emergency[emergency["Result"] != "Test call"]
    is_answered = emergency["Result"] == "Answered"
    others = {"line": "999", "is_answered": is_answered, "wait": seconds(emergency["Ring Time"])}
    others = pd.DataFrame(others).assign(asked=False)
    return pd.concat([pd.DataFrame(lines), others], ignore_index=True)


def in_time(rows):
    """Charter 2026: a call to 101 within ten minutes, one to 999 in under ten seconds."""
    is_101 = rows["line"] == "101"
    return (is_101 & (rows["wait"] <= 600)) | (~is_101 & (rows["wait"] < 10))


def counted(rows, by="line"):
    """Offered, answered, abandoned, in time and the median wait of those answered."""
    found = {}
    for key, part in rows[~rows["asked"]].groupby(by):
        is_answered, waits = part["is_answered"], part.loc[part["is_answered"], "wait"]
        found[key] = {
            "offered": len(part),
            "answered": is_answered.sum(),
            "abandoned": (~is_answered).sum(),
            "answered_within": (is_answered & in_time(part)).sum(),
            "abandoned_within": (~is_answered & in_time(part)).sum(),
            "median_wait_seconds": waits.median(),
            "longest_wait_seconds": waits.max(),
            "other_outcomes": (rows["asked"] & (rows[by] == key)).sum(),
        }
    return found


def measures(october, clock, level):
    found = october["measure.service_levels"]
    found = found[(found["clock"] == clock) & (found["level"] == level)]
    found = found[found["channel"] == "telephone"].set_index(level)
    return found[COUNTED].to_dict("index")


def test_calls_are_answered_as_often_and_as_soon_end_to_end(october, calls):
    assert set(calls["line"]) == {"101", "999"}
    assert measures(october, "end_to_end", "line") == counted(calls)


def test_the_whole_channel_holds_both_lines(october, calls):
    found = measures(october, "end_to_end", "channel")["telephone"]
    lines = counted(calls).values()

    for name in COUNTED[:6]:
        assert found[name] == sum(line[name] for line in lines)
    assert found["median_wait_seconds"] == calls.loc[calls["is_answered"], "wait"].median()


def test_stays_in_each_queue_are_those_of_the_switch(october, stays):
    found = measures(october, "queue", "queue")
    found.pop("emergency_999")

    assert found == counted(stays.assign(line="101"), by="queue")


def test_a_call_has_as_many_legs_as_it_has_stays(october, stays):
    contacts = october["harmonise.contacts"]
    found = contacts.loc[contacts["line"] == "101", "legs"].value_counts()

    assert found.to_dict() == stays.groupby("call").size().value_counts().to_dict()


def test_missed_calls_to_101_are_breaches_and_no_others(october, calls):
    missed = (calls["line"] == "101") & ~calls["asked"] & ~in_time(calls)
    breaches = october["measure.breaches"]
    is_answer = (breaches["line"] == "101") & (breaches["clock"] == "answer")

    assert is_answer.sum() == missed.sum()


def test_whoever_asked_is_called_back_within_the_hour_as_often(october, logged, stays):
    asked = stays[stays["asked"]]
    reached = logged[logged["event"] == "CALLEDBACK"].set_index("call")["data_1"].astype(float)
    found = october["measure.response_times"]
    found = found[found["clock"] == "callback"]

    in_an_hour = (asked["call"].map(reached) <= HOUR).sum()
    assert len(asked)
    assert len(found) == len(asked)
    assert (found["status"] == "met").sum() == in_an_hour


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


def test_forms_are_answered_within_a_day_as_often(october, forms):
    moments = {
        name: forms[name].dt.tz_localize("Europe/London", ambiguous=True)
        for name in ("Submitted", "First reply")
    }
    waits = moments["First reply"] - moments["Submitted"]
    found = october["measure.response_times"]
    found = found[found["channel"] == "web_form"]

    assert (found["status"] == "met").sum() == (waits <= pd.Timedelta(hours=24)).sum()
    assert len(found) == len(forms)


def test_each_channel_has_as_many_contacts(october, data, calls, forms):
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

    found = october["measure.channel_shift"].set_index("channel")

    assert found["contacts"].to_dict() == expected
    for channel, n in expected.items():
        assert found.loc[channel, "share"] == pytest.approx(n / sum(expected.values()))
