"""The website chat's extract: Zendesk chat events, as they come from its warehouse connector."""

import json
import time
from dataclasses import dataclass
from itertools import accumulate

from csip_pipeline.demo import chat_words, clock, draws, force, people
from csip_pipeline.demo.online import Wish
from csip_pipeline.demo.quoting import cell
from csip_pipeline.demo.world import World

HEADER = (
    "chat_id,created_at,_fivetran_synced,actor_id,chat_index,external_message_id,filename,"
    "is_history_context,message,message_id,message_source,mime_type,original_message,"
    "original_message_type,parent_message_id,reason,size,status,status_updated_at,type,url"
)
AGENTS = 14
FIRST_AGENT = 403_959_000_000
JOINS_AFTER, JOINS_AFTER_SHORT_OF_STAFF = (26, 0.9), (44, 0.9)  # median seconds and spread
PATIENCE = (95, 0.8)
GAP = (42, 0.7)
TURNS = 12  # at most
BARE_AGENT = 0.15  # of an agent's messages carry the number without "agent:"


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat with its chance."""

    wish: Wish
    chat_id: str
    joins_after: int
    patience: int
    gaps: list[int]
    rounds: int
    agent: int
    words: int


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a chat. A text said by the bot also stands in original_message."""

    after: int
    actor: str
    kind: str
    message: str = ""
    reason: str = ""


def rows(world: World) -> list[str]:
    """A row for each event of the month's chats, chat by chat, the chats in no order of time."""
    synced = f"{_moment(world.ends_at)}.764000"
    chats = sorted(_chats(world), key=lambda chat: chat.chat_id)
    return [
        _row(chat, index, event, synced)
        for chat in chats
        for index, event in enumerate(_events(chat))
    ]


def _chats(world: World) -> list[Chat]:
    rng, n = world.rng("chats file"), len(world.chats)
    ids = [f"4323.953441.T{number:013x}" for number in rng.integers(2**48, 2**52, n).tolist()]
    usual = draws.lognormal(rng, n, *JOINS_AFTER, 3)
    slow = draws.lognormal(rng, n, *JOINS_AFTER_SHORT_OF_STAFF, 3)
    short = [force.is_short_of_staff(clock.london_day(wish.at)) for wish in world.chats]
    gaps = draws.lognormal(rng, n * TURNS, *GAP, 4)
    columns = (
        [
            late if is_short else soon
            for soon, late, is_short in zip(usual, slow, short, strict=True)
        ],
        draws.lognormal(rng, n, *PATIENCE, 8),
        [gaps[first : first + TURNS] for first in range(0, n * TURNS, TURNS)],
        rng.integers(1, TURNS // 2, n).tolist(),
        (FIRST_AGENT + rng.integers(1, AGENTS, n, endpoint=True)).tolist(),
        rng.integers(0, 2**20, n).tolist(),
    )
    return [Chat(*chat) for chat in zip(world.chats, ids, *columns, strict=True)]


def _events(chat: Chat) -> list[Event]:
    visitor = people.visitor_id(chat.wish.resident)
    opening = [
        Event(0, visitor, "ChatJoin"),
        Event(2, "__trigger", "ChatMessage", chat_words.GREETING),
        Event(5, visitor, "ChatMessage", chat_words.question(chat.words)),
        Event(6, "__system", "ChatDepartmentTransfer", chat_words.PLEASE_WAIT),
    ]
    if chat.wish.gives_up:
        return [*opening, Event(chat.patience + 6, visitor, "ChatLeave", reason="disconnect_user")]
    return opening + _talk(chat, visitor)


def _talk(chat: Chat, visitor: str) -> list[Event]:
    """From the agent's joining to the end, turn by turn."""
    joined, agent = chat.joins_after + 6, f"agent:{chat.agent}"
    moments = [joined + gap for gap in accumulate(chat.gaps)]
    events = [Event(joined, agent, "ChatJoin")]
    for turn in range(2 * chat.rounds):
        is_agent = turn % 2 == 0
        bare = (chat.words + turn * 37) % 100 < BARE_AGENT * 100
        who = (str(chat.agent) if bare else agent) if is_agent else visitor
        said = chat_words.said(chat.words + turn, by_agent=is_agent)
        events.append(Event(moments[turn], who, "ChatMessage", said))
    events.append(Event(moments[2 * chat.rounds], visitor, "ChatLeave", reason="disconnect_user"))
    return events


def _row(chat: Chat, index: int, event: Event, synced: str) -> str:
    at = chat.wish.at + event.after
    created = f"{_moment(at)}.{(chat.words + 131 * index) % 1000:03d}000"
    original = _original(event.message) if event.actor.startswith("__") else ""
    return (
        f"{chat.chat_id},{created},{synced},{event.actor},{index},,,,{cell(event.message)},,,,"
        f"{original},,,{event.reason},,,,{event.kind},"
    )


def _original(message: str) -> str:
    said = {
        "author": {"display_name": "Demo Force", "type": "BUSINESS"},
        "content": {"text": {"text": message}},
        "source": {"type": "zd:answerBot"},
    }
    return cell(json.dumps(said, separators=(",", ":")))


def _moment(epoch: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(epoch))
