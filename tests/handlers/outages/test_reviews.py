"""Load the review of a notice: what it warns of, and when."""

from dataclasses import replace

from domain.outages.destinations import ConnectedDestination, DestinationProfile, Destinations
from domain.outages.notice_checks import Fault
from domain.outages.notices import Notice, NoticeKind
from domain.outages.outage import Severity
from domain.outages.policy import Component, OutagePolicy
from domain.outages.review import NoticeReview
from domain.outages.stated_facts import StatedFacts
from handlers.outages.reviews import load_review
from storage.engine import Store
from tests.domain.outages.test_drafts import WORDS
from tests.handlers.made import NOW, do
from tests.handlers.outages.made import (
    OUTAGE_POLICY,
    ListDestination,
    a_notice,
    an_outage,
    content,
    destinations,
    sent,
)

A_FACT = StatedFacts(title="Payments fail", severity=Severity.MAJOR, components=())
PAGE = destinations(page=ListDestination())


def review(
    store: Store, notice: Notice, where: Destinations = PAGE, policy: OutagePolicy = OUTAGE_POLICY
) -> NoticeReview:
    loaded: NoticeReview = do(
        store,
        load_review,
        notice_id=notice.id,
        destinations=where,
        policy=policy,
        words=WORDS,
        names=(),
        preflights={},
        now=NOW,
    )
    return loaded


def test_components_without_an_id_are_left_out_where_components_are_shown(store: Store) -> None:
    """The outage names Payments; the settings have its id at the one page, and at the other not."""
    profiles = [
        DestinationProfile(name=name, label=name, has_components=name != "wall")
        for name in ("page", "other", "wall")
    ]
    where = Destinations(
        [ConnectedDestination(profile=profile, client=ListDestination()) for profile in profiles]
    )
    _, notice = an_outage(store, "Payments fail", "page", "other", "wall")
    policy = replace(OUTAGE_POLICY, components=(Component(name="Payments", ids={"other": "1"}),))
    assert review(store, notice, where, policy).left_out == {"page": ("Payments",)}
    with store.unit_of_work() as uow:
        changed = replace(A_FACT, components=("App",))
        uow.notices.save(replace(notice, facts=changed, version=notice.version + 1))
    assert review(store, notice, where, policy).left_out == {"page": ("App",), "other": ("App",)}


def test_a_notice_that_has_left_is_not_compared_with_itself(store: Store) -> None:
    outage, notice = an_outage(store)
    sent(store, notice, PAGE)
    assert review(store, notice).warnings == ()
    same = a_notice(store, outage.id, NoticeKind.UPDATE, content(notice.texts[0].text))
    assert [one.fault for one in review(store, same).warnings] == [Fault.SAME_AS_BEFORE]
