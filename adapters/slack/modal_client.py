"""Open and update modals and post ephemerals: triggers expire in seconds, so these bypass the outbox."""

import logging
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.action_ids import CallbackId
from adapters.slack.api_calls import CALL_ERRORS, PAGE_SIZE, objects_in, paginate, response_body
from adapters.slack.card_metadata import CardIdentity, read_card_identity
from adapters.slack.errors import INVALID_CONTENT, classify_error, error_code
from adapters.slack.message_content import Content, View
from adapters.slack.modals.frame import modal
from adapters.slack.pictures import without_pictures
from adapters.slack.records.contact_masking import mask
from domain.delivery.outcomes import Unknown
from domain.errors import Refused

log = logging.getLogger(__name__)

_NOT_FOUND = frozenset({"thread_not_found", "message_not_found", "channel_not_found", "not_in_channel"})
_EPHEMERAL_REFUSED = frozenset({"user_not_in_channel", "channel_not_found", "not_in_channel", "is_archived"})


CARD_NOT_READ = (
    "Nothing was sent to anybody: Slack does not say just now which card this thread belongs to. "
    "Write it again in a moment."
)


NOT_SHARED = "It was not shared: Slack did not take the message. Press again; or copy it."
RESPONSE_SECONDS = 10


class ModalError(Exception):
    """Slack did not show a view; the text is for the user who is waiting."""


class Modals:
    """Direct calls on behalf of a user who is waiting at the screen."""

    def __init__(
        self,
        client: AsyncWebClient,
        dress: Callable[[View], View] = lambda view: view,
        *,
        masks_contacts: bool = False,
    ) -> None:
        self._client = client
        self._dress_view = dress
        self._masks_contacts = masks_contacts

    def dressed(self, dress: Callable[[View], View]) -> "Modals":
        """Return the same with `dress` applied to each view that is shown."""
        return Modals(self._client, dress, masks_contacts=self._masks_contacts)

    def masked(self) -> "Modals":
        """Return the same with contact data masked in all that is shown."""
        return Modals(self._client, self._dress_view, masks_contacts=True)

    def _dress(self, view: View) -> View:
        dressed = self._dress_view(view)
        return mask(dressed) if self._masks_contacts else dressed

    async def open_view(self, trigger_id: str, view: View) -> str:
        """Open a modal and return its id. A trigger works once, within 3 seconds; raises `ModalError`."""
        try:
            response = await response_body(
                self._client.views_open(trigger_id=trigger_id, view=self._dress(view))
            )
        except CALL_ERRORS as error:
            plain = _without_pictures(view, error)
            if plain is not None:
                return await self.open_view(trigger_id, plain)
            raise _not_opened(error, "open a form") from error
        return _view_field(response.get("view"), "id")

    async def update_view(self, view_id: str, view: View, *, seen_hash: str | None = None) -> str | None:
        """Update an open modal if it still has the hash `seen_hash`; return its new hash, or `None` if not.

        Failures are only logged: the next update brings the change.
        """
        try:
            response = await response_body(
                self._client.views_update(view_id=view_id, view=self._dress(view), hash=seen_hash)
            )
        except CALL_ERRORS as error:
            plain = _without_pictures(view, error)
            if plain is not None:
                return await self.update_view(view_id, plain, seen_hash=seen_hash)
            log.info("a form was not changed: %s", classify_error(error, "change a form").reason)
            return None
        return _view_field(response.get("view"), "hash")

    async def update_named_view(self, external_id: str, view: View) -> bool:
        """Update the open modal that has this `external_id`; return whether there is (by now) one.

        Other failures are only logged.
        """
        try:
            await response_body(self._client.views_update(external_id=external_id, view=self._dress(view)))
        except CALL_ERRORS as error:
            if isinstance(error, SlackApiError) and error_code(error) == "not_found":
                return False
            log.info("a form was not changed: %s", classify_error(error, "change a form").reason)
        return True

    async def send_ephemeral(
        self, channel: str, user_id: str, content: Content, *, thread_ts: str | None = None
    ) -> None:
        """Show a message to one user only, in the channel or, if they are not in it, as a direct message.

        Failures are only logged.
        """
        content = mask(content) if self._masks_contacts else content
        try:
            is_shown = await self._post_ephemeral(channel, user_id, content, thread_ts)
        except CALL_ERRORS as error:
            log.info("told by a direct message: %s", classify_error(error, "show a message").reason)
            is_shown = False
        if not is_shown:
            await self._try_direct_message(user_id, content)

    async def respond(
        self,
        response_url: str,
        channel: str | None,
        user_id: str,
        content: Content,
        *,
        in_channel: bool = False,
    ) -> None:
        """Answer a command or a press where it was made: to the person alone, or to the channel.

        By the response URL, which also works where the bot is no member. Where that fails, the person is told
        by `send_ephemeral`; of a message to the channel, `ModalError` is raised.
        """
        content = mask(content) if self._masks_contacts else content
        try:
            answer = await AsyncWebhookClient(response_url, timeout=RESPONSE_SECONDS).send(
                text=content["text"],
                blocks=content["blocks"],
                response_type="in_channel" if in_channel else "ephemeral",
                replace_original=False,
                unfurl_links=False,
                unfurl_media=False,
            )
        except (*CALL_ERRORS, ValueError) as error:
            log.warning("an answer could not be sent to a response URL (%s)", type(error).__name__)
        else:
            if answer.status_code == HTTPStatus.OK:
                return
            log.warning("Slack refused an answer to a response URL (%d)", answer.status_code)
        if in_channel:
            raise ModalError(NOT_SHARED)
        await self.send_ephemeral(channel or user_id, user_id, content)

    async def card_identity(self, channel: str, thread_ts: str, *, bot_user_id: str) -> CardIdentity | None:
        """Read from Slack which case's card a thread belongs to; `None` if it is no card of ours.

        Raises `Refused` if Slack does not answer.
        """
        try:
            return await read_card_identity(self._client, channel, thread_ts, bot_user_id=bot_user_id)
        except CALL_ERRORS as error:
            if isinstance(error, SlackApiError) and error_code(error) in _NOT_FOUND:
                return None
            log.warning("a thread's card could not be read: %s", classify_error(error, "read a card").reason)
            raise Refused(CARD_NOT_READ) from error

    async def thread_messages(
        self, channel: str, thread_ts: str, *, since: datetime
    ) -> list[dict[str, Any]] | None:
        """Read the messages of a thread since a moment, oldest first; `None` if Slack does not answer."""
        params = {
            "channel": channel,
            "ts": thread_ts,
            "oldest": f"{since.timestamp():.6f}",
            "limit": PAGE_SIZE,
        }
        found: list[dict[str, Any]] = []
        try:
            async for page in paginate(self._client, "conversations.replies", params):
                found += [
                    message for message in objects_in(page, "messages") if message.get("ts") != thread_ts
                ]
        except CALL_ERRORS as error:
            if isinstance(error, SlackApiError) and error_code(error) in _NOT_FOUND:
                return []
            log.warning("a thread could not be read: %s", classify_error(error, "read a thread").reason)
            return None
        return found

    async def open_notice(self, trigger_id: str, content: Content) -> None:
        """Show a message in a modal, on top of the open one if there is one. Raises `ModalError`."""
        view = self._dress(modal("Switchboard", CallbackId.NOTICE, content["blocks"], close="Close"))
        try:
            await self._push_or_open(trigger_id, view)
        except CALL_ERRORS as error:
            raise _not_opened(error, "open a notice") from error

    async def notify(self, trigger_id: str, user_id: str, content: Content) -> None:
        """Show a message in a modal or, where none opens, as a direct message. Failures are only logged.

        None opens where the trigger has opened a form, has expired, or Slack fails at forms.
        """
        try:
            await self.open_notice(trigger_id, content)
        except ModalError as not_opened:
            log.info("a person is told by a direct message: %s", not_opened)
            await self._try_direct_message(user_id, mask(content) if self._masks_contacts else content)

    async def _push_or_open(self, trigger_id: str, view: View) -> None:
        """Push the view, or open it if no modal is open. Opening over a form would lose the typed text."""
        try:
            await response_body(self._client.views_push(trigger_id=trigger_id, view=view))
        except SlackApiError:
            await response_body(self._client.views_open(trigger_id=trigger_id, view=view))

    async def _post_ephemeral(
        self, channel: str, user_id: str, content: Content, thread_ts: str | None
    ) -> bool:
        try:
            await response_body(
                self._client.chat_postEphemeral(
                    channel=channel,
                    user=user_id,
                    text=content["text"],
                    blocks=content["blocks"],
                    thread_ts=thread_ts,
                )
            )
        except SlackApiError as error:
            if error_code(error) in _EPHEMERAL_REFUSED:
                return False
            raise
        return True

    async def _try_direct_message(self, user_id: str, content: Content) -> None:
        try:
            await self._post_direct_message(user_id, content)
        except CALL_ERRORS as error:
            reason = classify_error(error, "show a message").reason
            log.warning("a person could not be told why something was not done: %s", reason)

    async def _post_direct_message(self, user_id: str, content: Content) -> None:
        await response_body(
            self._client.chat_postMessage(
                channel=user_id,
                text=content["text"],
                blocks=content["blocks"],
                unfurl_links=False,
                unfurl_media=False,
            )
        )


def _not_opened(error: Exception, action: str) -> ModalError:
    outcome = classify_error(error, action)
    if isinstance(outcome, Unknown) and not outcome.responded:  # it may be open
        return ModalError(
            f"Slack did not say whether the form opened: {outcome.reason}. If it is not there, press again."
        )
    remedy = "" if "again" in outcome.reason else " Nothing was changed: press again."
    return ModalError(f"The form did not open: {outcome.reason}.{remedy}")


def _without_pictures(view: View, error: Exception) -> View | None:
    """Return the view to show instead where Slack refused one that has pictures; else `None`."""
    if not isinstance(error, SlackApiError) or error_code(error) not in INVALID_CONTENT:
        return None
    blocks = without_pictures(view["blocks"])
    return None if blocks is None else {**view, "blocks": blocks}


def _view_field(view: Any, name: str) -> str:  # noqa: ANN401 - as Slack sends it
    return str(view.get(name) or "") if isinstance(view, dict) else ""
