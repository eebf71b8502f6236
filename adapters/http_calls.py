"""Call an HTTP API, with timeouts and limits, and classify what fails.

No text here holds an address, a key or a header.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

import aiohttp
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 20.0
MAX_RESPONSE_BYTES = 8 * 1024 * 1024  # bytes; a hundred incidents with all their updates are some 2 MB

_MAX_DETAIL_LENGTH = 200
_MAX_WAIT_SECONDS = 86_400.0
_DEFAULT_WAIT = timedelta(minutes=1)  # where no time is stated
_CERTIFICATE = (
    "has no valid certificate, so nothing was sent there. Check its address and its certificate; one of your "
    "own authority has to be trusted by the machine that runs the bot"
)
_NO_TLS = (
    "does not speak TLS as it should, so nothing was sent there. Check whether it is right that its address begins "
    "with https, and its port"
)
_SUCCESS = range(200, 300)

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class CallFailed(Exception):
    """A call failed, or its outcome is unknown."""


class NotSent(CallFailed):
    """No connection was made: the other side received nothing."""


class NoResponse(CallFailed):
    """The connection broke or timed out: the other side may have acted."""


class Unreadable(CallFailed):
    """The other side responded with success, but with something else than its API's JSON."""


@dataclass(frozen=True, slots=True)
class Response:
    """A response, read to its end."""

    status: int
    body: bytes
    headers: CIMultiDictProxy[str] = field(repr=False)

    def parsed(self) -> Any:  # noqa: ANN401 - as the other side answers
        """Parse the body as JSON; `None` where that is not possible."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class RateLimited(CallFailed):
    """The other side takes no call now. `wait` is how long to wait."""

    def __init__(self, label: str, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(f"{label}'s rate limit is reached")


class Refusal(CallFailed):
    """The other side responded with a status other than success. `detail` is its own text, shortened."""

    def __init__(self, response: Response) -> None:
        self.status = response.status
        self.response = response
        self.detail = " ".join("; ".join(_texts(response.parsed())).split())[:_MAX_DETAIL_LENGTH]
        super().__init__(f"HTTP {self.status} {self.detail}".strip())

    @classmethod
    def of(cls, status: int, detail: str) -> "Refusal":
        """Return a refusal that came in the body of a response, such as an error of GraphQL."""
        return cls(
            Response(status, json.dumps({"message": detail}).encode(), CIMultiDictProxy(CIMultiDict()))
        )

    @property
    def wait(self) -> timedelta:
        """How long to wait, by `Retry-After` (1 s to a day); a minute where that is missing."""
        return bounded_wait(self.response.headers.get("Retry-After", ""))


def bounded_wait(seconds: str | float) -> timedelta:
    """Return the time to wait that is stated in seconds (1 s to a day); a minute where none is."""
    try:
        return timedelta(seconds=min(max(float(seconds), 1.0), _MAX_WAIT_SECONDS))
    except ValueError:
        return _DEFAULT_WAIT


async def read_at_most(response: aiohttp.ClientResponse, max_bytes: int) -> bytes | None:
    """Read the body of a response; `None` where it has more than `max_bytes`, of which no more is read."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > max_bytes:
            return None
    return bytes(body)


class HttpApi:
    """Calls one HTTP API. `headers` go with each call and may hold a key. Close it when done."""

    def __init__(
        self,
        label: str,
        base_url: str,
        headers: Mapping[str, str] | None = None,
        *,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self.label = label
        self._base_url = base_url
        self._headers = dict(headers or {})
        self._session: aiohttp.ClientSession | None = None
        self._timeout = aiohttp.ClientTimeout(
            total=total_seconds, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS
        )

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(
        self,
        method: Method,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, str | int] | None = None,
    ) -> dict[str, Any] | list[Any]:
        """Make one call and return the JSON object or array of the response; raises CallFailed.

        An empty success, such as that of a deletion, is an empty object.
        """
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"} if data is not None else {}
        response = await self.send(method, path, data=data, headers=headers, query=query)
        parsed = response.parsed() if response.body else {}
        if not isinstance(parsed, dict | list):
            raise Unreadable(f"{self.label} answered with something else than its API does")
        return parsed

    async def send(
        self,
        method: Method,
        path: str,
        *,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str | int] | None = None,
    ) -> Response:
        """Make one call without following redirects; raises CallFailed unless the status is a success."""
        sent_headers = {"Accept": "application/json", "User-Agent": "switchboard", **self._headers}
        sent_headers |= headers or {}
        try:
            response = await self._exchange(method, path, data, sent_headers, query)
        except aiohttp.ClientSSLError as error:  # before the next: it is a kind of it
            is_certificate = isinstance(error, aiohttp.ClientConnectorCertificateError)
            raise NotSent(f"{self.label} {_CERTIFICATE if is_certificate else _NO_TLS}") from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(f"{self.label} cannot be reached ({type(error).__name__})") from None
        except TimeoutError:
            raise NoResponse(f"{self.label} did not answer within {self._timeout.total:g} s") from None
        except (aiohttp.ClientError, asyncio.IncompleteReadError, OSError) as error:
            raise NoResponse(f"{self.label} broke off the connection ({type(error).__name__})") from None
        if response.status not in _SUCCESS:
            raise Refusal(response)
        return response

    async def _exchange(
        self,
        method: Method,
        path: str,
        data: bytes | None,
        headers: Mapping[str, str],
        query: Mapping[str, str | int] | None,
    ) -> Response:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar())
        async with self._session.request(
            method,
            URL(self._base_url + path),
            data=data,
            params=query,
            headers=headers,
            allow_redirects=False,
        ) as response:
            body = await read_at_most(response, MAX_RESPONSE_BYTES)
            if body is None:
                raise Unreadable(f"{self.label} answered with more than {MAX_RESPONSE_BYTES} bytes")
            return Response(response.status, body, response.headers)


def _texts(problem: object) -> list[str]:
    """Return the explanations in an error response: of each field, or else the general one."""
    if isinstance(problem, str):
        return [problem]
    if isinstance(problem, list):
        return [text for one in problem for text in _texts(one)]
    if not isinstance(problem, dict):
        return []
    if isinstance(fields := problem.get("errors"), dict) and fields:
        return [f"{name}: {text}" for name, value in fields.items() for text in _texts(value)]
    return next(
        (
            texts
            for key in ("errors", "errorMessages", "error", "message")
            if (texts := _texts(problem.get(key)))
        ),
        [],
    )
