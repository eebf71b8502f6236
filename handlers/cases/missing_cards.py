"""The net below everything: an active case whose card is nowhere, and on its way to nowhere, gets one."""

from datetime import datetime, timedelta

from domain.delivery.effects import PostCard
from domain.policy import Policy
from storage.unit_of_work import UnitOfWork

MISSING_AFTER = timedelta(minutes=10)
AT_ONCE = 200


def post_missing_cards(uow: UnitOfWork, *, policy: Policy, now: datetime) -> int:
    """Post again the cards that could be posted in no channel; says how many."""
    cases = uow.cases.without_card(now - MISSING_AFTER, limit=AT_ONCE)
    cards = {
        case.id: PostCard(case.id, policy.channel_for(case.assessment), int(now.timestamp()))
        for case in cases
    }
    busy = uow.outbox.unsettled(card.stream for card in cards.values())
    missing = [(cards[case.id], case.sort_key) for case in cases if cards[case.id].stream not in busy]
    uow.outbox.add_ranked(missing, now=now)
    return len(missing)
