"""How a call to X can fail, before anything is made of it. No text here holds a key or a header."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from multidict import CIMultiDict, CIMultiDictProxy

_LONGEST_DETAIL = 200


def _no_headers() -> CIMultiDictProxy[str]:
    return CIMultiDictProxy(CIMultiDict())


@dataclass(frozen=True)
class Answer:
    """What X answered, read to its end."""

    status: int
    body: bytes
    headers: CIMultiDictProxy[str] = field(default_factory=_no_headers, repr=False)

    async def json(self) -> object:
        """The body as JSON; raises Unreadable. Asynchronous because tweepy awaits it."""
        return self.parsed()

    def parsed(self) -> object:
        """The body as JSON; raises Unreadable."""
        try:
            parsed: object = json.loads(self.body)
        except (ValueError, RecursionError):
            raise Unreadable("X's answer is not JSON") from None
        return parsed

    @property
    def date(self) -> datetime | None:
        """X's own time."""
        try:
            told = parsedate_to_datetime(self.headers.get("Date", ""))
        except ValueError:
            return None
        return told if told.tzinfo else told.replace(tzinfo=UTC)

    @property
    def limit_ends(self) -> datetime | None:
        """When the rate limit that was hit is lifted: the 15-minute window, or the day's where that is used up."""
        daily = ("x-user-limit-24hour", "x-app-limit-24hour")
        spent = [limit for limit in daily if self.headers.get(f"{limit}-remaining") == "0"]
        ends = [_moment(self.headers.get(f"{limit}-reset")) for limit in ("x-rate-limit", *spent)]
        return max((end for end in ends if end is not None), default=None)

    @property
    def retry_after(self) -> timedelta | None:
        """What `Retry-After` asks for, which X itself never sends but what stands in front of it may."""
        try:
            return timedelta(seconds=min(max(float(self.headers.get("Retry-After", "")), 1.0), 86_400.0))
        except ValueError:
            return None

    def wait_until(self, moment: datetime) -> timedelta | None:
        """How long from now until `moment`, both by X's clock; `None` where X does not tell its time."""
        return None if self.date is None else max(moment - self.date, timedelta(0))


class CallFailed(Exception):
    """A call to X came to nothing, or nobody knows."""


class NotSent(CallFailed):
    """No connection was made, so X knows nothing of the call."""


class NoAnswer(CallFailed):
    """The connection broke or timed out on the way; X may have acted."""


class Unreadable(CallFailed):
    """X answered with success, but with something that cannot be understood."""


class TooLarge(Unreadable):
    """X answered with more than we take."""

    def __init__(self, most: int) -> None:
        super().__init__(f"X's answer is larger than {most // 1024 // 1024} MB")


class Refusal(CallFailed):
    """X answered with a status other than success. `detail` is X's own words, shortened."""

    def __init__(self, answer: Answer) -> None:
        problem = _problem(answer)
        self.status = answer.status
        self.answer = answer
        self.is_json = problem is not None
        self.title = _text(problem, "title")
        self.kind = _text(problem, "type")
        self.detail = _detail(problem)
        super().__init__(f"HTTP {self.status} {self.detail}".strip())

    @property
    def is_usage_cap(self) -> bool:
        """Whether the month's cap is used up, rather than a window of 15 minutes."""
        return self.status == HTTPStatus.TOO_MANY_REQUESTS and (
            "usagecapexceeded" in self.title.replace(" ", "").casefold() or "usage-cap" in self.kind
        )

    @property
    def is_rate_limit(self) -> bool:
        """Whether waiting helps."""
        return self.status == HTTPStatus.TOO_MANY_REQUESTS and not self.is_usage_cap

    def names(self, parameter: str) -> bool:
        """Whether X blames this parameter."""
        return parameter.encode() in self.answer.body


def _problem(answer: Answer) -> dict[str, Any] | None:
    try:
        parsed = answer.parsed()
    except Unreadable:
        return None
    return parsed if isinstance(parsed, dict) else None


def _detail(problem: dict[str, Any] | None) -> str:
    """X's explanation; the first entry of `errors` is the most precise."""
    errors = (problem or {}).get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else None
    told = (
        _text(first, "message")
        or _text(first, "detail")
        or _text(problem, "detail")
        or _text(problem, "title")
    )
    return " ".join(told.split())[:_LONGEST_DETAIL]


def _text(problem: dict[str, Any] | None, key: str) -> str:
    value = (problem or {}).get(key)
    return value if isinstance(value, str) else ""


def _moment(header: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(header or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return None
