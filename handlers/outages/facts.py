"""Record who changed the title, the severity or the components of an outage, and from what."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

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


def facts_detail(facts: StatedFacts) -> dict[str, Any]:
    """Return stated facts as an audit entry keeps them."""
    return {
        "title": facts.title,
        "severity": facts.severity.value,
        "components": list(facts.components),
    }
