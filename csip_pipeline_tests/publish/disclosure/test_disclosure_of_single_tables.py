"""A small number stays unknown within one edition: as few others as keep it are hidden too."""

import pytest
from statements_given import leaks, letters, published, statement

from csip_pipeline.publish.disclosure import auditing, declaring, hiding

ROW = "total = a + b + c"
QUARTER = "quarter = july + august + september"
GRID = (
    "row1 = a + b + c",
    "row2 = d + e + f",
    "row3 = g + h + i",
    "column1 = a + d + g",
    "column2 = b + e + h",
    "column3 = c + f + i",
    "all = row1 + row2 + row3",
    "all = column1 + column2 + column3",
)
GRID_COUNTS = {
    "a": 3,
    "b": 20,
    "c": 30,
    "row1": 53,
    "d": 15,
    "e": 25,
    "f": 35,
    "row2": 75,
    "g": 40,
    "h": 50,
    "i": 60,
    "row3": 150,
    "column1": 58,
    "column2": 95,
    "column3": 125,
    "all": 278,
}


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        pytest.param(statement(ROW, total=60, a=3, b=20, c=37), "a b", id="one small in a row"),
        pytest.param(statement(ROW, total=63, a=3, b=4, c=56), "a b", id="two cover each other"),
        pytest.param(
            statement(ROW, total=60, a=3, b=1, c=56), "a b c", id="two that come to less than 5"
        ),
        pytest.param(statement(ROW, total=8, a=2, b=3, c=3), "a b c", id="all small"),
        pytest.param(
            statement(ROW, total=4, a=1, b=1, c=2), "a b c total", id="all small, total too"
        ),
        pytest.param(statement(a=3), "a", id="one row"),
        pytest.param(statement("total = a", total=3, a=3), "a total", id="one row and its total"),
        pytest.param(statement(ROW, total=0, a=0, b=0, c=0), "", id="nothing but noughts"),
        pytest.param(statement(ROW, total=5, a=0, b=5, c=0), "", id="five is not small"),
        pytest.param(statement(ROW, total=50, a=4, b=0, c=46), "a c", id="nought gives no room"),
        pytest.param(statement(ROW, total=4, a=4, b=0, c=0), "a total", id="but for noughts"),
        pytest.param(
            statement(QUARTER, quarter=70, july=3, august=25, september=42),
            "august july",
            id="quarter less its months",
        ),
        pytest.param(
            statement("whole = part + rest", unshown="rest", whole=40, part=3, rest=37),
            "part",
            id="share of a small part",
        ),
        pytest.param(
            statement("whole = part + rest", unshown="rest", whole=100, part=97, rest=3),
            "part",
            id="share that only a few are missing from",
        ),
        pytest.param(statement(*GRID, **GRID_COUNTS), "a b d e", id="rows and columns"),
    ],
)
def test_hidden_is_what_would_tell_a_small_number_and_the_audit_agrees(said, hidden):
    found = hiding.hide(said)

    assert letters(found) == hidden
    assert auditing.audit(published(said, hidden)) == []


@pytest.mark.parametrize(
    ("said", "hidden", "known"),
    [
        pytest.param(
            statement(ROW, total=60, a=3, b=20, c=37), "a", {"a": (3, 3)}, id="from a total"
        ),
        pytest.param(
            statement(QUARTER, quarter=70, july=3, august=25, september=42),
            "july",
            {"july": (3, 3)},
            id="from the quarter",
        ),
        pytest.param(
            statement(ROW, total=60, a=3, b=1, c=56),
            "a b",
            {"a": (0, 4), "b": (0, 4)},
            id="within a range too narrow",
        ),
        pytest.param(
            statement("whole = part + rest", unshown="rest", whole=100, part=97, rest=3),
            "",
            {"rest": (3, 3)},
            id="though no cell shows it",
        ),
        pytest.param(
            statement(*GRID, **GRID_COUNTS),
            "a b d",
            {"a": (3, 3), "b": (20, 20), "d": (15, 15)},
            id="from rows and columns together",
        ),
        pytest.param(statement(a=3, b=8), "", {"a": (3, 3)}, id="by reading it"),
    ],
)
def test_hiding_too_little_is_found_by_the_audit(said, hidden, known):
    assert leaks(auditing.audit(published(said, hidden))) == known


@pytest.mark.parametrize(
    ("threshold", "hidden"), [(3, ""), (4, "a b"), (5, "a b"), (10, "a b"), (25, "a b c")]
)
def test_what_is_small_is_the_force_s_own_threshold(threshold, hidden):
    said = statement(ROW, total=60, a=3, b=20, c=37)
    found = hiding.hide(said, threshold=threshold)

    assert letters(found) == hidden
    assert auditing.audit(published(said, hidden), threshold=threshold) == []


def test_the_same_statement_always_hides_the_same():
    assert len({hiding.hide(statement(*GRID, **GRID_COUNTS)) for _ in range(5)}) == 1


def test_a_statement_whose_sums_contradict_each_other_is_not_audited_as_safe():
    said = statement(ROW, total=60, a=3, b=20, c=70)

    with pytest.raises(ArithmeticError, match="not solved"):
        auditing.audit(published(said, "a b"))


def test_a_count_of_columns_of_which_one_is_empty_is_none():
    row = {"offered": 9, "abandoned_short": None, "abandoned": 2}

    assert declaring.less("offered", "abandoned_short")(row) is None
    assert declaring.added("offered", "abandoned_short")(row) is None
    assert declaring.less("offered", "abandoned")(row) == 7
