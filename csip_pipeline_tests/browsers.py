"""Debian's Chromium, and what every page of ours is held to in it."""

import shutil
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
WIDTHS = (320, 768, 1280)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@contextmanager
def launched():
    """A browser."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def at(chromium, width, *, script=True):
    """A page of so many CSS pixels, that knows nothing of any other."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=script
    )
    return context.new_page()


def axe(page):
    """What axe has against a page: nothing, or a report."""
    found = Axe().run(page, options=RULES)
    return found.generate_report() if found.violations_count else ""
