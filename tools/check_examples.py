"""Run the worked examples on their real extracts, and compare with counts made another way.

    python tools/check_examples.py EXTRACTS_FOLDER [--work FOLDER]

The extracts are not part of the project: docs/examples/README.md says what each is. Exits with 1
where a command is refused, where any figure disagrees, or where there was nothing to compare.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
from examples_check import (
    anonymous_bank,
    asterisk_cdr,
    asterisk_queue_log,
    boston_311,
    call_centre_workbook,
    customer_support_on_twitter,
    website_visits,
)
from examples_check.example import Check, Example, Figure

from csip_pipeline.settings import Settings, environment, project_root

EXAMPLES = (
    anonymous_bank.EXAMPLE,
    asterisk_queue_log.EXAMPLE,
    asterisk_cdr.EXAMPLE,
    boston_311.EXAMPLE,
    customer_support_on_twitter.EXAMPLE,
    call_centre_workbook.EXAMPLE,
    website_visits.EXAMPLE,
)


def check(example: Example, extract: Path, data: Path) -> Iterator[Check]:
    """Run an example as its user would, in an empty data folder; compare what comes of it."""
    here = Settings(data=data)
    shutil.copytree(project_root() / "docs" / "examples" / example.name, here.reference)
    dropped = here.extracts / example.feed / extract.name
    dropped.parent.mkdir(parents=True)
    shutil.copy(extract, dropped)
    packs = [["pack", "--cycle", cycle] for cycle in example.cycles]
    for verb in (["check", str(dropped), "--feed", example.feed], ["run"], *packs, ["status"]):
        command = [sys.executable, "-m", "csip_pipeline.cli", *verb]
        done = subprocess.run(
            command, env=environment(here), capture_output=True, text=True, check=False
        )
        said = done.stderr.strip() if done.returncode else ""
        yield Check(f"csip {verb[0]}", "exit 0", f"exit {done.returncode} {said}".strip())
        if done.returncode:
            return
    yield Check("packs published", len(packs), len(list(here.published.glob("*/*.xlsx"))))
    with duckdb.connect(str(here.warehouse), read_only=True) as con:
        yield from example.checks(con, extract)


def main(arguments: Sequence[str] | None = None) -> int:
    """Check every example whose extract is there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("extracts", type=Path, help="the folder that holds the extracts' folders")
    parser.add_argument("--work", type=Path, help="keep the data folders here (emptied first)")
    given = parser.parse_args(arguments)
    compared, disagreeing = 0, 0
    with tempfile.TemporaryDirectory() as temporary:
        for example in EXAMPLES:
            extract = given.extracts / example.extract
            if not extract.exists():
                print(f"{example.name}: not checked, for want of {example.extract}\n")
                continue
            data = (given.work or Path(temporary)) / example.name
            shutil.rmtree(data, ignore_errors=True)
            began = time.monotonic()
            checks = list(check(example, extract, data))
            print(f"{example.name}, in {time.monotonic() - began:.0f} s")
            print("\n".join(_lines(checks)), end="\n\n")
            compared += len(checks)
            disagreeing += sum(not one.agrees for one in checks)
    print(f"{compared:,} checks, {disagreeing:,} disagree")
    return 1 if disagreeing or not compared else 0


def _lines(checks: list[Check]) -> Iterator[str]:
    yield f"  {'check':<64} {'expected':>10} {'found':>10}  agrees"
    for one in checks:
        told = f"{_text(one.expected):>10} {_text(one.found):>10}"
        yield f"  {one.what:<64} {told}  {'yes' if one.agrees else 'NO'}"


def _text(figure: Figure) -> str:
    return figure if isinstance(figure, str) else f"{figure:,.9g}"


if __name__ == "__main__":
    sys.exit(main())
