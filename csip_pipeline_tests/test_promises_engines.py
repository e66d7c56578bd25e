"""Whichever engine judges a table, pandas or DuckDB (Ibis), the same rows break the same promises.

What is proved here on every promise of the package is what lets intake choose by size alone.
"""

import importlib
import pkgutil
import subprocess
import sys
import traceback
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import csip_pipeline
from csip_pipeline import promised_tables, promises, promises_in_duckdb, warehouse
from csip_pipeline.damaged_numbers import DAMAGED_PHONE
from csip_pipeline.extract.accounts import Intake
from csip_pipeline.extract.telephony import TelephonyDelivered
from csip_pipeline.promises import Day, Promise, Real, Text, Whole, duckdb_columns, rule
from csip_pipeline.refusals import RefusedError
from csip_pipeline.rules import Column, Rows, matches

ROWS = 1500
UNUSUAL_SHARE = 0.08
USUAL = {
    "VARCHAR": [f"usual {n}" for n in range(400)],
    "BIGINT": ["0", "1", "1", "2", "3"],
    "DOUBLE": ["0", "0.25", "0.5", "1", "1", "20"],
    "BOOLEAN": ["true", "false"],
    "TIMESTAMPTZ": [f"2026-03-29 00:{n:02}:00.00000{n % 3}Z" for n in range(20)],
    "DATE": ["2026-01-01", "2026-01-31", "2026-02-01", "2028-02-29", "2026-02-28"],
}
WORDS = [
    *(
        "",
        " ",
        "101 ",
        "wrong",
        "necessary",
        "ANSWERED",
        "'; drop table staged; --",
        'a "quoted" word',
    ),
    *("line\nbreak", "\u00e9\u200b\U0001f600", "0123456789abcdef", "x" * 300),
    *("7.7009E+11", " 447700900123.0\n", "\u06f1.0", "07700 900123"),
]
UNUSUAL = {
    "VARCHAR": [*WORDS, None],
    "BIGINT": ["-1", "4", str(2**60), str(-(2**60)), None],
    "DOUBLE": ["nan", "inf", "-inf", "-0.0", "1.0000001", "-1e-300", "1e308", None],
    "BOOLEAN": [None],
    "TIMESTAMPTZ": ["0001-01-01 00:00Z", "9999-12-31 00:00Z", "infinity", "-infinity", None],
    "DATE": ["1677-09-22", "2262-04-11", None],
}
CANARY = "07700 900123"
QUICK = {"ServiceStandards", "PanelCycles", "ScoreSheet", "Recommendations", "Retention"}
"""Promises with rules across rows, of few columns: the others are slow proof."""
PANDAS, DUCKDB = 10**9, 0
EITHER = pytest.mark.parametrize("engine", [PANDAS, DUCKDB], ids=["pandas", "duckdb"])


def every_promise():
    """Each promise of the package that no other promise makes more of."""
    for module in pkgutil.walk_packages(csip_pipeline.__path__, "csip_pipeline."):
        if not module.name.startswith(("csip_pipeline.defs", "csip_pipeline.cli")):
            importlib.import_module(module.name)
    left, found = [Promise], set()
    while left:
        promise = left.pop()
        more = [one for one in promise.__subclasses__() if one.__module__.startswith("csip_p")]
        left += more
        found |= set() if more else {promise}
    return sorted(found, key=lambda promise: promise.__name__)


class Odd(Promise):
    """One row per thing; the package has no promise in which all of these meet."""

    name: Text = pa.Field(unique=True, nullable=True)
    day: Day = pa.Field(nullable=True)
    number: Whole = pa.Field(unique=True, gt=1)
    share: Real = pa.Field(lt=1, nullable=True)

    @rule("a name must not be long", of="name")
    def is_short(cls, names: Column) -> Column:  # noqa: N805 - Pandera's way
        """Hundreds of letters are no name."""
        return names < "usual 9"

    @rule("a number must be larger than its share")
    def is_larger(cls, things: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Null where the share is not known, which breaks the rule."""
        return things["number"] > things["share"]


class Numbers(Promise):
    """One row per telephone number, as somebody wrote it."""

    text: Text

    @rule("damaged", of="text")
    def is_undamaged(cls, numbers: Column) -> Column:  # noqa: N805 - Pandera's way
        """As telephony has it."""
        return ~matches(numbers, DAMAGED_PHONE)


class Summed(Promise):
    """One row per queue."""

    queue: Text
    calls: Whole = pa.Field(ge=0)


@pytest.fixture(scope="module")
def con():
    """A warehouse in memory, without any table."""
    with warehouse.connected(Path(":memory:")) as connection:
        yield connection


def draw(con, promise, picked):
    """Make the table `drawn` of values by their place in a column's usual and unusual ones."""
    con.register("picked", picked)
    chosen = ", ".join(
        f'$values_{n}[picked."{name}" + 1]::{kind} as "{name}"'
        for n, (name, kind) in enumerate(duckdb_columns(promise).items())
    )
    values = {f"values_{n}": pool for n, pool in enumerate(map(list, pools(promise).values()))}
    con.execute(f"create or replace temporary table drawn as select {chosen} from picked", values)
    con.unregister("picked")


def pools(promise):
    """The usual and then the unusual values of each column, as text."""
    declared = promise.to_schema().columns
    found = {}
    for name, kind in duckdb_columns(promise).items():
        checks = (check.statistics for check in declared[name].checks)
        words = [word for check in checks for word in check.get("allowed_values", [])]
        found[name] = [*(words or USUAL[kind]), *UNUSUAL[kind]]
    return found


def dirty(promise):
    """Thousands of rows, most of whose values are usual, some of them twice; always the same."""
    random = np.random.default_rng(zlib.crc32(promise.__name__.encode()))
    picked = {}
    for (name, kind), pool in zip(
        duckdb_columns(promise).items(), pools(promise).values(), strict=True
    ):
        unusual = len(UNUSUAL[kind])
        usual = len(pool) - unusual
        often = [(1 - UNUSUAL_SHARE) / usual] * usual + [UNUSUAL_SHARE / unusual] * unusual
        picked[name] = random.choice(len(pool), ROWS, p=often)
        picked[name][:3] = len(pool) - 1  # rows in which nothing is known at all
    rows = pd.DataFrame(picked)
    return pd.concat([rows, rows.head(ROWS // 50)], ignore_index=True)


def flagged(con, promise, engine, table="drawn", **more):
    """Every row_id, column and promise broken, as the engine finds it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(promised_tables, "FEW_ROWS", engine)
        promised_tables.judge(con, table, promise, **more)
    return set(con.execute("from broken").fetchall())


def can_break(promise):
    """Every column and sentence that rows may be flagged with."""
    declared = promise.to_schema()
    found = {("", check.error) for check in declared.checks}
    for name, column in declared.columns.items():
        found |= {(name, check.error) for check in column.checks}
        found |= {(name, "not_nullable")} if not column.nullable else set()
        found |= {(name, "field_uniqueness")} if column.unique else set()
    return {(name, promises.in_plain_words(check)) for name, check in found}


@pytest.mark.parametrize(
    "promise",
    [
        Odd,
        *(
            pytest.param(one, marks=() if one.__name__ in QUICK else pytest.mark.soak)
            for one in every_promise()
        ),
    ],
    ids=lambda one: one.__name__,
)
def test_both_engines_flag_the_same_rows_of_every_promise(con, promise):
    draw(con, promise, dirty(promise))

    in_pandas, in_duckdb = flagged(con, promise, PANDAS), flagged(con, promise, DUCKDB)

    assert in_duckdb == in_pandas
    assert {(column, sentence) for _, column, sentence in in_pandas} == can_break(promise)
    assert len(in_pandas) > ROWS / 50


def rows_of(promise):
    row = {name: st.integers(0, len(pool) - 1) for name, pool in pools(promise).items()}
    return st.lists(st.fixed_dictionaries(row), min_size=1, max_size=25)


@settings(max_examples=6, deadline=None, phases=[Phase.generate])
@given(rows=rows_of(TelephonyDelivered))
def test_both_engines_flag_the_same_of_any_few_calls(con, rows):
    draw(con, TelephonyDelivered, pd.DataFrame(rows))

    assert flagged(con, TelephonyDelivered, DUCKDB) == flagged(con, TelephonyDelivered, PANDAS)


def test_both_engines_know_the_digits_and_spaces_of_every_script(con):
    signs = [chr(code) for code in range(sys.maxunicode)]
    signs = [sign for sign in signs if sign.isspace() or sign.isdecimal()] + list("a\u200b\u00b2")
    texts = pd.DataFrame({"text": [text for sign in signs for text in (f"{sign}7.0", f"7.{sign}")]})
    con.register("texts", texts)
    con.execute("create or replace temporary table drawn as from texts")
    con.unregister("texts")

    in_pandas = flagged(con, Numbers, PANDAS)

    assert flagged(con, Numbers, DUCKDB) == in_pandas
    assert len(in_pandas) > 50


@EITHER
def test_a_row_is_told_by_its_key_wherever_it_stands(con, engine):
    con.execute(
        "create or replace temporary table things as select 300_000 - n as row_id, "
        "'thing ' || n as name, null::date as day, n + 2 as number, "
        "if(n in (0, 150_000, 299_999), 1, 0.5)::double as share, [n] as more "
        "from range(300_000) as things (n)"
    )

    found = flagged(con, Odd, engine, "things", key="row_id")

    assert found == {(n, "share", "must be less than 1") for n in (300_000, 150_000, 1)}


@EITHER
def test_text_that_is_no_number_is_flagged_whatever_the_size(con, engine):
    con.execute(
        "create or replace temporary table drawn as select 'a' as name, null::date as day, "
        "unnest(['2', 'three']) as number, 0.5::double as share"
    )

    assert flagged(con, Odd, engine) == {(1, "number", "is not of the promised type")}


@EITHER
@pytest.mark.parametrize("day", ["9999-12-31", "1600-01-01", "infinity"])
def test_a_day_that_only_duckdb_can_hold_is_refused_by_both(con, engine, day):
    con.execute(
        "create or replace temporary table drawn as select 'a' as name, $day::date as day, "
        "2 as number, 0.5::double as share",
        {"day": day},
    )

    with pytest.raises(RefusedError, match=r"promise Odd: day is not of the promised type"):
        flagged(con, Odd, engine)


@EITHER
def test_a_table_without_rows_keeps_its_promise(con, engine):
    draw(con, Odd, dirty(Odd).head(0))

    assert flagged(con, Odd, engine) == set()


@EITHER
def test_a_refusal_names_nobody(con, engine, monkeypatch):
    monkeypatch.setattr(promised_tables, "FEW_ROWS", engine)
    draw(con, TelephonyDelivered, dirty(TelephonyDelivered))
    texts = [name for name, kind in duckdb_columns(TelephonyDelivered).items() if kind == "VARCHAR"]
    con.execute("update drawn set " + ", ".join(f"{name} = '{CANARY}'" for name in texts))

    with pytest.raises(RefusedError, match="drawn breaks its promise") as refusal:
        promised_tables.hold(con, "drawn", TelephonyDelivered, "drawn")

    assert "line must be one of 101, 999, other: 1530 row(s)" in str(refusal.value)
    assert CANARY not in "".join(traceback.format_exception(refusal.value))


def test_a_sum_beyond_its_type_is_refused_without_its_numbers(con):
    draw(con, Intake, dirty(Intake).head(1))
    con.execute(f"update drawn set accepted = {2**62}, duplicate = {2**62}")

    with pytest.raises(RefusedError, match="received must equal accepted") as refusal:
        flagged(con, Intake, DUCKDB)

    assert str(2**62) not in "".join(traceback.format_exception(refusal.value))


def test_duckdb_is_left_as_it_was(con):
    known = (
        "select name, value from duckdb_settings() union all select view_name, sql from "
        "duckdb_views() union all select function_name, null from duckdb_functions()"
    )
    draw(con, Odd, dirty(Odd))
    flagged(con, Odd, PANDAS)
    before = sorted(con.execute(known).fetchall(), key=str)

    flagged(con, Odd, DUCKDB)

    assert sorted(con.execute(known).fetchall(), key=str) == before


def test_a_small_table_does_not_wait_for_ibis():
    code = (
        "import sys; from pathlib import Path; from csip_pipeline import warehouse;"
        "from csip_pipeline.reference.tables import Queues\n"
        "with warehouse.connected(Path(':memory:')) as con:\n"
        "    warehouse.replace_table(con, 'reference.queues', Queues,\n"
        "        \"select 'a' as queue, null::varchar as line, 'A' as title\")\n"
        "print([name for name in ('ibis', 'pandera.ibis') if name in sys.modules])"
    )

    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603

    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("promise", [TelephonyDelivered, Intake], ids=lambda one: one.__name__)
def test_a_small_table_that_is_judged_often_is_judged_as_pandas_judges_it(con, promise):
    draw(con, promise, dirty(promise))
    con.execute("alter table drawn rename to every_row")
    broken = {row for row, *_ in flagged(con, promise, PANDAS, table="every_row")}
    clean = sorted(set(range(ROWS)) - broken)[:12]
    for rows in (clean, clean[:1], [*clean, min(broken)], [max(broken)], clean):
        con.execute(
            f"create or replace temporary table drawn as from every_row where rowid in {rows}"
        )
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(promised_tables, "OFTEN", 0)
            promised_tables.judge(con, "drawn", promise)
        found = set(con.execute("from broken").fetchall())
        assert found == flagged(con, promise, PANDAS)
        assert bool(found) == (rows[-1] in broken)
    con.execute("drop table every_row")


@pytest.mark.parametrize(("count", "is_kept"), [(1, True), (2**64, False)])
def test_a_sum_keeps_its_promise_unless_it_is_too_large_for_its_type(con, count, is_kept):
    con.execute(
        f"create or replace temporary table drawn as select 'a' as queue, {count}::hugeint as calls"
    )
    types = {row[0]: row[1] for row in con.execute("describe drawn").fetchall()}

    assert promises_in_duckdb.fits(types, Summed, sums=True)
    assert not promises_in_duckdb.fits(types, Summed)
    assert promises_in_duckdb.is_kept(con, "drawn", Summed) == is_kept
