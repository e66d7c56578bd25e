"""Run the worked examples on their real extracts, and compare with counts made another way.

    python tools/check_examples.py EXTRACTS_FOLDER

EXTRACTS_FOLDER holds one folder an extract (the names are in EXAMPLES). They are not part of the
project: docs/examples/README.md says what each is. Exits with 1 where any figure disagrees.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
from example_counts import Figures, asterisk, bank, boston, twitter, workbook

from csip_pipeline.settings import Settings, environment, project_root

CONFIGURATION = project_root() / "docs" / "examples"


@dataclass(frozen=True)
class Example:
    """A worked example: its configuration, its real extract, and what should come of it."""

    name: str
    extract: str
    feed: str
    cycles: tuple[str, ...]
    expected: Callable[[Path], Figures]
    found: str
    """A query on the warehouse, of columns what and figure."""


EXAMPLES = (
    Example(
        "anonymous_bank",
        "telephony_anonymous_bank_1999_02/data_anonymous_bank_february.txt",
        "telephony",
        ("1999-02",),
        bank,
        """
        select outcome as what, count(*) as figure from harmonise.contacts group by 1
        union all select 'out of scope', sum(out_of_scope) from extract.intake
        union all select 'wait of ' || source_row, wait_seconds from extract.telephony
        union all select 'talk of ' || source_row, talk_seconds from extract.telephony
        union all
        select 'length of ' || source_row, epoch(ended_at) - epoch(queued_at)
        from extract.telephony where outcome = 'answered'
        union all
        select 'answered within ' || s.within, count(*)
        from harmonise.contacts, (values (20), (30), (60), (90)) as s (within)
        where outcome = 'answered' and wait_seconds <= s.within group by 1
        """,
    ),
    Example(
        "asterisk_queue_log",
        "telephony_asterisk_queue_log/queue_log",
        "telephony",
        ("2026-11",),
        asterisk,
        """
        unpivot (
            select
                queue, answered::double as answered, abandoned::double as abandoned,
                round(100 * service_level_answered_only, 1) as SL,
                round(100 * service_level_crediting_early_abandons, 1) as SL2
            from measure.service_levels where clock = 'queue' and level = 'queue'
        ) on answered, abandoned, SL, SL2 into name what value figure
        """,
    ),
    Example(
        "boston_311",
        "multi_channel_311_boston_2015_h1/boston311_2015_h1.csv.gz",
        "web_forms",
        ("2015-Q1", "2015-Q2"),
        boston,
        """
        select 'late ' || split_part(contact_id, ':', 2) as what, (status = 'missed')::int as figure
        from measure.response_times where status != 'excluded'
        union all select 'not judged', count(*) from measure.response_times where status = 'excluded'
        union all select channel, count(*) from harmonise.contacts group by 1
        """,
    ),
    Example(
        "customer_support_on_twitter",
        "social_customer_support_twitter/twcs_head.csv",
        "social",
        ("2017-Q3", "2017-Q4"),
        twitter,
        """
        select 'contacts' as what, count(*) as figure from harmonise.contacts
        union all select 'answered', count(responded_at) from harmonise.contacts
        union all
        select 'first response to ' || split_part(contact_id, ':', 3), clock_seconds
        from measure.response_times where clock_seconds is not null
        """,
    ),
    Example(
        "call_centre_workbook",
        "telephony_call_centre_xlsx/Call-Center-Dataset.xlsx",
        "telephony",
        ("2021-Q1",),
        workbook,
        """
        select outcome as what, count(*) as figure from harmonise.contacts group by 1
        union all
        select 'within 60', sum(answered_within) from measure.service_levels
        where clock = 'end_to_end' and level = 'channel'
        union all
        select 'mean wait', round(avg(wait_seconds), 5) from harmonise.contacts
        where outcome = 'answered'
        """,
    ),
)


def main(extracts: Path) -> int:
    """Check every example whose extract is there; return 1 where any figure disagrees."""
    wrong = 0
    for example in EXAMPLES:
        extract = extracts / example.extract
        if not extract.exists():
            print(f"{example.name}: {example.extract} is not there, so it was not checked")
            continue
        with tempfile.TemporaryDirectory() as folder:
            here = _run(example, extract, Path(folder))
            found = _figures(here, example.found)
        expected = example.expected(extract)
        differing = list(_differing(expected, found))
        wrong += len(differing)
        verdict = "all agree" if not differing else f"{len(differing):,} DISAGREE"
        print(f"{example.name}: {len(expected):,} figures compared, {verdict}")
        for what in differing[:10]:
            print(f"  {what}: expected {expected.get(what)}, found {found.get(what)}")
        for what in list(expected)[:8]:
            print(f"    {what}: {expected[what]:,}")
    return 1 if wrong else 0


def _run(example: Example, extract: Path, data: Path) -> Settings:
    """Run an example as its user would: from the extract to every cycle's pack."""
    shutil.copytree(CONFIGURATION / example.name, data / "reference")
    dropped = data / "extracts" / example.feed
    dropped.mkdir(parents=True)
    shutil.copy(extract, dropped)
    here = Settings(data=data)
    for verb in (["run"], *(["pack", "--cycle", cycle] for cycle in example.cycles)):
        command = [sys.executable, "-m", "csip_pipeline.cli", *verb]
        subprocess.run(command, env=environment(here), check=True, stdout=subprocess.DEVNULL)
    return here


def _figures(here: Settings, query: str) -> Figures:
    with duckdb.connect(str(here.warehouse), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        rows = con.execute(f"from ({query})").fetchall()
    return {
        " ".join(str(part) for part in what): None if figure is None else float(figure)
        for *what, figure in rows
    }


def _differing(expected: Figures, found: Figures) -> Iterator[str]:
    for what in sorted(expected.keys() | found.keys()):
        if expected.get(what) != found.get(what):
            yield what


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - itself and the folder
        sys.exit(f"usage: {sys.argv[0]} EXTRACTS_FOLDER")
    sys.exit(main(Path(sys.argv[1])))
