"""Upgrade a database to version 26: links know the newest message of their case, floods what they hold."""

from dataclasses import replace

from domain.outages.links import Link, LinkState
from domain.surge.flood import Holding
from storage.engine import open_store
from storage.unit_of_work import UnitOfWork
from tests.handlers.outages.made import an_outage
from tests.storage.made import ANA, NOW, a_case, a_message
from tests.storage.revisions import to
from tests.storage.test_schema import differences


def _linked(uow: UnitOfWork, outage_id: int, author: str, state: LinkState) -> tuple[int, int]:
    """Store a case with two messages that is linked; return its id, and that of its newest message."""
    [case] = uow.cases.add_many([a_case(author=replace(ANA, id=author))])
    first, last = uow.messages.add_many(
        [a_message(case.id, external_id=f"{author}1"), a_message(case.id, external_id=f"{author}2")],
        network=case.network,
        account_id=case.account_id,
    )
    link = Link(
        outage_id=outage_id,
        case_id=case.id,
        message_id=first.id,
        state=state,
        certainty=0.8,
        evidence=(),
        reported_at=NOW,
        proposed_at=NOW,
    )
    uow.outage_links.put_many([link])
    return case.id, last.id


def test_links_get_the_newest_message_of_their_case_and_floods_hold_all(migrated_url: str) -> None:
    store = open_store(migrated_url)
    outage, _ = an_outage(store)
    with store.unit_of_work() as uow:
        confirmed, newest = _linked(uow, outage.id, "7", LinkState.CONFIRMED)
        proposed, _ = _linked(uow, outage.id, "8", LinkState.PROPOSED)
        flood = uow.floods.begin("C1", now=NOW, holds=Holding.OUTAGES)
    to(store, "0025")
    to(store, "head")
    with store.unit_of_work() as uow:
        links = uow.outage_links.get_many(outage.id, [confirmed, proposed])
        assert {link.case_id: link.newest_message_id for link in links} == {confirmed: newest, proposed: None}
        assert uow.floods.get(flood.id) == replace(flood, holds=Holding.ALL)
    with store.engine.connect() as connection:
        assert differences(connection) == []
    store.close()
