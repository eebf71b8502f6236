"""Record who changed the title, severity, components or times of an outage; keep what was stated before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.outages.notices import NoticeState
from domain.outages.outage import Outage
from domain.outages.stated_facts import StatedFacts, facts_of
from domain.records.audit import Action
from handlers.outages.trail import record
from storage.unit_of_work import UnitOfWork


def record_changed_facts(
    uow: UnitOfWork, before: Outage, after: Outage, *, actor: str, authors: Sequence[str], now: datetime
) -> None:
    """Write an audit entry where what is stated of an outage has changed; `authors` wrote it."""
    changes = facts_of(after).changes_from(facts_of(before))
    if changes:
        detail = {
            "changes": {one.fact.value: {"from": one.before, "to": one.after} for one in changes},
            "authors": list(authors),
        }
        record(uow, after, actor=actor, action=Action.OUTAGE_CHANGED, now=now, detail=detail)


def keep_facts(uow: UnitOfWork, before: Outage) -> None:
    """Store the facts of an outage in its released notices that have none: from before migration 0027.

    So with the times of planned work, which notices of earlier versions do not have.

    Called before the facts change for the first time, so a status page gets the new title then, too.
    """
    for notice in uow.notices.of_outage(before.id):
        facts = notice.facts or facts_of(before)
        stated = replace(
            facts,
            starts_at=facts.starts_at or before.starts_at,
            ends_at=facts.ends_at or before.ends_at,
        )
        if notice.facts != stated and notice.state is NoticeState.APPROVED:
            uow.notices.save(replace(notice, facts=stated, version=notice.version + 1))


def facts_detail(facts: StatedFacts) -> dict[str, Any]:
    """Return stated facts as an audit entry keeps them."""
    return {
        "title": facts.title,
        "severity": facts.severity.value,
        "components": list(facts.components),
        **({"starts_at": facts.starts_at.isoformat()} if facts.starts_at is not None else {}),
        **({"ends_at": facts.ends_at.isoformat()} if facts.ends_at is not None else {}),
    }
