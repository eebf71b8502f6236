"""Handle the buttons of a spike's alert."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import ActionId, parse_id
from adapters.slack.outages.ids import OutageAction, OutageBlock, OutageCallback
from adapters.slack.surge.spike_alert import render_known_outages
from domain.surge.outage_title import proposed_title
from domain.surge.series import SeriesFinder
from handlers.context import AppContext
from handlers.outages.spikes import attribute_spike, known_outages
from handlers.slack.current_request import run_once, stores_request
from handlers.slack.listeners import on_press, on_submit
from handlers.slack.outage_forms import Prefill, open_outage_form
from handlers.slack.payloads import Press, Submission
from handlers.slack.roles import require_any_right, require_draft_right
from handlers.surge.spikes import dismiss_spike, restore_spike
from handlers.surge.views import spike_facts


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the alert's actions."""
    app.action(ActionId.SPIKE_DISMISS.value)(on_press(ctx, _dismiss))
    app.action(ActionId.SPIKE_RESTORE.value)(on_press(ctx, _restore))
    app.action(OutageAction.OPEN_FROM_SPIKE.value)(on_press(ctx, _open_outage, authorize=require_draft_right))
    app.action(OutageAction.KNOWN_OUTAGE.value)(on_press(ctx, _ask_which, authorize=require_any_right))
    app.view(OutageCallback.SPIKE_OUTAGE.value)(on_submit(ctx, _attribute, authorize=require_any_right))


@stores_request
async def _dismiss(ctx: AppContext, press: Press) -> None:
    await run_once(ctx, dismiss_spike, spike_id=press.number, user_id=press.user_id, now=ctx.clock.now())


@stores_request
async def _restore(ctx: AppContext, press: Press) -> None:
    await run_once(ctx, restore_spike, spike_id=press.number, user_id=press.user_id, now=ctx.clock.now())


async def _open_outage(ctx: AppContext, press: Press) -> None:
    """Open the form of an outage with what customers wrote, the component that they named, and a title."""
    finder = _finder(ctx)
    facts = await ctx.desk.run_at_once(spike_facts, spike_id=press.number, finder=finder, now=ctx.clock.now())
    mask = ctx.abuse.mask_for(None)
    prefill = Prefill(
        title=proposed_title(facts.prevailing, ctx.notice_words.of(ctx.policy.default_language), finder),
        quoted="\n".join(f"• {mask(' '.join(text.split()))}" for text in facts.texts),
        components=(facts.component,) if facts.component is not None else (),
        spike_id=facts.spike_id,
    )
    await open_outage_form(ctx, press.trigger_id, prefill)


async def _ask_which(ctx: AppContext, press: Press) -> None:
    outages = await ctx.desk.run_at_once(known_outages, spike_id=press.number)
    await ctx.modals.open_view(press.trigger_id, render_known_outages(press.number, outages))


@stores_request
async def _attribute(ctx: AppContext, submission: Submission) -> dict[str, Any] | None:
    chosen = submission.value(OutageBlock.SPIKE_OUTAGE, OutageAction.SPIKE_OUTAGE)
    await run_once(
        ctx,
        attribute_spike,
        spike_id=parse_id(submission.metadata),
        outage_id=parse_id(chosen),
        finder=_finder(ctx),
        user_id=submission.user_id,
        now=ctx.clock.now(),
    )
    return None


def _finder(ctx: AppContext) -> SeriesFinder:
    return SeriesFinder(ctx.policy.outages.components)
