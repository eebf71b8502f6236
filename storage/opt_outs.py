"""Store who has opted out of private messages."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, true

from storage.dialects import upserts
from storage.tables import opt_outs

_o = opt_outs.c
_this = (
    _o.network == bindparam("its_network"),
    _o.account_id == bindparam("its_account"),
    _o.author_id == bindparam("its_author"),
)
_ADD = {name: insert.on_conflict_do_nothing() for name, insert in upserts(opt_outs).items()}
_REMOVE = delete(opt_outs).where(*_this)
_HAS = select(true()).where(*_this)


class OptOuts:
    """The customers who have opted out of private messages."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, network: str, account_id: str, author_id: str, *, text: str, now: datetime) -> None:
        """Insert an opt-out with the `text` that asked for it; an earlier one is not changed."""
        row = {"network": network, "account_id": account_id, "author_id": author_id, "text": text, "at": now}
        self._connection.execute(_ADD[self._connection.dialect.name], row)

    def remove(self, network: str, account_id: str, author_id: str) -> None:
        """Delete the opt-out: the customer has opted in again."""
        self._connection.execute(_REMOVE, _key(network, account_id, author_id))

    def has(self, network: str, account_id: str, author_id: str) -> bool:
        """Return whether this author has opted out."""
        return self._connection.scalar(_HAS, _key(network, account_id, author_id)) is not None


def _key(network: str, account_id: str, author_id: str) -> dict[str, str]:
    return {"its_network": network, "its_account": account_id, "its_author": author_id}
