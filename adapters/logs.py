"""Write the log: one line per record on standard error, with secrets redacted."""

import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TextIO

HIDDEN = "[hidden]"
#: Log headers, bodies or whole requests at DEBUG: never below INFO, whatever the level.
CAPPED = (
    "aiohttp",
    "asyncio",
    "imapclient",
    "slack_bolt",
    "slack_sdk",
    "urllib3",
)
#: Log every call at INFO: never below WARNING.
QUIET = ("alembic", "httpcore2", "httpx2", "openai")
#: Warns when a run is skipped because the last one has not ended, which is intended: never below ERROR.
SILENT = ("apscheduler",)
_MIN_SECRET_LENGTH = 6
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
    """Replaces known secrets, and whatever looks like a token, by `HIDDEN`.

    Shorter secrets than 6 are ignored.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        long_enough = {s for s in secrets if len(s) >= _MIN_SECRET_LENGTH}
        known = sorted(long_enough, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        """Return the redacted text."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        return _TOKENS.sub(HIDDEN, text)


class LineFormatter(logging.Formatter):
    """Formats time, level, name, message and extras as key=value on one line; redacts all, tracebacks too."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Format one record."""
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        parts = [when, record.levelname, record.name, record.getMessage()]
        parts += [f"{k}={v}" for k, v in vars(record).items() if k not in _KNOWN_FIELDS]
        if record.exc_info:
            parts.append(self.formatException(record.exc_info))
        if record.stack_info:
            parts.append(self.formatStack(record.stack_info))
        return _escape_line(self._redact(" ".join(parts)))


def configure_logging(
    secrets: Iterable[str],
    network_loggers: Iterable[str],
    *,
    level: int = logging.INFO,
    stream: TextIO | None = None,
) -> logging.Handler:
    """Send all records to `stream` (default: standard error), redacted. Returns the handler.

    `network_loggers` are those of the networks' libraries, which are capped as `CAPPED` is.
    Calling it again replaces the earlier handler, so that secrets that are read later are redacted too.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.set_name(__name__)
    handler.setFormatter(LineFormatter(Redactor(secrets)))
    root = logging.getLogger()
    for previous in [h for h in root.handlers if h.get_name() == __name__]:
        root.removeHandler(previous)
    root.addHandler(handler)
    root.setLevel(level)
    capped = (*CAPPED, *network_loggers)
    for names, min_level in ((capped, logging.INFO), (QUIET, logging.WARNING), (SILENT, logging.ERROR)):
        for name in names:
            logging.getLogger(name).setLevel(max(level, min_level))
    return handler


def _escape_line(text: str) -> str:
    """Escape line ends and control characters, so that a customer's text cannot forge a log record."""
    escaped = text.replace("\r", "\\r").replace("\n", "\\n")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in escaped)
