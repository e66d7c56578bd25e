"""A file that somebody brings is checked at once, kept whole or not at all, and quotes nobody."""

import io
import re
import zipfile

import door as given
import pytest
import sheets

GOOD = sheets.scores((1, "Tone", "Good"), (2, "Necessary", "N/A"))
BAD = sheets.scores((1, "Tone", "Good"), (2, "Tone", "Splendid"), (0, "Necessary", "Yes"))


@pytest.fixture
def panellist(door):
    """A panellist's browser."""
    return door.visitor("panellist")


def upload(browser, content, name="my scores.xlsx", to="/upload/scores"):
    return browser.fill_in(to, files={"file": (name, content)})


def kept(door, feed="panel_scores"):
    return sorted(path.name for path in (door.settings.extracts / feed).glob("*"))


def test_a_good_sheet_is_kept_where_the_feed_is_read(door, panellist):
    answer = upload(panellist, GOOD)

    assert answer.status_code == 200
    assert "2 rows, and every one can be used." in answer.text
    (name,) = kept(door)
    assert re.fullmatch(r"scores_[0-9a-f]{8}_\d{8}T\d{6}Z\.xlsx", name)
    path = door.settings.extracts / "panel_scores" / name
    assert path.read_bytes() == GOOD
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_name_never_says_who_brought_the_file_nor_what_they_called_it(door, panellist):
    upload(panellist, GOOD, "../../Ada Finch <script>.xlsx")

    (name,) = kept(door)
    assert name.startswith("scores_")
    assert "Ada" not in name
    ((what, outcome),) = door.logged("what", "outcome")[1:]
    assert (what, outcome) == (f"panel_scores/{name}", "done")


def test_a_sheet_with_faults_is_not_kept_and_says_them_by_row(door, panellist):
    answer = upload(panellist, BAD)

    assert answer.status_code == 422
    assert "2 rows of 3 cannot be used, so nothing was taken in." in answer.text
    rows = re.findall(
        r'<th scope="row" class="n">(\d+)</th><td>(.*?)</td><td>(.*?)</td>', answer.text
    )
    assert rows == [
        ("3", "score", "is not a value that feeds.toml declares"),
        ("4", "sample no", "must not be less than 1"),
    ]
    assert "Ada Finch" not in answer.text
    assert kept(door) == []
    assert door.logged("outcome")[-1] == ("has faults",)


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        pytest.param(b"", "scores.xlsx", "empty", id="empty"),
        pytest.param(b"call,score", "scores.xlsx", "no Excel workbook", id="no workbook"),
        pytest.param(GOOD, "scores.exe", r"must end in \.xlsx", id="another ending"),
        pytest.param(GOOD, "scores", r"must end in \.xlsx", id="no ending"),
        pytest.param(b"PK\x03\x04 and no more", "scores.xlsx", "", id="a torn zip"),
        pytest.param(sheets.scores(), "scores.xlsx", "", id="no row"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_what_to_do(door, panellist, content, name, why):
    answer = upload(panellist, content, name)

    assert answer.status_code == 422
    assert re.search(why, answer.text)
    assert 'href="#file"' in answer.text
    assert kept(door) == []


def test_no_file_at_all_is_said_so(panellist):
    assert "Choose a file" in panellist.fill_in("/upload/scores").text


def test_a_hostile_workbook_is_refused_and_leaves_nothing_behind(door, panellist):
    bomb, entities = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", bytes(200_000_000))
    with zipfile.ZipFile(entities, "w") as book, zipfile.ZipFile(io.BytesIO(GOOD)) as whole:
        for part in whole.namelist():
            declared = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
            book.writestr(part, declared + whole.read(part))
    for content in (bomb.getvalue(), entities.getvalue()):
        answer = upload(panellist, content)

        assert answer.status_code == 422
        assert "root:" not in answer.text
    assert kept(door) == []
    assert list((door.settings.door / "scratch").iterdir()) == []


def test_a_worked_list_is_kept_under_its_lists_own_name(door):
    team = door.visitor("contact_team")
    answer = upload(
        team,
        sheets.worked("explained", "tried"),
        f"callbacks_{given.LIST} (2).xlsx",
        "/upload/callbacks",
    )

    assert answer.status_code == 200
    (name,) = kept(door, "callback_outcomes")
    assert re.fullmatch(rf"callbacks_{given.LIST}_[0-9a-f]{{8}}_\d{{8}}T\d{{6}}Z\.xlsx", name)
    upload(team, sheets.worked("unsafe"), "worked by 5012.xlsx", "/upload/callbacks")
    assert len(kept(door, "callback_outcomes")) == 2
    assert not any("5012" in one for one in kept(door, "callback_outcomes"))


def test_a_list_with_an_outcome_that_is_none_says_the_row_and_no_telephone_number(door):
    team = door.visitor("contact_team")
    answer = upload(team, sheets.worked("explained", "rang them"), "x.xlsx", "/upload/callbacks")

    assert answer.status_code == 422
    assert "outcome" in answer.text
    assert "7700" not in answer.text
    assert "rang them" not in answer.text


def test_a_file_is_looked_at_where_nobody_else_can_read(door, panellist):
    seen = []

    def check(path, feed):
        seen.append((path.parent.stat().st_mode & 0o777, path.is_relative_to(door.settings.door)))
        assert feed == "panel_scores"
        raise ValueError("07700 900123")

    object.__setattr__(door.site.scores, "check", check)
    answer = upload(panellist, GOOD)

    assert seen == [(0o700, True)]
    assert answer.status_code == 500
    assert list((door.settings.door / "scratch").iterdir()) == []


def test_a_feed_that_nobody_declared_takes_nothing(data):
    feeds = data / "reference/feeds.toml"
    feeds.write_text(
        feeds.read_text().replace(
            'files = "panel_scores/*.xlsx"', 'files = "panel_scores/sheet_*.xlsx"'
        )
    )
    panellist = given.Door(data).visitor("panellist")

    assert "feeds.toml reads no file of panel_scores" in upload(panellist, GOOD).text
