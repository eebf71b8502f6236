"""Query the queue for App Home and the slash commands."""

from datetime import datetime, timedelta

from domain.cases.case import Case
from domain.cases.views import SATISFACTION_WINDOW, HomeView
from storage.unit_of_work import UnitOfWork

MAX_HOME_ROWS = 20  # per section
MAX_LISTED = 10
MAX_SEARCH_WORDS = 12  # databases limit the depth of an expression
DUE_SOON_WITHIN = timedelta(minutes=30)

NOT_ALLOWED = "not_allowed"
NOT_ALLOWED_TEXT = "The queue is shown to those who may act on it. Ask to be added to the support team."


def view_home(uow: UnitOfWork, *, user_id: str, chosen: str, now: datetime) -> HomeView:
    """Read one person's App Home.

    `chosen` is the filter. For `NOT_ALLOWED` the view has no case, only the reason.
    """
    if chosen == NOT_ALLOWED:
        return HomeView(
            user_id=user_id, mine=(), unclaimed=(), due_soon=(), waiting=(), problems=(NOT_ALLOWED_TEXT,)
        )
    return HomeView(
        user_id=user_id,
        mine=uow.cases.claimed_by(user_id, limit=MAX_HOME_ROWS),
        unclaimed=uow.cases.unclaimed(limit=MAX_HOME_ROWS),
        due_soon=uow.cases.due_before(now + DUE_SOON_WITHIN, limit=MAX_HOME_ROWS),
        waiting=uow.cases.waiting_for_customer(limit=MAX_HOME_ROWS),
        counts=dict(uow.cases.counts()),
        chosen=chosen,
        satisfaction=uow.ratings.satisfaction(since=now - SATISFACTION_WINDOW),
    )


def list_claimed(uow: UnitOfWork, *, user_id: str) -> list[Case]:
    """List the cases that this person has claimed, most urgent first."""
    return uow.cases.claimed_by(user_id, limit=MAX_LISTED)


def search_cases(uow: UnitOfWork, *, words: str) -> list[Case]:
    """Search cases that contain all of the first `MAX_SEARCH_WORDS` words, newest first."""
    return uow.cases.find(words.split()[:MAX_SEARCH_WORDS], limit=MAX_LISTED)
