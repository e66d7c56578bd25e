"""What a query reads, as DuckDB itself understands it."""

import json
from collections.abc import Iterator

import duckdb


def tables_read(sql: str) -> set[str]:
    """Every schema.table that a query reads, from DuckDB's own parse of it."""
    with duckdb.connect() as con:
        ((text,),) = con.execute("select json_serialize_sql($sql)", {"sql": sql}).fetchall()
    tree = json.loads(text)
    if tree.get("error"):
        raise ValueError(tree.get("error_message", "not a select statement"))
    return set(_base_tables(tree))


def _base_tables(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") == "BASE_TABLE" and node.get("schema_name"):
            yield f"{node['schema_name']}.{node['table_name']}"
        for child in node.values():
            yield from _base_tables(child)
    elif isinstance(node, list):
        for child in node:
            yield from _base_tables(child)
