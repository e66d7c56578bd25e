"""A headline claims what the figures show, as far as chance allows, and nothing more."""

import datetime as dt
import re

import pack_given
import pandas as pd
import pytest
from pack_given import NOVEMBER, OCTOBER

from csip_pipeline.publish import pack_headlines, pack_words

LEVEL = {
    "month": OCTOBER,
    "clock": "end_to_end",
    "level": "line",
    "channel": "telephone",
    "line": "101",
    "title": "101 calls",
    "offered": 1000,
    "answered_within": 900,
    "target_share": 0.9,
}
SHIFT = {
    "month": OCTOBER,
    "channel": "telephone",
    "contacts_on_all_channels": 1000,
    "digital_share": 0.25,
}
BREACH = {"missed": 3}
FILE = {"month": OCTOBER, "feed": "telephony", "file": "calls.log"}
ARRIVAL = {"month": OCTOBER, "feed": "telephony", "status": "on_time"}
HOURS = {"month": OCTOBER, "hours": 4}


def frame(usual, given):
    rows = pd.DataFrame([usual | row for row in given], columns=list(usual))
    return rows.assign(month=pd.to_datetime(rows["month"])) if "month" in usual else rows


def figures(*, levels=(), shift=(), breaches=(), owed=(), intake=({},), months_in=None, **gaps):
    about = pack_given.ABOUT | ({} if months_in is None else {"months_in": months_in})
    return pack_given.figures(
        about=pd.Series(about),
        arrivals=frame(ARRIVAL, gaps.get("arrivals", ())),
        breaches=frame(BREACH, breaches),
        callbacks=list(owed),
        intake=frame(FILE, intake),
        missing_hours=frame(HOURS, gaps.get("missing_hours", ())),
        channel_shift=frame(SHIFT, shift),
        service_levels=frame(LEVEL, levels),
    )


JUDGED = {"met": "Target met", "missed": "Target missed", "tell": "Too close to tell"}
NO_CHARTS = pd.DataFrame(columns=["measure", "subject", "point_type", "meaning"])


def headlines(**given):
    return pack_headlines.headlines(figures(**given), NO_CHARTS)


def said(**given):
    return " ".join(headline.sentence for headline in headlines(**given))


@pytest.mark.parametrize(
    ("within", "offered", "target", "claim"),
    [
        pytest.param(930, 1000, 0.9, "the target of 90% was met", id="clearly above"),
        pytest.param(870, 1000, 0.9, "the target of 90% was missed", id="clearly below"),
        pytest.param(910, 1000, 0.9, "too close to the target of 90% to tell", id="a little above"),
        pytest.param(890, 1000, 0.9, "too close to the target of 90% to tell", id="a little below"),
        pytest.param(900, 1000, 0.9, "too close to the target of 90% to tell", id="exactly on it"),
        pytest.param(10, 10, 0.9, "too close to the target of 90% to tell", id="all of a few"),
        pytest.param(0, 1, 0.5, "too close to the target of 50% to tell", id="none of one"),
        pytest.param(100, 100, 1.0, "too close to the target of 100% to tell", id="all of all"),
        pytest.param(990, 1000, 0.975, "the target of 97.5% was met", id="a target in tenths"),
    ],
)
def test_a_target_is_met_or_missed_only_beyond_chance(within, offered, target, claim):
    row = {"answered_within": within, "offered": offered, "target_share": target}

    headline, *_ = headlines(levels=[row])
    sentence = headline.sentence

    assert claim in sentence
    assert headline.judged == JUDGED[claim.split()[-1]]
    assert f"101 calls: {within / offered:.1%} of {offered:,} were answered" in sentence
    assert len(re.findall(r"was met|was missed|too close", sentence)) == 1


@pytest.mark.parametrize(
    "months",
    [
        pytest.param([{}, {"month": NOVEMBER, "target_share": 0.8}], id="the target changed"),
        pytest.param([{}, {"month": NOVEMBER, "target_share": None}], id="a month without one"),
        pytest.param([{"target_share": None}], id="no target at all"),
    ],
)
def test_nothing_is_said_of_a_target_that_was_not_one_all_along(months):
    sentence = said(levels=months)

    assert "were answered within the standard." in sentence
    assert "target" not in sentence


def test_months_are_added_up_before_they_are_judged():
    months = [{}, {"month": NOVEMBER, "offered": 3000, "answered_within": 2910}]

    assert "95.2% of 4,000 were answered" in said(levels=months)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"answered_within": None}, id="contacts without a standard"),
        pytest.param({"offered": 0, "answered_within": 0}, id="nobody was offered"),
        pytest.param({"clock": "queue"}, id="the switch's own count"),
        pytest.param({"level": "queue"}, id="one queue of a line"),
        pytest.param({"level": "channel", "line": None}, id="all lines together"),
        pytest.param({"month": dt.date(2026, 9, 1)}, id="a month of another cycle"),
    ],
)
def test_what_is_no_headline_is_not_said(row):
    assert "answered" not in said(levels=[row])


@pytest.mark.parametrize(
    ("months", "sentence"),
    [
        pytest.param([{}], "25.0% of 1,000 contacts were digital.", id="one month"),
        pytest.param(
            [
                {},
                {"month": NOVEMBER, "contacts_on_all_channels": 3000, "digital_share": 0.45},
            ],
            "40.0% of 4,000 contacts were digital.",
            id="each month has its weight",
        ),
        pytest.param([{}, {"channel": "web_form"}], "25.0% of 1,000 contacts", id="two channels"),
    ],
)
def test_the_digital_share_is_of_all_contacts(months, sentence):
    assert sentence in said(shift=months)


def test_there_is_no_digital_share_of_an_incomplete_whole():
    assert "digital" not in said(shift=[{}, {"month": NOVEMBER, "digital_share": None}])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param({}, "No standard was missed.", id="none, and all is in"),
        pytest.param(
            {"months_in": [OCTOBER]},
            "No standard was missed in what has come in.",
            id="none, but months are not in",
        ),
        pytest.param(
            {"intake": [{}, {"feed": "social", "file": None}]},
            "No standard was missed in what has come in.",
            id="none, but a feed is missing",
        ),
        pytest.param({"breaches": [{}, {}]}, "Standards were missed 6 times.", id="several"),
        pytest.param({"breaches": [{"missed": 1}]}, "Standards were missed once.", id="one"),
        pytest.param(
            {"breaches": [{"missed": 1200}]},
            "Standards were missed 1,200 times. No explanation is owed to anybody.",
            id="none promised",
        ),
    ],
)
def test_what_was_missed_is_counted(given, sentence):
    assert sentence in said(**given)


def owed(notices, explained=0, explained_in_time=0, held=0, **cells):
    counts = {"explained": explained, "explained_in_time": explained_in_time, "held": held}
    return {"notices": notices, **counts, **cells}


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        pytest.param(
            [owed(1234, 1010, 950, 40)],
            "Of 1,234 explanations owed, 1,010 were given, 950 of them within the time promised; "
            "40 are held for review.",
            id="many",
        ),
        pytest.param(
            [owed(3, 2, 0, 1), owed(2, 2, 1, 0, month=NOVEMBER)],
            "Of 5 explanations owed, 4 were given, 1 of them within the time promised; "
            "1 is held for review.",
            id="two months",
        ),
        pytest.param(
            [owed(3, 3, 2), owed(3, 3, 2, level="kind", channel="social", clock="answer")],
            "Of 3 explanations owed, 3 were given, 2 of them within the time promised; "
            "none are held for review.",
            id="kinds are not added to all",
        ),
        pytest.param(
            [owed(2, 2)],
            "Of 2 explanations owed, 2 were given, none of them within the time promised; "
            "none are held for review.",
            id="all too late",
        ),
        pytest.param(
            [owed(1, 1, 1)],
            "Of 1 explanation owed, 1 was given, within the time promised; "
            "none are held for review.",
            id="one in time",
        ),
        pytest.param(
            [owed(2, 1, 0)],
            "Of 2 explanations owed, 1 was given, after the time promised; "
            "none are held for review.",
            id="one too late",
        ),
        pytest.param(
            [owed(2, held=2)],
            "Of 2 explanations owed, none were given; 2 are held for review.",
            id="nobody told",
        ),
        pytest.param([owed(0, withdrawn=3)], "No explanation is owed to anybody.", id="withdrawn"),
    ],
)
def test_what_became_of_explanations_is_counted(rows, sentence):
    assert sentence in said(breaches=[{}], owed=rows)


def test_where_nothing_was_missed_nothing_is_said_of_explanations():
    assert "xplanation" not in said()


def status(**given):
    whole = figures(**given)
    told = pack_headlines.table(pack_headlines.headlines(whole, NO_CHARTS))
    sections = dict(pack_words.cover(whole, 1, told, pack_words.PUBLIC).sections)
    return " ".join(sections["Status"])


def test_the_cover_says_which_months_are_not_in():
    assert "Not in yet: November 2026, December 2026." in status(months_in=[OCTOBER])
    assert "provisional" not in status()


def test_the_cover_says_which_feed_is_missing_in_which_month():
    gaps = [{}, {"feed": "web_forms", "file": None}, {"feed": "social", "file": None}]

    assert "Missing in October 2026: web forms, social." in status(intake=gaps)


def test_a_feed_of_a_month_that_is_not_in_is_not_missing_yet():
    gap = {"month": NOVEMBER, "file": None}

    assert "Missing" not in status(intake=[{}, gap], months_in=[OCTOBER])


def test_the_cover_gives_the_day_of_the_figures_as_london_has_it():
    assert "Figures as at 4 January 2027" in status()
    assert "The panel meets on 21 January 2027." in status()


def test_the_cover_says_what_the_figures_rest_on_less_than_they_seem_to():
    refused = ({"status": "refused"}, {"status": "refused"}, {"status": "late"})
    told = status(arrivals=refused, missing_hours=({}, {"hours": 1}))

    assert "Refused in October 2026: telephony. Figures rest on what came before, if any." in told
    assert "In October 2026 a system logged nothing for 5 hours: see the worksheet" in told
    assert "for 1 hour:" in status(missing_hours=({"hours": 1},))
    assert "Refused" not in status()
    assert "logged nothing" not in status()


LOST = {"abandoned": 10, "offered": 100, "lost": 4, "unknown": 1}


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        pytest.param(
            {},
            "10.0% of 100 gave up waiting; of them 4 were not heard of again within a day and "
            "1 cannot be followed.",
            id="some of each",
        ),
        pytest.param({"lost": 0, "unknown": 0}, "10.0% of 100 gave up waiting.", id="none missed"),
        pytest.param(
            {"lost": 0, "unknown": 10},
            "10.0% of 100 gave up waiting; of them 10 cannot be followed.",
            id="nobody can be followed",
        ),
    ],
)
def test_those_who_gave_up_are_told_with_what_became_of_them(cells, sentence):
    told = pack_headlines.headlines(pack_given.figures(abandonment=[LOST | cells]), NO_CHARTS)

    assert f"101 calls: {sentence}" in [headline.sentence for headline in told]


def test_a_headline_tells_whether_it_is_good_and_whether_it_is_chance():
    chart = {
        "measure": "abandoned_share",
        "subject": "101",
        "point_type": "special_cause_concern",
        "meaning": "Above what chance explains: a concern.",
    }
    told = pack_headlines.headlines(
        pack_given.figures(abandonment=[LOST]), pd.DataFrame([chart], columns=NO_CHARTS.columns)
    )

    (gave_up,) = [headline for headline in told if headline.about == "101 calls, gave up"]
    assert (gave_up.judged, gave_up.chance) == ("Worse", "Above what chance explains: a concern.")


def test_a_headline_that_is_hidden_is_counted_on_the_cover():
    table = pack_headlines.table(headlines(levels=[{}], shift=[{}]))
    table.rows.loc[0, "sentence"] = "[c]"
    (_, in_short), *_ = pack_words.cover(figures(), 1, table, pack_words.PUBLIC).sections

    assert "1 headline is not told here, because it would give away a small number." in in_short
    assert not [sentence for sentence in in_short if "101 calls" in sentence]


def test_each_edition_says_for_whom_it_is():
    table = pack_headlines.table([])
    said_of = {
        audience.name: dict(pack_words.cover(figures(), 1, table, audience).sections)
        for audience in (pack_words.PUBLIC, pack_words.RESTRICTED)
    }

    assert "Numbers below 5" in " ".join(map(str, said_of["public"]["How to read it"]))
    assert "not for publication" in " ".join(map(str, said_of["restricted"]["How to read it"]))
