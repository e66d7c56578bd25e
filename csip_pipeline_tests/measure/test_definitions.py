"""Whatever is measured is defined, in the one text that documentation and pack are made of."""

import pkgutil
import re
import runpy
from importlib import import_module
from pathlib import Path

import pytest

from csip_pipeline import measure
from csip_pipeline.measure import definitions as module
from csip_pipeline.measure import registry
from csip_pipeline.measure.definitions import definitions
from csip_pipeline.promises import Promise, Real

ROOT = Path(__file__).resolve().parents[2]
DOC = runpy.run_path(str(ROOT / "tools" / "measures_doc.py"))
NAMED = re.compile(r"`([^`]+)`")
HEADLINES = ("Contact", "Service level", "Response times", "Gave up waiting, four ways")


def promised():
    """The promise of each measured table, also of those whose query is not in yet."""
    found = {}
    for one in pkgutil.iter_modules(measure.__path__):
        values = vars(import_module(f"{measure.__name__}.{one.name}")).values()
        own = [v for v in values if isinstance(v, type) and issubclass(v, Promise)]
        for promise in own:
            if promise is not Promise and promise.__module__.endswith(f".{one.name}"):
                found[f"measure.{one.name}"] = promise
    return found


PROMISED = promised()


def figures(promise):
    """The columns that hold a figure, their intervals' ends apart."""
    columns = promise.to_schema().columns
    real = {name for name, column in columns.items() if isinstance(column.dtype.type, Real)}
    return {name for name in real if not name.endswith(("_lower", "_upper"))}


def text(definition):
    """Everything that is said of a measure."""
    rows = (cell for row in definition.columns for cell in row)
    return " ".join((definition.says, definition.formula, definition.notes, *rows))


def test_the_figures_of_a_table_are_its_fractional_columns():
    assert figures(PROMISED["measure.breaches"]) == {"within_seconds", "clock_seconds"}
    assert {"share", "share_of_known"} <= figures(PROMISED["measure.avoidable_demand"])


def test_every_measured_table_is_among_those_looked_at():
    assert {table.name for table in registry.TABLES} <= set(PROMISED)
    assert len(PROMISED) >= len(registry.TABLES)


@pytest.mark.parametrize("table", PROMISED)
def test_every_figure_of_a_table_is_defined(table):
    own = [definition for definition in definitions() if table in definition.tables]
    named = {name for one in own for name in NAMED.findall(text(one))}

    assert own, f"{table} has no definition"
    assert figures(PROMISED[table]) <= named


def test_no_definition_is_of_a_table_that_is_not_there():
    elsewhere = {"extract.intake", "extract.arrivals", "extract.missing_hours"}
    elsewhere |= {"harmonise.contacts", "publish.callback_list"}

    assert {table for one in definitions() for table in one.tables} <= set(PROMISED) | elsewhere


@pytest.mark.parametrize("title", HEADLINES)
def test_what_a_pack_leads_with_is_defined(title):
    assert title in {definition.title for definition in definitions()}


@pytest.mark.parametrize("definition", definitions(), ids=lambda one: one.name)
def test_a_definition_is_whole_sentences_that_lay_readers_can_read(definition):
    fields = (definition.says, definition.hides, definition.edges)

    assert all(field[0].isupper() or field[0] in "\"'`0" for field in fields)
    assert all(field.rstrip('"').endswith((".", "!")) for field in fields)
    assert "`" not in definition.says.replace("`wait_seconds`", "")
    assert definition.title[0].isupper()


def test_the_documentation_is_what_the_text_says(capsys):
    assert DOC["main"](["--check"]) == 0, capsys.readouterr().out


def test_a_changed_text_is_found_out(monkeypatch, tmp_path, capsys):
    old = tmp_path / "measures.md"
    old.write_text(DOC["page"]() + "One more line.\n", "utf-8")
    monkeypatch.setitem(DOC["main"].__globals__, "DOC", old)

    assert DOC["main"](["--check"]) == 1
    assert "out of date" in capsys.readouterr().out
    assert DOC["main"]([]) == 0
    assert DOC["main"](["--check"]) == 0


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param({"hides": ""}, id="an empty field"),
        pytest.param({"nonsense": "x"}, id="a field nobody knows"),
        pytest.param({"columns": [["one cell"]]}, id="a row of another width"),
    ],
)
def test_a_text_that_is_not_whole_is_refused(spoilt):
    whole = dict.fromkeys(("name", "title", "says", "formula", "hides", "source", "edges"), "Word.")

    with pytest.raises(ValueError, match="not whole"):
        module._definition({**whole, "tables": [], **spoilt})  # noqa: SLF001 - one entry of the file


def test_plain_words_have_no_backticks():
    assert module.plain("the `as_of` of the extract") == "the as_of of the extract"
