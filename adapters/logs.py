"""Write the log: one line per record on standard error, with secrets redacted."""

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TextIO

from domain.log_context import log_subject
from domain.operations.storage_faults import StorageUnavailable

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
#: PostgreSQL quotes the row or the key that it refuses.
_REPORTED_VALUES = re.compile(r"^(?:DETAIL|CONTEXT): .*$", re.MULTILINE)
#: What is no extra; `color_message` is uvicorn's message again, with escape sequences.
_KNOWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {
    *("message", "asctime", "taskName", "color_message")
}


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


class _Formatter(logging.Formatter):
    """What both forms of the log share."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def formatException(self, ei: object) -> str:  # noqa: N802 - the name is logging's own
        """Format a traceback without the values that a database reports: they are what somebody wrote."""
        return _REPORTED_VALUES.sub("", super().formatException(ei))  # type: ignore[arg-type]  # its type is typeshed's alone


def is_news(record: logging.LogRecord) -> bool:
    """Whether a record is more than one of the many failures that follow from a database that is away.

    That it is away was logged once, by whoever found out.
    """
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, StorageUnavailable)


class LineFormatter(_Formatter):
    """Formats time, level, name, message and extras as key=value on one line; redacts all, tracebacks too."""

    def format(self, record: logging.LogRecord) -> str:
        """Format one record."""
        parts = [_time_of(record), record.levelname, record.name, record.getMessage()]
        parts += [f"{k}={v}" for k, v in vars(record).items() if k not in _KNOWN_FIELDS]
        if record.exc_info:
            parts.append(self.formatException(record.exc_info))
        if record.stack_info:
            parts.append(self.formatStack(record.stack_info))
        return _escape_line(self._redact(" ".join(parts)))


class JsonFormatter(_Formatter):
    """Formats a record as an object of JSON on one line, with the case and the user that it is about."""

    def format(self, record: logging.LogRecord) -> str:
        """Format one record."""
        fields: dict[str, object] = {
            "time": _time_of(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **log_subject(),
            **{k: v for k, v in vars(record).items() if k not in _KNOWN_FIELDS},
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            fields["stack"] = self.formatStack(record.stack_info)
        return json.dumps({name: self._redacted(value) for name, value in fields.items()}, ensure_ascii=False)

    def _redacted(self, value: object) -> object:
        """Return numbers as they are, all else as redacted text."""
        return value if isinstance(value, int | float) else self._redact(str(value))


def configure_logging(
    secrets: Iterable[str],
    network_loggers: Iterable[str],
    *,
    form: str = "text",
    level: int = logging.INFO,
    stream: TextIO | None = None,
) -> logging.Handler:
    """Send all records to `stream` (default: standard error), redacted. Returns the handler.

    `form` is "text" or "json".

    `network_loggers` are those of the networks' libraries, which are capped as `CAPPED` is.
    Calling it again replaces the earlier handler, so that secrets that are read later are redacted too.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.set_name(__name__)
    handler.setFormatter((JsonFormatter if form == "json" else LineFormatter)(Redactor(secrets)))
    root = logging.getLogger()
    for previous in [h for h in root.handlers if h.get_name() == __name__]:
        root.removeHandler(previous)
    handler.addFilter(is_news)
    root.addHandler(handler)
    root.setLevel(level)
    capped = (*CAPPED, *network_loggers)
    for names, min_level in ((capped, logging.INFO), (QUIET, logging.WARNING), (SILENT, logging.ERROR)):
        for name in names:
            logging.getLogger(name).setLevel(max(level, min_level))
    return handler


def _time_of(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _escape_line(text: str) -> str:
    """Escape line ends and control characters, so that a customer's text cannot forge a log record."""
    escaped = text.replace("\r", "\\r").replace("\n", "\\n")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in escaped)
