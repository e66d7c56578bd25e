"""The site's first page, and what of Great Expectations' pages is left out or put into words."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from csip_pipeline.quality.usual import Usual, shown

LEFT_OUT = re.compile(
    r"<script\b.*?</script>|<link\b[^>]*>|<img\b[^>]*>|<footer\b.*?</footer>"
    r"|<title>\s*</title>| Data asset: None<br>|<p class=\"lead\">.*?</p>",
    re.DOTALL,
)
"""What would fetch from other people's servers, needs scripts that do, or says nothing."""
IN_WORDS = (
    (re.compile(r'<i class="fas fa-times[^>]*>\s*</i>\s*(Failed)?'), "<strong>Unusual</strong>"),
    (re.compile(r'<i class="fas fa-check-circle[^>]*>\s*</i>\s*(Succeeded)?'), "As usual"),
    (re.compile(r"<html(?! lang)"), '<html lang="en-GB"'),
    (re.compile(r">Home</a>"), ">What is unusual, and every table</a>"),
    (re.compile(r"\b(?:Validations|Expectations) / ([\w.]+)[^<]*"), r"\1"),
    (re.compile(r">\s*Expectation\s*<"), ">Usual<"),
    (re.compile(r">\s*Observed Value\s*<"), ">This month<"),
    (re.compile("Expectation Suite:"), "Limits:"),
    (re.compile("Evaluated Expectations"), "Figures judged"),
    (re.compile("Unsuccessful Expectations"), "Unusual"),
    (re.compile("Successful Expectations"), "As usual"),
    (re.compile("Success Percent"), "As usual, in a hundred"),
)
"""Icons whose font is somebody else's, and words for whoever knows Great Expectations."""


@dataclass(frozen=True)
class Judged:
    """A figure of a table in the month, and what was to be expected of it."""

    table: str
    usual: Usual
    value: float
    is_unusual: bool


def write(folder: Path, month: dt.date, judged: list[Judged]) -> None:
    """Put the site's first page in the place of Great Expectations', and mend the others.

    Its own is empty without scripts from other people's servers.
    """
    for page in folder.rglob("*.html"):
        table = page.stem.removeprefix("csip-")
        table = table if "." in table else f"{page.parent.name}.{table}: what is usual"
        text = mended(page.read_text(encoding="utf-8"), f"{month:%B %Y}, {table}")
        page.write_text(text, encoding="utf-8")
    places = {one.table: _page(folder, one.table) for one in judged}
    (folder / "index.html").write_text(front(month, judged, places), encoding="utf-8")


def mended(page: str, title: str) -> str:
    """A page of Great Expectations that fetches nothing, and says in words what icons said."""
    text = LEFT_OUT.sub("", page)
    for found, words in IN_WORDS:
        text = found.sub(words, text)
    text = re.sub(r"<title>[^<]*</title>", f"<title>{title}</title>", text, count=1)
    text = re.sub(r"<h4>[^<]*</h4>", f"<h1>{title}</h1>", text, count=1)
    return text.replace("</head>", f"<style>{_beside('site.css')}</style></head>", 1)


def front(month: dt.date, judged: list[Judged], places: Mapping[str, str]) -> str:
    """The first page: what is unusual beside what is usual, then every table with its page."""
    unusual = [one for one in judged if one.is_unusual]
    tables = [
        {
            "table": table,
            "page": place,
            "judged": sum(one.table == table for one in judged),
            "unusual": sum(one.table == table for one in unusual),
        }
        for table, place in places.items()
    ]
    many = f"{len(unusual):,}" if unusual else "None"
    verb = "is" if len(unusual) < 2 else "are"  # noqa: PLR2004 - the plural
    return _template().render(
        style=Markup(_beside("site.css")),  # noqa: S704 - ours
        month=f"{month:%B %Y}",
        told=f"{many} of {len(judged):,} figures of {len(tables):,} tables {verb} unusual.",
        unusual=[_row(one, places[one.table]) for one in unusual],
        tables=tables,
    )


def _row(one: Judged, place: str) -> dict[str, str]:
    figure = one.usual.figure
    return {
        "table": one.table,
        "page": place,
        "figure": figure,
        "value": shown(figure, one.value),
        "mean": shown(figure, one.usual.mean),
        "lower": shown(figure, one.usual.lower),
        "upper": shown(figure, one.usual.upper),
        "side": "lower than usual" if one.value < one.usual.lower else "higher than usual",
    }


def _page(folder: Path, table: str) -> str:
    """Where Great Expectations put a table's page, as the first page links to it."""
    found = next((folder / "validations").rglob(f"*{table}.html"))
    return found.relative_to(folder).as_posix()


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(_beside("front.html.jinja"))


def _beside(name: str) -> str:
    return (files("csip_pipeline.quality") / name).read_text(encoding="utf-8")
