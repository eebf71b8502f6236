"""Handle `/mentions digest`: which digests come when, *Preview* and *Send now*."""

import secrets
from functools import partial

from slack_bolt.async_app import AsyncApp

from adapters.slack.message_content import Content
from adapters.slack.reports.digest import render_digest_answer, render_digest_list
from adapters.slack.reports.ids import ReportAction
from adapters.slack.reports.values import decode_digest
from domain.delivery.outcomes import Done
from domain.errors import DeskError
from domain.reports.digests import DigestPlan
from handlers.context import AppContext
from handlers.digest_messages import digest_message
from handlers.reports.digests import book_digest_now
from handlers.slack.listeners import on_press
from handlers.slack.payloads import Press
from handlers.slack.roles import require_reports

GONE = "Nothing was done: this digest is not in the settings any more. Type “/mentions digest” again."
SENT_BEFORE = "Nothing was done: it was sent before from this list. To send it once more, type “/mentions digest” again."
_TOKEN_BYTES = 8


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the buttons."""
    app.action(ReportAction.DIGEST_PREVIEW.value)(on_press(ctx, preview, authorize=require_reports))
    app.action(ReportAction.DIGEST_SEND.value)(on_press(ctx, send_now, authorize=require_reports))


def list_digests(ctx: AppContext) -> Content:
    """Return the answer to the command."""
    return render_digest_list(ctx.policy.digests, now=ctx.clock.now())


async def preview(ctx: AppContext, press: Press) -> None:
    """Send the digest of today to whoever pressed, in the background."""
    plan, _ = _plan(ctx, press)
    ctx.background.start(_preview(ctx, press, plan), name="a preview of a digest")


async def _preview(ctx: AppContext, press: Press, plan: DigestPlan) -> None:
    said = "The preview could not be sent. Press again."
    try:
        period = plan.period(ctx.clock.now().astimezone(plan.zone).date())
        content = await digest_message(
            ctx, period=period, filters=plan.filters, cadence=plan.cadence, digest=None
        )
        outcome = await ctx.post(press.user_id, content, token=secrets.token_hex(_TOKEN_BYTES))
        if isinstance(outcome, Done):
            said = "The preview is in your direct messages."
    finally:
        respond = partial(ctx.modals.respond, press.response_url, press.channel, press.user_id)
        await respond(render_digest_answer(said))


async def send_now(ctx: AppContext, press: Press) -> None:
    """Have the digest of today posted, once for each list that the button is below."""
    plan, nonce = _plan(ctx, press)
    now = ctx.clock.now()
    day = now.astimezone(plan.zone).date()
    is_booked = await ctx.desk.run(
        book_digest_now, plan=plan, day=day, nonce=nonce, user_id=press.user_id, now=now
    )
    answer = render_digest_answer("It is on its way to the channel." if is_booked else SENT_BEFORE)
    await ctx.modals.respond(press.response_url, press.channel, press.user_id, answer)


def _plan(ctx: AppContext, press: Press) -> tuple[DigestPlan, str]:
    """Return the plan that the button is of, and what is different in each list of them."""
    key, nonce = decode_digest(press.value)
    for plan in ctx.policy.digests:
        if plan.key == key:
            return plan, nonce
    raise DeskError(GONE)
