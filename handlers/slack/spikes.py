"""Handle the buttons of a spike's alert."""

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import ActionId
from handlers.context import AppContext
from handlers.slack.listeners import on_press
from handlers.slack.payloads import Press
from handlers.surge.spikes import dismiss_spike


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the alert's actions."""
    app.action(ActionId.SPIKE_DISMISS.value)(on_press(ctx, _dismiss))


async def _dismiss(ctx: AppContext, press: Press) -> None:
    await ctx.desk.run_at_once(
        dismiss_spike, spike_id=press.number, user_id=press.user_id, now=ctx.clock.now()
    )
