"""Handle the subcommands of `/mentions` that are reports: who may see them, and what answers at once."""

from collections.abc import Awaitable, Callable, Mapping

from adapters.slack.completeness import render_completeness
from adapters.slack.message_content import Content
from adapters.slack.reports.refusals import takes_no_words
from domain.errors import DeskError
from handlers.context import AppContext
from handlers.intake.completeness import list_completeness
from handlers.slack.causes import answer_causes
from handlers.slack.digests import list_digests
from handlers.slack.outlook import start_outlook
from handlers.slack.payloads import Command
from handlers.slack.report_agents import start_agents
from handlers.slack.report_export import start_export
from handlers.slack.report_fairness import start_fairness
from handlers.slack.report_questions import read_question
from handlers.slack.reports import start_summary
from handlers.slack.roles import require_reports
from handlers.slack.topics import answer_topics

COMPARED_DAYS = 14
Answer = Callable[[AppContext, Command, str], Awaitable[Content | None]]


async def _topics(ctx: AppContext, command: Command, text: str) -> None:
    asked = await read_question(ctx, command.user_id, text)
    ctx.background.start(answer_topics(ctx, command, asked), name="topics")


async def _causes(ctx: AppContext, command: Command, text: str) -> Content | None:
    return await answer_causes(ctx, command, await read_question(ctx, command.user_id, text))


async def _completeness(ctx: AppContext, _command: Command, text: str) -> Content:
    _require_nothing_typed("completeness", text)
    days = await ctx.desk.run_to_read(list_completeness, days=COMPARED_DAYS, now=ctx.clock.now())
    return render_completeness(days, network_label=lambda name: ctx.networks.profile(name).label)


async def _digest(ctx: AppContext, _command: Command, text: str) -> Content:
    _require_nothing_typed("digest", text)
    return list_digests(ctx)


async def _outlook(ctx: AppContext, command: Command, text: str) -> None:
    _require_nothing_typed("outlook", text)
    start_outlook(ctx, command)


def _require_nothing_typed(subcommand: str, text: str) -> None:
    """Raise `DeskError` where something was typed that would not be heeded."""
    if text.strip():
        raise DeskError(takes_no_words(subcommand))


#: Who may see reports may see these.
_REPORTS: Mapping[str, Answer] = {
    "summary": start_summary,
    "export": start_export,
    "completeness": _completeness,
    "digest": _digest,
    "topics": _topics,
    "causes": _causes,
    "outlook": _outlook,
    "fairness": start_fairness,
}
#: Agents see their own figures, whoever may see reports.
_BY_THEMSELVES: Mapping[str, Answer] = {"agents": start_agents}
REPORT_COMMANDS = frozenset(_REPORTS.keys() | _BY_THEMSELVES.keys())


async def run_report_command(ctx: AppContext, command: Command, subcommand: str, text: str) -> Content | None:
    """Begin a report, and return what is answered at once; most come from the background.

    Raises `DeskError` where it is not for this person, or not readable.
    """
    if subcommand in _BY_THEMSELVES:
        return await _BY_THEMSELVES[subcommand](ctx, command, text)
    await require_reports(ctx, command.user_id)
    return await _REPORTS[subcommand](ctx, command, text)
