"""Sources, rows and months that the tests of extract share."""

import datetime as dt

OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)
CALLS = """
[[source]]
name = "control room"
feed = "telephony"
format = "delimited"
files = "telephony/calls*"
zone = "Europe/London"
in_time_order = true

[source.columns]
call_id = { column = "Ref" }
line = { value = "999" }
queue = { column = "Queue" }
arrived_at = { column = "Start", datetime = "%d/%m/%Y %H:%M:%S" }
outcome = { column = "Result", values = { Yes = "answered", No = "abandoned" }, ignore = ["Test"] }
wait_seconds = { column = "Ring", duration = "h:mm:ss" }
talk_seconds = { column = "Talk", duration = "seconds" }
caller_number = { column = "CLI", empty = ["-"] }
handler_id = { column = "Operator" }
"""
HEADER = "Ref,Queue,Start,Result,Ring,Talk,CLI,Operator"
FORMS = """
[[source]]
name = "website"
feed = "web_forms"
format = "delimited"
files = "web_forms/forms*"
zone = "Europe/London"

[source.columns]
form_id = { column = "Id" }
service = { column = "Service" }
submitted_at = { column = "Sent", datetime = "%Y-%m-%d %H:%M" }
first_response_at = { column = "Answered", datetime = "%Y-%m-%d %H:%M" }
target_at = { column = "Due", datetime = "%Y-%m-%d %H:%M" }
email = { column = "Email" }
phone = { column = "Phone" }
"""
EXCHANGE = """
[[source]]
name = "exchange"
feed = "telephony"
format = "asterisk_queue_log"
files = "telephony/queue_log*"
wrap_code_event = "WRAPCODE"
ignore_events = ["SURVEY"]
lines = { switchboard = "101" }
"""
SOCIAL = """
[[source]]
name = "posts"
feed = "social"
format = "customer_support_on_twitter"
files = "social/twcs*"
"""
CHATS = """
[[source]]
name = "chat"
feed = "web_chats"
format = "zendesk_chat"
files = "web_chats/*.csv"
"""
SESSIONS = """
[[source]]
name = "analytics"
feed = "web_sessions"
format = "delimited"
files = "web_sessions/*"

[source.columns]
on_date = { column = "Date", datetime = "%d/%m/%Y" }
service = { column = "Service" }
visits = { column = "Visits" }
form_starts = { column = "Started" }
form_completions = { column = "Sent" }
signposted_away = { column = "Elsewhere" }
"""
SESSION_HEADER = "Date,Service,Visits,Started,Sent,Elsewhere"
OUTCOMES = """
[[source]]
name = "contact team"
feed = "callback_outcomes"
format = "delimited"
files = "callback_outcomes/*.csv"
zone = "Europe/London"

[source.columns]
notice_id = { column = "Notice" }
attempted_at = { column = "Attempted", datetime = "%Y-%m-%d %H:%M" }
outcome = { column = "Outcome", ignore = [""] }
by = { column = "By" }
"""
OUTCOME_HEADER = "Notice,Attempted,Outcome,By"
SCORES = """
[[source]]
name = "panel"
feed = "panel_scores"
format = "delimited"
files = "panel_scores/*"

[source.columns]
cycle = { column = "Cycle" }
sample_no = { column = "Call" }
scorer = { column = "Panellist" }
item = { column = "Criterion", values = { Tone = "tone", "Right agency" = "right_agency" } }


[source.columns.score]
column = "Score"
values = { Good = "good", No = "no", "N/A" = "not_applicable" }
ignore = [""]
"""
SCORE_HEADER = "Cycle,Call,Panellist,Criterion,Score"
CYCLES = """\
cycle,title,starts_on,ends_on,meeting_on
autumn,September and October 2026,2026-09-01,2026-10-31,2026-11-20
winter,November 2026,2026-11-01,2026-11-30,2026-12-11
"""


def call(ref: str, start: str = "05/10/2026 09:00:00", **cells: str) -> str:
    """A row of the control room's CSV: answered after 5 s, ended after a minute."""
    usual = {"queue": "999", "result": "Yes", "ring": "0:00:05", "talk": "60"}
    usual |= {"cli": "07700 900123", "operator": "OP1"} | cells
    return ",".join([ref, usual.pop("queue"), start, *usual.values()])


def post(number: int, sent: str, reply_to: str = "", answered_by: str = "", **cells: str) -> str:
    """A row of the Twitter CSV, from the public unless `inbound` is False."""
    usual = {"author": "115712", "inbound": "True", "text": "Hello"} | cells
    moment = dt.datetime.fromisoformat(sent).strftime("%a %b %d %H:%M:%S +0000 %Y")
    texts = (str(number), usual["author"], usual["inbound"], moment, usual["text"])
    return ",".join((*texts, answered_by, reply_to))


POSTS = "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id"
FORM_HEADER = "Id,Service,Sent,Answered,Due,Email,Phone"
CHAT_HEADER = "chat_id,created_at,actor_id,chat_index,message,type"
