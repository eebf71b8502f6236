"""The log: one line per record on standard error, from which secrets are taken out before it is written."""

import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TextIO

HIDDEN = "[hidden]"
#: These write headers, bodies or whole requests at DEBUG: they start at INFO, whatever the level.
CAPPED = (
    "aiohttp",
    "asyncio",
    "imapclient",
    "oauthlib",
    "requests_oauthlib",
    "slack_bolt",
    "slack_sdk",
    "tweepy",
    "urllib3",
)
#: These tell of every call or tick at INFO as well.
QUIET = ("alembic", "httpcore2", "httpx2", "openai")
#: This one warns when a timer's turn is skipped because the one before is not over, which is meant to be.
SILENT = ("apscheduler",)
_SHORTEST_SECRET = 6
_TOKENS = re.compile(
    r"""
      \b(?:xox[a-z]|xapp|xwfp)-[\w-]+                            # Slack's
    | \bsk-[\w-]{8,}                                             # OpenAI's
    | (?<=://)[^\s/@:]*:[^\s/@]+(?=@)                            # user and password in an address
    | (?i:(?<=\bBearer\ )|(?<=\bBasic\ ))[\w.~+/=%-]{6,}         # Authorization headers
    | (?i:\boauth_\w+)["']?\s*[=:]\s*["']?[^\s"',&)]+            # OAuth 1.0a parameters
    """,
    re.VERBOSE,
)
_KNOWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class Redactor:
    """Takes known secrets, and whatever looks like a token, out of a text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        long_enough = {s for s in secrets if len(s) >= _SHORTEST_SECRET}
        known = sorted(long_enough, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        """The text without them."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        return _TOKENS.sub(HIDDEN, text)


class LineFormatter(logging.Formatter):
    """Time, level, name, message and extras as key=value, on one line; redacted, exceptions and all."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record."""
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        parts = [when, record.levelname, record.name, record.getMessage()]
        parts += [f"{k}={v}" for k, v in vars(record).items() if k not in _KNOWN_FIELDS]
        if record.exc_info:
            parts.append(self.formatException(record.exc_info))
        if record.stack_info:
            parts.append(self.formatStack(record.stack_info))
        return _on_one_line(self._redact(" ".join(parts)))


def configure_logging(
    secrets: Iterable[str] = (), *, level: int = logging.INFO, stream: TextIO | None = None
) -> logging.Handler:
    """Send all records to `stream` (standard error), redacted; returns the handler.

    Calling it again replaces what it set up before, so that secrets read later are known too.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.set_name(__name__)
    handler.setFormatter(LineFormatter(Redactor(secrets)))
    root = logging.getLogger()
    for former in [h for h in root.handlers if h.get_name() == __name__]:
        root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(level)
    for names, least in ((CAPPED, logging.INFO), (QUIET, logging.WARNING), (SILENT, logging.ERROR)):
        for name in names:
            logging.getLogger(name).setLevel(max(level, least))
    return handler


def _on_one_line(text: str) -> str:
    """Line ends shown as two characters and other control characters as their code: a customer's text cannot forge a record."""
    shown = text.replace("\r", "\\r").replace("\n", "\\n")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in shown)
