"""Rules about the file as a package: nothing that runs, reaches out, or tells on its maker."""

import re
from collections.abc import Iterator

from csip_pipeline.publish.workbook_read import Written, named

RUNS = re.compile(r"(?i)vbaproject|macrosheets?/|activex|embeddings/|ctrlprops/|customui")
REACHES_OUT = re.compile(
    r"(?i)externallinks/|connections\.xml|querytables/|pivotcache|webextension"
)
CUSTOM = re.compile(r"(?i)(^|/)customxml/|docProps/custom\.xml")
PICTURES = re.compile(r"(?i)xl/media/")
DRAWN = ("pic", "sp", "cxnSp", "oleObj", "picture")
FORMULAS = ("f", "calculatedColumnFormula", "totalsRowFormula")
ABSOLUTE_PATH = re.compile(
    r"(?i)(?<![a-z0-9])[a-z]:[\\/](?![\\/])|\\\\[a-z0-9_.$-]+\\|file:/"
    r"|(?<![\w./:-])/(?:home|users|tmp|root|var|work|mnt|opt|srv|private|volumes)/"
)
REACHES_SOMEBODY = re.compile(
    r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w.])(?:\+44[\s(]*|\(?0)(?:[\s()-]{0,2}\d){9,10}(?![\w.])"
)
"""An e-mail address, or a British telephone number as it is dialled."""
PRINT_TITLES = "_xlnm.Print_Titles"
SMALLEST = 12
MOST_OFFERED = 2
"""An address and a number of the office."""
SANS_SERIF = frozenset({"Arial"})


def there_are_no_formulas(written: Written) -> Iterator[str]:
    """Every figure is what the pipeline computed; nothing recalculates or runs."""
    for sheet in written.sheets:
        for cell in named(sheet.root, "c"):
            if named(cell, "f"):
                yield f"Worksheet '{sheet.name}', cell {cell.get('r')}: there is a formula."
        if named(sheet.root, "conditionalFormatting"):
            yield f"Worksheet '{sheet.name}' has conditional formatting."
    for part, root in written.xml_parts():
        if part.startswith("xl/tables/") and any(named(root, name) for name in FORMULAS):
            yield f"Table {root.get('displayName')} computes a column by formula."


def nothing_links_out(written: Written) -> Iterator[str]:
    """The workbook opens no other file and no address, and asks nothing of a network."""
    for sheet in written.sheets:
        for link in sheet.links:
            if link.target is not None:
                yield f"Worksheet '{sheet.name}', cell {link.cell}: the link leaves the workbook."
    for part, root in written.xml_parts():
        outside = any(
            entry.get("TargetMode") == "External" for entry in named(root, "Relationship")
        )
        if REACHES_OUT.search(part) or outside:
            yield f"The file's part {part} refers to something outside the workbook."


def nothing_runs(written: Written) -> Iterator[str]:
    """No macros, controls or embedded objects."""
    for part in written.parts:
        if RUNS.search(part):
            yield f"The file's part {part} can run."
    if b"macroEnabled" in written.parts.get("[Content_Types].xml", b""):
        yield "The file says that it may hold macros."


def there_are_no_pictures(written: Written) -> Iterator[str]:
    """A picture of a table or a floating box cannot be read out; charts are native."""
    for part in written.parts:
        if PICTURES.search(part):
            yield f"The file's part {part} is a picture."
    for part, root in written.xml_parts():
        if "drawings/" in part and any(named(root, name) for name in DRAWN):
            yield f"The file's part {part} draws a picture or a floating box."


def nothing_is_attached(written: Written) -> Iterator[str]:
    """Custom XML and custom properties carry what no reader sees."""
    for part in written.parts:
        if CUSTOM.search(part):
            yield f"The file's part {part} is attached data."


def no_path_is_given_away(written: Written) -> Iterator[str]:
    """No part tells where on somebody's computer the file was made."""
    for part, root in written.xml_parts():
        words = [*root.itertext(), *(v for e in root.iter() for v in e.attrib.values())]
        if any(ABSOLUTE_PATH.search(word) for word in words):
            yield f"The file's part {part} holds an absolute path."


def only_the_cover_says_how_to_reach_anybody(written: Written) -> Iterator[str]:
    """Whom to ask stands on the cover; any other address or number is somebody's own."""
    if written.is_worklist:
        return
    cover = written.book.worksheets[0].iter_rows(values_only=True)
    offered = {found for row in cover for cell in row for found in _reaching(str(cell))}
    for part, root in written.xml_parts():
        words = [*root.itertext(), *(v for e in root.iter() for v in e.attrib.values())]
        if any(set(_reaching(word)) - offered for word in words):
            yield f"The file's part {part} holds an e-mail address or a telephone number."
    if len(offered) > MOST_OFFERED:
        yield f"The cover gives {len(offered)} addresses and numbers: one office answers questions."


def _reaching(text: str) -> list[str]:
    return REACHES_SOMEBODY.findall(text)


def only_print_titles_are_defined(written: Written) -> Iterator[str]:
    """A defined name can hide a formula or a reference to another file."""
    for entry in named(written.xml("xl/workbook.xml"), "definedName"):
        if entry.get("name") != PRINT_TITLES:
            yield f"The workbook defines the name '{entry.get('name')}'."


def the_file_says_what_it_is(written: Written) -> Iterator[str]:
    """Title, author and language are set: a screen reader speaks them, a search finds them."""
    about = written.book.properties
    for what, value in (
        ("title", about.title),
        ("author", about.creator),
        ("language", about.language),
    ):
        if not (value or "").strip() or value == "openpyxl":
            yield f"The file has no {what} in its properties."


def text_is_large_and_plain(written: Written) -> Iterator[str]:
    """A sans serif font of 12 points or more."""
    fonts = next(iter(named(written.xml("xl/styles.xml"), "fonts")))
    for font in fonts:
        size = next((float(entry.get("val", "0")) for entry in named(font, "sz")), 0.0)
        name = next((entry.get("val", "") for entry in named(font, "name")), "")
        if size < SMALLEST or name not in SANS_SERIF:
            yield f"The file uses the font {name} at {size:g} points."
