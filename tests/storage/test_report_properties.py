"""Properties of all reports, on cases made by chance: parts add up, and no order or filter adds anything."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.cases.case import CaseState
from domain.cases.messages import Direction, Message
from domain.cases.promises import Promise, PromiseState
from domain.cases.waits import Wait, WaitKind
from domain.intake.posts import Author
from domain.records.audit import Action, Entry
from domain.reports.agents import AgentFigures
from domain.reports.export_rows import Record
from domain.reports.fairness import compare_treatment
from domain.reports.figures import Figures
from domain.reports.filters import FilterKey, Filters
from domain.reports.periods import Period, parse_period
from domain.reports.treatment import TreatedCase
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation
from domain.venues import Venue
from handlers.reports.agents import agent_figures
from handlers.reports.exports import Cursor, Export, next_rows
from handlers.reports.fairness import treated_cases
from handlers.reports.summaries import summarise
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.storage.made import a_case

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
WHOLE = "2026-11-26..2026-11-28"
DAYS = ("2026-11-26", "2026-11-27", "2026-11-28")
MANY = 60
ALL = Filters()
FILTERS = {
    FilterKey.SITUATION: ("refund", "delivery"),
    FilterKey.LANGUAGE: ("en", "es"),
    FilterKey.NETWORK: ("x", "town"),
    FilterKey.CHANNEL: ("C1", "C2"),
    FilterKey.AGENT: ("U1", "U2"),
    FilterKey.OUTAGE: ("7",),
    FilterKey.TAG: ("billing", "vip"),
}
#: Those that divide all cases, as each case has exactly one of the values.
DIVIDING = (FilterKey.SITUATION, FilterKey.LANGUAGE, FilterKey.NETWORK, FilterKey.CHANNEL, FilterKey.AGENT)


def store_made_up(store: Store, *, order: int = 1) -> None:
    """Store cases of three days, the same in any order."""
    with store.unit_of_work() as uow:
        for number in range(MANY)[::order]:
            _store_case(uow, number, random.Random(number))


def _store_case(uow: UnitOfWork, number: int, rng: random.Random) -> None:
    at = NOW - timedelta(hours=12) - timedelta(minutes=rng.randrange(3 * 24 * 60))
    agent, is_resolved = rng.choice(("U1", "U2")), rng.random() < 0.5
    situation = rng.choice((Situation.REFUND, Situation.DELIVERY))
    assessment = Assessment(rng.choice(("en", "es")), situation, Urgency.NORMAL, (), rng.uniform(-1, 1))
    made = a_case(
        network=rng.choice(("x", "town")),
        author=Author(id=f"a{number}", handle="", name="", followers=rng.choice((10, 5_000))),
        assessment=assessment,
        opened_at=at,
        last_message_at=at,
        channel=rng.choice(("C1", "C2")),
        state=CaseState.RESOLVED if is_resolved else CaseState.OPEN,
        claimed_by=agent,
        outage_id=7 if rng.random() < 0.3 else None,
    )
    [case] = uow.cases.add_many([made])
    post = Message(
        id=0,
        case_id=case.id,
        direction=Direction.IN,
        venue=Venue.PUBLIC,
        author_id=case.author.id,
        author_name="",
        text="",
        created_at=at,
        external_id=str(number),
        assessment=assessment,
    )
    [asked] = uow.messages.add_many([post], network=case.network, account_id="1")
    uow.responses.add_many(list(_waits(asked, agent, rng)))
    if is_resolved:
        resolved_at = at + timedelta(hours=rng.uniform(1, 5))
        uow.audit.add_many(
            [Entry(at=resolved_at, actor=agent, action=Action.RESOLVED, case_id=case.id, version=2)]
        )
    if rng.random() < 0.3:
        due_at = at + timedelta(hours=3)
        promise = Promise(
            id=0,
            case_id=case.id,
            message_id=asked.id,
            words="in 3 hours",
            made_at=at,
            made_by=agent,
            due_at=due_at,
            state=PromiseState.KEPT,
        )
        uow.promises.add_many(asked.id, [promise])
    if rng.random() < 0.4:
        uow.tags.add(case.id, ["billing"], by=agent, now=at)


def _waits(asked: Message, agent: str, rng: random.Random) -> Iterator[Wait]:
    at = asked.created_at
    wait = Wait(
        id=0,
        case_id=asked.case_id,
        kind=WaitKind.FIRST,
        asked_message_id=asked.id,
        asked_at=at,
        due_at=at + timedelta(hours=1),
    )
    seconds = rng.randrange(60, 3 * 3600)
    if rng.random() < 0.2:
        yield wait
        return
    answered_at = at + timedelta(seconds=seconds)
    yield replace(wait, answered_at=answered_at, answered_by=agent, office_seconds=seconds // 2)
    if rng.random() < 0.3:
        again = answered_at + timedelta(minutes=rng.randrange(1, 2_000))
        yield replace(wait, kind=WaitKind.NEXT, asked_at=again, due_at=None)


def counts(store: Store, typed: str, filters: Filters = ALL) -> Counter[str]:
    """Count in every report what can be added up."""
    period = parse_period(typed, now=NOW, zone=UTC)
    with store.unit_of_work() as uow:
        figures = summarise(uow, period=period, filters=filters, now=NOW).report.figures
        agents = agent_figures(uow, period=period, filters=filters, only=None)
        treated = treated_cases(uow, period=period, filters=filters, before=None, now=NOW).cases
    return (
        _of_summary(figures) + _of_agents(agents) + _of_treated(treated) + _of_export(store, period, filters)
    )


def _of_summary(figures: Figures) -> Counter[str]:
    first, further = figures.responses.first, figures.responses.next
    return Counter(
        mentions=figures.mentions,
        cases=figures.cases,
        answered=first.spread.count + further.spread.count,
        in_target=first.in_target + further.in_target,
        late=first.late + further.late,
        unanswered=first.unanswered + further.unanswered,
        answers=figures.responses.answers,
        still_broken=figures.responses.still_broken,
        resolved=figures.resolutions.count,
        promises=figures.promises.made,
        **{
            f"{name} {key}": count
            for name in ("situation", "language")
            for key, count in figures.count_by(name).items()
        },
    )


def _of_agents(agents: list[AgentFigures]) -> Counter[str]:
    return Counter(
        {
            "agents' answers": sum(agent.answers.count for agent in agents),
            "agents' answers in time": sum(agent.answers.in_target for agent in agents),
            "agents' resolved": sum(agent.resolved for agent in agents),
        }
    )


def _of_treated(cases: list[TreatedCase]) -> Counter[str]:
    return Counter(treated=len(cases), loud=sum(case.followers >= 1_000 for case in cases))


def _of_export(store: Store, period: Period, filters: Filters) -> Counter[str]:
    export, cursor = Export(period=period, filters=filters, salt=bytes(16)), Cursor()
    found: Counter[str] = Counter()
    while True:
        with store.unit_of_work() as uow:
            rows, following = next_rows(uow, export=export, cursor=cursor, now=NOW)
        found.update(f"rows of {row.record}" for row in rows)
        if following is None:
            return found
        cursor = following


def test_the_days_of_every_report_add_up_to_the_whole(sqlite: Store) -> None:
    store_made_up(sqlite)
    whole = counts(sqlite, WHOLE)
    assert sum((counts(sqlite, day) for day in DAYS), Counter()) == whole
    assert min(whole[name] for name in ("mentions", "late", "still_broken", "agents' resolved", "loud")) > 0
    # What two reports count is the same in both.
    assert whole["cases"] == whole["situation refund"] + whole["situation delivery"]
    assert whole["rows of case"] == whole["cases"]
    assert whole["rows of mention"] == whole["mentions"]
    assert whole["rows of resolution"] == whole["resolved"] == whole["agents' resolved"]
    assert whole["rows of response"] >= whole["answered"] + whole["unanswered"]
    assert {f"rows of {record}" for record in Record} <= set(whole)


@pytest.mark.parametrize("key", FILTERS, ids=str)
def test_a_filter_counts_a_part_and_never_more_than_all(sqlite: Store, key: FilterKey) -> None:
    store_made_up(sqlite)
    whole = counts(sqlite, WHOLE)
    parts = [counts(sqlite, WHOLE, Filters({key: (value,)})) for value in FILTERS[key]]
    assert all(part <= whole for part in parts)
    if key in DIVIDING:
        # `agent:` names the agents that are shown, so their figures are divided by it as well.
        assert sum(parts, Counter()) == whole


def test_no_report_depends_on_the_order_of_arrival(sqlite: Store, postgres: Store) -> None:
    store_made_up(sqlite)
    store_made_up(postgres, order=-1)
    assert counts(sqlite, WHOLE) == counts(postgres, WHOLE)
    ledgers = []
    for store in (sqlite, postgres):
        with store.unit_of_work() as uow:
            period = parse_period(WHOLE, now=NOW, zone=UTC)
            cases = treated_cases(uow, period=period, filters=ALL, before=None, now=NOW).cases
        ledgers.append([replace(one, examples=((), ())) for one in compare_treatment(cases).comparisons])
    assert ledgers[0] == ledgers[1]
