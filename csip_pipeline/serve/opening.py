"""Open a site: its own folder, and for each zone that is served the one store that it needs."""

import datetime as dt
import secrets
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from argon2 import PasswordHasher

from csip_pipeline import calendars
from csip_pipeline.extract import sources
from csip_pipeline.serve.access_log import AccessLog
from csip_pipeline.serve.accounts import Accounts
from csip_pipeline.serve.callback_lists import CallbackLists
from csip_pipeline.serve.meetings import Meetings
from csip_pipeline.serve.peers import Peers
from csip_pipeline.serve.roles import Zone
from csip_pipeline.serve.sessions import Sessions
from csip_pipeline.serve.shelves import Shelf
from csip_pipeline.serve.site import Office, Site
from csip_pipeline.serve.throttle import Throttle
from csip_pipeline.serve.uploads import Intake, Report
from csip_pipeline.settings import Settings

ACCOUNTS, SCRATCH = "accounts.json", "scratch"
SCORES, OUTCOMES = "panel_scores", "callback_outcomes"
SECRET_BYTES = 32

Check = Callable[[Path, str], Report]


def accounts_of(folder: Path) -> Accounts:
    """The accounts that are kept in a door's own folder."""
    return Accounts(folder / ACCOUNTS)


def make_folder(folder: Path) -> Path:
    """Make a door's own folder, readable by its owner alone, and empty what was left half done."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    scratch = folder / SCRATCH
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    return scratch


def site(  # noqa: PLR0913 - what a test gives otherwise
    here: Settings,
    folder: Path,
    zones: Iterable[Zone],
    peers: Peers,
    check: Check,
    *,
    ticks: Callable[[], float] = time.monotonic,
    hasher: PasswordHasher | None = None,
) -> Site:
    """The site of a data folder. Stores of zones that are not served are never made."""
    served = frozenset(zones)
    scratch = make_folder(folder)

    def intake(zone: Zone, feed: str) -> Intake | None:
        if zone not in served:
            return None
        declared = sources.load(here.reference / "feeds.toml")
        patterns = tuple(one.files for one in declared if one.feed.name == feed)
        return Intake(feed, here.extracts / feed, scratch, patterns, check, _now)

    return Site(
        zones=served,
        office=Office.read(here.reference / "force.csv"),
        accounts=Accounts(folder / ACCOUNTS, hasher),
        sessions=Sessions(ticks),
        throttle=Throttle(ticks),
        log=AccessLog(folder, _now),
        peers=peers,
        secret=secrets.token_bytes(SECRET_BYTES),
        public=Shelf(here.published) if Zone.PUBLIC in served else None,
        restricted=Shelf(here.published, is_restricted=True) if Zone.OFFICE in served else None,
        meetings=_meetings(here) if Zone.MEETING in served else None,
        scores=intake(Zone.SCORES, SCORES),
        lists=CallbackLists(here.worklists) if Zone.CALLBACKS in served else None,
        returned=intake(Zone.CALLBACKS, OUTCOMES),
    )


def _meetings(here: Settings) -> Meetings:
    path = here.reference / "panel_cycles.csv"
    return Meetings(here.data, lambda: calendars.read_cycles(path))


def _now() -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC)
