"""Handle *Translate*, *Summarise* and *Read picture* in Details and in the take-over form."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import ActionId, BadValue, CallbackId, CardValue, parse_value
from domain.assistance.assistant import Assistant
from domain.assistance.forms import CaseAssistance, CaseRequest, Stage
from domain.intake.streams import SourceError
from domain.model_calls import NoAnswer
from domain.networks import Networks
from handlers.assistance.pictures import picture_request, pictures_to_fetch, save_reading
from handlers.assistance.summaries import save_summary, summary_request
from handlers.assistance.translations import save_translation, translation_request
from handlers.context import AppContext
from handlers.slack.case_views import case_assistance, details_view, take_over_view
from handlers.slack.listeners import on_press
from handlers.slack.payloads import Press
from handlers.slack.rewriting import FAULT_HERE

log = logging.getLogger(__name__)

OUTDATED = "the conversation has changed meanwhile, so press again"
Ask = Callable[[AppContext, Assistant, CardValue, str], Awaitable[None]]


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the buttons."""
    app.action(ActionId.CASE_TRANSLATE.value)(on_press(ctx, _translate))
    app.action(ActionId.CASE_SUMMARISE.value)(on_press(ctx, _summarise))
    app.action(ActionId.CASE_READ_PICTURES.value)(on_press(ctx, _read_pictures))


async def _translate(ctx: AppContext, press: Press) -> None:
    await _start(ctx, press, CaseRequest.TRANSLATE, _ask_translation)


async def _summarise(ctx: AppContext, press: Press) -> None:
    await _start(ctx, press, CaseRequest.SUMMARISE, _ask_summary)


async def _read_pictures(ctx: AppContext, press: Press) -> None:
    await _start(ctx, press, CaseRequest.READ_PICTURES, _ask_reading)


async def _start(ctx: AppContext, press: Press, request: CaseRequest, ask: Ask) -> None:
    """Show that the model is at work, and ask it in the background: it may take longer than Slack waits."""
    assistance = case_assistance(ctx)
    if ctx.assistant is None or assistance is None:
        raise BadValue
    value = parse_value(press.value)
    working = replace(assistance, request=request, stage=Stage.WORKING)
    seen_hash = await _show(ctx, press, value.case_id, working)
    if seen_hash is not None:
        work = _finish(ctx, ctx.assistant, press, value, assistance=working, ask=ask, seen_hash=seen_hash)
        ctx.background.start(work, name=f"{request.value} of case {value.case_id}")


async def _finish(
    ctx: AppContext,
    assistant: Assistant,
    press: Press,
    value: CardValue,
    *,
    assistance: CaseAssistance,
    ask: Ask,
    seen_hash: str,
) -> None:
    """Ask the model, keep its text, and show it, unless the modal shows something else by now."""
    try:
        await ask(ctx, assistant, value, press.user_id)
    except NoAnswer as reason:
        done = replace(assistance, stage=Stage.FAILED, reason=str(reason))
    except Exception:
        log.exception("%s failed", assistance.request)
        done = replace(assistance, stage=Stage.FAILED, reason=FAULT_HERE)
    else:
        done = replace(assistance, stage=Stage.DONE)
    await _show(ctx, press, value.case_id, done, seen_hash=seen_hash)


async def _ask_translation(ctx: AppContext, assistant: Assistant, value: CardValue, user_id: str) -> None:
    if value.message_id is None:
        raise BadValue
    request = await ctx.desk.run(
        translation_request,
        case_id=value.case_id,
        message_id=value.message_id,
        language=ctx.policy.agent_language,
        user_id=user_id,
        now=ctx.clock.now(),
    )
    translation = await assistant.translate(request)
    is_kept = await ctx.desk.run(
        save_translation,
        case_id=value.case_id,
        message_id=value.message_id,
        request=request,
        translation=translation,
        user_id=user_id,
        now=ctx.clock.now(),
    )
    if not is_kept:
        raise NoAnswer(OUTDATED)


async def _ask_summary(ctx: AppContext, assistant: Assistant, value: CardValue, user_id: str) -> None:
    request = await ctx.desk.run(
        summary_request,
        case_id=value.case_id,
        language=ctx.policy.agent_language,
        brand=ctx.policy.brand,
        user_id=user_id,
        now=ctx.clock.now(),
    )
    summary = await assistant.summarise(request)
    is_kept = await ctx.desk.run(
        save_summary,
        case_id=value.case_id,
        request=request,
        summary=summary,
        user_id=user_id,
        now=ctx.clock.now(),
    )
    if not is_kept:
        raise NoAnswer(OUTDATED)


async def _ask_reading(ctx: AppContext, assistant: Assistant, value: CardValue, user_id: str) -> None:
    if value.message_id is None:
        raise BadValue
    network, addresses = await ctx.desk.run(
        pictures_to_fetch, case_id=value.case_id, message_id=value.message_id
    )
    request = await ctx.desk.run(
        picture_request,
        case_id=value.case_id,
        message_id=value.message_id,
        fetched=await _fetch_pictures(ctx.networks, network, addresses),
        language=ctx.policy.agent_language,
        user_id=user_id,
        now=ctx.clock.now(),
    )
    reading = await assistant.read_pictures(request)
    is_kept = await ctx.desk.run(
        save_reading,
        case_id=value.case_id,
        message_id=value.message_id,
        request=request,
        reading=reading,
        classifier=await ctx.live_classifier.refresh_to_suggest(),
        user_id=user_id,
        now=ctx.clock.now(),
    )
    if not is_kept:
        raise NoAnswer(OUTDATED)


async def _fetch_pictures(networks: Networks, network: str, addresses: Sequence[str]) -> tuple[bytes, ...]:
    """Fetch the pictures of a post from its network; raises `NoAnswer`."""
    if not addresses:
        return ()
    connected = networks.get(network)
    if connected is None:
        raise NoAnswer(f"{networks.profile(network).label} is not connected")
    try:
        return tuple([await connected.client.picture(address) for address in addresses])
    except SourceError as error:
        raise NoAnswer(f"the picture could not be fetched: {error}") from None


async def _show(
    ctx: AppContext,
    press: Press,
    case_id: int,
    assistance: CaseAssistance,
    *,
    seen_hash: str | None = None,
) -> str | None:
    """Redraw the modal that the button is in; return its new hash."""
    is_take_over = press.view.get("callback_id") == CallbackId.TAKE_OVER
    view = (
        await take_over_view(ctx, case_id, press.user_id, assistance)
        if is_take_over
        else await details_view(ctx, case_id, press.user_id, assistance)
    )
    return await ctx.modals.update_view(press.view_id, view, seen_hash=seen_hash)
