"""Around every listener: who is it, may they, and what do they hear when it cannot be done."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from slack_bolt.context.ack.async_ack import AsyncAck

from adapters.slack.action_ids import BadValue
from adapters.slack.ephemerals import render_refusal
from adapters.slack.message_hash import Content
from adapters.slack.modal_client import ModalError
from adapters.slack.modals import render_notice
from domain.errors import DeskError
from handlers.context import AppContext
from handlers.slack.payloads import BadPayload, Press, Submission, read_press, read_submission

log = logging.getLogger(__name__)
T = TypeVar("T")

ON_PRESS = Callable[[AppContext, Press], Awaitable[None]]
ON_SUBMIT = Callable[[AppContext, Submission], Awaitable[dict[str, Any] | None]]

NOT_ALLOWED = (
    "Nothing was done: only members of {who} may act here, and you are not one of them. "
    "Ask to be added, then press again."
)
NOT_KNOWN = (
    "Nothing was done: Slack does not tell who is a member of {who}, so nobody may act here. "
    "Ask the person who runs Switchboard to run `python bot.py check`, then press again."
)
OUR_FAULT = (
    "Something went wrong on our side, so this may not have been done. Look at the card, then try again."
)


def not_allowed(ctx: AppContext) -> DeskError:
    """What somebody hears who may not act."""
    words = NOT_ALLOWED if ctx.directory.knows_agents else NOT_KNOWN
    return DeskError(words.format(who=ctx.directory.who_may_act))


@dataclass(frozen=True, slots=True)
class NotDone:
    """Why nothing was done, for the person who is waiting."""

    why: Exception


async def attempt(ctx: AppContext, what: str, user_id: str, act: Callable[[], Awaitable[T]]) -> T | NotDone:
    """Run `act` for a person who may act; for others, and where it fails, give what they are to be told. `what` names it in the log."""
    try:
        if not await ctx.directory.may_act(user_id):
            return NotDone(not_allowed(ctx))
        return await act()
    except (DeskError, BadValue) as refusal:
        return NotDone(refusal)
    except ModalError as error:
        log.warning("a modal could not be opened: %s", error)
        return NotDone(error)
    except Exception:
        log.exception("%s failed", what)
        return NotDone(DeskError(OUR_FAULT))


def on_press(ctx: AppContext, act: ON_PRESS) -> Callable[..., Awaitable[None]]:
    """A Bolt action listener that runs `act` for people who may act, and tells the others, or why it failed."""

    async def listener(ack: AsyncAck, body: Mapping[str, Any]) -> None:
        try:
            press = read_press(body)
        except BadPayload as error:
            log.warning("an action without %s was dropped", error)
        else:
            result = await attempt(ctx, "an action", press.user_id, partial(act, ctx, press))
            if isinstance(result, NotDone):
                await _tell(ctx, press, render_refusal(result.why))
        await ack()

    # Not functools.wraps: Bolt looks through it and would ask for the arguments of `act`.
    listener.__name__ = act.__name__
    return listener


def on_submit(ctx: AppContext, act: ON_SUBMIT) -> Callable[..., Awaitable[None]]:
    """A Bolt view listener that answers with what `act` returns: `None` closes the modal."""

    async def listener(ack: AsyncAck, body: Mapping[str, Any]) -> None:
        try:
            submission = read_submission(body)
        except BadPayload as error:
            log.warning("a submission without %s was dropped", error)
            response: dict[str, Any] | None = _replaced_by(DeskError(OUR_FAULT))
        else:
            result = await attempt(ctx, "a submission", submission.user_id, partial(act, ctx, submission))
            response = _replaced_by(result.why) if isinstance(result, NotDone) else result
        await (ack(**response) if response else ack())

    listener.__name__ = act.__name__
    return listener


def _replaced_by(refusal: Exception) -> dict[str, Any]:
    return {"response_action": "update", "view": render_notice(refusal)}


async def _tell(ctx: AppContext, press: Press, content: Content) -> None:
    """Say it where they pressed: beside the message, or over the modal or Home."""
    if press.channel is not None:
        await ctx.modals.tell(press.channel, press.user_id, content, thread_ts=press.thread_ts)
        return
    await ctx.modals.open_notice(press.trigger_id, content)
