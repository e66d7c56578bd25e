"""An address or a name is one person's however it is written, and no two people's."""

import pytest

from csip_pipeline.contact_points import contact_point


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        pytest.param("email", " Ann@Example.ORG ", "ann@example.org", id="capitals and space"),
        pytest.param("email", "ann@example.org\r\n", "ann@example.org", id="a line end"),
        pytest.param("email", "Zoe\u0308@example.org", "zo\xeb@example.org", id="an accent apart"),
        pytest.param("email", "stra\xdfe@example.org", "stra\xdfe@example.org", id="not strasse"),
        pytest.param("email", "ann@localhost", None, id="no domain"),
        pytest.param("email", "@example.org", None, id="nobody there"),
        pytest.param("email", "ann@example.", None, id="half a domain"),
        pytest.param("email", "ann smith@example.org", None, id="two words"),
        pytest.param("email", "ann\tsmith@example.org", None, id="a tab within"),
        pytest.param("email", "ann\xa0smith@example.org", None, id="a space that does not break"),
        pytest.param("email", "a@example.org;b@example.org", None, id="two people"),
        pytest.param("email", "a@example.org,b@example.org", None, id="two people, a comma"),
        pytest.param("email", "", None, id="nothing"),
        pytest.param("handle", "@Ann", "ann", id="an account"),
        pytest.param("handle", " @ ann ", "ann", id="space after the @"),
        pytest.param("handle", "@", None, id="no account"),
        pytest.param("handle", "@ZO\xcb", "zo\xeb", id="an accented capital"),
        pytest.param("handler", " OP1 ", "op1", id="a member of staff"),
        pytest.param("handler", "@op1", "@op1", id="an @ is part of a name"),
        pytest.param("handler", "Ann\nSmith", "ann\nsmith", id="two lines"),
        pytest.param("handler", " \x1f\x85", None, id="space of every sort"),
    ],
)
def test_a_contact_point_is_what_identifies(kind, text, expected):
    assert contact_point(kind, text) == expected
