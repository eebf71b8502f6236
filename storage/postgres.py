"""Configure PostgreSQL: psycopg 3, a small pool, READ COMMITTED."""

from sqlalchemy import URL, Engine, create_engine

from storage.types import dumps

WORKERS = 4
_SPARE = 2  # connections for the leadership locks, and for queries outside the workers
_CONNECT_TIMEOUT = 10  # seconds


def postgres_engine(url: URL, *, echo: bool = False, schema: str | None = None) -> Engine:
    """Create an engine with a pooled connection for each worker; its tables are in `schema`, where given."""
    path = f" -c search_path={schema}" if schema is not None else ""
    return create_engine(
        url,
        echo=echo,
        json_serializer=dumps,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        pool_size=WORKERS,
        max_overflow=_SPARE,
        connect_args={"options": f"-c timezone=UTC{path}", "connect_timeout": _CONNECT_TIMEOUT},
    )
