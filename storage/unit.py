"""One transaction with its repositories."""

from sqlalchemy import Connection

from storage.accounts import SqlAccounts
from storage.cases import SqlCases
from storage.cursors import SqlCursors
from storage.messages import SqlMessages
from storage.outbox import SqlOutbox
from storage.suggestions import SqlSuggestions
from storage.thread_posts import SqlThreadPosts
from storage.trail import SqlAuditTrail


class SqlUnitOfWork:
    """`domain.ports.UnitOfWork` over one connection that is in a transaction."""

    __slots__ = (
        "_accounts",
        "_audit",
        "_cases",
        "_cursors",
        "_messages",
        "_outbox",
        "_suggestions",
        "_thread_posts",
    )

    def __init__(self, connection: Connection) -> None:
        self._accounts = SqlAccounts(connection)
        self._cases = SqlCases(connection)
        self._messages = SqlMessages(connection)
        self._suggestions = SqlSuggestions(connection)
        self._outbox = SqlOutbox(connection)
        self._audit = SqlAuditTrail(connection, self._cases.held)
        self._thread_posts = SqlThreadPosts(connection)
        self._cursors = SqlCursors(connection)

    @property
    def accounts(self) -> SqlAccounts:
        """Our accounts as they were last seen."""
        return self._accounts

    @property
    def cases(self) -> SqlCases:
        """The stored cases."""
        return self._cases

    @property
    def messages(self) -> SqlMessages:
        """The stored transcript lines."""
        return self._messages

    @property
    def suggestions(self) -> SqlSuggestions:
        """The stored suggestions."""
        return self._suggestions

    @property
    def outbox(self) -> SqlOutbox:
        """The rows of outward acts."""
        return self._outbox

    @property
    def audit(self) -> SqlAuditTrail:
        """The stored trail."""
        return self._audit

    @property
    def thread_posts(self) -> SqlThreadPosts:
        """Which message of a thread tells what."""
        return self._thread_posts

    @property
    def cursors(self) -> SqlCursors:
        """How far each stream has been read."""
        return self._cursors
