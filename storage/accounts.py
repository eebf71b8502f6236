"""Store our account on each network."""

from dataclasses import asdict

from sqlalchemy import Connection, bindparam, select

from domain.accounts import Account
from storage.dialects import upserts
from storage.tables import accounts

_GET = select(accounts).where(accounts.c.network == bindparam("network"))
_SAVE = {
    name: insert.on_conflict_do_update(
        index_elements=["network"], set_={value: insert.excluded[value] for value in ("id", "handle", "name")}
    )
    for name, insert in upserts(accounts).items()
}


class Accounts:
    """Our accounts as last seen, so that the bot can start while a network is unreachable."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, network: str) -> Account | None:
        """Return the account; `None` where none is stored."""
        row = self._connection.execute(_GET, {"network": network}).mappings().one_or_none()
        return None if row is None else Account(**row)

    def save(self, account: Account) -> None:
        """Store the account; replaces the network's earlier one."""
        self._connection.execute(_SAVE[self._connection.dialect.name], asdict(account))
