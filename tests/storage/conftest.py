"""The databases for the tests of this folder."""

from tests.databases import (
    database_url,
    empty_postgres,
    empty_url,
    fresh_postgres,
    postgres,
    postgres_url,
    store,
)

__all__ = [
    "database_url",
    "empty_postgres",
    "empty_url",
    "fresh_postgres",
    "postgres",
    "postgres_url",
    "store",
]
