"""tweepy's client with another base address, time limits, one session, and failures that say what is known."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote, urlencode

import aiohttp
from oauthlib.oauth1 import Client as Signer
from tweepy.asynchronous import AsyncClient
from yarl import URL

from adapters.networks.x.call_failures import Answer, NoAnswer, NotSent, Refusal, TooLarge, Unreadable

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 20.0
LARGEST_ANSWER = 16 * 1024 * 1024  # bytes; a page of 100 long posts with everything in it is some 3 MB

_OWN_HOSTS = (".twitter.com", ".x.com", ".twimg.com")
_SUCCESS = range(200, 300)

Method = Literal["GET", "POST", "PUT", "DELETE"]


@dataclass(frozen=True, slots=True)
class Keys:
    """The brand account's OAuth 1.0a user context."""

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    access_token_secret: str = field(repr=False)


class Client(AsyncClient):  # type: ignore[misc]  # tweepy has no types
    """All its calls return X's JSON as it came and raise CallFailed.

    tweepy hard-codes the host, sets no time limit, opens a session for each call, and stumbles over an HTML error page.
    """

    def __init__(self, base_url: str, keys: Keys, *, total_seconds: float = TOTAL_SECONDS) -> None:
        super().__init__(return_type=dict, wait_on_rate_limit=False)
        self.session: aiohttp.ClientSession | None = None
        self._base_url = base_url.rstrip("/")
        self._signer = Signer(
            keys.consumer_key, keys.consumer_secret, keys.access_token, keys.access_token_secret
        )
        self._timeout = aiohttp.ClientTimeout(
            total=total_seconds, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS
        )

    async def close(self) -> None:
        """Let go of the connections."""
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
    ) -> Answer:
        """Make one call; raises CallFailed for anything but a success."""
        query = urlencode(sorted((params or {}).items()), quote_via=quote, safe="")
        url = f"{self._base_url}{route}{'?' if query else ''}{query}"
        return await self._signed(method, url, json, LARGEST_ANSWER)

    async def download(self, address: str, most: int) -> bytes:
        """What stands at an address that X gave, signed as the brand; raises CallFailed, TooLarge for more than `most` bytes."""
        if not self._is_xs_own(address):
            raise Unreadable("X gives an address that is not its own")
        return (await self._signed("GET", address, None, most)).body

    def _is_xs_own(self, address: str) -> bool:
        """Whether our signature may go there."""
        try:
            url = URL(address)
            return url.origin() == URL(self._base_url).origin() or (
                url.scheme == "https" and (url.host or "").endswith(_OWN_HOSTS)
            )
        except ValueError:
            return False

    async def _signed(self, method: Method, url: str, json: object, most: int) -> Answer:
        _, headers, _ = self._signer.sign(url, method, headers={"User-Agent": self.user_agent})
        try:
            answer = await self._send(method, url, json, headers, most)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(f"X cannot be reached ({type(error).__name__})") from None
        except TimeoutError:
            raise NoAnswer(f"X did not answer within {self._timeout.total:g} s") from None
        except (aiohttp.ClientError, asyncio.IncompleteReadError, OSError) as error:
            raise NoAnswer(f"the connection to X was lost ({type(error).__name__})") from None
        if answer.status not in _SUCCESS:
            raise Refusal(answer)
        return answer

    async def _send(
        self, method: Method, url: str, json: object, headers: Mapping[str, str], most: int
    ) -> Answer:
        if self.session is None:
            self.session = aiohttp.ClientSession(timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar())
        async with self.session.request(
            method, URL(url, encoded=True), json=json, headers=headers, allow_redirects=False
        ) as response:
            body = bytearray()
            async for chunk in response.content.iter_chunked(64 * 1024):
                body += chunk
                if len(body) > most:
                    raise TooLarge(most)
            return Answer(response.status, bytes(body), response.headers)
