"""Look for the canary by another way than the package's own: each file, and all that it packs."""

import gzip
import re
import zipfile

import canaries
import duckdb

from csip_pipeline import warehouse
from csip_pipeline.contact_points import contact_point
from csip_pipeline.pseudonyms import pseudonym

SEPARATORS = re.compile(rb"[ ().\-]")
BY = ("--by", "Data protection officer", "--reason", "Request 17", "--yes")
EVERYBODY = (
    *("--phone", canaries.PHONE, "--email", f"{canaries.CANARY}@example.org"),
    *("--handle", canaries.CANARY),
)
"""Each way in which the canary is in touch."""
WHOLE = (*EVERYBODY, "--remove-extracts", *BY)


def keys(here):
    """The canary's pseudonyms."""
    secret = here.pseudonym_key()
    given = (
        ("phone", canaries.PHONE),
        ("email", f"{canaries.CANARY}@example.org"),
        ("handle", canaries.CANARY),
    )
    return {pseudonym(secret, kind, contact_point(kind, text)) for kind, text in given}


def unpacked(path):
    """All that a file holds."""
    yield path.read_bytes()
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as package:
            yield from (package.read(name) for name in package.namelist())
    elif path.suffix == ".gz":
        yield gzip.decompress(path.read_bytes())
    elif path.suffix == ".parquet":
        told = duckdb.connect().execute("from read_parquet(?)", [str(path)]).fetchall()
        yield repr(told).encode()
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as con:
            for (name,) in con.execute(
                "select table_schema || '.' || table_name from information_schema.tables"
            ).fetchall():
                yield repr(con.execute(f"from {name}").fetchall()).encode()


def found(here):
    """The files in which the canary, or a pseudonym of theirs, stands."""
    signs = [canaries.CANARY.lower().encode(), canaries.PHONE[1:].encode()]
    signs += [key.encode() for key in keys(here)]
    return [
        path.relative_to(here.data).as_posix()
        for path in sorted(here.data.rglob("*"))
        if path.is_file()
        for held in [b"".join(unpacked(path)).lower().replace(b"\0", b"")]
        if any(sign in held or sign in SEPARATORS.sub(b"", held) for sign in signs)
    ]


def stores(here):
    """The first folders of those files."""
    return {path.split("/")[0] for path in found(here)}


def counts(here):
    """What became of the rows of each feed, and the contacts of each channel."""
    with warehouse.connected(here.warehouse, read_only=True) as con:
        return con.execute(
            "select feed, sum(received), sum(accepted), sum(quarantined), sum(duplicate) "
            "from extract.intake group by feed order by feed"
        ).fetchall(), con.execute(
            "select channel, count(*) from harmonise.contacts group by channel order by channel"
        ).fetchall()


def known(here):
    """How many rows of the stores stand for the canary."""
    given = {"keys": sorted(keys(here))}
    are_theirs = "where list_contains($keys::varchar[], person_key)"
    rows = 0
    for path, table in ((here.people, "harmonise.people"), (here.warehouse, "harmonise.contacts")):
        with warehouse.connected(path, read_only=True) as con:
            rows += con.execute(f"select count(*) from {table} {are_theirs}", given).fetchall()[0][
                0
            ]
    return rows
