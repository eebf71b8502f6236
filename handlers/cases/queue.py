"""Looking at the queue: App Home, and what the commands list."""

from datetime import datetime, timedelta

from domain.cases.case import Case
from domain.cases.views import SATISFIED_WITHIN, HomeView
from storage.unit_of_work import UnitOfWork

ROWS = 20
LISTED = 10
WORDS_AT_MOST = 12  # a database takes only so deep a question
SOON = timedelta(minutes=30)

NOT_ALLOWED = "not_allowed"
NOT_YOURS = "The queue is shown to those who may act on it. Ask to be added to the support team."


def view_home(uow: UnitOfWork, *, user_id: str, chosen: str, now: datetime) -> HomeView:
    """One person's Home; that of somebody who may not act holds no case."""
    if chosen == NOT_ALLOWED:
        return HomeView(
            user_id=user_id, mine=(), unclaimed=(), due_soon=(), waiting=(), troubles=(NOT_YOURS,)
        )
    return HomeView(
        user_id=user_id,
        mine=uow.cases.claimed_by(user_id, limit=ROWS),
        unclaimed=uow.cases.unclaimed(limit=ROWS),
        due_soon=uow.cases.due_before(now + SOON, limit=ROWS),
        waiting=uow.cases.waiting_for_customer(limit=ROWS),
        counts=dict(uow.cases.counts()),
        chosen=chosen,
        satisfaction=uow.ratings.satisfaction(since=now - SATISFIED_WITHIN),
    )


def list_mine(uow: UnitOfWork, *, user_id: str) -> list[Case]:
    """What this person holds, what needs them first."""
    return uow.cases.claimed_by(user_id, limit=LISTED)


def list_found(uow: UnitOfWork, *, words: str) -> list[Case]:
    """Cases with all these words in them, as far as the first twelve, newest first."""
    return uow.cases.find(words.split()[:WORDS_AT_MOST], limit=LISTED)
