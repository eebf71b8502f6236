"""Handle the buttons of a flood's board."""

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import ActionId
from adapters.slack.ephemerals import render_pulled
from adapters.slack.message_content import Content, View
from adapters.slack.modals.urgent_cases import render_urgent_cases
from handlers.context import AppContext
from handlers.slack.current_request import run_once, stores_request
from handlers.slack.listeners import on_press
from handlers.slack.payloads import Press
from handlers.surge.flood import pull_next
from handlers.surge.flood_board import list_urgent


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the board's actions."""
    app.action(ActionId.FLOOD_PULL.value)(on_press(ctx, _pull))
    app.action(ActionId.FLOOD_URGENT.value)(on_press(ctx, _show_urgent))


@stores_request
async def _pull(ctx: AppContext, press: Press) -> None:
    cases = await run_once(ctx, pull_next, flood_id=press.number, user_id=press.user_id, now=ctx.clock.now())
    await _show(ctx, press, render_pulled(len(cases)))


async def _show_urgent(ctx: AppContext, press: Press) -> None:
    await ctx.modals.open_view(press.trigger_id, await urgent_view(ctx, press.number))


async def urgent_view(ctx: AppContext, flood_id: int) -> View:
    """Build the list of the urgent cases of a flooded channel."""
    cases = await ctx.desk.run_at_once(list_urgent, flood_id=flood_id)
    return render_urgent_cases(
        ctx.abuse.rows(cases), flood_id=flood_id, team_url=ctx.team_url, now=ctx.clock.now()
    )


async def _show(ctx: AppContext, press: Press, content: Content) -> None:
    if press.channel is not None:
        await ctx.modals.send_ephemeral(press.channel, press.user_id, content)
