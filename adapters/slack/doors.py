"""What cannot wait in the outbox because it expires in seconds: opening and changing forms, ephemeral messages."""

import logging
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import CALL_ERRORS, read
from adapters.slack.content import Content, View
from adapters.slack.refusals import code_of, reason_for, what_became
from domain.outcomes import Failed

log = logging.getLogger(__name__)

_FORM_MOVED_ON = frozenset({"hash_conflict", "view_not_found", "not_found"})
_NOT_SHOWN_THERE = frozenset({"user_not_in_channel", "channel_not_found", "not_in_channel", "is_archived"})


class DoorShut(Exception):
    """Slack did not show it; the text is for the person who is waiting."""


class Doors:
    """Direct calls on behalf of a person who is looking at the screen."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def open(self, trigger_id: str, view: View) -> str:
        """Open a modal and return its id; raises `DoorShut`. The trigger works once, within 3 seconds."""
        try:
            answer = await read(self._client.views_open(trigger_id=trigger_id, view=view))
        except CALL_ERRORS as error:
            raise _shut(error, "open the form") from error
        return _view_id(answer.get("view"))

    async def push(self, trigger_id: str, view: View) -> str:
        """Open a modal on top of the one that is open, and return its id; raises `DoorShut`."""
        try:
            answer = await read(self._client.views_push(trigger_id=trigger_id, view=view))
        except CALL_ERRORS as error:
            raise _shut(error, "open the form") from error
        return _view_id(answer.get("view"))

    async def change(self, view_id: str, view: View, *, seen_hash: str | None = None) -> bool:
        """Change an open modal, if it still is as it was at `seen_hash`; false where it has moved on. Raises `DoorShut`."""
        try:
            await read(self._client.views_update(view_id=view_id, view=view, hash=seen_hash))
        except SlackApiError as error:
            if code_of(error) in _FORM_MOVED_ON:
                return False
            raise _shut(error, "change the form") from error
        except CALL_ERRORS as error:
            raise _shut(error, "change the form") from error
        return True

    async def whisper(
        self, user_id: str, content: Content, *, channel: str | None, thread_ts: str | None = None
    ) -> None:
        """Show a message to one person alone: where they are, else in their direct messages. Raises `DoorShut`."""
        if channel is not None:
            try:
                await read(
                    self._client.chat_postEphemeral(
                        channel=channel,
                        user=user_id,
                        text=content["text"],
                        blocks=content["blocks"],
                        thread_ts=thread_ts,
                    )
                )
            except SlackApiError as error:
                if code_of(error) not in _NOT_SHOWN_THERE:
                    raise _shut(error, "show a message") from error
            except CALL_ERRORS as error:
                raise _shut(error, "show a message") from error
            else:
                return
        await self._write_to(user_id, content)

    async def _write_to(self, user_id: str, content: Content) -> None:
        try:
            await read(
                self._client.chat_postMessage(
                    channel=user_id,
                    text=content["text"],
                    blocks=content["blocks"],
                    unfurl_links=False,
                    unfurl_media=False,
                )
            )
        except CALL_ERRORS as error:
            raise _shut(error, "show a message") from error


def _shut(error: Exception, act: str) -> DoorShut:
    outcome = what_became(error, act)
    log.warning("could not %s: %s", act, outcome.reason)
    if isinstance(error, SlackApiError) and isinstance(outcome, Failed):
        return DoorShut(f"Slack did not {act}: {reason_for(code_of(error))}.")
    return DoorShut(f"Slack did not {act}: {outcome.reason}. Press again.")


def _view_id(view: Any) -> str:  # noqa: ANN401 - as Slack sends it
    return str(view.get("id") or "") if isinstance(view, dict) else ""
