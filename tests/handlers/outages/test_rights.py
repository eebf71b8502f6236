"""Refuse what somebody may not do with an outage, whatever else they may."""

from collections.abc import Callable

import pytest

from domain.outages.bulk_answers import BulkPurpose
from domain.outages.lifecycle import Actor, RightMissing
from domain.outages.notices import Notice, NoticeKind
from domain.outages.outage import Outage
from domain.outages.policy import Right
from handlers.outages.bulk_answers import BulkRequest, start_bulk_answer
from handlers.outages.links import confirm_links
from handlers.outages.notices import (
    OutageFacts,
    approve_notice,
    draft_notice,
    edit_notice,
    open_outage,
    withdraw_notice,
)
from handlers.outages.results import (
    repeat_publication,
    retract_publication,
    retry_publication,
    settle_publication,
)
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.context import RULES
from tests.handlers.made import NOW, SAM, do, networks
from tests.handlers.outages.made import OUTAGE_POLICY, ListDestination, an_outage, content, destinations

Act = Callable[[UnitOfWork, Outage, Notice, Actor], object]
WHERE = destinations(page=ListDestination())

ACTS: dict[str, tuple[Right, Act]] = {
    "open": (
        Right.DRAFT,
        lambda uow, outage, _, actor: open_outage(
            uow,
            facts=OutageFacts(title=outage.title, severity=outage.severity),
            content=content(),
            policy=OUTAGE_POLICY,
            actor=actor,
            now=NOW,
        ),
    ),
    "draft": (
        Right.DRAFT,
        lambda uow, outage, _, actor: draft_notice(
            uow, outage_id=outage.id, kind=NoticeKind.UPDATE, content=content(), actor=actor, now=NOW
        ),
    ),
    "edit": (
        Right.DRAFT,
        lambda uow, _, notice, actor: edit_notice(
            uow, notice_id=notice.id, version=notice.version, content=content(), actor=actor, now=NOW
        ),
    ),
    "approve": (
        Right.APPROVE,
        lambda uow, _, notice, actor: approve_notice(
            uow, notice_id=notice.id, seen=notice.digest, destinations=WHERE, actor=actor, now=NOW
        ),
    ),
    "withdraw": (
        Right.DRAFT,
        lambda uow, _, notice, actor: withdraw_notice(uow, notice_id=notice.id, actor=actor, now=NOW),
    ),
    "link": (
        Right.DRAFT,
        lambda uow, outage, _, actor: confirm_links(
            uow, outage_id=outage.id, case_ids=[], actor=actor, now=NOW
        ),
    ),
    "retry": (
        Right.ANNOUNCE,
        lambda uow, _, __, actor: retry_publication(
            uow, publication_id=1, destinations=WHERE, actor=actor, now=NOW
        ),
    ),
    "settle": (
        Right.ANNOUNCE,
        lambda uow, _, __, actor: settle_publication(
            uow, publication_id=1, is_there=True, actor=actor, now=NOW
        ),
    ),
    "repeat": (
        Right.ANNOUNCE,
        lambda uow, _, __, actor: repeat_publication(uow, publication_id=1, actor=actor, now=NOW),
    ),
    "answer linked cases": (
        Right.ANNOUNCE,
        lambda uow, outage, _, actor: start_bulk_answer(
            uow,
            request=BulkRequest(outage_id=outage.id, purpose=BulkPurpose.ANSWER, wordings={}, values={}),
            client_key="k1",
            networks=networks(),
            rules=RULES,
            actor=actor,
            now=NOW,
        ),
    ),
    "retract": (
        Right.ANNOUNCE,
        lambda uow, _, __, actor: retract_publication(
            uow, publication_id=1, destinations=WHERE, actor=actor, now=NOW
        ),
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_who_may_do_all_else_may_not_do_it(sqlite: Store, name: str) -> None:
    outage, notice = an_outage(sqlite)
    right, act = ACTS[name]
    actor = Actor(user_id=SAM, rights=frozenset(Right) - {right})
    with pytest.raises(RightMissing):
        do(sqlite, act, outage, notice, actor)
