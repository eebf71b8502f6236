"""What Slack's answers mean: which are for ever, which are for later, and which leave it open whether the act happened.

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

USUAL_PAUSE = timedelta(seconds=30)
LOCKED_OUT_PAUSE = timedelta(minutes=1)
_SHORTEST_PAUSE = timedelta(seconds=1)

_RATE_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_NOT_TAKEN = frozenset({"request_timeout", "team_added_to_org"})
_THEIR_FAILURE = frozenset({"fatal_error", "internal_error", "service_unavailable"})
_DRAWN_WRONG = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long", "invalid_arguments"}
)
#: Nothing can be done until a person mends the app; what is due then waits, so that nothing is lost.
_LOCKED_OUT = frozenset(
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
_CLOSED_PLACES = {
    "channel_not_found": "the channel does not exist, or the bot is not in it; invite the bot there, or name another channel",
    "not_in_channel": "the bot is not in the channel; invite it there",
    "is_archived": "the channel is archived; unarchive it, or name another channel",
    "restricted_action": "a setting of the workspace keeps the bot from posting there; ask an admin to allow it",
    "restricted_action_read_only_channel": "the channel is read-only; ask an admin to let the bot post there",
    "restricted_action_thread_only_channel": "the channel takes only replies in threads; name another channel",
    "restricted_action_non_threadable_channel": "the channel takes no threads; name another channel",
    "user_not_found": "the person is not in the workspace",
    "messages_tab_disabled": "the app takes no direct messages; switch on its Messages tab in the app's settings",
    "cannot_dm_bot": "a bot cannot be written to",
}
_FAULTS = {
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


def what_became(error: Exception, act: str) -> Later | Failed | Unknown:
    """What an error of a call means for the act that it was to do. Errors that are no answer of a network are raised again."""
    if isinstance(error, SlackApiError):
        return _answered(error, act)
    if isinstance(error, ClientConnectorError):
        return Later(f"Slack cannot be reached to {act}")
    if isinstance(error, ClientError | TimeoutError | OSError):
        return Unknown(f"the connection to Slack broke before it answered whether it did {act}")
    if isinstance(error, ValueError | AttributeError):
        log.warning("Slack's answer to %s cannot be read", act, exc_info=error)
        return Unknown(f"Slack's answer to {act} cannot be read")
    raise error


def repeatable(outcome: Later | Failed | Unknown) -> Later | Failed:
    """The same for an act that is safe to repeat."""
    return Later(outcome.reason) if isinstance(outcome, Unknown) else outcome


def code_of(error: SlackApiError) -> str:
    """Slack's own word; empty where its answer held none."""
    return str(_body(error).get("error") or "")


def reason_for(code: str) -> str:
    """What Slack's word means, and what to do."""
    known = _CLOSED_PLACES.get(code) or _FAULTS.get(code)
    return known or f"Slack refused it ({code or 'without a reason'})"


def _answered(error: SlackApiError, act: str) -> Later | Failed | Unknown:
    code, status = code_of(error), _status(error)
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in _RATE_LIMITED:
        return Later(f"Slack asks to wait before it will {act}", wait=_pause(error), pause_destination=True)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or code in _THEIR_FAILURE:
        return Unknown(f"Slack failed while it was to {act} ({code or f'HTTP {status}'})", answered=True)
    if code in _NOT_TAKEN:
        return Later(f"Slack did not take the request to {act} ({code})")
    if not code:
        return Unknown(f"Slack's answer to {act} cannot be read (HTTP {status})")
    return _refused(error, code, act)


def _refused(error: SlackApiError, code: str, act: str) -> Later | Failed:
    if code in _DRAWN_WRONG:
        details = _body(error).get("response_metadata")
        log.error("Slack refused to %s: %s %s", act, code, details)
        return Failed(
            f"Slack refused how it is drawn ({code}); the log holds the details", code, invalid_content=True
        )
    if code in _LOCKED_OUT:
        log.error("Slack refused to %s: %s", act, reason_for(code))
        return Later(reason_for(code), wait=LOCKED_OUT_PAUSE, pause_destination=True, counts=False)
    return Failed(reason_for(code), code, route_broken=code in _CLOSED_PLACES)


def _body(error: SlackApiError) -> dict[str, Any]:
    data = getattr(error.response, "data", None)
    return data if isinstance(data, dict) else {}


def _status(error: SlackApiError) -> int:
    """slack_sdk hands over its own response, or aiohttp's where the body was not JSON."""
    response: Any = error.response
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)


def _pause(error: SlackApiError) -> timedelta:
    headers: Any = getattr(error.response, "headers", None) or {}
    given = headers.get("Retry-After") or headers.get("retry-after")
    try:
        return max(timedelta(seconds=float(given)), _SHORTEST_PAUSE)
    except (TypeError, ValueError, OverflowError):
        return USUAL_PAUSE
