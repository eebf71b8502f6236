"""Map Slack's errors to outcomes: permanent failure, retry later, or unknown whether it was done.

The codes are those of docs.slack.dev (chat.postMessage, chat.update, conversations.history, views.publish).
"""

import logging
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError

from domain.delivery.outcomes import Failed, Later, Unknown

log = logging.getLogger(__name__)

DEFAULT_PAUSE = timedelta(seconds=30)
AUTH_ERROR_PAUSE = timedelta(minutes=1)
_MIN_PAUSE = timedelta(seconds=1)
_MAX_PAUSE = timedelta(hours=1)  # a proxy may state any number, and a moment too far away cannot be stored

_RATE_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_NOT_PROCESSED = frozenset({"request_timeout", "team_added_to_org"})
_SERVER_ERRORS = frozenset({"fatal_error", "internal_error", "service_unavailable"})
INVALID_CONTENT = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long", "invalid_arguments"}
)
#: A person has to fix the app first; due actions are retried without limit until then, so that none is lost.
_AUTH_ERRORS = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_allowed_token_type",
        "missing_scope",
    }
)
_UNUSABLE_DESTINATIONS = {
    "channel_not_found": "the channel does not exist, or the bot is not in it; invite the bot there, or name another channel",
    "not_in_channel": "the bot is not in the channel; invite it there",
    "is_archived": "the channel is archived; unarchive it, or name another channel",
    "is_inactive": "the channel is archived or frozen; unarchive it, or name another channel",
    "restricted_action": "a setting of the workspace keeps the bot from posting there; ask an admin to allow it",
    "restricted_action_read_only_channel": "the channel is read-only; ask an admin to let the bot post there",
    "restricted_action_thread_only_channel": "the channel takes only replies in threads; name another channel",
    "restricted_action_non_threadable_channel": "the channel takes no threads; name another channel",
    "user_not_found": "the person is not in the workspace",
    "messages_tab_disabled": "the app takes no direct messages; switch on its Messages tab in the app's settings",
    "cannot_dm_bot": "a bot cannot be written to",
}
_EXPLANATIONS = {
    "invalid_auth": "Slack does not accept the bot token; put the current one into SLACK_BOT_TOKEN",
    "not_authed": "no bot token was sent; set SLACK_BOT_TOKEN",
    "account_inactive": "the bot token belongs to a removed app or workspace; install the app again",
    "token_revoked": "the bot token was revoked; install the app again and set SLACK_BOT_TOKEN",
    "token_expired": "the bot token has expired; install the app again and set SLACK_BOT_TOKEN",
    "not_allowed_token_type": "this is the wrong kind of token; SLACK_BOT_TOKEN begins with xoxb-",
    "missing_scope": "the app lacks a permission; install it again from `python bot.py manifest`",
    "no_permission": "the bot may not do this here; ask an admin to allow it",
    "message_not_found": "the message is not there any more; somebody deleted it",
    "cant_update_message": "the message is not the bot's own",
    "edit_window_closed": "a setting of the workspace forbids to change messages after some time",
    "thread_not_found": "the thread is not there any more; somebody deleted its first message",
    "expired_trigger_id": "Slack waits three seconds for a form, and they had passed; press the button again",
    "trigger_expired": "Slack waits three seconds for a form, and they had passed; press the button again",
    "exchanged_trigger_id": "this press has opened a form already; press the button again",
    "invalid_trigger_id": "Slack does not know this press; press the button again",
    "view_not_found": "the form is not open any more; open it again",
    "not_found": "the form is not open any more; open it again",
    "user_not_in_channel": "you are not in that channel; join it first",
}


def classify_error(error: Exception, action: str) -> Later | Failed | Unknown:
    """Map an error of a call to the outcome of its action. Re-raises errors that are not of `CALL_ERRORS`.

    `action` completes "Slack refused to …" in reasons and logs.
    """
    if isinstance(error, SlackApiError):
        return _classify_api_error(error, action)
    if isinstance(error, ClientConnectorError):
        return Later(f"Slack cannot be reached to {action}")
    if isinstance(error, ClientError | TimeoutError | OSError):
        return Unknown(f"the connection to Slack broke while it was to {action}")
    if isinstance(error, ValueError | AttributeError):
        log.warning("Slack's answer to %s cannot be read", action, exc_info=error)
        return Unknown(f"Slack's answer to {action} cannot be read")
    raise error


def retry_if_unknown(outcome: Later | Failed | Unknown) -> Later | Failed:
    """Turn an unknown outcome into a retry, for idempotent actions."""
    return Later(outcome.reason) if isinstance(outcome, Unknown) else outcome


def error_code(error: SlackApiError) -> str:
    """Return Slack's error code; empty if its response had none."""
    return str(_body(error).get("error") or "")


def explain_code(code: str) -> str:
    """Explain Slack's error code and its remedy."""
    explanation = _UNUSABLE_DESTINATIONS.get(code) or _EXPLANATIONS.get(code)
    return explanation or f"Slack refused it ({code or 'without a reason'})"


def _classify_api_error(error: SlackApiError, action: str) -> Later | Failed | Unknown:
    code, status = error_code(error), _status(error)
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in _RATE_LIMITED:
        return Later(
            f"Slack asks to wait before it will {action}", wait=_retry_after(error), pause_destination=True
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or code in _SERVER_ERRORS:
        return Unknown(f"Slack failed while it was to {action} ({code or f'HTTP {status}'})", responded=True)
    if code in _NOT_PROCESSED:
        return Later(f"Slack did not take the request to {action} ({code})")
    if not code:
        return Unknown(f"Slack's answer to {action} cannot be read (HTTP {status})")
    return _classify_refusal(error, code, action)


def _classify_refusal(error: SlackApiError, code: str, action: str) -> Later | Failed:
    if code in INVALID_CONTENT:
        details = _body(error).get("response_metadata")
        log.error("Slack refused to %s: %s %s", action, code, details)
        return Failed(
            f"Slack refused how it is drawn ({code}); the log holds the details", code, invalid_content=True
        )
    if code in _AUTH_ERRORS:
        log.error("Slack refused to %s: %s", action, explain_code(code))
        return Later(explain_code(code), wait=AUTH_ERROR_PAUSE, pause_destination=True, counts=False)
    return Failed(explain_code(code), code, route_broken=code in _UNUSABLE_DESTINATIONS)


def _body(error: SlackApiError) -> dict[str, Any]:
    data = getattr(error.response, "data", None)
    return data if isinstance(data, dict) else {}


def _status(error: SlackApiError) -> int:
    """Return the HTTP status of slack_sdk's response, or of aiohttp's if the body was not JSON."""
    response: Any = error.response
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)


def _retry_after(error: SlackApiError) -> timedelta:
    headers: Any = getattr(error.response, "headers", None) or {}
    value = headers.get("Retry-After") or headers.get("retry-after")
    try:
        return min(max(timedelta(seconds=float(value)), _MIN_PAUSE), _MAX_PAUSE)
    except (TypeError, ValueError, OverflowError):
        return DEFAULT_PAUSE
