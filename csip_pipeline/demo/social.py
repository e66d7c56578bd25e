"""The social media extract: the "Customer Support on Twitter" CSV, one row a public post."""

import datetime as dt
import time

import numpy as np

from csip_pipeline.demo import clock, draws, force, people
from csip_pipeline.demo.conversations import LONGEST_DAYS, MOST_POSTS, Chance, Post, thread
from csip_pipeline.demo.quoting import cell
from csip_pipeline.demo.social_words import ANNOUNCED, FORCE, phrase
from csip_pipeline.demo.world import World

HEADER = "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id"
REPLY, REPLY_SHORT_OF_STAFF = (1_800, 1.35), (3_000, 1.5)  # median working seconds and spread
ADDS = (1_500, 1.2)
ANNOUNCEMENTS_A_DAY = 1.4
ANNOUNCED_FROM, ANNOUNCED_UNTIL = 8, 20
IDS_A_DAY = 100_000


def rows(world: World, seen_until: int) -> list[str]:
    """A row for each post of the month, a conversation's last post first.

    The replies listed for a post are those made before the extract was, so that an answer given
    later is known only by what it answers.
    """
    days = clock.days_between(world.month - dt.timedelta(days=LONGEST_DAYS), world.days[-1])
    return [
        _row(post, seen_until)
        for day in days
        for posts in _threads_on(world, day)
        for post in reversed(posts)
        if world.starts_at <= post.at < world.ends_at
    ]


def _threads_on(world: World, day: dt.date) -> list[list[Post]]:
    """Conversations that begin on a day, and the Force's own announcements."""
    rng = world.rng("social", day)
    by_hour = force.online_by_hour(force.CONVERSATIONS_A_MONTH, day)
    moments = draws.arrivals(rng, day, [x * world.scale for x in by_hour])
    authors = map(people.social_id, world.people.pick(rng, len(moments)))
    ids = range(day.toordinal() * IDS_A_DAY, (day.toordinal() + 1) * IDS_A_DAY, MOST_POSTS)
    chances = _chances(rng, len(moments), day)
    threads = list(map(thread, ids, moments, authors, chances))
    hours = rng.integers(
        ANNOUNCED_FROM, ANNOUNCED_UNTIL, rng.poisson(ANNOUNCEMENTS_A_DAY * world.scale)
    )
    text = phrase(ANNOUNCED, day.toordinal())
    announced = zip(ids[len(moments) :], hours.tolist(), strict=False)
    return threads + [[Post(n, FORCE, clock.london(day, hour), text)] for n, hour in announced]


def _chances(rng: np.random.Generator, n: int, day: dt.date) -> list[Chance]:
    speed = REPLY_SHORT_OF_STAFF if force.is_short_of_staff(day) else REPLY
    columns = (
        draws.lognormal(rng, n, *speed, 60),
        draws.lognormal(rng, n, *REPLY, 60),
        draws.lognormal(rng, n, *ADDS, 30),
        rng.random((n, 4)).tolist(),
        rng.integers(0, 2**20, n).tolist(),
    )
    return [Chance(*chance) for chance in zip(*columns, strict=True)]


def _row(post: Post, seen_until: int) -> str:
    replies = ",".join(str(reply.post_id) for reply in post.replies if reply.at < seen_until)
    parent = "" if post.parent is None else f"{post.parent}.0"
    inbound = post.author != FORCE
    written = f"{post.post_id},{post.author},{inbound},{_moment(post.at)}"
    return f"{written},{cell(post.text)},{cell(replies)},{parent}"


def _moment(epoch: int) -> str:
    """A moment as in Tue Oct 31 22:10:47 +0000 2017, whatever the machine's language."""
    at = time.gmtime(epoch)
    weekday, month = clock.WEEKDAYS[at.tm_wday], clock.MONTHS[at.tm_mon - 1]
    return f"{weekday} {month} {at.tm_mday:02d} {time.strftime('%H:%M:%S', at)} +0000 {at.tm_year}"
