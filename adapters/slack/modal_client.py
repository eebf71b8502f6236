"""What cannot wait in the outbox because it expires in seconds: opening and changing forms, ephemeral messages."""

import logging
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.action_ids import CallbackId
from adapters.slack.api_calls import CALL_ERRORS, read
from adapters.slack.card_mark import CardMark, read_card_mark
from adapters.slack.errors import code_of, what_became
from adapters.slack.message_hash import Content, View
from adapters.slack.modals.frame import modal
from domain.errors import Refused

log = logging.getLogger(__name__)

_NO_THREAD = frozenset({"thread_not_found", "message_not_found", "channel_not_found", "not_in_channel"})
_NOT_SHOWN_THERE = frozenset({"user_not_in_channel", "channel_not_found", "not_in_channel", "is_archived"})


CARD_NOT_READ = (
    "Nothing was sent to anybody: Slack does not say just now which card this thread belongs to. "
    "Write it again in a moment."
)


class ModalError(Exception):
    """Slack did not show it; the text is for the person who is waiting."""


class Modals:
    """Direct calls on behalf of a person who is looking at the screen."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def open_view(self, trigger_id: str, view: View) -> str:
        """Open a modal and return its id. The trigger works once, within 3 seconds; raises `ModalError`."""
        try:
            answer = await read(self._client.views_open(trigger_id=trigger_id, view=view))
        except CALL_ERRORS as error:
            reason = what_became(error, "open a form").reason
            raise ModalError(f"The form did not open: {reason}.") from error
        return _view_id(answer.get("view"))

    async def update_view(self, view_id: str, view: View, *, seen_hash: str | None = None) -> bool:
        """Change an open modal if it still is as it was at `seen_hash`; says whether it was changed.

        A change that does not come through is no news to anybody: the next one brings it.
        """
        try:
            await read(self._client.views_update(view_id=view_id, view=view, hash=seen_hash))
        except CALL_ERRORS as error:
            log.info("a form was not changed: %s", what_became(error, "change a form").reason)
            return False
        return True

    async def tell(
        self, channel: str, user_id: str, content: Content, *, thread_ts: str | None = None
    ) -> None:
        """Show a message to one person alone: where they are, else in their direct messages. A failure is logged."""
        try:
            if not await self._whisper(channel, user_id, content, thread_ts):
                await self._write_to(user_id, content)
        except CALL_ERRORS as error:
            reason = what_became(error, "show a message").reason
            log.warning("a person could not be told why something was not done: %s", reason)

    async def card_mark(self, channel: str, thread_ts: str, *, bot_user_id: str) -> CardMark | None:
        """Ask Slack which case's card a thread hangs below; `None` where it is no card of ours.

        Raises `Refused` where Slack does not say.
        """
        try:
            return await read_card_mark(self._client, channel, thread_ts, bot_user_id=bot_user_id)
        except CALL_ERRORS as error:
            if isinstance(error, SlackApiError) and code_of(error) in _NO_THREAD:
                return None
            log.warning("a thread's card could not be read: %s", what_became(error, "read a card").reason)
            raise Refused(CARD_NOT_READ) from error

    async def open_notice(self, trigger_id: str, content: Content) -> None:
        """Show a message in a modal, on top of the one that is open if there is one. A failure is logged."""
        view = modal("Switchboard", CallbackId.NOTICE, content["blocks"], close="Close")
        try:
            await self._push_or_open(trigger_id, view)
        except CALL_ERRORS as error:
            reason = what_became(error, "open a notice").reason
            log.warning("a person could not be told why something was not done: %s", reason)

    async def _push_or_open(self, trigger_id: str, view: View) -> None:
        """Opening over a form would lose what was typed there; pushing fails where there is none."""
        try:
            await read(self._client.views_push(trigger_id=trigger_id, view=view))
        except SlackApiError:
            await read(self._client.views_open(trigger_id=trigger_id, view=view))

    async def _whisper(self, channel: str, user_id: str, content: Content, thread_ts: str | None) -> bool:
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
            if code_of(error) in _NOT_SHOWN_THERE:
                return False
            raise
        return True

    async def _write_to(self, user_id: str, content: Content) -> None:
        await read(
            self._client.chat_postMessage(
                channel=user_id,
                text=content["text"],
                blocks=content["blocks"],
                unfurl_links=False,
                unfurl_media=False,
            )
        )


def _view_id(view: Any) -> str:  # noqa: ANN401 - as Slack sends it
    return str(view.get("id") or "") if isinstance(view, dict) else ""
