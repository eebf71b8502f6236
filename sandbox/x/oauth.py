"""Authenticate callers by OAuth 1.0a with HMAC-SHA1 (RFC 5849) or by a bearer token.

The signature is checked over the request as it was received.
"""

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote

from aiohttp import web

from sandbox.x.problems import unauthorized

CLOCK_SKEW_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Keys:
    """Credentials of the brand's app and account; the app's `bearer` is read-only."""

    consumer_key: str = "sandbox-consumer"
    consumer_secret: str = "sandbox-consumer-secret"  # noqa: S105 - the sandbox has no secrets
    access_token: str = "90000001-sandbox-access"  # noqa: S105 - of a pretend world
    access_token_secret: str = "sandbox-access-secret"  # noqa: S105 - of a pretend world
    bearer: str = "AAAA-sandbox-bearer"


def authenticate(request: web.Request, keys: Keys) -> bool:
    """Return whether the caller acts as the brand (True) or only as its app (False). Raises Problem (401)."""
    header = request.headers.get("Authorization", "")
    scheme, _, credentials = header.partition(" ")
    if (
        scheme.lower() == "bearer"
        and keys.bearer
        and hmac.compare_digest(credentials.encode(), keys.bearer.encode())
    ):
        return False
    if scheme.lower() != "oauth" or not _signed(request, _fields(credentials), keys):
        raise unauthorized()
    return True


def gives_app_token(request: web.Request, keys: Keys) -> bool:
    """Return whether a caller names the app's key and secret (HTTP Basic), for its bearer token."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    expected = base64.b64encode(f"{_escape(keys.consumer_key)}:{_escape(keys.consumer_secret)}".encode())
    return scheme.lower() == "basic" and hmac.compare_digest(credentials.encode(), expected)


def signature(method: str, base_url: str, parameters: list[tuple[str, str]], keys: Keys) -> str:
    """Compute the HMAC-SHA1 signature of RFC 5849, section 3.4, in base64."""
    pairs = sorted((_escape(name), _escape(value)) for name, value in parameters)
    normalised = "&".join(f"{name}={value}" for name, value in pairs)
    base = "&".join(_escape(part) for part in (method.upper(), base_url, normalised))
    secret = f"{_escape(keys.consumer_secret)}&{_escape(keys.access_token_secret)}"
    return base64.b64encode(hmac.new(secret.encode(), base.encode(), hashlib.sha1).digest()).decode()


def _signed(request: web.Request, fields: dict[str, str], keys: Keys) -> bool:
    if (
        fields.get("oauth_consumer_key") != keys.consumer_key
        or fields.get("oauth_token") != keys.access_token
    ):
        return False
    if fields.get("oauth_signature_method") != "HMAC-SHA1" or not _is_fresh(fields):
        return False
    path, _, query = request.raw_path.partition("?")
    parameters = parse_qsl(query, keep_blank_values=True)
    parameters += [
        (name, value) for name, value in fields.items() if name not in ("oauth_signature", "realm")
    ]
    expected = signature(request.method, f"{request.scheme}://{request.host.lower()}{path}", parameters, keys)
    return hmac.compare_digest(expected.encode(), fields.get("oauth_signature", "").encode())


def _is_fresh(fields: dict[str, str]) -> bool:
    stamp = fields.get("oauth_timestamp", "")
    return stamp.isascii() and stamp.isdigit() and abs(time.time() - int(stamp)) <= CLOCK_SKEW_SECONDS


def _fields(credentials: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for part in credentials.split(","):
        name, _, value = part.strip().partition("=")
        fields[unquote(name)] = unquote(value.strip('"'))
    return fields


def _escape(text: str) -> str:
    return quote(text, safe="~")
