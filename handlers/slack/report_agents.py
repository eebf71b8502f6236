"""Handle `/mentions agents`: the figures of all agents for their managers, and one's own for an agent."""

from collections.abc import Sequence

from adapters.slack.message_content import Content
from adapters.slack.reports.agents import render_agents, render_agents_failed
from domain.reports.agents import AgentFigures
from handlers.context import AppContext
from handlers.reports.agents import agent_figures
from handlers.slack.payloads import Command
from handlers.slack.report_questions import AskedReport, is_manager, read_question, why_empty
from handlers.slack.roles import require_agent


async def start_agents(ctx: AppContext, command: Command, text: str) -> None:
    """Read the question, and answer from the background, to this person alone.

    Raises `DeskError` where it is not for them, or not readable.
    """
    sees_all = await is_manager(ctx, command.user_id)
    if not sees_all:
        await require_agent(ctx, command.user_id)
    asked = await read_question(ctx, command.user_id, text, drops_agents=not sees_all)
    ctx.background.start(_answer(ctx, command, asked, sees_all=sees_all), name="figures of agents")


async def _answer(ctx: AppContext, command: Command, asked: AskedReport, *, sees_all: bool) -> None:
    try:
        content = await _content(ctx, command.user_id, asked, sees_all=sees_all)
    except Exception:
        await _respond(ctx, command, render_agents_failed(asked.period))
        raise
    await _respond(ctx, command, content)


async def _content(ctx: AppContext, user_id: str, asked: AskedReport, *, sees_all: bool) -> Content:
    only = None if sees_all else {user_id}
    found = await ctx.desk.run_to_read(agent_figures, period=asked.period, filters=asked.filters, only=only)
    return render_agents(
        await _by_name(ctx, found),
        period=asked.period,
        filters=asked.filters,
        group=None if sees_all else ctx.policy.reports_group,
        nothing=None if found else await why_empty(ctx, asked),
    )


async def _by_name(ctx: AppContext, found: Sequence[AgentFigures]) -> list[AgentFigures]:
    names = {one.agent: (await ctx.directory.person(one.agent)).name.casefold() for one in found}
    return sorted(found, key=lambda one: (names[one.agent], one.agent))


async def _respond(ctx: AppContext, command: Command, content: Content) -> None:
    await ctx.modals.respond(command.response_url, command.channel, command.user_id, content)
