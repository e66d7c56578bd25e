"""The latest pack in one click; each edition says its status, what changed and how large it is."""

import json
import re

import door as given
import pytest

from csip_pipeline.publish.sampling import verifying

LINK = re.compile(r'<a [^>]*href="([^"]+)"[^>]*>\s*(.*?)\s*</a>', re.DOTALL)
TAG = re.compile("<[^>]*>")


def links(answer):
    return {TAG.sub("", words): address for address, words in LINK.findall(answer.text)}


def test_the_latest_pack_is_one_click_from_the_first_page(door):
    browser = door.visitor("reader")
    found = links(browser.get("/"))

    words = "Download the latest pack, July to September 2026 (Excel, 1 KB)"
    answer = browser.get(found[words])
    assert answer.status_code == 200
    assert answer.content == b"PK\x03\x04panel_pack_2026-Q3_revision_2"
    assert answer.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''panel_pack_2026-Q3_revision_2.xlsx"
    )


def test_a_correction_says_so_and_what_it_replaced_says_that(door):
    page = door.visitor("reader").get("/cycles/2026-Q3").text

    assert re.findall(r'class="tag \w+">(.*?)<', page) == [
        "Corrected on 3 December 2026",
        "Replaced on 3 December 2026",
    ]
    assert "12 figures and 1 conclusion, since 2026-Q3, edition 1." in page
    assert "160 figures, so that no small number gives anybody away" in page
    assert "Download the restricted pack" not in page


def test_every_link_to_a_file_names_its_kind_and_size(door):
    browser = door.visitor("office")
    for path in ("/", "/cycles/2026-Q3", "/cycles/2026-Q2"):
        found = [
            (words, to)
            for words, to in links(browser.get(path)).items()
            if "/1/" in to or "/2/" in to
        ]

        assert found
        for words, address in found:
            assert re.search(r"\((Excel|HTML|CSV), [\d.,]+ [KM]B\)$", words), words
            assert browser.get(address).status_code == 200
        assert len(found) == len(re.findall(r'href="/cycles/[^"]+/\d/', browser.get(path).text))


def test_the_checksum_of_each_edition_is_shown(door):
    page = door.visitor("reader").get("/cycles/2026-Q3").text
    manifest = json.loads((door.settings.published / "2026-Q3/manifest.json").read_text())

    for edition in manifest["editions"]:
        for file in edition["files"][:2]:
            assert file["sha256"] in page


def test_the_office_reads_what_changed_figure_by_figure(door):
    page = door.visitor("office").get("/cycles/2026-Q3").text

    assert "<td>Contacts</td><td>1000</td><td>1012</td>" in page
    assert "For the force and the office only." in page


def test_a_cycle_with_a_frozen_list_and_no_edition_has_no_page(door):
    (door.settings.published / "2026-Q4").mkdir()
    (door.settings.published / "2026-Q4/manifest.json").write_text('{"cycle": "2026-Q4"}')
    browser = door.visitor("reader")

    assert browser.get("/cycles/2026-Q4").status_code == 404
    assert "2026-Q4" not in browser.get("/").text


def test_nothing_published_is_said_so(data):
    for manifest in (data / "published").rglob("manifest.json"):
        manifest.unlink()
    door = given.Door(data)

    assert "No pack is published yet." in door.visitor("reader").get("/").text
    assert "No list of calls is frozen yet." in door.visitor("office").get("/sample").text


def test_names_from_outside_are_text_on_a_page(door):
    manifest = door.settings.published / "2026-Q3/manifest.json"
    manifest.write_text(manifest.read_text().replace("July to", "<b>July</b> to"))

    assert "&lt;b&gt;July&lt;/b&gt;" in door.visitor("reader").get("/").text


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("contact_team", ["Callback lists", "Give a list back"]),
        ("administrator", ["Access log", "Accounts"]),
        ("panellist", ["Packs", "Score sheets"]),
        ("chair", ["Packs", "Call sample"]),
    ],
)
def test_the_first_page_leads_where_the_role_may_go_and_nowhere_else(door, role, words):
    page = door.visitor(role).get("/").text
    (navigation,) = re.findall(r"<nav class=\"services\".*?</nav>", page, re.DOTALL)

    assert [one for _, one in LINK.findall(navigation)] == words


def test_an_account_without_a_role_that_counts_sees_nothing(door):
    door.add("ada", "reader")
    browser = door.visitor()
    browser.sign_in("ada")
    door.site.accounts.set_roles("ada", [])

    assert browser.get("/").status_code == 303


def test_the_chair_draws_in_three_steps_and_the_page_proves_it(door):
    chair, path = door.visitor("chair"), f"/sample/{given.FROZEN}"
    assert "Frozen, not drawn yet" in chair.get(path).text
    check = chair.fill_in(f"{path}/draw", seed=given.DICE, size="12", step="check")
    assert "A draw happens once." in check.text
    assert "16253 44152 63514 25361" in check.text
    assert "Frozen" in chair.get(path).text
    digits = given.DICE.replace(" ", "")
    drawn = chair.fill_in(f"{path}/draw", seed=digits, size="12", step="draw")

    assert (drawn.status_code, drawn.headers["location"]) == (303, path)
    page = chair.get(path).text
    assert "Everything holds." in page
    assert "made the draw again" in page
    assert page.count("<td>Sampled</td>") == 12
    assert page.count("<td>Reserve</td>") == 6
    manifest = door.settings.published / given.FROZEN / "manifest.json"
    assert verifying.verify(manifest).faults == []
    assert door.logged("who", "did", "what")[-1] == ("a.chair", "draw", given.FROZEN)


def test_a_draw_happens_once(door):
    chair, path = door.visitor("chair"), f"/sample/{given.DRAWN}/draw"
    before = (door.settings.published / given.DRAWN / "manifest.json").read_bytes()
    again = chair.fill_in(path, shown_at="/", seed=given.DICE, size="5", step="draw")

    assert again.status_code == 422
    assert "drawn already" in again.text
    assert (door.settings.published / given.DRAWN / "manifest.json").read_bytes() == before
    assert door.logged("outcome")[-1] == ("failed",)


@pytest.mark.parametrize(
    ("seed", "size", "field"),
    [
        pytest.param("1234", "10", "seed", id="few digits"),
        pytest.param("", "10", "seed", id="no digits"),
        pytest.param("1625344152635142536x", "10", "seed", id="a letter"),
        pytest.param("\u0661" * 25, "10", "seed", id="digits of another script"),
        pytest.param("1" * 201, "10", "seed", id="no end of digits"),
        pytest.param(given.DICE, "", "size", id="no number"),
        pytest.param(given.DICE, "0", "size", id="no call"),
        pytest.param(given.DICE, "61", "size", id="more than there are"),
        pytest.param(given.DICE, "1e1", "size", id="no whole number"),
        pytest.param(given.DICE, "60", "seed", id="no reserves left"),
    ],
)
def test_dice_that_cannot_be_drawn_with_are_said_beside_their_field(door, seed, size, field):
    chair = door.visitor("chair")
    answer = chair.fill_in(f"/sample/{given.FROZEN}/draw", seed=seed, size=size, step="draw")

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert (
        "draw"
        not in json.loads((door.settings.published / given.FROZEN / "manifest.json").read_text())[
            "sample"
        ]
    )


def test_a_frame_that_was_changed_shows_in_the_proof(door):
    frame = door.settings.published / given.DRAWN / "sample_frame.csv"
    frame.write_bytes(frame.read_bytes().replace(b"C000007", b"C999999"))
    browser = door.visitor("office")

    assert "It does not hold" in browser.get(f"/sample/{given.DRAWN}").text
    frame.unlink()
    assert "It does not hold" in browser.get(f"/sample/{given.DRAWN}").text


def test_a_callback_list_is_fetched_by_the_team_and_logged(door):
    team = door.visitor("contact_team")
    found = links(team.get("/callbacks"))
    assert [one for one in found if one.startswith("Download")] == [
        "Download list 2026-10-1 (Excel, 1 KB)",
        "Download list 2026-09-2 (Excel, 1 KB)",
    ]
    answer = team.get(f"/callbacks/{given.LIST}")

    assert answer.content.endswith(b"reaches somebody")
    assert answer.headers["content-disposition"].endswith("callbacks_2026-10-1.xlsx")
    assert door.logged("who", "what")[-1] == (
        "a.contact_team",
        "worklists/callbacks_2026-10-1.xlsx",
    )


def test_a_link_among_the_worklists_leads_nowhere(door):
    (door.settings.worklists / "callbacks_2026-11-1.xlsx").symlink_to("/etc/hostname")

    assert door.visitor("contact_team").get("/callbacks/2026-11-1").status_code == 404


def test_the_help_page_says_how_accessible_it_is_and_which_cookie_there_is(door):
    page = door.visitor().get("/help").text

    assert "Accessibility statement" in page
    assert "There is one cookie." in page
    assert "csip@demoshire-pcc.example" in page
