"""Files as they were delivered: find them, know them by their hash, keep a canonical copy.

A canonical copy is a folder under restricted/canonical named after the file's SHA-256 and after
how it was read, so that a file is read once, and read again when its mapping or reader changes.
"""

import datetime as dt
import fnmatch
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from csip_pipeline import warehouse
from csip_pipeline.extract.formats.format import Reading
from csip_pipeline.extract.sources import Source
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

UNFINISHED = (".part", ".partial", ".tmp", ".filepart", ".crdownload")


@dataclass(frozen=True)
class Delivery:
    """One delivered file that could be read."""

    source: Source
    path: Path
    sha256: str
    folder: Path
    """Its canonical copy: records.parquet, faults.parquet, file.json."""
    extracted_at: dt.datetime
    received: int
    months: dict[dt.date, int]
    """Rows received, by month. Rows whose month cannot be read count with the file's most
    frequent month, so that the months always sum to received."""
    home_month: dt.date

    def rows_in_no_cycle(self, month: dt.date, covered: set[dt.date]) -> int:
        """Rows whose own month no panel cycle covers: out of scope, counted once, in one month.

        That month is the file's most frequent one, or its first that a cycle covers.
        """
        inside = sorted(set(self.months) & covered)
        counted_in = self.home_month if self.home_month in inside else next(iter(inside), None)
        if month != counted_in:
            return 0
        return sum(rows for other, rows in self.months.items() if other not in covered)

    @property
    def records(self) -> Path:
        """Every row received, typed, with its disposition."""
        return self.folder / "records.parquet"

    @property
    def faults(self) -> Path:
        """What is wrong with the rows that could not be used."""
        return self.folder / "faults.parquet"


def find(settings: Settings, sources: list[Source]) -> list[tuple[Source, Path]]:
    """Every delivered file with the source whose pattern claims it, in name order.

    Raises RefusedError where two sources claim the same file.
    """
    found = []
    for path in delivered_files(settings):
        name = path.relative_to(settings.extracts).as_posix()
        claims = [source for source in sources if fnmatch.fnmatchcase(name, source.files)]
        if len(claims) > 1:
            told = " and ".join(f'"{source.name}"' for source in claims)
            raise RefusedError(
                f"{name} is claimed by the sources {told}. Narrow their files patterns in "
                "feeds.toml."
            )
        found += [(source, path) for source in claims]
    return found


def unclaimed(settings: Settings, sources: list[Source]) -> list[str]:
    """Delivered files that no source claims: probably a misspelt name or pattern."""
    return [
        name
        for path in delivered_files(settings)
        if not any(
            fnmatch.fnmatchcase(name := path.relative_to(settings.extracts).as_posix(), s.files)
            for s in sources
        )
    ]


def delivered_files(settings: Settings) -> Iterator[Path]:
    """Finished files under extracts/, in name order. Links, hidden and partial files are not."""
    for path in sorted(settings.extracts.rglob("*")):
        hidden = path.name.startswith((".", "~$"))
        if path.is_file() and not path.is_symlink() and not hidden:
            if path.suffix.casefold() not in UNFINISHED:
                yield path


def take_in(settings: Settings, source: Source, path: Path) -> Delivery:
    """The delivery of one file, reading it into its canonical copy if that was not done before.

    Raises RefusedError naming the file where it cannot be read at all.
    """
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    folder = settings.canonical / source.feed.name / f"{sha256[:24]}-{_fingerprint(source)}"
    if not (folder / "file.json").exists():
        settings.make_restricted()
        _write(source.format.read(path, source), folder, path.name)
    about = json.loads((folder / "file.json").read_text(encoding="utf-8"))
    declared = source.declared_at(path.name)
    extracted_at = declared or dt.datetime.fromisoformat(about["last_moment"])
    return Delivery(
        source=source,
        path=path,
        sha256=sha256,
        folder=folder,
        extracted_at=extracted_at.astimezone(dt.UTC),
        received=about["received"],
        months={dt.date.fromisoformat(month): rows for month, rows in about["months"].items()},
        home_month=dt.date.fromisoformat(about["home_month"]),
    )


def _write(reading: Reading, folder: Path, name: str) -> None:
    """Write a canonical copy beside its place, then move it there: half a copy is never seen."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as making:
        written = Path(making) / "copy"
        written.mkdir()
        about = _write_parquet(reading, written, name)
        (written / "file.json").write_text(json.dumps(about), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        written.rename(folder)


def _write_parquet(reading: Reading, folder: Path, name: str) -> dict[str, object]:
    with warehouse.connected(Path(":memory:")) as con:
        con.register("read_records", reading.records)
        con.register("read_faults", reading.faults)
        home = con.execute("select mode(month)::date from read_records").fetchone()
        if home is None or home[0] is None:
            raise RefusedError(
                f"{name}: no row has a date that can be read, so no month can take it in. Check "
                "the date format of its source in feeds.toml (csip check shows each row's fault)."
            )
        con.execute(
            "create table records as select * replace (coalesce(month::date, $home) as month) "
            "from read_records order by source_row",
            {"home": home[0]},
        )
        con.execute("create table faults as select * from read_faults order by source_row")
        for table in ("records", "faults"):
            con.execute(f"copy {table} to '{folder / table}.parquet' (compression zstd)")
        months = con.execute("select month, count(*) from records group by 1 order by 1").fetchall()
    if sum(rows for _, rows in months) != reading.received:
        raise RefusedError(
            f"{name}: {reading.received} rows were received but "
            f"{sum(rows for _, rows in months)} were accounted for. Nothing was taken in."
        )
    last = reading.last_moment
    return {
        "received": reading.received,
        "home_month": home[0].isoformat(),
        "last_moment": last.isoformat() if last is not None else None,
        "months": {month.isoformat(): rows for month, rows in months},
    }


def _fingerprint(source: Source) -> str:
    """Changes when the source's mapping or the code that reads files changes."""
    how = {
        "format": source.format.name,
        "feed": source.feed.name,
        "options": source.options,
        "reader": _reader(),
    }
    return hashlib.sha256(json.dumps(how, sort_keys=True, default=str).encode()).hexdigest()[:12]


@cache
def _reader() -> str:
    digest = hashlib.sha256()
    package = files("csip_pipeline")
    folders = (package / "extract", package / "extract" / "formats")
    code = [entry for folder in folders for entry in folder.iterdir() if entry.is_file()]
    for entry in sorted([*code, package / "calendars.py"], key=lambda file: file.name):
        digest.update(entry.read_bytes())
    return digest.hexdigest()
