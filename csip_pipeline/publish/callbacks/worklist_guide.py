"""What a callback worklist is about, and what it tells the people who work through it."""

import datetime as dt
from dataclasses import dataclass

from csip_pipeline.publish.workbook_parts import Cover, Link

LIST = "Callbacks"

OUTCOMES = {
    "explained": "You reached the person and explained what happened.",
    "tried": "You tried and did not reach the person. Leave no message.",
    "unsafe": "Contact may put somebody at risk. Nobody tries again until it has been looked at.",
    "not_contactable": "The number or address does not work, or belongs to somebody else.",
}
"""What the team may answer, as it comes back in the feed callback_outcomes."""

BEFORE = (
    "Work from the contact centre, with the script for explanations open.",
    "Use only the force's own telephone and mailbox.",
    "Use only the number or address on the list. If it looks wrong, choose not_contactable.",
    "Priority 1 comes first, then the earliest 'Explain by'. A person's rows stand together.",
    "Where a safe time to call is given, call then and at no other time.",
)
SAFETY = (
    "Speak only to the person who contacted us.",
    "Until you know who it is, say neither that they did nor that you call from the police.",
    "Never leave details with another person or on voicemail.",
    "In any doubt that it is safe to talk, end the call politely and choose unsafe.",
    "Tell {ask} at once about every contact marked unsafe.",
)
FILLING_IN = (
    "Outcome: choose one of the four words below.",
    *(f"{outcome}: {meaning}" for outcome, meaning in OUTCOMES.items()),
    "Attempted at: the day and time of your attempt, such as 05/10/2026 14:30.",
    "By: your collar or staff number.",
)
AFTER = (
    "Save the workbook under its own name and give it back to the data team.",
    "Leave the codes as they are: a row that was moved or typed by hand is not taken in.",
    "Do not add, move, rename or delete columns. Rows that you leave empty stay to be done.",
    "This list holds personal data. Do not e-mail it, and shred what you print.",
)


@dataclass(frozen=True)
class Worklist:
    """What a list is about. Keep `title` neutral: others may see the paper or the screen.

    `month` is the month of the contacts in words ("September 2026"), where it is only one; `ask`
    is whom to tell when a call seems unsafe.
    """

    list_id: str
    newest_on: dt.date
    title: str = "Callback list"
    month: str = ""
    author: str = "Contact team"
    ask: str = "your supervisor"


def guide(about: Worklist, count: int) -> Cover:
    """The worksheet that the workbook opens with."""
    newest_on = f"{about.newest_on.day} {about.newest_on:%B %Y}"
    notices = "1 notice" if count == 1 else f"{count:,} notices"
    of_month = f" about {about.month}" if about.month else ""
    return Cover(
        about.title,
        f"List {about.list_id}: {notices}{of_month}, the newest contact on {newest_on}.",
        (
            ("Before you start", BEFORE),
            ("Keep people safe", tuple(text.format(ask=about.ask) for text in SAFETY)),
            ("Fill in three cells a row", (Link(LIST, "Go to the list of callbacks"), *FILLING_IN)),
            ("When you have finished", AFTER),
        ),
    )
