"""A workbook made to harm is refused in a sentence: in seconds, in little memory."""

import gzip
import os
import random
import struct
import subprocess
import sys
import time
import zipfile
from subprocess import Popen

import pytest
from workbook_parts_given import (
    DECLARED,
    PACKAGE,
    SPACE,
    TABLE,
    cell,
    parts,
    relations,
    row,
    sheet,
    streamed,
    texts,
    zipped,
)

import csip_pipeline
from csip_pipeline.extract.formats import workbook_child, workbook_process
from csip_pipeline.extract.formats.workbook_process import row_batches
from csip_pipeline.refusals import FaultError, RefusedError

SOMEBODY = "07700900123"
LAUGHS = "".join(
    f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' if level else '<!ENTITY l0 "ha">'
    for level in range(10)
)
MILLION = 1_000_000


def rows_of(path, name=""):
    return [
        (number, cells)
        for batch in row_batches(path, name)
        for number, cells in zip(*(column.to_pylist() for column in batch.columns), strict=True)
    ]


def refusal(path, name=""):
    """What is said of a file that is refused: within the time that a file may take."""
    began = time.monotonic()
    with pytest.raises(RefusedError) as refused:
        rows_of(path, name)
    assert time.monotonic() - began < 10
    told = str(refused.value)
    assert told.startswith("book.xlsx")
    assert told.endswith(".")
    assert "supplier" in told
    assert SOMEBODY not in told
    assert "root:" not in told
    return told


@pytest.fixture
def book(tmp_path):
    return tmp_path / "book.xlsx"


def test_a_workbook_made_part_by_part_is_read(book):
    zipped(book, parts())

    assert rows_of(book) == [(1, ["Ref", "Queue"]), (2, ["1", "q"])]


# What the zip says of itself.


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("../../evil.xml", "points outside", id="above"),
        pytest.param("xl/../../evil.xml", "points outside", id="above from within"),
        pytest.param("/etc/cron.d/evil", "points outside", id="absolute"),
        pytest.param("..\\evil.xml", "points outside", id="above on Windows"),
        pytest.param("C:/evil.xml", "points outside", id="a drive"),
        pytest.param("\\\\evil\\share", "points outside", id="a share"),
        pytest.param("../\x1b[2jevil", r"../\x1b[2jevil", id="a name that a terminal obeys"),
        pytest.param("xl/workbook.xml", "two parts of the same name", id="a part twice"),
        pytest.param("XL/Workbook.xml", "two parts of the same name", id="twice but for case"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_names_that_no_program_writes_is_refused(book, tmp_path, name, told):
    zipped(book, parts(), (name, "<evil/>"))

    assert told in refusal(book)
    assert sorted(tmp_path.iterdir()) == [book]
    assert not [*tmp_path.parent.glob("*evil*"), *tmp_path.parent.parent.glob("*evil*")]


def test_a_zip_of_very_many_parts_is_refused(book):
    zipped(book, parts(), *((f"xl/{number}", "") for number in range(5_001)))

    assert "holds 5,007 parts" in refusal(book)


def test_a_directory_of_a_million_parts_is_refused(book):
    entry = struct.pack(
        "<4s4B4HL2L5H2L", b"PK\1\2", *[20, 0, 20, 0], *[0] * 4, *[0] * 3, 1, *[0] * 6
    )
    directory = (entry + b"x") * MILLION
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, len(directory), 0, 0)
    book.write_bytes(directory + end)

    assert "very many parts" in refusal(book)


def test_a_part_that_is_encrypted_is_refused(book):
    zipped(book, parts())
    raw = bytearray(book.read_bytes())
    at = raw.find(b"PK\1\2")
    raw[at + 8] |= 1
    book.write_bytes(raw)

    assert "protected by a password" in refusal(book)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(book):
    piece = row(1, cell("A1", "x")).encode() * 30_000
    streamed(book, parts(), "xl/worksheets/sheet1.xml", [piece] * (419 * MILLION // len(piece)))
    assert book.stat().st_size < 4 * MILLION

    assert "times its size" in refusal(book)


def test_a_small_bomb_is_refused_too(book):
    zipped(book, parts(sheet1=sheet(*TABLE, *["<row>" + "<c/>" * 1_000 + "</row>"] * 6_000)))

    assert "times its size" in refusal(book)


def test_a_bomb_of_more_than_a_workbook_may_unpack_to_is_refused(book):
    streamed(book, parts(), "xl/media/image.bin", [bytes(10 * MILLION)] * 51)

    assert "unpacks to more than 500 MB" in refusal(book)


@pytest.mark.parametrize("is_the_sum_right", [False, True])
def test_a_directory_that_lies_about_sizes_gains_nothing(book, is_the_sum_right):
    whole = sheet(*TABLE, *(row(number, cell(f"A{number}", "x")) for number in range(3, 200_000)))
    zipped(book, parts(sheet1=whole))
    raw = bytearray(book.read_bytes())
    with zipfile.ZipFile(book) as package:
        about = package.getinfo("xl/worksheets/sheet1.xml")
    at = raw.rfind(struct.pack("<L", about.file_size))
    raw[at : at + 4] = struct.pack("<L", 1_000)
    if is_the_sum_right:
        right = zipfile.crc32(whole[:1_000].encode())
        for place in (about.header_offset + 14, at - 8):
            raw[place : place + 4] = struct.pack("<L", right)
    book.write_bytes(raw)

    assert "cut off" in refusal(book)


def test_what_is_unpacked_is_counted_whatever_the_directory_says(book):
    zipped(book, parts())
    package = workbook_child.Package(book.open("rb"))
    package._left = 100  # noqa: SLF001 - half a gigabyte takes long to make

    with pytest.raises(RefusedError, match="unpacks to more"):
        list(package.chunks("xl/worksheets/sheet1.xml"))


# What the XML declares.


def declared(root, body, entity):
    """A part whose document type declares entities, and which uses them."""
    return f'<?xml version="1.0"?><!DOCTYPE {root} [{entity}]>{body}'


BODIES = {
    "workbook": f'<workbook xmlns="{SPACE}"><sheets>&{{0}};</sheets></workbook>',
    "sheet1": sheet(row(1, cell("A1", "&{0};"))).removeprefix(DECLARED),
    "sharedStrings": texts("&{0};").removeprefix(DECLARED),
    "styles": f'<styleSheet xmlns="{SPACE}">&{{0}};</styleSheet>',
    "relations": f'<Relationships xmlns="{PACKAGE}">&{{0}};</Relationships>',
    "package": f'<Relationships xmlns="{PACKAGE}">&{{0}};</Relationships>',
}
ENTITIES = {
    "billion laughs": ("l9", LAUGHS),
    "quadratic blow-up": ("a", f'<!ENTITY a "{"x" * 100_000}">'),
    "a file of ours": ("x", '<!ENTITY x SYSTEM "file:///etc/passwd">'),
    "a request": ("x", '<!ENTITY x SYSTEM "http://127.0.0.1:9/x">'),
    "a parameter": ("x", '<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;<!ENTITY x "y">'),
}


@pytest.mark.parametrize("entity", ENTITIES)
@pytest.mark.parametrize("part", BODIES)
def test_no_part_may_declare_entities(book, part, entity):
    name, declaration = ENTITIES[entity]
    zipped(book, parts(**{part: declared(part, BODIES[part].format(name), declaration)}))

    assert "document type" in refusal(book)


def test_nor_may_it_in_another_encoding(book):
    text = declared("worksheet", BODIES["sheet1"].format("l9"), LAUGHS)
    zipped(book, parts(sheet1=text.encode("utf-16")))

    assert "document type" in refusal(book)


@pytest.mark.parametrize(
    "long",
    [
        pytest.param('<a b="{0}"/>', id="an attribute"),
        pytest.param("<!--{0}-->", id="a comment"),
        pytest.param("<?pi {0}?>", id="an instruction"),
        pytest.param("<{0}/>", id="a name"),
    ],
)
def test_a_piece_of_xml_of_many_megabytes_is_not_read_over_and_over(book, long):
    zipped(book, parts(sheet1=sheet(*TABLE, before=long.format("x" * 15 * MILLION))))

    assert "not a workbook" in refusal(book)


def test_elements_within_elements_without_end_are_read_or_refused(book):
    deep = "<a>" * MILLION + "</a>" * MILLION
    zipped(book, parts(sheet1=sheet(*TABLE, after=deep)))

    assert len(rows_of(book)) == 2


def test_a_part_of_very_many_elements_is_not_kept(book):
    zipped(book, parts(workbook=f'<workbook xmlns="{SPACE}">{"<a/>" * 2 * MILLION}</workbook>'))

    assert "not a workbook" in refusal(book)


@pytest.mark.soak
def test_what_needs_more_memory_than_there_is_ends_the_reader_alone(book):
    """A text of 300 MB, diluted with noise, so that the zip as a whole packs as others do."""
    begins, ends = texts("|").split("|")
    noise = random.Random(1).randbytes(7 * MILLION)  # noqa: S311 - noise
    letters = [b"x" * MILLION] * 300
    given = [begins.encode(), *letters, ends.encode()]
    streamed(book, parts() | {"xl/media/noise": noise}, "xl/sharedStrings.xml", given)

    told = refusal(book)

    assert "512 MB of memory" in told
    assert "Ask the supplier for CSV" in told


# What the sheet says.

FAR = cell("XFD1048576", "far")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param(
            sheet(row(1, cell("A1", "x")), row(MILLION + 48_576, FAR)),
            "column 16,384 of row 1,048,576",
            id="a far cell",
        ),
        pytest.param(
            sheet(*TABLE, before='<dimension ref="A1:XFD1048576"/>'),
            "claims 16,384 columns",
            id="a far dimension",
        ),
        pytest.param(
            sheet(*TABLE, row(MILLION, cell("A1000000", "x")), before='<dimension ref="A1:B2"/>'),
            "row 1,000,000, 999,997 empty rows below",
            id="a far row, and a dimension that lies",
        ),
        pytest.param(
            sheet(*TABLE, row(3, cell("SG3", "x"))),
            "column 501 of row 3",
            id="a far column",
        ),
        pytest.param(
            sheet(*TABLE, before='<dimension ref="A1:B1048577"/>'),
            "not a workbook",
            id="more rows than Excel has",
        ),
        pytest.param(
            sheet(row(1_048_577, cell("A1048577", "x"))), "not a workbook", id="a row beyond"
        ),
        pytest.param(sheet(row(1, cell("AAAA1", "x"))), "not a workbook", id="a column beyond"),
        pytest.param(sheet(row(1, cell("a1", "x"))), "not a workbook", id="no column"),
        pytest.param(sheet(row(2, cell("A2", "x")), *TABLE), "not a workbook", id="rows go back"),
        pytest.param(
            sheet(row(1, cell("B1", "x"), cell("A1", "x"))), "not a workbook", id="cells go back"
        ),
        pytest.param(
            sheet(row(1, cell("B1", "x"), cell("B1", "y"))), "not a workbook", id="a cell twice"
        ),
        pytest.param(sheet(row(-1, cell("A1", "x"))), "not a workbook", id="a row below one"),
        pytest.param(sheet(row("9" * 5_000)), "not a workbook", id="a number without end"),
        pytest.param(sheet(row(1, cell("A1", "2", "s"))), "not a workbook", id="no such text"),
        pytest.param(sheet(row(1, cell("A1", "-1", "s"))), "not a workbook", id="a text before"),
        pytest.param(sheet(row(1, cell("A1", "nan", "n"))), "not a workbook", id="not a number"),
        pytest.param(sheet(row(1, cell("A1", "1", "z"))), "not a workbook", id="no such kind"),
        pytest.param(
            sheet(*TABLE, row(3, cell("A3", "x" * 32_768))), "32,768 characters", id="a long cell"
        ),
        pytest.param(sheet(*TABLE)[:-20], "cut off", id="cut off"),
        pytest.param("", "not a workbook", id="nothing"),
    ],
)
def test_a_sheet_that_goes_beyond_a_table_is_refused(book, given, told):
    zipped(book, parts(sheet1=given))

    assert told in refusal(book)


@pytest.mark.parametrize("name", ["../../../../etc/passwd", "/etc/passwd", "missing.xml", ""])
def test_a_sheet_is_looked_for_in_its_own_zip_alone(book, name):
    zipped(book, parts(relations=relations(("worksheet", name))))

    assert "not a workbook" in refusal(book)


def test_a_sheet_elsewhere_is_not_fetched(book):
    away = relations(("worksheet", "http://127.0.0.1:9/sheet.xml"))
    zipped(book, parts(relations=away.replace("/>", ' TargetMode="External"/>')))

    assert 'has no sheet "Calls". Its sheets: none.' in refusal(book, "Calls")


@pytest.mark.soak
def test_one_long_text_shown_everywhere_does_not_fill_the_machine(book):
    long = texts("x" * 32_767)
    rows = [row(1, cell("A1", "0", "s"))]
    rows += [row(n, *('<c t="s"><v>0</v></c>' for _ in range(20))) for n in range(2, 5_000)]
    zipped(book, parts(sheet1=sheet(*rows), sharedStrings=long))

    assert "500 MB of text" in refusal(book)


@pytest.mark.soak
def test_a_wide_header_over_many_short_rows_does_not_fill_the_machine(book):
    header = row(1, *(f'<c t="str"><v>{n}</v></c>' for n in range(500)))
    rows = [f"<row><c><v>{n}</v></c></row>" for n in range(45_000)]
    zipped(book, parts(sheet1=sheet(header, *rows)))

    assert "15,000,000 cells" in refusal(book)


def test_empty_cells_and_rows_without_number_cost_nothing(book):
    blank = "<row>" + "<c/>" * 1_000 + "</row>"
    zipped(book, parts(sheet1=sheet(*TABLE, *[blank] * 1_000)))

    assert len(rows_of(book)) == 2


# Zipped once more.


def test_a_workbook_zipped_once_more_is_read(book):
    zipped(book, parts())
    again = book.with_name("book.xlsx.gz")
    again.write_bytes(gzip.compress(book.read_bytes()))

    assert rows_of(again) == rows_of(book)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(gzip.compress(bytes(300 * MILLION), 1), "more than 100 MB", id="a bomb"),
        pytest.param(gzip.compress(b"PK" * 500)[:-9], "cut off", id="cut off"),
        pytest.param(b"PK" * 500, "not a workbook", id="not zipped again"),
    ],
)
def test_what_is_zipped_once_more_has_limits_too(book, content, told):
    again = book.with_name("book.xlsx.gz")
    again.write_bytes(content)

    assert told in refusal(again)


# The process itself.


def test_damage_anywhere_is_a_refusal_and_never_a_fault(book):
    zipped(
        book, parts(sheet1=sheet(*TABLE, *(row(n, cell(f"A{n}", SOMEBODY)) for n in range(3, 60))))
    )
    whole = book.read_bytes()
    ends = set()
    chance = random.Random(1)  # noqa: S311 - damage
    for _ in range(400):
        raw = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        book.write_bytes(raw[: chance.choice([len(raw), chance.randrange(len(raw))])])
        with book.open("rb") as file:
            *_, last = workbook_child._frames(file, "", zipped=False)  # noqa: SLF001
        ends.add(last[:1])

    assert ends == {workbook_child.WHOLE, workbook_child.UNREADABLE, workbook_child.REFUSED} & ends
    assert workbook_child.UNREADABLE in ends


def in_the_child(code, *given):
    """What a process started as the child is started prints."""
    root = str(workbook_process.PACKAGE.parent)
    code = f"import sys; sys.path.append(sys.argv[1]); {code}"
    return subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-I", "-S", "-c", code, root, *given],
        capture_output=True,
        text=True,
        env={},
        check=True,
    ).stdout


def test_the_child_needs_nothing_but_python_itself():
    loaded = in_the_child(
        "from csip_pipeline.extract.formats import workbook_child; print(*sys.modules)"
    ).split()

    ours = {name for name in loaded if name.startswith(csip_pipeline.__name__)}
    others = {name.partition(".")[0] for name in set(loaded) - ours}
    assert others <= sys.stdlib_module_names | {"__main__"}


@pytest.mark.skipif(not workbook_child.HAS_LIMITS, reason="no limits on Windows")
def test_the_child_has_little_memory_and_no_file_but_its_pipes(tmp_path):
    tried = tmp_path / "tried"
    told = in_the_child(
        "import resource; from csip_pipeline.extract.formats import workbook_child as child\n"
        "child._limit()\n"
        "print(*(resource.getrlimit(getattr(resource, f'RLIMIT_{name}'))[0] "
        "for name in child.LIMITS))\n"
        "for how in 'rw':\n"
        "  try: open(sys.argv[2], how)\n"
        "  except OSError as error: print(error.errno)\n"
        "try: bytes(600_000_000)\n"
        "except MemoryError: print('too big')",
        str(tried),
    ).split("\n")

    assert told[0].split() == [str(most) for most in workbook_child.LIMITS.values()]
    assert told[1:4] == ["24", "24", "too big"]
    assert not tried.exists()


def dying(monkeypatch, last):
    """Let the child say that it has begun, and then do this."""
    begun = workbook_child.FRAME.pack(workbook_child.BEGUN, 0, 0, 0, 0)
    code = f"import os, signal; os.write(1, {begun!r}); {last}"
    monkeypatch.setattr(workbook_process, "BOOT", code)


@pytest.mark.parametrize(
    ("last", "told"),
    [
        pytest.param("os.kill(os.getpid(), signal.SIGXCPU)", "more than 120 s of work", id="work"),
        pytest.param("os.kill(os.getpid(), signal.SIGSEGV)", "512 MB of memory or", id="a crash"),
        pytest.param("os.write(1, b'R' + bytes(7) + b'\\xff' * 25)", "memory or", id="nonsense"),
        pytest.param("os.write(1, b'R' + bytes(9))", "memory or", id="half a frame"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_reader_that_dies_is_a_refusal_of_its_file(book, monkeypatch, last, told):
    zipped(book, parts())
    dying(monkeypatch, last)

    assert told in refusal(book)


def test_a_reader_that_hangs_is_ended(book, monkeypatch):
    zipped(book, parts())
    dying(monkeypatch, "import time; time.sleep(60)")
    monkeypatch.setattr(workbook_process, "PATIENCE_SECONDS", 0.5)

    assert "of work" in refusal(book)


def test_a_reader_that_cannot_start_is_no_fault_of_the_file(book, monkeypatch):
    zipped(book, parts())
    monkeypatch.setattr(workbook_process, "BOOT", "raise SystemExit(1)")

    with pytest.raises(FaultError, match="did not start"):
        rows_of(book)


def test_a_fault_of_ours_stops_that_file_and_quotes_nobody(book, monkeypatch):
    zipped(book, parts())
    wreck = (
        "import sys; sys.path.append(sys.argv[1]); "
        "from csip_pipeline.extract.formats import workbook_child as child; "
        f"child.Package = lambda file: '{SOMEBODY}' + 1; child.main()"
    )
    monkeypatch.setattr(workbook_process, "BOOT", wreck)

    assert "An unexpected TypeError in" in refusal(book)


def test_no_reader_is_left_behind_when_nobody_listens_any_more(book, monkeypatch):
    zipped(book, parts(sheet1=sheet(*(row(n, cell(f"A{n}", n)) for n in range(1, 300_000)))))
    started = []

    def start(*given, **more):
        started.append(Popen(*given, **more))  # noqa: S603 - our own code
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    batches = row_batches(book, "")
    next(batches)
    batches.close()

    assert [process.poll() is not None for process in started] == [True]
