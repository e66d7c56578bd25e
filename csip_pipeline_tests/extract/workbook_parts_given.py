"""Workbooks made part by part, as no spreadsheet program would make them."""

import zipfile
from pathlib import Path

SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def relations(*given):
    """A part of relationships, from pairs of kind and target."""
    said = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(given, 1)
    )
    return f'{DECLARED}<Relationships xmlns="{PACKAGE}">{said}</Relationships>'


def cell(reference, value, kind="str", more=""):
    """A cell of text, or of another kind."""
    return f'<c r="{reference}" t="{kind}"{more}><v>{value}</v></c>'


def row(number, *cells, more=""):
    """A row of cells."""
    return f'<row r="{number}"{more}>{"".join(cells)}</row>'


def sheet(*rows, before="", after=""):
    """A sheet."""
    data = f"<sheetData>{''.join(rows)}</sheetData>"
    return f'{DECLARED}<worksheet xmlns="{SPACE}">{before}{data}{after}</worksheet>'


TABLE = (row(1, cell("A1", "Ref"), cell("B1", "Queue")), row(2, cell("A2", "1"), cell("B2", "q")))


def parts(**given):
    """The parts of a small workbook; those given by their first word are put in their place."""
    usual = {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'{DECLARED}<workbook xmlns="{SPACE}" xmlns:r="{OFFICE}"><workbookPr/><sheets>'
            '<sheet name="Calls" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml"),
            ("sharedStrings", "sharedStrings.xml"),
            ("styles", "/xl/styles.xml"),
        ),
        "xl/worksheets/sheet1.xml": sheet(*TABLE),
        "xl/sharedStrings.xml": texts("first", "second"),
        "xl/styles.xml": styles(0, 22, 46),
    }
    names = {name.rpartition("/")[2].split(".")[0]: name for name in usual if "rels" not in name}
    names |= {"package": "_rels/.rels", "relations": "xl/_rels/workbook.xml.rels"}
    return usual | {names[word]: content for word, content in given.items()}


def texts(*given):
    """Shared texts, each as XML within its element."""
    said = "".join(
        f"<si>{one}</si>" if one.startswith("<") else f"<si><t>{one}</t></si>" for one in given
    )
    return f'{DECLARED}<sst xmlns="{SPACE}">{said}</sst>'


def styles(*formats, codes=""):
    """Cell styles by the number of their format."""
    said = "".join(f'<xf numFmtId="{one}"/>' for one in formats)
    return (
        f'{DECLARED}<styleSheet xmlns="{SPACE}"><numFmts>{codes}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>{said}</cellXfs>'
        '<dxfs><dxf><numFmt numFmtId="0" formatCode="yyyy"/></dxf></dxfs></styleSheet>'
    )


def zipped(path: Path, content, *more):
    """Write parts as a zip: by name, and more pairs of name and content."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name, text in [*content.items(), *more]:
            package.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return path


def streamed(path: Path, content, name, pieces):
    """Write parts as a zip, and one of them piece by piece: for what is too large to hold."""
    zipped(path, {other: text for other, text in content.items() if other != name})
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
        package.open(name, "w", force_zip64=True) as part,
    ):
        for piece in pieces:
            part.write(piece)
    return path
