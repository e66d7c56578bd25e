"""Conversations on social media: a question in public, and what may follow from it."""

from dataclasses import dataclass, field

from csip_pipeline.demo import clock
from csip_pipeline.demo.hours import Hours
from csip_pipeline.demo.social_words import ADDED, ANSWERED, ASKED, FORCE, SECOND_PART, phrase

TEAM = Hours(7, 23)
IS_ANSWERED, IN_TWO_PARTS, ADDS_MORE, ANSWERED_AGAIN = 0.92, 0.15, 0.45, 0.75
LONGEST_WORK = 100_000  # working seconds before an answer, at most
LONGEST_DAYS = 8  # so that no conversation lasts longer than this
MOST_POSTS = 6


@dataclass(slots=True)
class Post:
    """One public post."""

    post_id: int
    author: str
    at: int
    text: str
    parent: int | None = None
    replies: list["Post"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Chance:
    """What a conversation needs of chance."""

    first: int
    again: int
    adds: int
    numbers: tuple[float, float, float, float]
    words: int


def thread(first_id: int, at: int, author: str, chance: Chance) -> list[Post]:
    """A conversation in time order, of fewer than MOST_POSTS posts."""
    answered, parts, adds, again = chance.numbers
    posts = [Post(first_id, author, at, phrase(ASKED, chance.words).format(force=FORCE))]
    if answered >= IS_ANSWERED:
        return posts
    reply = _reply(posts, posts[0], _answered_at(at, chance.first), phrase(ANSWERED, chance.words))
    if parts < IN_TWO_PARTS:
        _reply(posts, posts[0], reply.at + 40, SECOND_PART)
    if adds < ADDS_MORE:
        added_at = reply.at + 60 + min(chance.adds, clock.DAY)
        added = _reply(posts, reply, added_at, phrase(ADDED, chance.words))
        if again < ANSWERED_AGAIN:
            said = phrase(ANSWERED, chance.words + 1)
            _reply(posts, added, _answered_at(added_at, chance.again), said)
    return posts


def _answered_at(at: int, work: int) -> int:
    return TEAM.after(at, min(work, LONGEST_WORK))


def _reply(posts: list[Post], parent: Post, at: int, text: str) -> Post:
    """Add a post by the other side to a conversation."""
    author = posts[0].author if parent.author == FORCE else FORCE
    said = text.format(force=FORCE, to=posts[0].author)
    post = Post(posts[0].post_id + len(posts), author, at, said, parent.post_id)
    parent.replies.append(post)
    posts.append(post)
    return post
