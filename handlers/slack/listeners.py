"""Around every listener: who is it, may they, and what do they hear when it cannot be done."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from adapters.slack.action_ids import BadValue
from adapters.slack.ephemerals import render_refusal
from adapters.slack.message_hash import Content
from adapters.slack.modal_client import DoorError
from adapters.slack.modals import render_notice
from domain.errors import DeskError
from handlers.context import AppContext
from handlers.slack.payloads import BadPayload, Press, Submission, read_press, read_submission

log = logging.getLogger(__name__)

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


def on_press(ctx: AppContext, act: ON_PRESS) -> Callable[..., Awaitable[None]]:
    """A Bolt action listener that runs `act` for people who may act, and tells the others, or why it failed."""

    async def listener(ack: AsyncAck, body: Mapping[str, Any]) -> None:
        try:
            press = read_press(body)
        except BadPayload as error:
            log.warning("an action without %s was dropped", error)
            await ack()
            return
        try:
            if not await ctx.directory.may_act(press.user_id):
                raise not_allowed(ctx)  # noqa: TRY301 - one place says why something was not done
            await act(ctx, press)
        except (DeskError, BadValue) as refusal:
            await _tell(ctx, press, render_refusal(refusal))
        except DoorError as error:
            log.warning("a modal could not be opened: %s", error)
            await _tell(ctx, press, render_refusal(error))
        except Exception:
            log.exception("an action failed")
            await _tell(ctx, press, render_refusal(DeskError(OUR_FAULT)))
        await ack()

    # Not functools.wraps: Bolt looks through it and would ask for the arguments of `act`.
    listener.__name__ = act.__name__
    return listener


def on_submit(ctx: AppContext, act: ON_SUBMIT) -> Callable[..., Awaitable[None]]:
    """A Bolt view listener that answers with what `act` returns: `None` closes the modal."""

    async def listener(ack: AsyncAck, body: Mapping[str, Any]) -> None:
        try:
            submission = read_submission(body)
            if not await ctx.directory.may_act(submission.user_id):
                raise not_allowed(ctx)  # noqa: TRY301 - one place says why something was not done
            response = await act(ctx, submission)
        except (DeskError, BadValue) as refusal:
            response = _replaced_by(refusal)
        except BadPayload as error:
            log.warning("a submission without %s was dropped", error)
            response = _replaced_by(DeskError(OUR_FAULT))
        except Exception:
            log.exception("a submission failed")
            response = _replaced_by(DeskError(OUR_FAULT))
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
