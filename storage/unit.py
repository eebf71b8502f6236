"""One transaction with its repositories."""

from sqlalchemy import Connection

from storage.accounts import SqlAccounts
from storage.cases import SqlCases
from storage.chat_sessions import SqlChatSessions
from storage.cursors import SqlCursors
from storage.files import SqlFiles
from storage.handoffs import SqlHandoffs
from storage.messages import SqlMessages
from storage.opt_outs import SqlOptOuts
from storage.outbox import SqlOutbox
from storage.ratings import SqlRatings
from storage.signals import SqlSignals
from storage.suggestions import SqlSuggestions
from storage.thread_posts import SqlThreadPosts
from storage.trail import SqlAuditTrail
from storage.transcripts import SqlTranscripts


class SqlUnitOfWork:
    """`domain.ports.UnitOfWork` over one connection that is in a transaction."""

    __slots__ = (
        "_accounts",
        "_audit",
        "_cases",
        "_chat_sessions",
        "_cursors",
        "_files",
        "_handoffs",
        "_messages",
        "_opt_outs",
        "_outbox",
        "_ratings",
        "_signals",
        "_suggestions",
        "_thread_posts",
        "_transcripts",
    )

    def __init__(self, connection: Connection) -> None:
        self._accounts = SqlAccounts(connection)
        self._cases = SqlCases(connection)
        self._messages = SqlMessages(connection)
        self._suggestions = SqlSuggestions(connection)
        self._outbox = SqlOutbox(connection)
        self._audit = SqlAuditTrail(connection, self._cases)
        self._thread_posts = SqlThreadPosts(connection)
        self._cursors = SqlCursors(connection)
        self._signals = SqlSignals(connection)
        self._ratings = SqlRatings(connection)
        self._opt_outs = SqlOptOuts(connection)
        self._handoffs = SqlHandoffs(connection)
        self._files = SqlFiles(connection)
        self._chat_sessions = SqlChatSessions(connection)
        self._transcripts = SqlTranscripts(connection)

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

    @property
    def chat_sessions(self) -> SqlChatSessions:
        """The browsers that a live chat is open in."""
        return self._chat_sessions

    @property
    def files(self) -> SqlFiles:
        """The stored files."""
        return self._files

    @property
    def handoffs(self) -> SqlHandoffs:
        """The stored hand-offs."""
        return self._handoffs

    @property
    def opt_outs(self) -> SqlOptOuts:
        """Who does not want to be written to in private."""
        return self._opt_outs

    @property
    def ratings(self) -> SqlRatings:
        """What customers said of a conversation that ended."""
        return self._ratings

    @property
    def signals(self) -> SqlSignals:
        """Words for whoever waits for news."""
        return self._signals

    @property
    def transcripts(self) -> SqlTranscripts:
        """The conversations that customers asked us to mail to them."""
        return self._transcripts
