"""Load the review of a notice: what it warns of, and when."""

from domain.outages.destinations import Destinations
from domain.outages.notice_checks import Fault
from domain.outages.notices import Notice, NoticeKind
from domain.outages.review import NoticeReview
from handlers.outages.notices import draft_notice
from handlers.outages.reviews import load_review
from storage.engine import Store
from tests.domain.outages.test_drafts import WORDS
from tests.handlers.made import NOW, do
from tests.handlers.outages.made import (
    OUTAGE_POLICY,
    SAM_MAY,
    ListDestination,
    an_outage,
    content,
    destinations,
    sent,
)

PAGE = destinations(page=ListDestination())


def review(store: Store, notice: Notice, where: Destinations = PAGE) -> NoticeReview:
    loaded: NoticeReview = do(
        store,
        load_review,
        notice_id=notice.id,
        destinations=where,
        policy=OUTAGE_POLICY,
        words=WORDS,
        names=(),
        preflights={},
        now=NOW,
    )
    return loaded


def test_a_notice_that_has_left_is_not_compared_with_itself(store: Store) -> None:
    outage, notice = an_outage(store)
    sent(store, notice, PAGE)
    assert review(store, notice).warnings == ()
    same = do(
        store,
        draft_notice,
        outage_id=outage.id,
        kind=NoticeKind.UPDATE,
        content=content(notice.texts[0].text),
        actor=SAM_MAY,
        now=NOW,
    )
    assert [one.fault for one in review(store, same).warnings] == [Fault.SAME_AS_BEFORE]
