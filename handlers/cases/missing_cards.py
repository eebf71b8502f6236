"""Re-post cards of active cases that have none."""

from datetime import datetime, timedelta

from domain.cases.case import Case
from domain.cases.routes import RouteFacts
from domain.delivery.effects import PostCard
from domain.policy import Policy
from storage.unit_of_work import UnitOfWork

MISSING_AFTER = timedelta(minutes=10)
BATCH_SIZE = 200


def post_missing_cards(uow: UnitOfWork, *, policy: Policy, now: datetime) -> int:
    """Enqueue a card for each active case that is older than `MISSING_AFTER` and has none.

    Skips cases whose card or thread has an effect pending in the outbox. Returns how many were enqueued.
    """
    cases = uow.cases.without_card(now - MISSING_AFTER, limit=BATCH_SIZE)
    cards = {case.id: PostCard(case.id, _channel_now(case, policy), int(now.timestamp())) for case in cases}
    pending = uow.outbox.unsettled(card.stream for card in cards.values())
    missing = [(cards[case.id], case.sort_key) for case in cases if cards[case.id].stream not in pending]
    uow.outbox.add_ranked(missing, now=now)
    return len(missing)


def _channel_now(case: Case, policy: Policy) -> str:
    """Return where the rule of the case sends it by today's settings; where it had none, what matches now."""
    facts = RouteFacts(assessment=case.assessment, network=case.network)
    return policy.channel_of(policy.route_named(case.routing.rule) or policy.route(facts))
