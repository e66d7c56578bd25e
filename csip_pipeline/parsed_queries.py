"""What a query reads, as DuckDB itself understands it."""

import json
from collections.abc import Iterator
from functools import cache

import duckdb


def tables_read(sql: str) -> set[str]:
    """Every schema.table that a query reads, from DuckDB's own parse of it."""
    with _parser().cursor() as con:
        ((text,),) = con.execute("select json_serialize_sql($sql)", {"sql": sql}).fetchall()
    tree = json.loads(text)
    if tree.get("error"):
        raise ValueError(tree.get("error_message", "not a select statement"))
    return set(_base_tables(tree))


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """A database in memory, opened once: that takes far longer than to parse a query."""
    return duckdb.connect()


def _base_tables(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") == "BASE_TABLE" and node.get("schema_name"):
            yield f"{node['schema_name']}.{node['table_name']}"
        for child in node.values():
            yield from _base_tables(child)
    elif isinstance(node, list):
        for child in node:
            yield from _base_tables(child)
