"""Re-post the cards of active cases that have none."""

from datetime import timedelta

from domain.delivery.effects import PostCard
from domain.delivery.outcomes import Failed
from domain.policy import Policy
from handlers.cases.missing_cards import post_missing_cards
from storage.engine import Store
from tests.storage.made import NOW, a_case

POLICY = Policy(brand="Acme", support_channel="C1", fallback_channel="C2", alert_channel="C2")
LATER = NOW + timedelta(hours=1)


def test_a_card_that_could_be_posted_nowhere_is_posted_again(store: Store) -> None:
    with store.unit_of_work() as uow:
        [case] = uow.cases.add_many([a_case(opened_at=NOW)])
        uow.outbox.add([PostCard(case.id, "C1")], now=NOW)
    with store.unit_of_work() as uow:
        assert post_missing_cards(uow, policy=POLICY, now=LATER) == 0
        [job] = uow.outbox.claim(
            now=LATER, lease=timedelta(minutes=1), owner="t", limit=5, paces=lambda _destination: None
        )
        uow.outbox.fail(job, now=LATER, reason=Failed("archived").reason)
    with store.unit_of_work() as uow:
        assert post_missing_cards(uow, policy=POLICY, now=LATER) == 1
        assert post_missing_cards(uow, policy=POLICY, now=LATER + timedelta(minutes=20)) == 0
    with store.unit_of_work() as uow:
        uow.cases.record_card_location(case.id, channel="C1", ts="1.1", digest="d")
        assert uow.cases.without_card(LATER, limit=5) == []
