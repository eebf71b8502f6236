"""Count what each agent did in a period. Each statement reads only the rows of its period, by an index."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, exists, func, literal_column, or_, select

import storage.figure_indexes  # noqa: F401 - what is read here goes by them
from domain.cases.waits import WaitKind
from domain.records.audit import SYSTEM, Action
from domain.reports.agents import Answers
from domain.reports.figures import SuggestionUse
from domain.reports.filters import Filters
from domain.reports.periods import Period
from storage.case_conditions import IS_ACTIVE
from storage.figure_conditions import HOLDER, chosen, count_if, during, of_chosen
from storage.knowledge_tables import reply_choices
from storage.response_figures import asked_again, was_reopened, wrote_again
from storage.response_tables import responses
from storage.sql_functions import ListOf, SecondsBetween, present
from storage.tables import audit, cases, messages, ratings

_k, _m, _r = cases.c, messages.c, responses.c
_ours = messages.alias("ours")
_RESOLVED: ColumnElement[str] = literal_column(f"'{Action.RESOLVED.value}'")


class AgentCounts:
    """Counts by agent (Slack user id), of the cases that filters choose."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def answers(self, period: Period, filters: Filters) -> dict[str, Answers]:
        """Read after how long each agent answered, and count whether that was in time and helped."""
        seconds = SecondsBetween(_r.asked_at, _r.answered_at)
        is_solving = _r.by_offer.is_(False)
        query = (
            select(
                _r.answered_by,
                ListOf(case((_r.kind == WaitKind.FIRST.value, seconds))),
                ListOf(case((_r.kind == WaitKind.NEXT.value, seconds))),
                count_if(_r.answered_at <= _r.due_at),
                count_if(_r.answered_at > _r.due_at),
                count_if(is_solving),
                count_if(is_solving & asked_again()),
            )
            .where(
                _r.answered_at.is_not(None),  # as in the condition of the index
                *during(_r.answered_at, period),
                _r.answered_by.is_not(None),
                *of_chosen(_r.case_id, filters, (period.since, period.until)),
            )
            .group_by(_r.answered_by)
        )
        return {
            agent: Answers(
                first=tuple(sorted(present(first))),
                next=tuple(sorted(present(further))),
                in_target=in_target,
                late=late,
                solving=solving,
                still_broken=broken,
            )
            for agent, first, further, in_target, late, solving, broken in self._connection.execute(query)
        }

    def held(self, filters: Filters) -> dict[str, int]:
        """Count the cases that each agent holds now."""
        query = (
            select(_k.claimed_by, func.count())
            .where(
                IS_ACTIVE,
                _k.claimed_by.is_not(None),
                *chosen(filters),
            )
            .group_by(_k.claimed_by)
        )
        return {agent: int(count) for agent, count in self._connection.execute(query)}

    def suggestions(self, period: Period, filters: Filters) -> dict[str, SuggestionUse]:
        """Count what became of suggested saved replies in the answers that each agent sent."""
        c = reply_choices.c
        is_used = c.suggested == c.chosen
        query = (
            select(
                _ours.c.sent_by,
                count_if(is_used & c.is_edited.is_(False)),
                count_if(is_used & c.is_edited.is_(True)),
                count_if(c.suggested != c.chosen),
            )
            .join_from(reply_choices, _ours, _ours.c.id == c.answer_id)
            .where(
                c.suggested != "",
                *during(c.sent_at, period),
                _ours.c.sent_by.is_not(None),
                *of_chosen(c.case_id, filters),
            )
            .group_by(_ours.c.sent_by)
        )
        return {
            agent: SuggestionUse(as_it_was=as_it_was, edited=edited, thrown_away=thrown_away)
            for agent, as_it_was, edited, thrown_away in self._connection.execute(query)
        }

    def resolutions(self, period: Period, filters: Filters) -> dict[str, tuple[int, int]]:
        """Count the cases that each agent resolved as the last, and those that came back."""
        later = audit.alias("later")
        is_last = ~exists().where(
            later.c.case_id == audit.c.case_id,
            later.c.action == _RESOLVED,
            *during(later.c.at, period),
            later.c.id > audit.c.id,
        )
        resolved = (
            select(audit.c.case_id, audit.c.at, audit.c.actor)
            .where(
                audit.c.action == _RESOLVED,
                *during(audit.c.at, period),
                audit.c.actor != SYSTEM,
                is_last,
                *of_chosen(audit.c.case_id, filters, (period.since, period.until)),
            )
            .cte("resolved")
        )
        came_back = count_if(or_(wrote_again(resolved), was_reopened(resolved)))
        query = select(resolved.c.actor, func.count(), came_back).group_by(resolved.c.actor)
        return _pairs(self._connection.execute(query).all())

    def ratings(self, period: Period, filters: Filters) -> dict[str, tuple[int, int]]:
        """Count the ratings of chats in each agent's cases, and those that say solved."""
        c = ratings.c
        query = (
            select(HOLDER, func.count(), count_if(c.solved))
            .join_from(ratings, cases, _k.id == c.case_id)
            .where(*during(c.at, period), HOLDER.is_not(None), *chosen(filters))
            .group_by(HOLDER)
        )
        return _pairs(self._connection.execute(query).all())


def _pairs(rows: Any) -> dict[str, tuple[int, int]]:  # noqa: ANN401 - rows of SQLAlchemy
    found: Mapping[str, tuple[int, int]] = {agent: (int(one), int(other)) for agent, one, other in rows}
    return dict(found)
