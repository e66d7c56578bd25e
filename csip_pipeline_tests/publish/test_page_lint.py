"""A good page has no failures; a page broken in one way fails the rule about that way."""

import re

import pytest
from page_given import rendered

from csip_pipeline.publish.page_lint import lint


@pytest.fixture(scope="module")
def good():
    return rendered()


def failures(text, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(text, encoding="utf-8")
    return lint(path)


def test_a_good_page_has_no_failures(good, tmp_path):
    assert failures(good, tmp_path) == []


BROKEN = {
    "an element never closed": ("</section>\n</main>", "</main>", "closes main where something"),
    "a page that stops": ("</body>\n</html>", "", "never closes html"),
    "an element closed twice": ("</main>", "</main></main>", "closes main where something"),
    "a table without a caption": ("<caption.*?</caption>", "", "A table of the page has no capt"),
    "a table without a head": ("<(/?)thead>", r"<\1tbody>", "has no thead"),
    "a heading cell of nothing": (' scope="col"', "", "does not say whether"),
    "a heading cell of a group": ('scope="row"', 'scope="rowgroup"', "does not say whether"),
    "a chart without a title": ("<title id.*?</title>", "", "svg of the page has no title"),
    "a chart without a description": ("<desc.*?</desc>", "", "svg of the page has no desc"),
    "a chart that is no image": (' role="img"', "", "not marked as an image"),
    "no title": (r"<title>.*?</title>", "", "has 0 of title, not one"),
    "two titles": ("</head>", "<title>Another</title></head>", "has 2 of title, not one"),
    "no main part": ("<(/?)main", r"<\1div", "has 0 of main, not one"),
    "no first heading": ("<(/?)h1>", r"<\1p>", "has 0 of h1, not one"),
    "two first headings": ("</main>", "<h1>Again</h1></main>", "has 2 of h1, not one"),
    "no language": (' lang="en-GB"', "", "does not say which language"),
    "a language of no name": ('lang="en-GB"', 'lang=""', "does not say which language"),
    "a level skipped": ("<(/?)h2", r"<\1h3", "skips a level"),
    "a first heading that is not the first": ("<main", "<h2>x</h2><main", "skips a level"),
    "two styles": ("</head>", "<style></style></head>", "more than one style"),
    "an id used twice": ('id="notes"', 'id="contents"', "uses the id contents 2 times"),
    "a link that leads nowhere": ('href="#notes"', 'href="#nowhere"', "points to nowhere"),
    "a name that is not there": (
        'aria-labelledby="contents"',
        'aria-labelledby="contents other"',
        "points to other",
    ),
    "an event": ("<main", '<main onclick="x()"', "has onclick on a main"),
    "a style of one element": ("<main", '<main style="color:red"', "has style on a main"),
    "a page that moves on": (
        "</head>",
        '<meta http-equiv="refresh" content="0;url=https://evil.example"></head>',
        "has http-equiv on a meta",
    ),
    "a style that imports": ("<style>", "<style>@import 'x.css';", "The style of the page refers"),
    "a style that fetches": ("<style>", "<style>a{background:url(x.png)}", "The style of the page"),
    **{
        f"a {tag}": ("</main>", f"<{tag}></{tag}></main>", f"The page has a {tag}")
        for tag in ("script", "iframe", "object", "embed", "form", "base", "video", "audio")
    },
    **{
        f"a {tag} in a chart": ("</svg>", f'<{tag} href="x.svg#y"/></svg>', f"The page has a {tag}")
        for tag in ("image", "use")
    },
    **{
        f"a {tag} that is empty": ("</main>", f"<{tag}></main>", f"The page has a {tag}")
        for tag in ("img", "link")
    },
    **{
        f"a link to {to}": (
            "</main>",
            f'<a href="{to}">x</a></main>',
            "something outside it on a a",
        )
        for to in (
            "https://evil.example",
            "HTTP://evil.example",
            "//evil.example/x",
            "javascript:x()",
            "data:text/html,x",
            "file:///etc/hosts",
            "ftp://evil.example",
        )
    },
    "a fill from outside": ("<svg", '<svg fill="url(https://evil.example)"', "on a svg"),
}


@pytest.mark.parametrize(("pattern", "new", "said"), BROKEN.values(), ids=BROKEN)
def test_a_page_broken_in_one_way_fails_the_rule_about_it(good, tmp_path, pattern, new, said):
    text, changed = re.subn(pattern, new, good, flags=re.DOTALL)
    assert changed

    assert any(said in failure for failure in failures(text, tmp_path))


def test_a_pattern_of_the_pages_own_is_not_from_outside(good, tmp_path):
    text = good.replace("<svg", '<svg fill="url(#sheet-chart)"')

    assert failures(text, tmp_path) == []


def test_a_failure_quotes_nothing_of_what_the_page_says(good, tmp_path):
    text = good.replace("Crime desk", "<b onclick='x'>Secret</b>")

    found = failures(text, tmp_path)
    assert found
    assert not any("Secret" in failure for failure in found)
