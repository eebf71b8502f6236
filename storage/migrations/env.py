"""Run the migrations over the connection that `storage.schema` passes, or by `alembic -x url=… <command>`."""

from alembic import context
from sqlalchemy import Connection

from storage.engine import open_store
from storage.tables import metadata


def _run(connection: Connection) -> None:
    # SQLite rolls back DDL too, because `storage.sqlite` begins the transaction explicitly.
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True
    )
    with context.begin_transaction():
        context.run_migrations()


_given = context.config.attributes.get("connection")
if _given is not None:
    _run(_given)
else:
    _store = open_store(context.get_x_argument(as_dictionary=True)["url"])
    with _store.engine.begin() as _connection:
        _run(_connection)
    _store.close()
