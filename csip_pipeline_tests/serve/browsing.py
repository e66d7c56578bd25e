"""A real browser at a real server: pages in every state that a role can bring them to."""

import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass

import door as given
import sheets
import uvicorn

from csip_pipeline.serve import app

SCORES = [(number, "Tone", "Good") for number in range(1, 9)]
FAULTS = [*SCORES, (9, "Tone", "Splendid"), (0, "Necessary", "Yes")]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@contextmanager
def served(door):
    """The address of a server of the door."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(
        app.build(door.site, ["127.0.0.1"]), port=port, log_level="warning", proxy_headers=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


def sign_in(page, door, address, role):
    """Sign in as a person would."""
    if role is None:
        return
    door.add(f"a.{role}", role)
    page.goto(f"{address}/sign-in")
    page.get_by_label("Name of your account").fill(f"a.{role}")
    page.get_by_label("Password", exact=True).fill(given.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()


@dataclass(frozen=True)
class State:
    """A page as a role can bring it about."""

    name: str
    role: str | None
    path: str
    then: object = None
    """What is done on the page before it is looked at."""


def _wrong_password(page):
    page.get_by_label("Name of your account").fill("nobody at all")
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def _wrong_passwords(page):
    for _ in range(4):
        _wrong_password(page)


def _all_open(page):
    for summary in page.locator("summary").all():
        summary.click()


def _dice(page, seed=given.DICE, size="8"):
    page.get_by_label("What the dice showed").fill(seed)
    page.get_by_label("How many calls the panel hears").fill(size)
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("Check the dice").or_(page.get_by_text("There is a problem")).wait_for()


def _few_dice(page):
    _dice(page, "1 2 3", "none")


def _upload(page, content):
    sent = {"name": "scores.xlsx", "mimeType": WORKBOOK, "buffer": content}
    page.get_by_label("Choose a file").set_input_files(sent)
    page.get_by_role("button", name="Upload and check").click()


def _good_scores(page):
    _upload(page, sheets.scores(*SCORES))
    page.get_by_text("Taken in").wait_for()


def _bad_scores(page):
    _upload(page, sheets.scores(*FAULTS))
    page.get_by_text("What to mend", exact=True).wait_for()


def _no_file(page):
    page.get_by_role("button", name="Upload and check").click()


def _empty_password(page):
    page.get_by_role("button", name="Change the password").click()


STATES = [
    State("sign in", None, "/sign-in"),
    State("sign in, wrong", None, "/sign-in", _wrong_password),
    State("sign in, slowed", None, "/sign-in", _wrong_passwords),
    State("help", None, "/help"),
    State("not found", None, "/no-such-page"),
    State("first page", "reader", "/"),
    State("first page of the office", "office", "/"),
    State("cycle", "reader", "/cycles/2026-Q3"),
    State("cycle, all open", "office", "/cycles/2026-Q3", _all_open),
    State("samples", "office", "/sample"),
    State("sample, drawn", "office", f"/sample/{given.DRAWN}"),
    State("sample, frozen", "chair", f"/sample/{given.FROZEN}"),
    State("sample, few dice", "chair", f"/sample/{given.FROZEN}", _few_dice),
    State("sample, check", "chair", f"/sample/{given.FROZEN}", _dice),
    State("scores", "panellist", "/upload/scores"),
    State("scores, no file", "panellist", "/upload/scores", _no_file),
    State("scores, taken in", "panellist", "/upload/scores", _good_scores),
    State("scores, faults", "panellist", "/upload/scores", _bad_scores),
    State("first page of the team", "contact_team", "/"),
    State("callback lists", "contact_team", "/callbacks"),
    State("give a list back", "contact_team", "/upload/callbacks"),
    State("log", "administrator", "/log"),
    State("accounts", "administrator", "/accounts"),
    State("password", "reader", "/password"),
    State("password, wrong", "reader", "/password", _empty_password),
]


def show(page, door, address, state):
    """Bring a page of a browser that is signed in to a state."""
    door.now += 3600 if state.role is None else 1  # whoever was slowed may try again
    page.goto(f"{address}{state.path}")
    if state.then is not None:
        state.then(page)
    page.locator("h1").wait_for()
