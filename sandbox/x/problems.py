"""X's error responses, in X's own shapes (`application/problem+json` fields in a JSON body).

Texts: developer.x.com, "Response codes and errors"; the reply refusal is worded as users report it since
2026.
"""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

TYPES = "https://api.twitter.com/2/problems"

NOT_SUMMONED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author"
    " of the post you are replying to."
)
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
TARGET_GONE = "You attempted to reply to a Tweet that is deleted or not visible to you."
MAY_NOT_DM = "You do not have permission to DM one or more participants."
QUOTE_GONE = "You attempted to quote a Tweet that is deleted or not visible to you."
TOO_LONG = (
    "Your Tweet text is too long. For more information on how Twitter determines text length see"
    " https://github.com/twitter/twitter-text."
)
OVER_CAPACITY_HTML = (
    "<!DOCTYPE html>\n<html><head><title>X / Over capacity</title></head>"
    "<body><h1>Something is technically wrong.</h1><p>Thanks for noticing - we're going to fix it up.</p></body></html>"
)


class Problem(Exception):
    """A call that X refuses; the route turns it into the response."""

    def __init__(
        self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(str(body.get("detail", status)))
        self.status = status
        self.body = dict(body)
        self.headers = dict(headers or {})

    def response(self) -> web.Response:
        """Build the HTTP response."""
        return web.json_response(self.body, status=self.status, headers=self.headers)


def plain(status: int, title: str, detail: str) -> Problem:
    """Build a problem without a type of its own."""
    return Problem(status, {"title": title, "detail": detail, "type": "about:blank", "status": status})


def unauthorized() -> Problem:
    """401: the keys or the signature are wrong."""
    return plain(401, "Unauthorized", "Unauthorized")


def forbidden(detail: str) -> Problem:
    """403 with X's reason."""
    return plain(403, "Forbidden", detail)


def app_only_forbidden() -> Problem:
    """403: a bearer token where a user's context is needed."""
    kinds = "[OAuth 1.0a User Context, OAuth 2.0 User Context]"
    return Problem(
        403,
        {
            "title": "Unsupported Authentication",
            "detail": "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint."
            f"  Supported authentication types are {kinds}.",
            "type": f"{TYPES}/unsupported-authentication",
            "status": 403,
        },
    )


def app_not_permitted() -> Problem:
    """403: the permissions of the app, or those at the time of the access token, do not include this call."""
    return Problem(
        403,
        {
            "title": "Forbidden",
            "detail": "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.",
            "type": f"{TYPES}/oauth1-permissions",
            "status": 403,
        },
    )


def invalid(parameter: str, values: list[str], message: str) -> Problem:
    """400: one parameter is invalid; `message` says how."""
    return Problem(
        400,
        {
            "errors": [{"parameters": {parameter: values}, "message": message}],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": f"{TYPES}/invalid-request",
        },
    )


def invalid_body(message: str) -> Problem:
    """400: the JSON body is not what the call accepts."""
    return Problem(
        400,
        {
            "errors": [{"message": message}],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": f"{TYPES}/invalid-request",
        },
    )


def rate_limited(headers: Mapping[str, str]) -> Problem:
    """429: the window of this endpoint is used up; `headers` say until when."""
    body = {"title": "Too Many Requests", "detail": "Too Many Requests", "type": "about:blank", "status": 429}
    return Problem(429, body, headers)


def usage_capped() -> Problem:
    """429: the monthly cap on posts read is reached. Waiting for the next window does not help."""
    return Problem(
        429,
        {
            "account_id": 90000001,
            "product_name": "pay-per-use",
            "title": "UsageCapExceeded",
            "period": "Monthly",
            "scope": "Product",
            "detail": "Usage cap exceeded: Monthly product cap",
            "type": f"{TYPES}/usage-capped",
        },
    )


def credits_depleted() -> Problem:
    """402: the account that pays for the calls has no credit left."""
    return Problem(
        402,
        {
            "account_id": 90000001,
            "title": "CreditsDepleted",
            "detail": "Your enrolled account [90000001] does not have any credits to fulfill this request.",
            "type": f"{TYPES}/credits",
        },
    )


def missing(resource: str, parameter: str, value: str) -> dict[str, str]:
    """Build the entry in `errors` for something that is deleted or never existed."""
    named = f"{parameter}: [{value}]"
    return {
        "value": value,
        "detail": f"Could not find {resource} with {named}.",
        "title": "Not Found Error",
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": value,
        "type": f"{TYPES}/resource-not-found",
    }
