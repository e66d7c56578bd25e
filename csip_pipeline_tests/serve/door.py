"""A data folder with packs, samples and lists in it, and a door to it that a test can knock at."""

import asyncio
import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from argon2 import PasswordHasher
from starlette.testclient import TestClient

from csip_pipeline import cli_check
from csip_pipeline.publish.edition_folders import listed
from csip_pipeline.publish.sampling.manifested import FRAME, FrameRow, frame_csv
from csip_pipeline.serve import app, opening
from csip_pipeline.serve.peers import Peers
from csip_pipeline.serve.roles import Role, Zone
from csip_pipeline.settings import Settings, project_root

PASSWORD = "three random words"  # noqa: S105 - of accounts that live as long as a test
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')
PAGE = (
    b'<!doctype html><html lang="en-GB"><head><title>Pack</title><style>main{max-width:60rem}'
    b"</style></head><body><main><h1>Pack</h1></main></body></html>"
)
REVISIONS = b"Worksheet,Row,Figure,Was,Is now\r\nAnswering,101,Contacts,1000,1012\r\n"
DRAWN, FROZEN = "2026-Q2", "2026-Q3"
LIST = "2026-10-1"
DICE = "16253 44152 63514 25361"


@dataclass
class Door:
    """The site of a folder, by a clock that a test sets."""

    data: Path
    peers: Peers = field(default_factory=Peers)
    zones: tuple[Zone, ...] = tuple(Zone)
    now: float = 1000.0

    def __post_init__(self):
        self.settings = Settings(data=self.data)
        self.site = opening.site(
            self.settings,
            self.settings.door,
            self.zones,
            self.peers,
            lambda path, feed: cli_check.check(self.settings, path, feed, None),
            ticks=lambda: self.now,
            hasher=QUICK,
        )
        self.app = app.build(self.site, ["localhost"])

    def add(self, name, *roles):
        """An account, unless there is one."""
        if self.site.accounts.find(name) is None:
            self.site.accounts.add(name, [Role(role) for role in roles], PASSWORD)

    def visitor(self, role=None, peer="127.0.0.1"):
        """Somebody's browser, signed in with the role unless it is None."""
        browser = Browser(self.app, peer)
        if role is not None:
            self.add(f"a.{role}", role)
            assert browser.sign_in(f"a.{role}").status_code == 303
        return browser

    def logged(self, *names):
        """The entries of the log, as the fields of these names."""
        return [tuple(entry[name] for name in names) for entry in self.site.log.read().entries]


class Browser(TestClient):
    """A browser without JavaScript: it fills in the forms that it is shown."""

    def __init__(self, app, peer="127.0.0.1"):
        """Somebody at that address."""
        super().__init__(
            app, base_url="http://localhost", follow_redirects=False, client=(peer, 50_000)
        )

    def fill_in(self, path, *, shown_at=None, files=None, **fields):
        """Open a page with a form, and send the form with these fields."""
        form = self.get(shown_at or path)
        (token, *_) = TOKEN.findall(form.text) or [""]
        return self.post(path, data={"token": token, **fields}, files=files)

    def sign_in(self, name, password=PASSWORD, **fields):
        """Sign in with a name."""
        return self.fill_in("/sign-in", name=name, password=password, **fields)


def as_sent(browser, address):
    """Status and text of the answer to an address as a hostile client sends it: not tidied up."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    path = unquote(address, errors="replace")
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": address.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"cookie", cookies.encode())],
        "client": ("127.0.0.1", 50_000),
        "server": ("localhost", 80),
    }
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    asyncio.run(browser.app(scope, receive, send))
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent).decode()


def data_folder(place):
    """A data folder: one cycle with a correction, one that was drawn, and two worklists."""
    here = Settings(data=place)
    shutil.copytree(project_root() / "data/reference", here.reference)
    _publish(here.published / "2026-Q2", "April to June 2026", "2026-04-01", editions=1)
    _publish(here.published / "2026-Q3", "July to September 2026", "2026-07-01", editions=2)
    _freeze(here.published / DRAWN)
    _freeze(here.published / FROZEN)
    here.worklists.mkdir(parents=True)
    for name in (LIST, "2026-09-2"):
        (here.worklists / f"callbacks_{name}.xlsx").write_bytes(b"PK\x03\x04 reaches somebody")
    return place


def files(stem, *, is_revised):
    """The files of an edition."""
    tables = {f"{stem}_tables/waits.csv": b"Line,Seconds\r\n101,42\r\n"}
    if is_revised:
        tables[f"{stem}_tables/revisions.csv"] = REVISIONS
    return {f"{stem}.xlsx": b"PK\x03\x04" + stem.encode(), f"{stem}.html": PAGE, **tables}


def _publish(folder, title, starts_on, *, editions):
    entries, kept = [], []
    for revision in range(1, editions + 1):
        suffix = f"_revision_{revision}" if revision > 1 else ""
        stem = f"panel_pack_{folder.name}{suffix}"
        public = files(stem, is_revised=revision > 1)
        restricted = files(f"restricted/{stem}_restricted", is_revised=revision > 1)
        _write(folder, public | restricted)
        told = {
            "published_at": f"2026-1{revision}-03T11:30:00+00:00",
            "as_at": "2026-10-01T05:00:00+00:00",
            "compared_with": [folder.name, revision - 1] if revision > 1 else None,
            "figures_changed": 12 if revision > 1 else 0,
            "conclusions_changed": 1 if revision > 1 else 0,
            "figures_hidden": 160,
        }
        entries.append({"revision": revision, "files": listed(public), **told})
        kept.append({"revision": revision, "files": listed(restricted)})
    about = {"cycle": folder.name, "title": title, "starts_on": starts_on}
    about |= {"ends_on": "2026-09-30", "meeting_on": "2026-10-22"}
    _write(folder, {"manifest.json": json.dumps({**about, "editions": entries}).encode()})
    restricted = json.dumps({**about, "editions": kept}).encode()
    _write(folder, {"restricted/manifest.json": restricted})


def _freeze(folder, calls=60):
    rows = [FrameRow(number, f"C{number:06}", "all") for number in range(1, calls + 1)]
    content = frame_csv(rows)
    _write(folder, {FRAME: content})
    ((about),) = listed({FRAME: content})
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["sample"] = {
        "frame": {
            "file": FRAME,
            "sha256": about["sha256"],
            "rows": calls,
            "strata": {"all": calls},
            "as_at": "2026-10-01T05:00:00+00:00",
            "eligible": "Every call to 101 that somebody answered.",
        }
    }
    _write(folder, {"manifest.json": json.dumps(manifest).encode()})


def _write(folder, contents):
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
