"""HTTP mode: signed requests to the app's request URL (docs.slack.dev, verifying requests from Slack)."""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from http import HTTPStatus
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout

from sandbox.slack.delivery import Ack, Kind, Retry
from sandbox.slack.jsons import Json

_REASONS = {
    "operation_timeout": "http_timeout",
    "dispatch_failed": "connection_failed",
    "http_error": "http_error",
}


def sign(secret: str, timestamp: str, body: str) -> str:
    """Compute the `v0=` signature over "v0:timestamp:body"."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()


class HttpMode:
    """Transport that posts each payload to the app's request URL."""

    def __init__(self, url: str, signing_secret: str) -> None:
        self._url = url
        self._secret = signing_secret
        self._session: ClientSession | None = None
        self.last: tuple[str, dict[str, str]] | None = None

    async def replay(self, request: tuple[str, dict[str, str]] | None) -> int:
        """Send a request (`last`) again byte for byte, as who overheard it would; returns the status."""
        if request is None or self._session is None:
            raise LookupError("nothing was sent yet")
        body, headers = request
        async with self._session.post(self._url, data=body.encode(), headers=headers) as response:
            return response.status

    async def handshake(self, token: str) -> bool:
        """Send Slack's url_verification; returns whether the app answers with the challenge."""
        challenge = secrets.token_hex(16)
        body = json.dumps({"token": token, "challenge": challenge, "type": "url_verification"})
        status, answer, _headers = await self._post(body, "application/json", Retry(), 3.0)
        return status == HTTPStatus.OK and challenge in answer

    async def send(self, kind: Kind, payload: Json, seconds: float, retry: Retry) -> Ack:
        """Post a payload.

        Any 2xx or followed redirect within `seconds` acknowledges it; a JSON body is the app's answer.
        """
        started = time.monotonic()
        body, content_type = _encode(kind, payload)
        try:
            status, answer, headers = await self._post(body, content_type, retry, seconds)
        except TimeoutError:
            return Ack(failure="operation_timeout", seconds=time.monotonic() - started)
        except (ClientError, OSError):
            return Ack(failure="dispatch_failed", seconds=time.monotonic() - started)
        elapsed = time.monotonic() - started
        if status >= HTTPStatus.BAD_REQUEST and headers.get("x-slack-no-retry") != "1":
            return Ack(failure="http_error", seconds=elapsed)
        return Ack(_decode(answer, headers.get("content-type", "")), seconds=elapsed)

    async def close(self) -> None:
        """Close the outgoing connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(
        self, body: str, content_type: str, retry: Retry, seconds: float
    ) -> tuple[int, str, dict[str, str]]:
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self._secret, timestamp, body),
        }
        if retry.attempt:
            headers["X-Slack-Retry-Num"] = str(retry.attempt)
            headers["X-Slack-Retry-Reason"] = _REASONS[retry.reason]
        if self._session is None:
            self._session = ClientSession(timeout=ClientTimeout(total=None))
        self.last = body, headers
        async with asyncio.timeout(seconds):
            async with self._session.post(self._url, data=body.encode(), headers=headers) as response:
                text = await response.text()
                return response.status, text, {key.lower(): value for key, value in response.headers.items()}


def _encode(kind: Kind, payload: Json) -> tuple[str, str]:
    if kind == "events_api":
        return json.dumps(payload), "application/json"
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields, errors="replace"), "application/x-www-form-urlencoded"


def _decode(answer: str, content_type: str) -> Json | None:
    if not answer:
        return None
    if not content_type.startswith("application/json"):
        return {"text": answer}
    try:
        payload = json.loads(answer)
    except ValueError:
        return None
    return payload if isinstance(payload, dict) else None
