"""Handle the slash command `/outage`."""

from slack_bolt.async_app import AsyncApp

from adapters.slack.action_ids import BadValue, parse_id
from adapters.slack.escaping import unescape
from adapters.slack.manifest import OUTAGE_COMMAND
from adapters.slack.message_content import Content
from adapters.slack.modals.outages.pause import paused_text
from adapters.slack.outages.command_answers import (
    render_answer,
    render_outage_help,
    render_outage_list,
    render_resumed,
    render_timeline_asked,
)
from domain.outages.outage import OutageKind
from handlers.access import permissions_of
from handlers.context import AppContext
from handlers.outages.pauses import Paused, current_pause, pause_sending, resume_sending
from handlers.outages.rehearsals import current_rehearsal
from handlers.outages.trail import post_missing_boards
from handlers.outages.views import ask_timeline, list_outages
from handlers.slack.listeners import on_command
from handlers.slack.outage_boards import open_pause_form
from handlers.slack.outage_choice import open_for_command
from handlers.slack.outage_forms import open_outage_form
from handlers.slack.outage_rights import outage_actor
from handlers.slack.payloads import Command
from handlers.slack.rehearsals import rehearse
from handlers.slack.roles import require_any_right, require_draft_right, require_pause_right

MAX_LISTED = 20


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the command."""
    app.command(OUTAGE_COMMAND)(on_command(ctx, run_outage_command, authorize=require_any_right))


async def run_outage_command(ctx: AppContext, command: Command) -> Content | None:
    """Run the subcommand that the text begins with; `None` where it opened a modal."""
    subcommand, _, arguments = unescape(command.text).strip().partition(" ")
    answer: Content | None = None
    match subcommand.lower():
        case "" | "maintenance" as about:
            await _open_form(ctx, command, about)
        case "list":
            answer = await _list(ctx)
        case "pause":
            answer = await _pause(ctx, command, arguments.strip().lower())
        case "resume":
            actor = await outage_actor(ctx, command.user_id)
            answer = render_resumed(await ctx.desk.run(resume_sending, actor=actor, now=ctx.clock.now()))
        case "timeline":
            answer = await _timeline(ctx, command, arguments.strip())
        case "rehearse":
            answer = await rehearse(ctx, command, arguments.strip())
        case _:
            unknown = "" if subcommand.lower() == "help" else unescape(command.text).strip()
            answer = render_outage_help(await permissions_of(ctx, command.user_id), unknown=unknown)
    return answer


async def _list(ctx: AppContext) -> Content:
    await ctx.desk.run(post_missing_boards, channel=ctx.policy.outages.oncall_channel, now=ctx.clock.now())
    outages = await ctx.desk.run(list_outages, limit=MAX_LISTED)
    rehearsal = await ctx.desk.run(current_rehearsal)
    return render_outage_list(outages, team_url=ctx.team_url, rehearsal=rehearsal)


async def _open_form(ctx: AppContext, command: Command, about: str) -> None:
    if about:
        await require_draft_right(ctx, command.user_id)
        await open_outage_form(ctx, command.trigger_id, kind=OutageKind.MAINTENANCE)
    else:
        await open_for_command(ctx, command.trigger_id, command.user_id)


async def _pause(ctx: AppContext, command: Command, what: str) -> Content | None:
    """Ask before all sending is paused; at once where "answers" says that all of it is meant."""
    if what == "answers":
        done: Paused = await ctx.desk.run(
            pause_sending,
            holds_answers=True,
            actor=await outage_actor(ctx, command.user_id),
            now=ctx.clock.now(),
        )
        return render_answer(paused_text(done.pause, done.being_sent, is_new=True))
    await require_pause_right(ctx, command.user_id)
    paused = await ctx.desk.run_at_once(current_pause)
    if paused is not None:
        return render_answer(paused_text(paused, {}, is_new=False))
    await open_pause_form(ctx, command.trigger_id)
    return None


async def _timeline(ctx: AppContext, command: Command, number: str) -> Content:
    try:
        outage_id = parse_id(number) if number else None
    except BadValue:
        return render_answer("Write the number that `/outage list` shows: `/outage timeline 3`.")
    outage = await ctx.desk.run(
        ask_timeline, outage_id=outage_id, user_id=command.user_id, now=ctx.clock.now()
    )
    return render_timeline_asked(outage)
