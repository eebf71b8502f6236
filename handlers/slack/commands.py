"""Handle the slash command `/mentions`."""

from slack_bolt.async_app import AsyncApp

from adapters.slack.ephemerals import render_case_list, render_claimed, render_found_cases
from adapters.slack.escaping import shorten, unescape
from adapters.slack.help import MAX_TYPED_LENGTH, render_help
from adapters.slack.manifest import COMMAND
from adapters.slack.message_content import Content
from domain.access import Permission
from domain.cases.masked_views import mask_found
from domain.cases.tags import NEED_REASON
from handlers.access import may, permissions_of
from handlers.cases import assignment, queue
from handlers.cases.preferences import blur_choice
from handlers.cases.rota import away_now
from handlers.context import AppContext
from handlers.slack.current_request import require_new_request, run_once, stores_request
from handlers.slack.listeners import on_command
from handlers.slack.payloads import Command
from handlers.slack.promises import list_promises
from handlers.slack.records import RECORDS_COMMANDS, answer_records
from handlers.slack.reply_figures import open_figures
from handlers.slack.report_commands import REPORT_COMMANDS, run_report_command
from handlers.slack.roles import require_agent, require_nothing, require_viewer
from handlers.slack.saved_replies import open_reply_list
from handlers.slack.tags import run_list_command
from handlers.slack.teaching import open_taught

_ASK_FOR_HELP = frozenset({"", "help", "find"})  # `find` without words
_STORE_REQUEST = frozenset({"next", *NEED_REASON})
_FOR_AGENTS = frozenset({"next", "mine", "words", "replies"})


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the command."""
    app.command(COMMAND)(on_command(ctx, run_command, authorize=require_nothing))


@stores_request
async def run_command(ctx: AppContext, command: Command) -> Content | None:
    """Run the subcommand that the text begins with; return its answer, or the help without one that is known.

    `None` where it opened a modal.
    """
    subcommand, _, arguments = unescape(command.text).strip().partition(" ")
    if subcommand.lower() not in _STORE_REQUEST:
        await require_new_request(ctx)
    if subcommand.lower() in REPORT_COMMANDS | RECORDS_COMMANDS:
        run = run_report_command if subcommand.lower() in REPORT_COMMANDS else answer_records
        return await run(ctx, command, subcommand.lower(), arguments)
    await (require_agent if subcommand.lower() in _FOR_AGENTS else require_viewer)(ctx, command.user_id)
    if subcommand.lower() in NEED_REASON:
        return await run_list_command(ctx, command, subcommand.lower(), arguments)
    return await _run_case_command(ctx, command, subcommand.lower(), arguments)


async def _run_case_command(
    ctx: AppContext, command: Command, subcommand: str, arguments: str
) -> Content | None:
    match subcommand:
        case "next":
            now = ctx.clock.now()
            case = await run_once(ctx, assignment.claim_next, user_id=command.user_id, now=now)
            away = await ctx.desk.run(away_now, user_id=command.user_id, now=now)
            return render_claimed(case, team_url=ctx.team_url, now=now, away_until=away)
        case "mine":
            cases = await ctx.desk.run(queue.list_claimed, user_id=command.user_id)
            return render_case_list(
                "Cases you have claimed",
                cases,
                team_url=ctx.team_url,
                empty="You have claimed no case. Type /mentions next to get one.",
                now=ctx.clock.now(),
            )
        case "find" if arguments.strip():
            found = await ctx.desk.run_to_read(queue.search_cases, words=arguments)
            choice = await ctx.desk.run(blur_choice, user_id=command.user_id)
            return render_found_cases(
                f"Cases with “{shorten(arguments.strip(), MAX_TYPED_LENGTH)}”",
                [mask_found(one, ctx.abuse.mask_for(choice)) for one in found],
                team_url=ctx.team_url,
                empty=f"No case has “{shorten(arguments.strip(), MAX_TYPED_LENGTH)}” in it. Try fewer words, or how one begins, with a "
                "star after it.",
                now=ctx.clock.now(),
                may_claim=await may(ctx, command.user_id, Permission.WORK_ON_CASES),
            )
        case "promises":
            return await list_promises(ctx)
        case "words" | "replies" as about:
            await _open_modal(ctx, command, about, arguments.strip())
            return None
        case _:
            unknown = "" if subcommand in _ASK_FOR_HELP else subcommand
            return render_help(await permissions_of(ctx, command.user_id), unknown=unknown)


async def _open_modal(ctx: AppContext, command: Command, about: str, arguments: str) -> None:
    match about, arguments.lower():
        case "words", _:
            await open_taught(ctx, command.trigger_id, command.user_id)
        case "replies", "figures":
            await open_figures(ctx, command.trigger_id, command.user_id)
        case _:
            await open_reply_list(ctx, command.trigger_id, arguments)
