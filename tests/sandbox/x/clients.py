"""The real client libraries, redirected to the sandbox."""

from contextlib import AbstractAsyncContextManager
from typing import Literal

import aiohttp
from oauthlib.oauth1 import Client as Signer
from tweepy.asynchronous import AsyncClient
from yarl import URL

KEYS = {
    "consumer_key": "sandbox-consumer",
    "consumer_secret": "sandbox-consumer-secret",
    "access_token": "90000001-sandbox-access",
    "access_token_secret": "sandbox-access-secret",
}


class RedirectedTweepy(AsyncClient):  # type: ignore[misc] # tweepy has no types
    """tweepy with another base address.

    It hard-codes its own, so the request is signed again for the other.
    """

    def __init__(self, base: str, session: aiohttp.ClientSession, **keys: str) -> None:
        super().__init__(**{**KEYS, **keys})
        self.session = _RedirectingSession(base, session, Signer(*({**KEYS, **keys}[name] for name in KEYS)))


class _RedirectingSession:
    """Wrap tweepy's session: rewrite the host of each request and sign it again."""

    def __init__(self, base: str, session: aiohttp.ClientSession, signer: Signer) -> None:
        self.base = base
        self.real = session
        self.signer = signer

    def request(
        self,
        method: Literal["GET", "POST", "DELETE"],
        url: str | URL,
        *,
        params: dict[str, str] | None,
        json: object,
        headers: dict[str, str],
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        target = self.base + str(url).removeprefix("https://api.twitter.com")
        if headers["Authorization"].startswith("OAuth"):
            _, signed, _ = self.signer.sign(target, method)
            headers = {**headers, **signed}
        return self.real.request(method, URL(target, encoded=True), params=params, json=json, headers=headers)
