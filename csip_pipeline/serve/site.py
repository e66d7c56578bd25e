"""What a server process knows: one store for each zone that it serves, and none of another."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from csip_pipeline.serve.access_log import AccessLog
from csip_pipeline.serve.accounts import Accounts
from csip_pipeline.serve.callback_lists import CallbackLists
from csip_pipeline.serve.meetings import Meetings
from csip_pipeline.serve.peers import Peers
from csip_pipeline.serve.roles import Zone
from csip_pipeline.serve.sessions import Sessions
from csip_pipeline.serve.shelves import Shelf
from csip_pipeline.serve.throttle import Throttle
from csip_pipeline.serve.uploads import Intake

Store = TypeVar("Store")


@dataclass(frozen=True)
class Office:
    """Whose door it is, as reference/force.csv says."""

    force: str = "the police force"
    panel: str = "Customer Service Improvement Panel"
    name: str = "the Police and Crime Commissioner's office"
    contact: str = ""

    @property
    def called(self) -> str:
        """Its name within a sentence."""
        is_whole = self.name.casefold().startswith("the ")
        return self.name if is_whole else f"the {self.name}"

    @classmethod
    def read(cls, path: Path) -> "Office":
        """The office of the reference folder; words that fit any, where it does not say."""
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                row = next(iter(csv.DictReader(file)), {})
        except OSError:
            return cls()
        given = {
            "force": row.get("name"),
            "panel": row.get("panel"),
            "name": row.get("office"),
            "contact": row.get("contact"),
        }
        return cls(**{key: value for key, value in given.items() if value})


@dataclass(frozen=True)
class Site:
    """Everything that the pages are given. A zone that is not served has no store here."""

    zones: frozenset[Zone]
    office: Office
    accounts: Accounts
    sessions: Sessions
    throttle: Throttle
    log: AccessLog
    peers: Peers
    secret: bytes
    """What the tokens of forms are made with; another in every process."""
    public: Shelf | None = None
    restricted: Shelf | None = None
    meetings: Meetings | None = None
    scores: Intake | None = None
    lists: CallbackLists | None = None
    returned: Intake | None = None


def given(store: Store | None) -> Store:
    """A store that must be there: a route of a zone that is not served is not mounted."""
    if store is None:
        raise LookupError("This zone is not served.")
    return store
