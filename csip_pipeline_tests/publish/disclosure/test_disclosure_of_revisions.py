"""What an edition showed stays known: a later one hides with all earlier ones in mind."""

import pytest
from statements_given import leaks, letters, published, statement

from csip_pipeline.publish.disclosure import auditing, hiding
from csip_pipeline.publish.disclosure import published as statements

ROW, LONGER = "total = a + b + c", "total = a + b + c + d"
FIRST = published(statement(ROW, total=60, a=3, b=20, c=37), "a b")
FIRST_OF_FOUR = published(statement(LONGER, total=85, a=3, b=20, c=37, d=25), "a b")


@pytest.mark.parametrize(
    ("before", "said", "hidden"),
    [
        pytest.param(FIRST, FIRST.statement, "a b", id="nothing changed"),
        pytest.param(
            FIRST, statement(ROW, total=64, a=7, b=20, c=37), "a b", id="it is small no more"
        ),
        pytest.param(
            FIRST_OF_FOUR,
            statement(LONGER, total=58, a=3, b=20, c=10, d=25),
            "a b",
            id="another would be hidden with it now",
        ),
        pytest.param(
            published(statement(ROW, total=60, a=9, b=20, c=31)),
            statement(ROW, total=54, a=3, b=20, c=31),
            "a total",
            id="it is small now, and the others are known",
        ),
        pytest.param(
            published(statement(ROW, total=60, a=8, b=20, c=32)),
            statement(a=8, b=20, e=3),
            "e",
            id="a table is gone and another is new",
        ),
    ],
)
def test_a_revision_hides_what_earlier_editions_would_tell_with_it(before, said, hidden):
    found = hiding.hide(said, [before])

    assert letters(found) == hidden
    assert auditing.audit(published(said, hidden), [before]) == []


@pytest.mark.parametrize(
    ("before", "said", "known"),
    [
        pytest.param(
            FIRST,
            statement(ROW, total=64, a=7, b=20, c=37),
            {"a": (3, 3), "b": (20, 20)},
            id="it is small no more",
        ),
        pytest.param(
            FIRST_OF_FOUR,
            statement(LONGER, total=58, a=3, b=20, c=10, d=25),
            {"a": (3, 3), "b": (20, 20), "c": (10, 10)},
            id="another is hidden with it now",
        ),
    ],
)
def test_a_revision_that_forgets_the_earlier_edition_is_found_by_the_audit(before, said, known):
    alone = hiding.hide(said)

    assert auditing.audit(published(said, letters(alone))) == []
    assert leaks(auditing.audit(published(said, letters(alone)), [before])) == known


def test_an_edition_between_without_the_table_makes_nobody_forget_it():
    between = published(statement(e=30))
    third = statement(LONGER, total=58, a=3, b=20, c=10, d=25)

    assert letters(hiding.hide(third, [between])) == "a c"
    assert letters(hiding.hide(third, [FIRST_OF_FOUR, between])) == "a b"
    assert auditing.audit(published(third, "a c"), [FIRST_OF_FOUR, between]) != []


def test_what_earlier_editions_tell_between_them_is_out_and_refuses_nothing():
    """The first showed all; that its difference is somebody was declared only later."""
    before = published(statement(whole=40, part=37))
    said = statement("whole = part + rest", unshown="rest", whole=40, part=37, rest=3)

    assert hiding.hide(said, [before]) == frozenset()
    assert auditing.audit(published(said), [before]) == []
    assert leaks(auditing.audit(published(said))) == {"rest": (3, 3)}


def test_a_larger_count_that_can_only_be_less_is_hidden_and_not_refused():
    """By the first edition b is 23 at most, so it must be able to look like less than its 20."""
    said = statement(ROW, "quarter = b + e", total=60, a=3, b=20, c=37, quarter=50, e=30)
    found = hiding.hide(said, [FIRST])

    assert letters(found) == "a b e"
    assert auditing.audit(published(said, "a b e"), [FIRST]) == []


def test_a_statement_is_read_as_it_was_kept():
    again = statements.from_json(statements.as_json(FIRST))

    assert again == FIRST
    assert hiding.hide(FIRST.statement, [again]) == FIRST.hidden
