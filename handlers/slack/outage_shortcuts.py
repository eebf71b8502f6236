"""Handle the app's shortcuts: open an outage from anywhere, or from the menu of a card."""

from slack_bolt.async_app import AsyncApp

from adapters.slack.outages.ids import OutageShortcut
from handlers.cases.views import case_at_card
from handlers.context import AppContext
from handlers.slack.listeners import on_shortcut
from handlers.slack.outage_choice import open_for_command
from handlers.slack.outage_forms import open_outage_form, prefill_from_case
from handlers.slack.payloads import Shortcut
from handlers.slack.roles import require_any_right, require_draft_right


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the shortcuts."""
    listeners = {OutageShortcut.OPEN: _open, OutageShortcut.REPORT: _open_from_message}
    for callback, handler in listeners.items():
        app.shortcut(callback.value)(on_shortcut(ctx, handler, authorize=require_any_right))


async def _open(ctx: AppContext, shortcut: Shortcut) -> None:
    """Open what `/outage` opens."""
    await open_for_command(ctx, shortcut.trigger_id, shortcut.user_id)


async def _open_from_message(ctx: AppContext, shortcut: Shortcut) -> None:
    """Open the form with what the customer wrote, where the message is a card or in the thread of one."""
    for ts in filter(None, (shortcut.message_ts, shortcut.thread_ts)):
        case_id = await ctx.desk.run_at_once(case_at_card, channel=shortcut.channel, ts=ts)
        if case_id is not None:
            await require_draft_right(ctx, shortcut.user_id)
            prefill = await prefill_from_case(ctx, case_id, shortcut.user_id)
            await open_outage_form(ctx, shortcut.trigger_id, prefill)
            return
    await open_for_command(ctx, shortcut.trigger_id, shortcut.user_id)
