"""Refuse requests of other workspaces and apps, and those that were handled before (replay protection)."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.people import SlackIdentity
from adapters.slack.role_texts import ELSEWHERE, HANDLED, outsider
from domain.access import Standing
from handlers.access import allows
from handlers.context import AppContext
from handlers.keyed_lock import KeyedLock
from handlers.operations.handled_requests import remember_handled
from handlers.slack.current_request import CurrentRequest, current_request, find_handled
from handlers.slack.listener_table import TabledApp
from handlers.slack.listeners import DATABASE_AWAY
from handlers.slack.payloads import read_text
from handlers.slack.refusing import acknowledgement, answer_in_band, refuse_request
from storage.errors import is_storage_fault

log = logging.getLogger(__name__)

#: The kinds of `message` events that tell us something; of any other, Slack tells us by another event.
_HEARD_SUBTYPES = frozenset({"message_changed", "message_deleted"})

Dispatch = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]


class GatedApp(TabledApp):
    """A Bolt app whose requests pass a gate first, in Socket Mode and over HTTP alike.

    No middleware: Bolt runs the listener after all of them, and what was handled is only known after it.
    """

    gate: "RequestGate | None" = None

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Dispatch a request that the gate lets through."""
        if self.gate is None:
            return await super().async_dispatch(req)
        return await self.gate.admit(req, super().async_dispatch)


class RequestGate:
    """Decides which requests reach the listeners.

    `is_looked_up_later` says of a request's body that it comes to a listener which `stores_request`: that
    looks itself whether the request was handled before.
    """

    def __init__(
        self,
        ctx: AppContext,
        *,
        is_looked_up_later: Callable[[Mapping[str, Any]], bool] = lambda _body: False,
    ) -> None:
        self._ctx = ctx
        self._is_looked_up_later = is_looked_up_later
        self._under_way = KeyedLock()

    async def admit(self, req: AsyncBoltRequest, dispatch: Dispatch) -> BoltResponse:
        """Dispatch the request, or answer why not.

        What was handled is stored after it was, or in the transaction that handles it, so that Slack's second
        try of what a crash cut off counts.
        """
        body = req.body
        if _says_nothing(body, self._ctx.bot_user_id):
            return acknowledgement()
        refusal = await self._refusal(body) or await self._refusal_while_locked(body)
        if refusal is not None:
            return refusal
        key = _replay_key(body)
        if key is None:
            return await dispatch(req)
        async with self._under_way.of(key):
            is_new = not self._is_looked_up_later(body)
            if is_new and await find_handled(self._ctx, key):
                return _say_repeated(body)
            request = CurrentRequest(key, self._ctx.desk, is_new)
            before = current_request.set(request)
            try:
                response = await dispatch(req)
            finally:
                current_request.reset(before)
            if request.is_repeated:
                return _say_repeated(body)
            if not request.is_stored:
                await self._remember(key)
            return response

    async def _refusal(self, body: Mapping[str, Any]) -> BoltResponse | None:
        """Return the answer to a request of another workspace, app or organisation; `None` for ours."""
        ours = self._ctx.directory.known_identity
        if ours is not None and (_is_foreign(body, ours) or _is_of_stranger(body, ours)):
            ours = await self._ctx.directory.recent_identity()  # the workspace may have joined an enterprise
        if ours is None or not ours.team_id:
            return None
        if _is_foreign(body, ours):
            log.warning("a request that is of another workspace or app was refused")
            return answer_in_band(body, ELSEWHERE) or acknowledgement()
        if _is_of_stranger(body, ours) and not allows(self._ctx, Standing.STRANGER):
            log.warning("a request of somebody of another organisation was refused")
            return await refuse_request(self._ctx, body, outsider(Standing.STRANGER))
        return None

    async def _refusal_while_locked(self, body: Mapping[str, Any]) -> BoltResponse | None:
        """Answer at once while another program holds the database: a try takes longer than Slack waits.

        A form is tried all the same: an answer in its place would lose what was typed.
        """
        is_held = self._ctx.desk.storage.is_locked and body.get("type") != "view_submission"
        if not is_held or _replay_key(body) is None:
            return None
        return await refuse_request(self._ctx, body, DATABASE_AWAY)

    async def _remember(self, key: str) -> None:
        try:
            await self._ctx.desk.run_at_once(remember_handled, key=key, now=self._ctx.clock.now())
        except Exception as error:
            if not is_storage_fault(error):
                raise
            log.warning("that a request was handled could not be stored: %s", type(error).__name__)


def _say_repeated(body: Mapping[str, Any]) -> BoltResponse:
    log.warning("a request of Slack's came again and was not handled twice")
    return answer_in_band(body, HANDLED) or acknowledgement()


def _replay_key(body: Mapping[str, Any]) -> str | None:
    """Return what a press, a submission, a shortcut or a command has alone; `None` for anything else.

    Events may come again: each of their listeners is idempotent.
    """
    parts = [read_text(body.get("trigger_id")), read_text(_of(_first_action(body), "action_ts"))]
    if not any(parts) or "event" in body:
        return None
    return ":".join([read_text(body.get("type")) or "command", *parts])


def _first_action(body: Mapping[str, Any]) -> object:
    """Return what was pressed: Bolt and the listeners look at the first action alone."""
    actions = body.get("actions")
    return actions[0] if isinstance(actions, list) and actions else None


def _is_foreign(body: Mapping[str, Any], ours: SlackIdentity) -> bool:
    """Return whether the request names an app, a workspace or an enterprise that is not ours.

    In a shared channel the request of a stranger may name their workspace and enterprise: of an event Slack
    says by which installation it comes, of anything else who acts. What is not named is not compared.
    """
    app = read_text(body.get("api_app_id"))
    if app and ours.app_id and app != ours.app_id:
        return True
    if "event" in body:
        enterprise = read_text(body.get("context_enterprise_id"))
        if enterprise:  # all its workspaces are ours, of which a channel that they share may name any
            return enterprise != ours.enterprise_id
        return ours.team_id not in _event_teams(body, ours)
    theirs = _is_of_stranger(body, ours)
    if _enterprise(body) not in {"", ours.enterprise_id}:
        return not theirs
    team = read_text(_of(body.get("team"), "id")) or read_text(body.get("team_id"))
    if team in {"", ours.team_id} or _is_of_enterprise(body, ours):
        return False
    return not theirs or team != read_text(_of(body.get("user"), "team_id"))


def _event_teams(body: Mapping[str, Any], ours: SlackIdentity) -> set[str]:
    """Return the workspaces for which an event is meant; ours where it names none."""
    if body.get("is_ext_shared_channel") is not True:
        return {read_text(body.get("team_id")) or ours.team_id}
    given = body.get("authorizations")
    teams = {read_text(_of(one, "team_id")) for one in given} if isinstance(given, list) else set()
    return (teams | {read_text(body.get("context_team_id"))}) - {""} or {ours.team_id}


def _is_of_stranger(body: Mapping[str, Any], ours: SlackIdentity) -> bool:
    """Return whether whoever acts says that they are of another workspace than ours."""
    team = read_text(_of(body.get("user"), "team_id"))
    return team not in {"", ours.team_id, ours.enterprise_id} and not _is_of_enterprise(body, ours)


def _is_of_enterprise(body: Mapping[str, Any], ours: SlackIdentity) -> bool:
    return bool(ours.enterprise_id) and _enterprise(body) == ours.enterprise_id


def _enterprise(body: Mapping[str, Any]) -> str:
    return read_text(_of(body.get("enterprise"), "id")) or read_text(body.get("enterprise_id"))


def _says_nothing(body: Mapping[str, Any], bot_user_id: str) -> bool:
    """Return whether this is an event of a message that no listener needs: a new one, or one of the bot's."""
    event = body.get("event")
    if not isinstance(event, dict) or event.get("type") != "message":
        return False
    before = event.get("previous_message")
    return event.get("subtype") not in _HEARD_SUBTYPES or _of(before, "user") == bot_user_id


def _of(part: object, name: str) -> object:
    return part.get(name) if isinstance(part, dict) else None
