"""Every worked example is a whole reference folder, and reads an extract laid out like its own."""

import datetime as dt
import gzip
import shutil

import openpyxl
import pytest

from csip_pipeline import calendars, cli_check
from csip_pipeline.extract import deliveries, sources
from csip_pipeline.reference import tables
from csip_pipeline.settings import Settings, project_root

EXAMPLES = project_root() / "docs" / "examples"
FOLDERS = sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())
BANK = """\
vru+line\tcall_id\ttype\tdate\tvru_exit\tq_time\toutcome\tser_time\tserver
AA01\t1\tPS\t990201\t7:02:56\t0\tAGENT\t166\tDANA
AA01\t2\tPS\t990201\t23:59:50\t61\tHANG\t0\tNO_SERVER
AA01\t3\tNW\t990228\t23:59:50\t27\tAGENT\t67\tNO_SERVER
AA01\t4\tNW\t990228\t9:00:00\t0\tPHANTOM\t0\tNO_SERVER
"""
QUEUE_LOG = """\
1795473825|NONE|NONE|NONE|QUEUESTART|
1795473833|1795473833.1|switchboard_101|NONE|ENTERQUEUE||07700900001|1
1795473835|1795473833.1|switchboard_101|Agent3|CONNECT|2|1795473833.2|1
1795473839|1795473833.1|switchboard_101|Agent3|COMPLETEAGENT|2|4|1
1795473840|1795473840.9|crime_recording|NONE|ENTERQUEUE||07700900002|1
1795473860|1795473840.9|crime_recording|NONE|EXITWITHTIMEOUT|1|1|20
"""
BOSTON = """\
CASE_ENQUIRY_ID,OPEN_DT,TARGET_DT,CLOSED_DT,TYPE,Source
1,01/31/2015 10:40:41 PM,,02/06/2015 01:46:56 PM,Street light,Constituent Call
2,03/30/2015 12:40:41 PM,04/09/2015 12:40:41 PM,,Street light,Twitter
3,03/30/2015 12:40:41 PM,04/09/2015 12:40:41 PM,,Street light,Employee Generated
"""
MEASURES = ("Speed of answer in seconds", "AvgTalkDuration")
TWITTER = """\
tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id
1,100,True,Tue Oct 31 22:10:47 +0000 2017,"Where is
my train?",2,
2,railway,False,Wed Nov 01 09:00:00 +0000 2017,Here.,,1.0
"""
CDR = (
    '"","07700900295","07700900295","callers","<07700900295>","Local/1;2","Local/a1;1","Queue",'
    '"switchboard_101,n,,,60","2026-11-23 22:44:00","2026-11-23 22:44:01","2026-11-23 22:44:04",'
    '4,3,"ANSWERED","DOCUMENTATION","1795473840.9"\n'
    '"","07700900295","a1","agents","<07700900295>","Local/a1;2","","Hangup","",'
    '"2026-11-23 22:44:00","2026-11-23 22:44:01","2026-11-23 22:44:04",'
    '4,3,"ANSWERED","DOCUMENTATION","1795473840.11"\n'
)
VISITS = """\
date;country;browser;operating_system;sessions;users
2019-10-31;Andorra;Firefox;Linux;1;1
2019-10-31;Andorra;Chrome;Linux;2;2
2019-11-01;Andorra;Chrome;Linux;3;2
"""


def workbook(path):
    nine, talk = dt.time(9, 12, 58), dt.time(0, 2, 23)
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Call center data"
    page.append([*("Call Id", "Agent", "Date", "Time", "Topic"), "Answered (Y/N)", *MEASURES])
    page.append(["ID1", "Dana", "2021-01-01", nine, "Streaming", "Y", 109, talk])
    page.append(["ID2", "Dana", "2021-03-31", nine, "Streaming", "N", None, None])
    book.save(path)


def text(content):
    return lambda path: path.write_text(content, encoding="utf-8")


def zipped(content):
    return lambda path: path.write_bytes(gzip.compress(content.encode()))


@pytest.mark.parametrize("name", FOLDERS)
def test_every_reference_table_of_an_example_keeps_its_promise(con, name):
    folder = EXAMPLES / name

    rows = {table: tables.load(con, folder, table) for table in tables.TABLES}

    assert rows["force"] == 1
    assert rows["service_standards"] > 0
    assert sources.load(folder / "feeds.toml")


@pytest.mark.parametrize(
    ("name", "file", "write", "months"),
    [
        ("anonymous_bank", "telephony/february.txt", text(BANK), {"1999-02": 4}),
        ("asterisk_queue_log", "telephony/queue_log", text(QUEUE_LOG), {"2026-11": 6}),
        (
            "boston_311",
            "web_forms/boston311_2015_h1.csv.gz",
            zipped(BOSTON),
            {"2015-02": 1, "2015-03": 2},
        ),
        (
            "customer_support_on_twitter",
            "social/twcs_head.csv",
            text(TWITTER),
            {"2017-10": 1, "2017-11": 1},
        ),
        ("call_centre_workbook", "telephony/calls.xlsx", workbook, {"2021-01": 1, "2021-03": 1}),
        ("asterisk_cdr", "telephony/cdr_master.csv", text(CDR), {"2026-11": 2}),
        (
            "website_visits",
            "web_sessions/google-analytics.csv.gz",
            zipped(VISITS),
            {"2019-10": 2, "2019-11": 1},
        ),
    ],
    ids=["bank", "asterisk", "boston", "twitter", "workbook", "cdr", "visits"],
)
def test_an_extract_laid_out_like_its_own_is_claimed_read_and_covered(
    tmp_path, name, file, write, months
):
    here = Settings(data=tmp_path)
    shutil.copytree(EXAMPLES / name, here.reference)
    dropped = here.extracts / file
    dropped.parent.mkdir(parents=True)
    write(dropped)

    report = cli_check.check(here, dropped, dropped.parent.name, None)

    assert report.faults == []
    assert report.months == months
    assert deliveries.unclaimed(here, sources.load(here.reference / "feeds.toml")) == []
    cycles = calendars.read_cycles(here.reference / "panel_cycles.csv")
    assert set(months) <= {f"{month:%Y-%m}" for cycle in cycles for month in cycle.months}
