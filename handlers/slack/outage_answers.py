"""Answer the linked cases of an outage in bulk, and stop it."""

from slack_bolt.async_app import AsyncApp

from adapters.slack.outage_ids import parse_id
from adapters.slack.outage_link_ids import LinkAction
from handlers.context import AppContext
from handlers.outages.bulk_answers import abort_bulk_answer
from handlers.slack.listeners import on_press
from handlers.slack.outage_rights import outage_actor, require_any_right
from handlers.slack.payloads import Press


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the board's buttons about bulk answers."""
    app.action(LinkAction.STOP.value)(on_press(ctx, _stop, authorize=require_any_right))


async def _stop(ctx: AppContext, press: Press) -> None:
    await ctx.desk.run_at_once(
        abort_bulk_answer,
        bulk_id=parse_id(press.value),
        actor=await outage_actor(ctx, press.user_id),
        now=ctx.clock.now(),
    )
