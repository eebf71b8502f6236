"""Handle the slash command `/mentions`."""

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from adapters.slack.ephemerals import render_case_list, render_claimed, render_help, render_refusal
from adapters.slack.escaping import unescape
from adapters.slack.manifest import COMMAND
from adapters.slack.message_hash import Content
from handlers.cases import assignment, queue
from handlers.context import AppContext
from handlers.slack.listeners import FailedAction, run_authorized
from handlers.slack.payloads import BadPayload, user_of

log = logging.getLogger(__name__)


def register(app: AsyncApp, ctx: AppContext) -> None:
    """Register the command."""

    async def on_command(ack: AsyncAck, command: Mapping[str, Any]) -> None:
        content = await _answer(ctx, command)
        await ack(response_type="ephemeral", **content)

    app.command(COMMAND)(on_command)


async def _answer(ctx: AppContext, command: Mapping[str, Any]) -> Content:
    try:
        user_id = user_of(command)
    except BadPayload as error:
        log.warning("a command without %s was dropped", error)
        return render_help()
    action = partial(_run, ctx, user_id, str(command.get("text") or ""))
    result = await run_authorized(ctx, "a command", user_id, action)
    return render_refusal(result.error) if isinstance(result, FailedAction) else result


async def _run(ctx: AppContext, user_id: str, text: str) -> Content:
    subcommand, _, arguments = unescape(text).strip().partition(" ")
    match subcommand.lower():
        case "next":
            case = await ctx.desk.run(assignment.claim_next, user_id=user_id, now=ctx.clock.now())
            return render_claimed(case, team_url=ctx.team_url)
        case "mine":
            cases = await ctx.desk.run(queue.list_claimed, user_id=user_id)
            return render_case_list(
                "Cases you hold",
                cases,
                team_url=ctx.team_url,
                empty="You hold no case. Type /mentions next to get one.",
            )
        case "find" if arguments.strip():
            cases = await ctx.desk.run(queue.search_cases, words=arguments)
            return render_case_list(
                f"Cases with “{arguments.strip()}”",
                cases,
                team_url=ctx.team_url,
                empty=f"No case has “{arguments.strip()}” in it. Try fewer words.",
            )
        case _:
            return render_help()
