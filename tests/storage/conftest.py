"""Provide a stored case, and databases for the tests of migrations."""

from collections.abc import Callable, Iterator

import psycopg
import pytest

from storage.engine import Store
from storage.schema import migrate
from tests.databases import EMPTIED, NEW_DATABASE
from tests.storage.made import stored

#: What the schema consists of, without the order of columns, which a downgrade changes.
_DEFINITIONS = """
SELECT string_agg(line, E'\\n' ORDER BY line COLLATE "C") FROM (
    SELECT concat_ws(' ', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull,
                     attidentity, pg_get_expr(adbin, adrelid)) AS line
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
    UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT version_num FROM alembic_version
) AS lines
"""
_RESTARTED = """
SELECT setval(oid::regclass, 1, false) FROM pg_class
WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
"""


@pytest.fixture
def case_id(store: Store) -> int:
    return stored(store)[0].id


@pytest.fixture(scope="session")
def postgres_to_migrate(postgres_url: Callable[[str], str], worker_id: str) -> Iterator[Callable[[], str]]:
    """Empty a database of this worker, bring it to head where it is not, and return its address.

    A new one takes a second of the processors; an earlier test has mostly left this one as it was.
    """
    name = f"migrations_{worker_id}"
    with psycopg.connect(postgres_url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} {NEW_DATABASE}")
    url = postgres_url(name)
    migrate(url)
    with psycopg.connect(url, autocommit=True) as connection:
        at_head = connection.execute(_DEFINITIONS).fetchone()
        connection.execute("SET session_replication_role = replica")

        def address() -> str:
            if connection.execute(_DEFINITIONS).fetchone() == at_head:
                connection.execute(EMPTIED)
                connection.execute(_RESTARTED)
            else:
                connection.execute("DROP SCHEMA public CASCADE")
                connection.execute("CREATE SCHEMA public")
                migrate(url)
            return url

        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database at head, of each kind in turn, whose schema the test may change."""
    if request.param == "sqlite":
        sqlite: str = request.getfixturevalue("fresh_sqlite")
        return sqlite
    address: Callable[[], str] = request.getfixturevalue("postgres_to_migrate")
    return address()
