"""Read what a report is asked for, with names of channels and people looked up in Slack."""

import asyncio
from dataclasses import dataclass

from adapters.slack.escaping import is_user_id
from adapters.slack.reports.refusals import FIGURES_OF_OTHERS
from adapters.slack.wording import language_name
from domain.access import Role
from domain.errors import DeskError
from domain.reports.filters import (
    FilterKey,
    Filters,
    SeveralAgents,
    UnknownValue,
    checked_value,
    filters_of,
    parse_question,
)
from domain.reports.periods import Period, parse_period
from domain.reports.summaries import NothingChosen
from domain.triage.language import LANGUAGES
from domain.venues import Venue
from handlers.access import has_role
from handlers.context import AppContext
from handlers.reports.filter_values import require_known_values, why_nothing

DEFAULT_PERIOD = "7d"
_MYSELF = "me"
_MAX_KNOWN = 12  # names that a refusal proposes


@dataclass(frozen=True, slots=True)
class AskedReport:
    """A period in the asker's time zone, and filters with ids as they are stored."""

    period: Period
    filters: Filters


async def is_manager(ctx: AppContext, user_id: str) -> bool:
    """Return whether the user is in the managers' group, who alone see the figures of other agents.

    Without that group nobody is, though whoever works on cases sees the other reports then.
    """
    return bool(ctx.policy.members(Role.MANAGER).group) and await has_role(ctx, user_id, Role.MANAGER)


async def read_question(
    ctx: AppContext, user_id: str, text: str, *, drops_agents: bool = False
) -> AskedReport:
    """Read a period and filters; where it `drops_agents`, without those of agents.

    Raises `domain.errors.Refused`, as where there is no such outage or tag, and `DeskError` where the filters
    name an agent whose figures this person may not see.
    """
    question = parse_question(text)
    zone = (await ctx.directory.person(user_id)).zone
    period = parse_period(question.period or DEFAULT_PERIOD, now=ctx.clock.now(), zone=zone)
    values = [(key, await _stored_value(ctx, user_id, key, value)) for key, value in question.filters]
    if drops_agents:
        values = [(key, value) for key, value in values if key is not FilterKey.AGENT]
    if any(key is FilterKey.AGENT and value != user_id for key, value in values):
        await _require_manager(ctx, user_id)
    filters = filters_of(values)
    if filters.values.keys() & {FilterKey.OUTAGE, FilterKey.TAG}:
        tags = ctx.policy.proposed_tags
        await ctx.desk.run_to_read(require_known_values, filters=filters, proposed_tags=tags)
    return AskedReport(period, filters)


async def why_empty(ctx: AppContext, asked: AskedReport) -> NothingChosen | None:
    """Return why a report is empty that found no case; `None` without filters, which are then no reason."""
    if not asked.filters.values:
        return None
    return await ctx.desk.run_to_read(why_nothing, period=asked.period, filters=asked.filters)


async def _require_manager(ctx: AppContext, user_id: str) -> None:
    if not await is_manager(ctx, user_id):
        raise DeskError(FIGURES_OF_OTHERS)


async def _stored_value(ctx: AppContext, user_id: str, key: FilterKey, value: str) -> str:
    match key:
        case FilterKey.CHANNEL:
            return await _channel(ctx, user_id, value)
        case FilterKey.AGENT:
            return await _agent(ctx, user_id, value)
        case FilterKey.LANGUAGE:
            return _language(value)
        case _:
            return checked_value(key, value, networks=[*ctx.networks, Venue.EMAIL.value])


async def _channel(ctx: AppContext, user_id: str, value: str) -> str:
    found = await ctx.directory.channel_id(value)
    if found.startswith("#"):
        raise UnknownValue(FilterKey.CHANNEL, value, await _channels_of(ctx, user_id))
    return found


async def _channels_of(ctx: AppContext, user_id: str) -> list[str]:
    """Return the channels of cards that this person is in: a private one is not told to others."""
    routed = dict.fromkeys((ctx.policy.support_channel, *(r.channel for r in ctx.policy.routes if r.channel)))
    members = await asyncio.gather(*map(ctx.directory.members, routed))
    own = (channel for channel, users in zip(routed, members, strict=True) if user_id in users)
    return [name for channel in own if (name := ctx.directory.channel_name(channel))]


def _language(value: str) -> str:
    """Return the code of a language that is named by its code or in English."""
    names = {language_name(code).casefold(): code for code in LANGUAGES}
    code = names.get(value.casefold()) or checked_value(FilterKey.LANGUAGE, value, networks=())
    if code not in LANGUAGES and language_name(code) == code:
        raise UnknownValue(FilterKey.LANGUAGE, value, LANGUAGES)
    return code


async def _agent(ctx: AppContext, user_id: str, value: str) -> str:
    """Return the user id of "me", of an id, or of an agent's name or first name."""
    wanted = value.removeprefix("@").casefold()
    if wanted == _MYSELF:
        return user_id
    if is_user_id(value.removeprefix("@")):
        return value.removeprefix("@")
    people = [
        agent for agent in sorted(await ctx.directory.agents()) if not await ctx.directory.is_bot(agent)
    ]
    names = {agent: (await ctx.directory.person(agent)).name for agent in people}
    found = [agent for agent, name in names.items() if name and _is_called(name.casefold(), wanted)]
    if len(found) > 1:
        raise SeveralAgents(value, sorted(names[agent] for agent in found))
    if not found:
        known = sorted(name for name in names.values() if name)
        raise UnknownValue(FilterKey.AGENT, value, (_MYSELF, *known[:_MAX_KNOWN]))
    return found[0]


def _is_called(name: str, wanted: str) -> bool:
    return wanted in {name, *name.split(), "".join(name.split())}
