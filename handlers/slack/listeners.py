"""Wrap Bolt listeners: authorize the user, catch errors, and show what failed."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from slack_bolt.context.ack.async_ack import AsyncAck

from adapters.slack.action_ids import ActionId, BadValue
from adapters.slack.ephemerals import render_refusal
from adapters.slack.help import render_help
from adapters.slack.message_content import Content
from adapters.slack.modal_client import ModalError
from adapters.slack.modals import render_notice
from adapters.slack.records.contact_masking import mask
from domain.access import Permission
from domain.errors import DeskError
from domain.log_context import log_scope
from domain.operations.storage_faults import StorageUnavailable
from handlers.access import hides_contacts
from handlers.context import AppContext
from handlers.slack.current_request import (
    is_repeated,
    run_once,
    stores_request,
    stores_requests,
)
from handlers.slack.home_refresh import publish_home
from handlers.slack.payloads import (
    BadPayload,
    Command,
    Press,
    Shortcut,
    Submission,
    parse_command,
    parse_press,
    parse_shortcut,
    parse_submission,
)
from handlers.slack.roles import Require, require_agent
from storage.errors import RequestRepeated

log = logging.getLogger(__name__)
T = TypeVar("T")

PressHandler = Callable[[AppContext, Press], Awaitable[None]]
UseCase = tuple[Callable[..., object], Mapping[str, Any]]
#: Returns the use case that a press asks for, with its arguments; raises `BadValue`.
FindUseCase = Callable[[AppContext, Press], UseCase]
SubmitHandler = Callable[[AppContext, Submission], Awaitable[dict[str, Any] | None]]
CloseHandler = Callable[[AppContext, Submission], Awaitable[None]]
ShortcutHandler = Callable[[AppContext, Shortcut], Awaitable[None]]
CommandHandler = Callable[[AppContext, Command], Awaitable[Content | None]]

INTERNAL_ERROR = (
    "Something went wrong on our side, so this may not have been done. Look at the card, then try again."
)

DATABASE_AWAY = (
    "Nothing was done: our database cannot be used at the moment, and on-call is told. Try again in a minute."
)


@dataclass(frozen=True, slots=True)
class FailedAction:
    """The error to show to the user whose action was refused or failed."""

    error: Exception


async def run_authorized(
    ctx: AppContext,
    description: str,
    user_id: str,
    action: Callable[[], Awaitable[T]],
    authorize: Require = require_agent,
) -> T | FailedAction | None:
    """Run `action` if the user may act; return its result, or a `FailedAction` if refused or failed.

    `None` where the request was handled before: the gate says so. `description` names the action in the log.
    """
    with log_scope(user_id=user_id):
        result = await _run_authorized(ctx, description, user_id, action, authorize)
        return None if isinstance(result, FailedAction) and await is_repeated(ctx) else result


async def _run_authorized(
    ctx: AppContext,
    description: str,
    user_id: str,
    action: Callable[[], Awaitable[T]],
    authorize: Require,
) -> T | FailedAction:
    try:
        await authorize(ctx, user_id)
        return await action()
    except (DeskError, BadValue, RequestRepeated) as error:
        return FailedAction(error)
    except ModalError as error:
        log.warning("a modal could not be opened: %s", error)
        return FailedAction(error)
    except StorageUnavailable:
        return FailedAction(DeskError(DATABASE_AWAY))
    except Exception:
        log.exception("%s failed", description)
        return FailedAction(DeskError(INTERNAL_ERROR))


def on_press(
    ctx: AppContext, action: PressHandler, *, authorize: Require = require_agent
) -> Callable[..., Awaitable[None]]:
    """Wrap `action` as a Bolt action listener; refusals and failures are shown to the user.

    A press on App Home publishes it again.
    """

    async def listener(ack: AsyncAck, body: Mapping[str, Any]) -> None:
        try:
            press = parse_press(body)
        except BadPayload as error:
            log.warning("an action without %s was dropped", error)
        else:
            seen = await _seen_by(ctx, press.user_id)
            result = await run_authorized(
                ctx, "an action", press.user_id, partial(action, seen, press), authorize
            )
            if isinstance(result, FailedAction):
                await _show_failure(ctx, press, render_refusal(result.error))
            if press.home and press.action.get("action_id") != ActionId.HOME_FILTER:
                await publish_home(ctx, press.user_id, press.home)
        await ack()

    return _declared(listener, action, authorize)


def one_use_case(find: FindUseCase, *, then: PressHandler | None = None) -> PressHandler:
    """Return the handler of a press that is one use case: it is stored in the transaction of that.

    `then` shows what has changed, also of a press that was handled before, which does nothing else.
    """

    @stores_request
    async def handle(ctx: AppContext, press: Press) -> None:
        use_case, arguments = find(ctx, press)
        with suppress(RequestRepeated):
            await run_once(ctx, use_case, **arguments)
        if then is not None:
            await then(ctx, press)

    handle.__name__ = find.__name__
    return handle


def on_submit(
    ctx: AppContext, action: SubmitHandler, *, authorize: Require = require_agent
) -> Callable[..., Awaitable[None]]:
    """Wrap `action` as a Bolt view listener. It returns the view response; `None` closes the modal."""

    async def listener(ack: AsyncAck, body: Mapping[str, Any]) -> None:
        try:
            submission = parse_submission(body)
        except BadPayload as error:
            log.warning("a submission without %s was dropped", error)
            response: dict[str, Any] | None = _notice_response(DeskError(INTERNAL_ERROR))
        else:
            seen = await _seen_by(ctx, submission.user_id)
            result = await run_authorized(
                ctx, "a submission", submission.user_id, partial(action, seen, submission), authorize
            )
            response = _notice_response(result.error) if isinstance(result, FailedAction) else result
            response = response if seen is ctx else mask(response)
        await (ack(**response) if response else ack())

    return _declared(listener, action, authorize)


def on_close(
    ctx: AppContext, action: CloseHandler, *, authorize: Require = require_agent
) -> Callable[..., Awaitable[None]]:
    """Wrap `action` as a Bolt listener of closed modals. Nobody waits for an answer, so none is given."""

    async def listener(ack: AsyncAck, body: Mapping[str, Any]) -> None:
        try:
            closed = parse_submission(body)
        except BadPayload as error:
            log.warning("a closed form without %s was dropped", error)
        else:
            await run_authorized(
                ctx, "a closed form", closed.user_id, partial(action, ctx, closed), authorize
            )
        await ack()

    return _declared(listener, action, authorize)


def on_command(
    ctx: AppContext, action: CommandHandler, *, authorize: Require = require_agent
) -> Callable[..., Awaitable[None]]:
    """Wrap `action` as a Bolt command listener.

    It returns the answer, which only the user sees; `None` for none.
    """

    async def listener(ack: AsyncAck, command: Mapping[str, Any]) -> None:
        try:
            parsed = parse_command(command)
        except BadPayload as error:
            log.warning("a command without %s was dropped", error)
            content: Content | None = render_help(frozenset(Permission))
        else:
            seen = await _seen_by(ctx, parsed.user_id)
            result = await run_authorized(
                ctx, "a command", parsed.user_id, partial(action, seen, parsed), authorize
            )
            content = render_refusal(result.error) if isinstance(result, FailedAction) else result
            content = content if seen is ctx else mask(content)
        await (ack() if content is None else ack(response_type="ephemeral", **content))

    return _declared(listener, action, authorize)


def on_shortcut(
    ctx: AppContext, action: ShortcutHandler, *, authorize: Require = require_agent
) -> Callable[..., Awaitable[None]]:
    """Wrap `action` as a Bolt listener of a shortcut; refusals and failures are shown in a modal."""

    async def listener(ack: AsyncAck, shortcut: Mapping[str, Any]) -> None:
        try:
            parsed = parse_shortcut(shortcut)
        except BadPayload as error:
            log.warning("a shortcut without %s was dropped", error)
        else:
            seen = await _seen_by(ctx, parsed.user_id)
            result = await run_authorized(
                ctx, "a shortcut", parsed.user_id, partial(action, seen, parsed), authorize
            )
            if isinstance(result, FailedAction):
                content = render_refusal(result.error)
                await ctx.modals.notify(parsed.trigger_id, parsed.user_id, content)
        await ack()

    return _declared(listener, action, authorize)


async def _seen_by(ctx: AppContext, user_id: str) -> AppContext:
    """Return a context that masks contact data where it is hidden from this user; else `ctx` itself."""
    if not await hides_contacts(ctx, user_id):
        return ctx
    return replace(ctx, modals=ctx.modals.masked())


def _declared(
    listener: Callable[..., Awaitable[None]], action: Callable[..., object], authorize: Require
) -> Callable[..., Awaitable[None]]:
    """Return the listener with the name of `action`, and the permission that it asks for as an attribute."""
    # Not functools.wraps: Bolt unwraps it and would inject the arguments of `action`.
    listener.__name__ = action.__name__
    vars(listener)["permission"] = authorize.permission
    return stores_request(listener) if stores_requests(action) else listener


def _notice_response(error: Exception) -> dict[str, Any]:
    return {"response_action": "update", "view": render_notice(error)}


async def _show_failure(ctx: AppContext, press: Press, content: Content) -> None:
    """Show `content` where the user pressed: beside the message, or as a notice over the modal or Home."""
    if press.channel is not None:
        await ctx.modals.send_ephemeral(press.channel, press.user_id, content, thread_ts=press.thread_ts)
        return
    await ctx.modals.notify(press.trigger_id, press.user_id, content)
