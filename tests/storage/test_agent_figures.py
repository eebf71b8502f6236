"""Figures of the golden cases by agent, computed by hand, on both databases and by indexes."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.reports.agents import AgentFigures, Answers
from domain.reports.figures import SuggestionUse
from domain.reports.filters import FilterKey, Filters
from domain.reports.periods import Period, parse_period
from handlers.reports.agents import agent_figures
from storage.engine import Store
from tests.storage.golden_cases import moment, store_golden
from tests.storage.plans import explained

MIDDLE, ZONE = date(2026, 3, 29), ZoneInfo("Europe/Berlin")
NOW = moment(MIDDLE, ZONE, 5, "12:00")
ALL = Filters()


@pytest.fixture
def golden(store: Store) -> Store:
    with store.unit_of_work() as uow:
        store_golden(uow, MIDDLE, ZONE)
    return store


def test_figures_of_agents_agree_with_those_computed_by_hand(golden: Store) -> None:
    # Kim was answered 15 minutes after 23:59, so after the period; fay by the other agent, after 90 minutes.
    # Ida's answer was an offer. Dee and fay asked again within a day. Dee's case was resolved and came back.
    one = AgentFigures(
        agent="U1",
        answers=Answers(
            first=(300, 600, 600, 1200, 1800, 2400, 3000, 3600),
            in_target=8,
            solving=7,
            still_broken=1,
        ),
        held=1,
        resolved=4,
        reopened=1,
    )
    other = AgentFigures(
        agent="U2",
        answers=Answers(first=(90 * 60,), late=1, solving=1, still_broken=1),
        suggestions=SuggestionUse(as_it_was=1, edited=1, thrown_away=1),
        rated=1,
        rated_solved=1,
    )
    assert read(golden, -1, 1) == [one, other]
    assert read(golden, -1, 1, Filters({FilterKey.AGENT: ("U2",)})) == [other]
    assert read(golden, -1, 1, only={"U3"}) == [AgentFigures(agent="U3")]
    spanish = read(golden, -1, 1, Filters({FilterKey.LANGUAGE: ("es",)}))
    assert [(agent.agent, agent.answers.count) for agent in spanish] == [("U1", 1), ("U2", 1)]


def test_the_answers_of_days_add_up_to_those_of_the_period(golden: Store) -> None:
    whole = {agent.agent: agent for agent in read(golden, -1, 1)}
    assert len(whole) > 1
    days = [agent for day in (-1, 0, 1) for agent in read(golden, day, day)]
    for name, agent in whole.items():
        mine = [one for one in days if one.agent == name]
        assert sum(one.answers.count for one in mine) == agent.answers.count
        assert sum(one.resolved for one in mine) == agent.resolved
        assert sum(one.suggestions.total for one in mine) == agent.suggestions.total


def test_no_statement_about_agents_scans_a_table(store: Store) -> None:
    with explained(store) as (uow, plans):
        for filters in (ALL, Filters({FilterKey.TAG: ("vip",)})):
            agent_figures(uow, period=period(-1, 1), filters=filters, only=None)
    assert plans.scans == []


def read(
    store: Store, first: int, last: int, filters: Filters = ALL, *, only: set[str] | None = None
) -> list[AgentFigures]:
    with store.unit_of_work() as uow:
        return agent_figures(uow, period=period(first, last), filters=filters, only=only)


def period(first: int, last: int) -> Period:
    days = (MIDDLE + timedelta(days=day) for day in (first, last))
    return parse_period("..".join(day.isoformat() for day in days), now=NOW, zone=ZONE)
