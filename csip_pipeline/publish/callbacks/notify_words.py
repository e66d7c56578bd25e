"""What a message of GOV.UK Notify says: neutral words, whoever may read them over a shoulder.

A template is written in Notify; only its placeholders are filled here. They never say the line,
the queue, why somebody was in touch, or who they are, and never hold a link or Markdown.
"""

import re

import pandas as pd

PLACEHOLDERS = ("what_happened", "promise", "notice_id")
"""A template may use any of these, as ((what_happened)), and no other."""

SOMETHING_HAPPENED = "We took longer than we should have to deal with your contact with us."
SOMETHING_PROMISED = "We aim to deal with everybody who contacts us within a set time."
LONGEST = 200
"""Characters. A text message may have 918 in all."""

YOU = (
    (re.compile(r"\bTheir\b"), "Your"),
    (re.compile(r"\btheir\b"), "your"),
    (re.compile(r"\bThey\b"), "You"),
    (re.compile(r"\bthe(?:y|m)\b"), "you"),
)
"""Staff are told of a person in the third person; the person is spoken to."""
NEUTRAL_WORDS = """
    a about after again an and answered answer are at back been before by call called calls chat
    chats contact contacts day days deal dealing dealt did e-mail e-mails first for form forms
    further get had has have hour hours in is it late least less long longer longest media message
    messages minute minutes more next not of on once one online or replied reply reached second
    seconds should social still take taken than that the then there through time times to telephone
    too took twice wait waited waiting was we web week weeks were when with within yet you your
"""
NEUTRAL = frozenset(NEUTRAL_WORDS.split())
"""All that a sentence of what happened may be made of, besides numbers."""
LINES = re.compile(r"\s+(?:to|on|by|via|with|through)\s+(?:101|999)\b")
TELLING = re.compile(
    r"\b(?:101|999|emergenc\w*|police|crim\w*|victim\w*|witness\w*|suspect\w*|offend\w*|abus\w*|"
    r"domestic|violen\w*|assault\w*|rape\w*|sexual\w*|stalk\w*|harass\w*|hate|missing|suicid\w*|"
    r"safeguard\w*|custody|fraud\w*|drug\w*|firearm\w*|child\w*)\b",
    re.IGNORECASE,
)
"""Words of a standard that would tell whoever reads the message what a contact was about."""
A_LINK = re.compile(r"://|\bwww\.|@|[^\s.]\.[a-z]{2,}", re.IGNORECASE)
"""What a mailbox or a telephone makes a link of."""
FOLDED = re.compile(r"[\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]+")
MARKDOWN = re.compile(r"[\[\](){}<>#*^_`~|\\=+@\"]+|!(?=\S)")
LIST_MARK = re.compile(r"^(?:[\W_]|\d+[.)]\s)+")


def placeholders(rows: pd.DataFrame) -> pd.DataFrame:
    """The text of each placeholder for the rows of a batch, with the same index.

    No cell is empty, longer than LONGEST, begins with other than a letter or digit, or has a line
    end in it. What is not known to be neutral gives way to a sentence that is.
    """
    said = {
        **dict.fromkeys(rows["why"].dropna().unique()),
        **dict.fromkeys(rows["promised"].dropna().unique()),
    }
    happened = {text: what_happened(text) for text in said}
    promised = {text: promise(text) for text in said}
    return pd.DataFrame(
        {
            "what_happened": rows["why"].map(happened).fillna(SOMETHING_HAPPENED),
            "promise": rows["promised"].map(promised).fillna(SOMETHING_PROMISED),
            "notice_id": rows["notice_id"],
        }
    ).astype("object")


def what_happened(why: str) -> str:
    """The reason that staff read ("Their telephone call waited ..."), said to the person."""
    text = why
    for pattern, word in YOU:
        text = pattern.sub(word, text)
    text = plain(text)
    words = re.findall(r"[^\s.,:;!?']+", text.lower())
    is_neutral = bool(words) and all(word in NEUTRAL or word.isdecimal() for word in words)
    return text if is_neutral and len(text) <= LONGEST else SOMETHING_HAPPENED


def promise(wording: str) -> str:
    """The standard's own wording, without the line: "within 10 minutes of your call"."""
    if A_LINK.search(FOLDED.sub(" ", wording)):  # before what makes it one is taken away
        return SOMETHING_PROMISED
    text = plain(LINES.sub("", wording))
    is_fit = text and len(text) <= LONGEST and not A_LINK.search(text) and not TELLING.search(text)
    return text if is_fit else SOMETHING_PROMISED


def plain(text: str) -> str:
    """Text as one line without Markdown, beginning with a letter or digit and a capital."""
    flat = MARKDOWN.sub("", FOLDED.sub(" ", text))
    flat = LIST_MARK.sub("", " ".join(flat.split()))
    return flat[:1].upper() + flat[1:]
