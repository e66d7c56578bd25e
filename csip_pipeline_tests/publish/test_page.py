"""The page can be read out and used with the keyboard; it asks for nothing and runs nothing."""

from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from page_given import chart, pack, rendered, table

from csip_pipeline.publish import page, page_lint
from csip_pipeline.publish.workbook import Cover, Link, Series

VOID = {"meta", "path", "rect", "circle", "polyline"}
HOSTILE = '<script>alert(1)</script><img src=x onerror="x()">&amp;"\'</td>'
LONG = "Wrth-Gefn-" * 6
"""Sixty characters without a space at which a line could break."""


class Read(HTMLParser):
    """A page read by the standard library: its elements, and the text of each."""

    def __init__(self, text):
        """Read a whole page."""
        super().__init__()
        self.elements, self.texts, self._open = [], [], []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        """An element begins; an attribute is told once."""
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, dict(attrs), tuple(self._open)))
        self.texts.append("")
        if tag not in VOID:
            self._open.append(len(self.elements) - 1)

    def handle_endtag(self, tag):
        """An element ends: the last that began, unless it held nothing."""
        if tag not in VOID:
            assert self.elements[self._open.pop()][0] == tag

    def handle_data(self, data):
        """Text belongs to whatever is open."""
        for position in self._open:
            self.texts[position] += data

    def named(self, *tags):
        """The attributes of each element of these names."""
        return [told for tag, told, _ in self.elements if tag in tags]

    def text_of(self, *tags):
        """The text within each element of these names."""
        pairs = zip(self.elements, self.texts, strict=True)
        return [text for (tag, *_), text in pairs if tag in tags]

    def within(self, position):
        """The names of the elements within one."""
        return [tag for tag, _, inside in self.elements if position in inside]


PACKS = {
    "a chart and its table": pack(),
    "a table without rows": pack(chart(), table(())),
    "no series has a figure": pack(chart(), table([None] * 3)),
    "stacked": pack(chart(kind="stacked_share"), table()),
    "hostile words": pack(
        chart(title=HOSTILE, message=HOSTILE, alt_text=HOSTILE, y_axis=HOSTILE, sheet='<b>&"'),
        table(queues=[HOSTILE, LONG] * 3, title=HOSTILE, sheet="<i onload=x>", intro=(HOSTILE,)),
        cover=Cover(HOSTILE, HOSTILE, ((HOSTILE, (HOSTILE, Link('<b>&"', HOSTILE))),)),
        note=HOSTILE,
    ),
}


@pytest.fixture(params=PACKS.values(), ids=PACKS)
def read(request):
    """A page, read."""
    return Read(page.render(request.param).decode())


def test_a_page_says_its_language_its_encoding_and_what_it_is(read):
    assert [told["lang"] for told in read.named("html")] == ["en-GB"]
    assert [told["charset"] for told in read.named("meta") if "charset" in told] == ["utf-8"]
    assert read.elements[0][0] == "html"
    heads = [tag for tag, _, inside in read.elements if tag == "title" and len(inside) == 2]
    assert len(heads) == len(read.named("main")) == 1


def test_there_is_one_first_heading_and_no_level_is_skipped(read):
    levels = [int(tag[1]) for tag, *_ in read.elements if tag in {f"h{n}" for n in range(1, 7)}]

    assert Counter(levels)[1] == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_id_is_of_one_element_and_every_pointer_leads_to_one(read):
    ids = Counter(told["id"] for _, told, _ in read.elements if "id" in told)

    assert set(ids.values()) == {1}
    pointers = [told["href"].removeprefix("#") for told in read.named("a")]
    for _, told, _ in read.elements:
        pointers += told.get("aria-labelledby", "").split()
    assert set(pointers) <= set(ids)


def test_every_chart_is_an_image_with_a_title_and_a_description(read):
    for position, (tag, told, _) in enumerate(read.elements):
        if tag == "svg":
            assert told["role"] == "img"
            assert read.within(position)[:2] == ["title", "desc"]
            own = [told for _, told, inside in read.elements if position in inside][:2]
            assert told["aria-labelledby"].split() == [each["id"] for each in own]
    assert all(text.strip() for text in read.text_of("desc"))


def test_every_table_has_a_caption_and_headings_that_say_of_what(read):
    tables = [position for position, (tag, *_) in enumerate(read.elements) if tag == "table"]

    assert tables
    for position in tables:
        assert read.within(position)[0] == "caption"
    scopes = [told["scope"] for told in read.named("th")]
    assert set(scopes) == {"col", "row"}
    assert scopes.count("col") == 4


def test_nothing_is_run_or_fetched(read):
    runs = ("script", "iframe", "object", "embed", "form", "link", "img", "base", "image", "use")

    assert read.named(*runs) == []
    for tag, told, _ in read.elements:
        assert not [name for name in told if name.startswith("on") or name in ("src", "style")]
        assert tag == "a" or "href" not in told
    assert all(told["href"].startswith("#") for told in read.named("a"))
    (style,) = read.text_of("style")
    assert not any(word in style for word in ("url(", "@import", "//", "expression"))


def test_nothing_that_was_drawn_is_out_of_the_worlds_numbers(read):
    drawn = [
        told for tag, told, _ in read.elements if tag in {"path", "rect", "circle", "polyline"}
    ]

    text = " ".join(value for told in drawn for value in told.values()).casefold()
    assert not any(word in text for word in ("nan", "inf", "none none"))


@pytest.mark.parametrize("made", PACKS.values(), ids=PACKS)
def test_the_lint_finds_nothing(made, tmp_path):
    path = tmp_path / "page.html"
    path.write_bytes(page.render(made))

    assert page_lint.lint(path) == []


def test_words_from_outside_are_shown_as_they_are():
    read = Read(page.render(PACKS["hostile words"]).decode())

    (title,) = read.text_of("h1")
    assert title == HOSTILE
    cells = read.text_of("td", "th")
    assert cells.count(HOSTILE) == cells.count(LONG) == 3
    assert read.text_of("caption") == [HOSTILE]
    assert HOSTILE in read.text_of("desc")
    assert HOSTILE in read.text_of("text")
    assert HOSTILE in read.text_of("dd")


def test_a_long_name_may_be_broken_or_scrolled_to():
    text = rendered(table(queues=[LONG] * 6))

    (region,) = [told for told in Read(text).named("div") if told.get("role") == "region"]
    assert region["tabindex"] == "0"
    assert "overflow-x:auto" in text
    assert "overflow-wrap:anywhere" in text


def test_a_cell_says_what_the_workbook_shows():
    read = Read(rendered())

    rows = read.text_of("tr")
    assert rows[1] == "January 2026Crime desk70.0%75.0%"
    assert rows[2] == "February 2026Crime desk[x]75.0%"
    assert rows[4] == "April 2026Crime desk[c]75.0%"
    assert len(rows) == 7
    assert "Some cells hold shorthand: [c] means confidential, [x] means not available." in (
        read.text_of("p")
    )


def test_a_heading_links_to_its_note():
    read = Read(rendered())

    assert "In time [note 1]" in read.text_of("th")
    assert "#note-1" in [told["href"] for told in read.named("a")]
    assert "Within five minutes" in read.text_of("dd")


def test_numbers_stand_to_the_right_and_words_do_not():
    read = Read(rendered())

    looks = [told.get("class") for told in read.named("th")][:4]
    assert looks == [None, None, "n", "n"]


def test_the_keyboard_reaches_the_pack_and_every_sheet():
    read = Read(rendered())
    (first, *_) = read.named("a")

    assert first["href"] == "#main"
    assert [told["id"] for told in read.named("main")] == ["main"]
    sheets = [text for text in read.text_of("h2") if text in ("Chart", "Figures")]
    assert sheets == ["Chart", "Figures"]


def test_a_chart_without_figures_says_so_and_draws_nothing():
    read = Read(page.render(PACKS["a table without rows"]).decode())

    assert read.named("svg") == []
    assert "There are no figures to draw." in read.text_of("p")


@pytest.mark.parametrize(
    "sheets",
    [
        pytest.param(["Waits 1", "Waits-1", "Waits (1)"], id="marks alone"),
        pytest.param(["Figures", "Figures caption"], id="a caption"),
        pytest.param(["Waits title", "Waits desc"], id="a chart's title"),
        pytest.param(["Waits 2", "Waits 3"], id="a chart's pattern"),
        pytest.param(["\u0394", "\u0395"], id="no letter that we know"),
    ],
)
def test_sheets_of_almost_the_same_name_have_ids_of_their_own(sheets):
    four = tuple(Series(name, name) for name in ("share", "target", "share", "target"))
    drawn = chart(sheet="Waits", kind="stacked_share", series=four)
    tables = [table(sheet=sheet, name=f"table_{place}_") for place, sheet in enumerate(sheets)]
    read = Read(rendered(drawn, table(sheet="All of them"), *tables))

    ids = Counter(told["id"] for _, told, _ in read.elements if "id" in told)
    assert set(ids.values()) == {1}
    linked = [told["href"][1:] for told in read.named("a")]
    headings = [told["id"] for told in read.named("h2") if "id" in told]
    assert set(headings) <= set(linked)


def test_the_same_pack_gives_the_same_bytes():
    assert page.render(pack()) == page.render(pack())
