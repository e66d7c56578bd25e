"""The same arguments write the same bytes, however the work is shared out."""

import datetime as dt

import pytest

from csip_pipeline import demo
from csip_pipeline.demo import series
from csip_pipeline.refusals import RefusedError

LAST = dt.date(2025, 9, 17)
SCALE = 0.01


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}


@pytest.fixture(scope="module")
def three_months(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone")
    demo.make(folder, last=LAST, months=3, scale=SCALE, workers=0)
    return folder


def test_two_processes_write_what_one_does(three_months, tmp_path):
    demo.make(tmp_path, last=LAST, months=3, scale=SCALE, workers=2)

    assert contents(tmp_path) == contents(three_months)


def test_a_month_made_alone_is_the_same(three_months, tmp_path):
    series.make_month(tmp_path, series.SEED, SCALE, dt.date(2025, 8, 1))

    alone = contents(tmp_path)
    assert alone == {path: contents(three_months)[path] for path in alone}


def test_another_seed_is_another_force(three_months, tmp_path):
    series.make_month(tmp_path, series.SEED + 1, SCALE, dt.date(2025, 8, 1))

    assert not set(contents(tmp_path).values()) & set(contents(three_months).values())


def test_every_month_is_told_of_and_every_path_returned(tmp_path):
    told = []
    paths = demo.make(tmp_path, last=LAST, months=2, scale=SCALE, workers=0, on_month=told.append)

    assert told == [dt.date(2025, 8, 1), dt.date(2025, 9, 1)]
    assert paths == sorted(tmp_path.rglob("*.*"))


def test_files_are_named_after_their_month_and_their_making(three_months):
    september = {path.as_posix() for path in contents(three_months) if "2025-09" in path.name}

    assert september == {
        "social/twcs_2025-09_20251001T0500Z.csv",
        "telephony/999_2025-09_20251001T0500Z.tsv",
        "telephony/queue_log_2025-09_20251001T0500Z.log",
        "web_chats/ticket_chat_event_2025-09_20251001T0500Z.csv",
        "web_forms/forms_2025-09_20251004T0500Z.csv",
        "web_sessions/sessions_2025-09_20251001T0500Z.csv",
    }


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"months": 14}, id="before the force began"),
        pytest.param({"months": 0}, id="no month"),
        pytest.param({"scale": 0.0}, id="no size"),
    ],
)
def test_a_force_that_cannot_be_is_refused(asked, tmp_path):
    with pytest.raises(RefusedError, match="September 2024"):
        demo.make(tmp_path, last=LAST, **asked)
