"""A panel that samples calls: what it is given, and a word for each thing that it does."""

import datetime as dt
import json
from dataclasses import dataclass

import given

from csip_pipeline import warehouse
from csip_pipeline.calendars import Cycle
from csip_pipeline.publish.sampling import drawing, freezing, loading, verifying
from csip_pipeline.settings import Settings

CYCLE = Cycle(
    "2026-Q1",
    "January to March 2026",
    dt.date(2026, 1, 1),
    dt.date(2026, 3, 31),
    dt.date(2026, 4, 23),
)
LAST_MONTH = dt.date(2026, 3, 1)
SEED = "35463115561121636246"
OTHER_SEED = "66666666666666666666"
QUEUES = {"crime": 24, "traffic": 13, "lost": 3}


@dataclass(frozen=True)
class Panel:
    """The panel of one cycle, its warehouse and its data folder."""

    con: warehouse.Connection
    here: Settings

    @property
    def folder(self):
        """What is published of the cycle."""
        return self.here.published / CYCLE.cycle

    @property
    def manifest(self):
        """What verification starts from."""
        return self.folder / "manifest.json"

    @property
    def told(self):
        """What the manifest tells of the sample."""
        return json.loads(self.manifest.read_text(encoding="utf-8"))["sample"]

    def calls(self, *rows):
        """Answered calls to 101, numbered in the order given."""
        ((known,),) = self.con.execute("select count(*) from harmonise.contacts").fetchall()
        numbered = enumerate(rows, start=known + 1)
        given.contacts(
            self.con, *({"contact_id": f"telephone:{number}", **row} for number, row in numbered)
        )

    def freeze(self, strata=None):
        """Freeze the frame."""
        return freezing.freeze(self.con, self.here, CYCLE, strata)

    def draw(self, seed=SEED, size=8, reserves=None):
        """Draw eight calls and five reserves."""
        return drawing.draw(self.here, CYCLE, seed, size, reserves)

    def withdraw(self, number, because="recording_missing"):
        """Take a call out whose recording is missing."""
        return drawing.withdraw(self.here, CYCLE, number, because)

    def target(self, *contacts, because="complaint"):
        """Choose calls of which somebody complained."""
        return drawing.target(self.here, CYCLE, list(contacts), because)

    def load(self):
        """The two tables as measure reads them, row by row."""
        loading.load_frame(self.con, self.here, [CYCLE], LAST_MONTH)
        loading.load_sample(self.con, self.here, [CYCLE], LAST_MONTH)
        return [
            warehouse.fetch(self.con, f"select * from {table} order by {order}")
            for table, order in ((loading.FRAME, "row_no"), (loading.SAMPLE, "sample_no"))
        ]

    def faults(self):
        """What anybody would find wrong with what is published."""
        return verifying.verify(self.manifest).faults

    def files(self):
        """Every file of the data folder, but for locks."""
        return {
            str(path.relative_to(self.here.data)): path.read_bytes()
            for path in self.here.data.rglob("*")
            if path.is_file() and path.suffix != ".lock"
        }


def panel_with(con, folder, *calls):
    """A panel whose months are all in, with these calls to draw from."""
    given.intake(con, *({"feed": "telephony", "month": month} for month in CYCLE.months))
    con.execute("delete from reference.force")
    con.execute("insert into reference.force values ('F', 'P', 'O', 'c@example.org', 2)")
    made = Panel(con, Settings(data=folder))
    made.calls(*calls)
    return made


def three_queues():
    """Forty calls that came to three queues."""
    return ({"queue": queue} for queue, calls in QUEUES.items() for _ in range(calls))
