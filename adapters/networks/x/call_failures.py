"""Classify failed calls to X. No text here holds a key or a header."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from multidict import CIMultiDict, CIMultiDictProxy

from adapters.http_calls import CallFailed, Unreadable
from adapters.http_dates import http_date

_MAX_DETAIL_LENGTH = 200


def _no_headers() -> CIMultiDictProxy[str]:
    return CIMultiDictProxy(CIMultiDict())


@dataclass(frozen=True)
class Response:
    """X's response, read to its end."""

    status: int
    body: bytes
    headers: CIMultiDictProxy[str] = field(default_factory=_no_headers, repr=False)

    async def json(self) -> object:
        """Parse the body as JSON; raises Unreadable. Asynchronous because tweepy awaits it."""
        return self.parsed()

    def parsed(self) -> object:
        """Parse the body as JSON; raises Unreadable."""
        try:
            parsed: object = json.loads(self.body)
        except (ValueError, RecursionError):
            raise Unreadable("X's answer is not JSON") from None
        return parsed

    @property
    def date(self) -> datetime | None:
        """X's time, by the Date header; `None` where that is missing or malformed."""
        return http_date(self.headers.get("Date"))

    @property
    def limit_ends(self) -> datetime | None:
        """When the rate limit ends: the 15-minute window, or the day's where that is used up."""
        daily = ("x-user-limit-24hour", "x-app-limit-24hour")
        exhausted = [limit for limit in daily if self.headers.get(f"{limit}-remaining") == "0"]
        ends = [_reset_time(self.headers.get(f"{limit}-reset")) for limit in ("x-rate-limit", *exhausted)]
        return max((end for end in ends if end is not None), default=None)

    @property
    def retry_after(self) -> timedelta | None:
        """What `Retry-After` asks for (1 s to a day). X never sends it, but a proxy in front of it may."""
        try:
            return timedelta(seconds=min(max(float(self.headers.get("Retry-After", "")), 1.0), 86_400.0))
        except ValueError:
            return None

    def wait_until(self, moment: datetime) -> timedelta | None:
        """Return the time left until `moment` by X's clock; `None` where the response has no date."""
        return None if self.date is None else max(moment - self.date, timedelta(0))


class TooLarge(Unreadable):
    """The response exceeds the size limit."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"X's answer is larger than {max_bytes // 1024 // 1024} MB")


class Refusal(CallFailed):
    """X responded with a status other than success. `detail` is X's own text, shortened."""

    def __init__(self, response: Response) -> None:
        problem = _problem(response)
        self.status = response.status
        self.response = response
        self.is_json = problem is not None
        self.title = _text(problem, "title")
        self.kind = _text(problem, "type")
        self.detail = _detail(problem)
        super().__init__(f"HTTP {self.status} {self.detail}".strip())

    @property
    def is_usage_cap(self) -> bool:
        """Whether the monthly cap is used up, rather than a 15-minute window."""
        return self.status == HTTPStatus.TOO_MANY_REQUESTS and (
            "usagecapexceeded" in self.title.replace(" ", "").casefold() or "usage-cap" in self.kind
        )

    @property
    def is_rate_limit(self) -> bool:
        """Whether waiting helps."""
        return self.status == HTTPStatus.TOO_MANY_REQUESTS and not self.is_usage_cap

    def names(self, parameter: str) -> bool:
        """Return whether X's error names this parameter."""
        return parameter.encode() in self.response.body


def _problem(response: Response) -> dict[str, Any] | None:
    try:
        parsed = response.parsed()
    except Unreadable:
        return None
    return parsed if isinstance(parsed, dict) else None


def _detail(problem: dict[str, Any] | None) -> str:
    """Return X's explanation; the first entry of `errors` is the most precise."""
    errors = (problem or {}).get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else None
    detail = (
        _text(first, "message")
        or _text(first, "detail")
        or _text(problem, "detail")
        or _text(problem, "title")
    )
    return " ".join(detail.split())[:_MAX_DETAIL_LENGTH]


def _text(problem: dict[str, Any] | None, key: str) -> str:
    value = (problem or {}).get(key)
    return value if isinstance(value, str) else ""


def _reset_time(header: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(header or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return None
