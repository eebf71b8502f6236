"""Extend tweepy's client: configurable host, timeouts, one session, and precise failures."""

import asyncio
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote, urlencode

import aiohttp
from oauthlib.oauth1 import Client as Signer
from tweepy.asynchronous import AsyncClient
from yarl import URL

from adapters.http_calls import NoResponse, NotSent, Unreadable, read_at_most
from adapters.networks.x.call_failures import Refusal, Response, TooLarge
from adapters.networks.x.media import is_fetched
from adapters.networks.x.vocabulary import Json, Query, Reading, Vocabularies

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 20.0
MAX_RESPONSE_BYTES = 16 * 1024 * 1024  # bytes; a page of 100 long posts with everything in it is some 3 MB

_X_DOMAINS = (".twitter.com", ".x.com", ".twimg.com")
_SUCCESS = range(200, 300)

STREAM = "/2/activity/stream"
APP_TOKEN = "/oauth2/token"  # noqa: S105 - a path; docs.x.com, "OAuth 2.0 Bearer Token"
_TOKEN = re.compile(r"[\x21-\x7e]+")
MAX_PROBLEM_BYTES = 64 * 1024

Method = Literal["GET", "POST", "PUT", "DELETE"]


@dataclass(frozen=True, slots=True)
class Keys:
    """The brand account's OAuth 1.0a user context."""

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    access_token_secret: str = field(repr=False)


@contextmanager
def _call_failures(total_seconds: float | None) -> Iterator[None]:
    """Raise the CallFailed of a connection that fails within."""
    try:
        yield
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise NotSent(f"X cannot be reached ({type(error).__name__})") from None
    except TimeoutError:
        raise NoResponse(f"X did not answer within {total_seconds:g} s") from None
    except (aiohttp.ClientError, asyncio.IncompleteReadError, OSError) as error:
        raise NoResponse(f"the connection to X was lost ({type(error).__name__})") from None


class Client(AsyncClient):  # type: ignore[misc]  # tweepy has no types
    """Calls X's API. All calls return X's JSON unchanged and raise CallFailed.

    tweepy hard-codes the host, sets no timeout, opens a session for each call, and fails on an HTML error
    page.
    """

    def __init__(self, base_url: str, keys: Keys, *, total_seconds: float = TOTAL_SECONDS) -> None:
        super().__init__(return_type=dict, wait_on_rate_limit=False)
        self.session: aiohttp.ClientSession | None = None
        self.base_url = base_url.rstrip("/")
        self._vocabularies = Vocabularies()
        #: Whether X has not refused our keys where pictures of messages are downloaded.
        self.may_use_media_endpoint = True
        self._keys = keys
        self._signer = Signer(
            keys.consumer_key, keys.consumer_secret, keys.access_token, keys.access_token_secret
        )
        self._timeout = aiohttp.ClientTimeout(
            total=total_seconds, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS
        )

    async def close(self) -> None:
        """Close the session."""
        if self.session is not None:
            await self.session.close()
            self.session = None

    async def request(
        self,
        method: Method,
        route: str,
        params: Mapping[str, Any] | None = None,
        json: object = None,
        user_auth: bool = True,  # noqa: ARG002 - tweepy's signature; every call acts as the brand
    ) -> Response:
        """Make one call; raises CallFailed unless the status is a success."""
        query = urlencode(sorted((params or {}).items()), quote_via=quote, safe="")
        url = f"{self.base_url}{route}{'?' if query else ''}{query}"
        return await self._signed(method, url, json, MAX_RESPONSE_BYTES)

    async def read(self, reading: Reading, route: str, **more: object) -> Json:
        """Fetch a page with all that this kind of read asks for; raises CallFailed.

        `more` are the further query parameters; those that are `None` are left out.
        """
        bounds = {name: str(value) for name, value in more.items() if value is not None}

        async def call(query: Query) -> Json:
            body = (await self.request("GET", route, {**query, **bounds})).parsed()
            if not isinstance(body, dict):
                raise Unreadable("X's answer is not a page of posts or messages")
            return body

        return await self._vocabularies.read(reading, call)

    async def open_stream(self) -> aiohttp.ClientResponse:
        """Open a stream as the app, which the caller reads and closes; raises CallFailed."""
        headers = {"Authorization": f"Bearer {await self._app_token()}", "User-Agent": self.user_agent}
        timeout = aiohttp.ClientTimeout(connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS)
        with _call_failures(self._timeout.total):
            async with asyncio.timeout(self._timeout.total):
                response = await self._open_session().get(
                    f"{self.base_url}{STREAM}", headers=headers, timeout=timeout, allow_redirects=False
                )
            if response.status in _SUCCESS:
                return response
            async with response:
                body = await response.content.read(MAX_PROBLEM_BYTES)
        raise Refusal(Response(response.status, body, response.headers))

    async def _app_token(self) -> str:
        """Fetch the app's bearer token by its key and secret; X answers with the same one each time."""
        named = ":".join(quote(one, safe="") for one in (self._keys.consumer_key, self._keys.consumer_secret))
        headers = {
            "Authorization": f"Basic {b64encode(named.encode()).decode()}",
            "User-Agent": self.user_agent,
        }
        url, grant = f"{self.base_url}{APP_TOKEN}", {"grant_type": "client_credentials"}
        answer = (await self._exchange("POST", url, None, headers, MAX_PROBLEM_BYTES, form=grant)).parsed()
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise Unreadable("X does not give the app's bearer token")
        return token

    async def download(self, address: str, max_bytes: int) -> bytes:
        """Download a URL that X gave, signed as the brand.

        Raises CallFailed, and TooLarge beyond `max_bytes`.
        """
        if not self._is_x_host(address):
            raise Unreadable("X gives an address that is not its own")
        return (await self._signed("GET", address, None, max_bytes)).body

    async def fetch(self, address: str, max_bytes: int) -> bytes:
        """Download a public picture, without our signature.

        Raises CallFailed, Unreadable where the address is not X's own (`is_fetched`), and TooLarge.
        """
        if not is_fetched(address, self.base_url):
            raise Unreadable("X gives an address that is not its own")
        return (await self._exchange("GET", address, None, {"User-Agent": self.user_agent}, max_bytes)).body

    def _is_x_host(self, address: str) -> bool:
        """Return whether our signature may be sent there: X's hosts over https, and the API base."""
        try:
            url = URL(address)
            return url.origin() == URL(self.base_url).origin() or (
                url.scheme == "https" and (url.host or "").endswith(_X_DOMAINS)
            )
        except ValueError:
            return False

    async def _signed(self, method: Method, url: str, json: object, max_bytes: int) -> Response:
        _, headers, _ = self._signer.sign(url, method, headers={"User-Agent": self.user_agent})
        return await self._exchange(method, url, json, headers, max_bytes)

    async def _exchange(
        self,
        method: Method,
        url: str,
        json: object,
        headers: Mapping[str, str],
        max_bytes: int,
        form: Mapping[str, str] | None = None,
    ) -> Response:
        with _call_failures(self._timeout.total):
            response = await self._send(method, url, json, headers, max_bytes, form)
        if response.status not in _SUCCESS:
            raise Refusal(response)
        return response

    def _open_session(self) -> aiohttp.ClientSession:
        if self.session is None:
            self.session = aiohttp.ClientSession(timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self.session

    async def _send(
        self,
        method: Method,
        url: str,
        json: object,
        headers: Mapping[str, str],
        max_bytes: int,
        form: Mapping[str, str] | None,
    ) -> Response:
        async with self._open_session().request(
            method, URL(url, encoded=True), json=json, data=form, headers=headers, allow_redirects=False
        ) as response:
            body = await read_at_most(response, max_bytes)
            if body is None:
                raise TooLarge(max_bytes)
            return Response(response.status, body, response.headers)
