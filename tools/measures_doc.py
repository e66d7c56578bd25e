"""Write docs/measures.md from the definitions of the measures.

python tools/measures_doc.py           write it
python tools/measures_doc.py --check   exit with 1 where it is not what would be written
"""

import argparse
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from csip_pipeline.measure.definitions import Definition, definitions, introduction

DOC = Path(__file__).resolve().parents[1] / "docs" / "measures.md"
WIDTH = 150


def page() -> str:
    """The whole of docs/measures.md."""
    lines = ["# Measures"]
    for paragraph in introduction():
        lines += ["", *_wrapped(paragraph)]
    lines += [line for each in definitions() for line in _section(each)]
    return "\n".join(lines) + "\n"


def _section(definition: Definition) -> Iterator[str]:
    yield from ("", f"## {definition.title}", "")
    if definition.tables:
        tables = ", ".join(f"`{table}`" for table in definition.tables)
        yield from (f"In {tables}.", "")
    yield from _wrapped(definition.says)
    yield from ("", *_wrapped(f"*How it is worked out:* {definition.formula}"))
    if definition.columns:
        yield from ("", *_grid(definition.headings, definition.columns))
    if definition.notes:
        yield from ("", *_wrapped(definition.notes))
    for label, text in (
        ("What it hides", definition.hides),
        ("Source", definition.source),
        ("At the edges", definition.edges),
    ):
        yield from ("", *_wrapped(f"*{label}:* {text}"))


def _grid(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield _row(headings)
    yield _row(["---"] * len(headings)).replace(" ", "")
    yield from (_row(row) for row in rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def main(given: Sequence[str] | None = None) -> int:
    """Write the page, or say whether it is up to date."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if it differs")
    if parser.parse_args(given).check:
        if DOC.read_text(encoding="utf-8") == page():
            print("docs/measures.md is what its definitions say.")
            return 0
        print("docs/measures.md is out of date. Write it again: python tools/measures_doc.py")
        return 1
    DOC.write_text(page(), encoding="utf-8", newline="\n")
    print("docs/measures.md is written.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
