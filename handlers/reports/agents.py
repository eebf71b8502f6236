"""Gather the figures of each agent."""

from collections.abc import Collection

from domain.reports.agents import AgentFigures, Answers
from domain.reports.figures import SuggestionUse
from domain.reports.filters import FilterKey, Filters
from domain.reports.periods import Period
from storage.unit_of_work import UnitOfWork


def agent_figures(
    uow: UnitOfWork, *, period: Period, filters: Filters, only: Collection[str] | None
) -> list[AgentFigures]:
    """Return the figures of all agents who did anything, or of `only` these, by their ids.

    The filter `agent:` chooses which agents are shown, and not the cases.
    """
    uow.read_snapshot()
    named = filters.values.get(FilterKey.AGENT)
    of_cases = Filters({key: values for key, values in filters.values.items() if key is not FilterKey.AGENT})
    counts = uow.agent_figures
    answers, held = counts.answers(period, of_cases), counts.held(of_cases)
    suggestions = counts.suggestions(period, of_cases)
    resolutions, ratings = counts.resolutions(period, of_cases), counts.ratings(period, of_cases)
    agents = {*answers, *held, *suggestions, *resolutions, *ratings} if only is None else set(only)
    return [
        AgentFigures(
            agent=agent,
            answers=answers.get(agent, Answers()),
            held=held.get(agent, 0),
            suggestions=suggestions.get(agent, SuggestionUse()),
            resolved=resolutions.get(agent, (0, 0))[0],
            reopened=resolutions.get(agent, (0, 0))[1],
            rated=ratings.get(agent, (0, 0))[0],
            rated_solved=ratings.get(agent, (0, 0))[1],
        )
        for agent in sorted(agents)
        if named is None or agent in named
    ]
