"""Normalise and key contact points set-wise: only texts that are odd are looked at one by one."""

import pyarrow as pa

from csip_pipeline import contact_points, phones, pseudonyms, warehouse
from csip_pipeline.damaged_numbers import DAMAGED_PHONE
from csip_pipeline.phones import PhoneRule
from csip_pipeline.pseudonyms import Purpose


def key_texts(  # noqa: PLR0913, PLR0917 - whose key, for what, by which rule, and where to
    con: warehouse.Connection,
    key: bytes,
    kind: str,
    rule: PhoneRule,
    table: str,
    purpose: Purpose | None = None,
) -> None:
    """Turn `given` (as_given) into the temporary table: as_given, contact_point, person_key.

    The key is that of the purpose, by default the kind's own.

    Texts that hold no usable contact point (withheld, unreadable) are left out. The key is bound
    as a parameter, so that no query text, plan or error holds it.
    """
    _normalise(con, kind, rule)
    own = pseudonyms.purpose_key(key, purpose or pseudonyms.PURPOSES[kind])
    query = warehouse.read_query("extract/keyed")
    con.execute(
        f"create or replace temporary table {table} as {query}",
        {"kind": kind, **pseudonyms.pads(own)},
    )
    con.execute("drop table normalised")


def _normalise(con: warehouse.Connection, kind: str, rule: PhoneRule) -> None:
    """Make `normalised` from `given`: in one query, but for texts that it does not settle."""
    if kind == "phone":
        query = warehouse.read_query("extract/plain_phones")
        parameters = {
            "plain": phones.PLAIN,
            "damaged": DAMAGED_PHONE.pattern,
            "national": phones.NATIONAL,
            "valid": phones.valid_british(),
            "accept": rule.accept,
            "region": rule.region,
        }
    else:
        query = warehouse.read_query("extract/plain_names")
        parameters = {"wanted": f"(?s)^(?:{contact_points.WANTED[kind]})$"}
    con.execute(f"create or replace temporary table normalised as {query}", parameters)
    con.execute("drop table given")
    odd = con.execute("select as_given from normalised where not is_settled").fetchall()
    if not odd:
        return
    texts = [text for (text,) in odd]
    points = [contact_points.contact_point(kind, text, rule) for text in texts]
    settled = pa.table({"as_given": texts, "contact_point": pa.array(points, pa.string())})
    con.execute("delete from normalised where not is_settled")
    con.register("settled", settled)
    con.execute("insert into normalised select as_given, contact_point, true from settled")
    con.unregister("settled")
