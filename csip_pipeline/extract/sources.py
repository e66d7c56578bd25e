"""feeds.toml: which files each supplier sends and how to read them, checked when it is loaded."""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import pandas as pd

from csip_pipeline import calendars
from csip_pipeline.extract import declarations
from csip_pipeline.extract.feeds import Feed
from csip_pipeline.extract.formats.format import Format
from csip_pipeline.extract.phone_rules import phone_rule
from csip_pipeline.extract.registry import FEEDS, FORMATS
from csip_pipeline.extract.source_checks import (
    check_columns,
    check_dialect,
    check_files,
    check_lines,
    known,
    nearest,
)
from csip_pipeline.phones import DEFAULT_RULE, PhoneRule
from csip_pipeline.refusals import RefusedError

COMMON_KEYS = frozenset({"name", "feed", "format", "files", "extracted_at", "done_file", "due_day"})
STAMP = re.compile(r"(\d{8}T\d{4}(?:\d{2})?Z)")


@dataclass(frozen=True)
class Source:
    """One system that feeds us: which files are its own, and how they are written."""

    name: str
    feed: Feed
    format: Format
    files: str
    """A pattern under extracts/, such as telephony/queue_log_*.log."""
    extracted_at: dt.datetime | None = None
    """When the files were extracted, where neither their name nor their contents says so."""
    phones: PhoneRule = DEFAULT_RULE
    """Which telephone numbers are taken for somebody's."""
    cycles: Mapping[str, dt.date] = field(default_factory=dict)
    """The month in which each panel cycle ends, for a feed that is dated by its cycle."""
    done_file: str | None = None
    """The ending of the file that stands beside each of them once it is whole."""
    due_day: int = declarations.DUE_DAY
    """The day of the next month by which a month's files must have been made; 0: never due."""
    options: Mapping[str, object] = field(default_factory=dict)
    """What the format needs to know: encoding, delimiter, zone, columns..."""

    def text(self, key: str, default: str) -> str:
        """A text option, or its default."""
        return str(self.options.get(key, default))

    def texts(self, key: str) -> list[str]:
        """A list-of-texts option; empty where it is not given."""
        value = self.options.get(key, [])
        return [str(item) for item in value] if isinstance(value, list) else [str(value)]

    @property
    def columns(self) -> Mapping[str, Mapping[str, object]]:
        """The mapping of a mapped format: our column -> where its value comes from."""
        columns = self.options.get("columns", {})
        return columns if isinstance(columns, Mapping) else {}

    @property
    def assemble(self) -> str:
        """The query that turns what was read into the feed's rows."""
        is_mapped = self.format.feed is None
        return self.feed.assemble if is_mapped and self.feed.assemble else self.format.assemble

    @property
    def one_row_each(self) -> bool:
        """Whether each row read makes one row of the feed by itself."""
        return self.format.one_row_each and self.assemble == self.format.assemble

    def declared_at(self, file_name: str) -> dt.datetime | None:
        """When a file says it was extracted: its name, else feeds.toml."""
        return self.stamped_at(file_name) or self.extracted_at

    def stamped_at(self, file_name: str) -> dt.datetime | None:
        """When a file's name says it was extracted (20261101T0500Z), if it does."""
        stamp = STAMP.search(file_name)
        if stamp is None:
            return None
        layout = "%Y%m%dT%H%MZ" if len(stamp[1]) == len("20261101T0500Z") else "%Y%m%dT%H%M%SZ"
        try:
            return dt.datetime.strptime(stamp[1], layout).replace(tzinfo=dt.UTC)
        except ValueError:
            raise RefusedError(
                f"{file_name}: the stamp in its name is no moment. Correct the name: versions of a "
                "file are told apart by it."
            ) from None


def load(path: Path) -> list[Source]:
    """Every source of feeds.toml. Raises RefusedError that names the source, key and remedy."""
    if not path.exists():
        raise RefusedError(
            f"reference/{path.name} is missing. It says which files each supplier sends; copy "
            "the demo force's or an example from docs/examples and change it."
        )
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RefusedError(f"reference/{path.name} is not valid TOML: {error}") from None
    tables = given.get("source")
    if not isinstance(tables, list) or not tables:
        raise RefusedError(
            f"reference/{path.name} declares no [[source]]. docs/feeds.md shows how one is written."
        )
    phones = phone_rule(given.get("phones", {}))
    sources = [_source(table, number, phones) for number, table in enumerate(tables, start=1)]
    names = [source.name for source in sources]
    for name in names:
        if names.count(name) > 1:
            raise RefusedError(f'feeds.toml: two sources are called "{name}".')
    return [_with_cycles(source, path.parent / "panel_cycles.csv") for source in sources]


def _usually_due(feed: Feed) -> int:
    """Nothing is due of a feed that does not come monthly."""
    return declarations.DUE_DAY if feed.comes == "monthly" else 0


def _with_cycles(source: Source, path: Path) -> Source:
    """The source, told of the panel's cycles if its rows name one instead of a date."""
    if source.feed.dated_by != "cycle":
        return source
    cycles = {cycle.cycle: cycle.months[-1] for cycle in calendars.read_cycles(path)}
    return replace(source, cycles=cycles)


def as_table(sources: list[Source]) -> pd.DataFrame:
    """The sources as rows of reference.feeds: source, feed, comes, format, files, due_day."""
    columns = ["source", "feed", "comes", "format", "files", "due_day"]
    rows = [
        (one.name, one.feed.name, one.feed.comes, one.format.name, one.files, one.due_day)
        for one in sources
    ]
    return pd.DataFrame(rows, columns=columns)


def _source(table: Mapping[str, object], number: int, phones: PhoneRule) -> Source:
    name = str(table.get("name", f"number {number}"))
    for key in ("name", "feed", "format", "files"):
        if key not in table:
            raise RefusedError(f'feeds.toml, source "{name}": the key {key} is missing.')
    feed = FEEDS[known(str(table["feed"]), FEEDS, name, "feed")]
    form = FORMATS[known(str(table["format"]), FORMATS, name, "format")]
    if form.feed not in (None, feed.name):
        raise RefusedError(
            f'feeds.toml, source "{name}": the format {form.name} holds {form.feed}, '
            f"not {feed.name}."
        )
    for key in table:
        known(key, COMMON_KEYS | form.options, name, "key")
    options = {key: value for key, value in table.items() if key not in COMMON_KEYS}
    if unsaid := form.unsaid(options):
        raise RefusedError(f'feeds.toml, source "{name}": {form.name} needs {unsaid}.')
    check_dialect(options, name)
    check_lines(options, feed, name)
    zone = str(options.get("zone", "UTC"))
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        hint = nearest(zone, available_timezones()) or 'Write it as "Europe/London".'
        raise RefusedError(
            f'feeds.toml, source "{name}": no time zone is called {zone}. {hint}'
        ) from None
    check_files(str(table["files"]), name)
    declarations.check(options, name)
    check_columns(options.get("columns", {}), feed, name, needed="columns" in form.options)
    return Source(
        name=name,
        feed=feed,
        format=form,
        files=str(table["files"]),
        extracted_at=_moment(table.get("extracted_at"), name),
        phones=phones,
        done_file=declarations.check_done_file(table.get("done_file"), name),
        due_day=declarations.check_due_day(table.get("due_day", _usually_due(feed)), name),
        options=options,
    )


def _moment(value: object, name: str) -> dt.datetime | None:
    if value is None:
        return None
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        raise RefusedError(
            f'feeds.toml, source "{name}": extracted_at must be a moment with its offset, such as '
            "2026-11-01T06:00:00+00:00."
        )
    return value
