"""Every journey of every role in a real browser: axe, widths, keyboard, large text, no script.

The site has no JavaScript, so the journeys are made with it switched off; axe and the measuring
need it on. The browser is Debian's Chromium.
"""

import door as given
import pytest
import sheets
from browsers import SIDEWAYS, WIDTHS, at, axe, launched
from browsing import SCORES, STATES, WORKBOOK, served, show, sign_in

pytestmark = pytest.mark.slow

MOST_TABS = 200
ROUNDS = 2
"""How often the end of the page is met: Tab may begin in its middle, at what went wrong."""
SMALLEST_TARGET = 24
"""CSS pixels, of what is not a link within a sentence (WCAG 2.5.8)."""
FOCUSABLE = "a[href], button, input:not([type=hidden]):not([tabindex='-1']), select, summary"
FOCUSED = """() => {
    const one = document.activeElement, style = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    window.seen = window.seen || new Set();
    window.seen.add(one);
    return {
        tag: one.tagName,
        outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        visible: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight,
        path: one.outerHTML.slice(0, 120),
    };
}"""
MISSED = """selector => [...document.querySelectorAll(selector)]
    .filter(one => one.checkVisibility() && !window.seen.has(one)).map(one => one.outerHTML)"""
SMALL = """([selector, least]) => [...document.querySelectorAll(selector)].filter(one => {
    const box = one.getBoundingClientRect();
    return one.checkVisibility() && !one.classList.contains('skip') && !one.closest('p, dd')
        && (box.height < least || box.width < least);
}).map(one => one.outerHTML)"""
CUT_OFF = """() => [...document.querySelectorAll('main *, header *, footer *')].filter(one =>
    !one.closest('.unseen') && !one.closest('.scrolls')
    && getComputedStyle(one).overflow !== 'visible'
    && one.scrollWidth > one.clientWidth + 1 && one.tagName !== 'INPUT' && one.tagName !== 'SELECT'
).map(one => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def chromium():
    """One browser for all tests."""
    with launched() as browser:
        yield browser


@pytest.fixture
def site(door):
    """A door, and the address of its server."""
    with served(door) as address:
        yield door, address


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_a_page_holds_at_every_width_with_large_text_and_by_keyboard(chromium, site, state):
    door, address = site
    for width in WIDTHS:
        page = at(chromium, width)
        refused = []
        page.on("console", lambda message, told=refused: told.append(message.text))
        sign_in(page, door, address, state.role)
        show(page, door, address, state)

        assert axe(page) == ""
        assert page.evaluate(SIDEWAYS) <= 0, width
        assert page.evaluate(SMALL, [FOCUSABLE, SMALLEST_TARGET]) == []
        if width != WIDTHS[0]:
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert page.evaluate(SIDEWAYS) <= 0, f"{width}, text at 200 %"
            assert page.evaluate(CUT_OFF) == []
            page.evaluate("document.documentElement.style.fontSize = ''")
        if width != WIDTHS[1]:
            _tab_through(page)
        assert [one for one in refused if "Content Security Policy" in one] == []
        page.context.close()


def _tab_through(page):
    """Every control is reached with the Tab key, and shows that it is."""
    page.evaluate("window.seen = new Set()")
    ends = 0
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        told = page.evaluate(FOCUSED)
        if told["tag"] == "BODY":
            ends += 1
            if ends == ROUNDS:
                break
            continue
        assert told["outline"], told
        assert told["visible"], told
    assert page.evaluate(MISSED, FOCUSABLE) == []


def test_a_reader_takes_the_latest_pack_in_one_click_and_leaves(chromium, site):
    door, address = site
    page = at(chromium, 1280, script=False)
    page.goto(f"{address}/cycles/2026-Q3")
    sign_in(page, door, address, "reader")
    page.goto(address)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download the latest pack").click()
    assert taken.value.suggested_filename == "panel_pack_2026-Q3_revision_2.xlsx"
    page.get_by_role("link", name="All editions and files").click()
    page.get_by_text("Public pack, edition 1: each table by itself").click()
    with page.expect_download() as table:
        page.get_by_role("link", name="Waits in the public pack, edition 1").click()
    assert table.value.suggested_filename == "waits.csv"
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    page.go_back()
    page.goto(address)
    page.get_by_role("heading", name="Sign in").wait_for()


def test_the_page_of_a_pack_is_read_with_its_own_style_and_no_other(chromium, site):
    door, address = site
    page = at(chromium, 320)
    refused = []
    page.on("console", lambda message: refused.append(message.text))
    sign_in(page, door, address, "office")
    for edition in ("Read the public pack", "Read the restricted pack"):
        page.goto(f"{address}/cycles/2026-Q3")
        page.get_by_role("link", name=edition).first.click()
        page.get_by_role("heading", name="Pack").wait_for()
        width = page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth")
        assert width == "960px"
    assert refused == []


def test_the_chair_draws_with_the_keyboard_alone(chromium, site):
    door, address = site
    page = at(chromium, 320, script=False)
    sign_in(page, door, address, "chair")
    page.goto(f"{address}/sample/{given.FROZEN}")
    page.get_by_label("What the dice showed").focus()
    page.keyboard.type("16253 44152 63514")
    page.keyboard.press("Tab")
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Enter at least 20 digits").press("Enter")
    page.keyboard.press("End")
    page.keyboard.type(" 25361")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Draw 8 calls now").press("Enter")
    page.get_by_text("Everything holds.").wait_for()
    assert page.get_by_role("cell", name="Sampled").count() == 8


def test_a_panellist_mends_a_sheet_and_brings_it_again(chromium, site):
    door, address = site
    page = at(chromium, 768, script=False)
    sign_in(page, door, address, "panellist")
    page.get_by_role("link", name="Score sheets").click()
    for rows, said in [([*SCORES, (9, "Tone", "Splendid")], "What to mend"), (SCORES, "Taken in")]:
        sent = {"name": "mine.xlsx", "mimeType": WORKBOOK, "buffer": sheets.scores(*rows)}
        page.get_by_label("Choose a file").set_input_files(sent)
        page.get_by_role("button", name="Upload and check").click()
        page.get_by_role("heading", name=said, exact=True).wait_for()
    assert len(list((door.settings.extracts / "panel_scores").iterdir())) == 1


def test_the_contact_team_fetches_a_list_and_gives_it_back(chromium, site):
    door, address = site
    page = at(chromium, 320, script=False)
    sign_in(page, door, address, "contact_team")
    page.get_by_role("navigation").get_by_role("link", name="Callback lists").click()
    with page.expect_download() as taken:
        page.get_by_role("link", name=f"Download list {given.LIST}").click()
    name = taken.value.suggested_filename
    page.get_by_role("navigation").get_by_role("link", name="Give a list back").click()
    sent = {"name": name, "mimeType": WORKBOOK, "buffer": sheets.worked("explained")}
    page.get_by_label("Choose a file").set_input_files(sent)
    page.get_by_role("button", name="Upload and check").click()
    page.get_by_role("heading", name="Taken in").wait_for()


def test_an_administrator_sees_who_took_what_and_locks_them(chromium, site):
    door, address = site
    reader = at(chromium, 1280, script=False)
    sign_in(reader, door, address, "reader")
    with reader.expect_download():
        reader.get_by_role("link", name="Download the latest pack").click()
    page = at(chromium, 1280, script=False)
    sign_in(page, door, address, "administrator")
    page.get_by_role("navigation").get_by_role("link", name="Access log").click()
    page.get_by_label("Account").select_option("a.reader")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("cell", name="2026-Q3/panel_pack_2026-Q3_revision_2.xlsx").wait_for()
    page.get_by_role("link", name="Accounts").click()
    page.get_by_role("button", name="a.reader").click()
    page.get_by_text("Locked", exact=True).wait_for()
    reader.goto(address)
    reader.get_by_role("heading", name="Sign in").wait_for()


def test_somebody_chooses_another_password(chromium, site):
    door, address = site
    page = at(chromium, 320, script=False)
    sign_in(page, door, address, "office")
    page.get_by_role("link", name="Change password").click()
    for label, value in [
        ("Your present password", given.PASSWORD),
        ("A new password", "four other random words"),
        ("The new password again", "four other random words"),
    ]:
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Change the password").click()
    page.get_by_role("heading", name="Sign in").wait_for()
