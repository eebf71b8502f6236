"""Classify by the saved replies and corrections as they are now, in every copy, on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from domain.knowledge.saved_replies import ReplyChange, ReplyVersion
from domain.triage.assessment import Urgency
from domain.triage.situations import Reason, Situation
from handlers.desk import Desk
from handlers.intake.redaction import redact_post
from handlers.knowledge.teaching import correct
from handlers.live_classifier import LiveClassifier
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.domain.made import assessed_by_rules
from tests.handlers.context import a_live_classifier
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.made import NOW, POLICY, SAM, a_post, a_trained_classifier, a_words, do, messages
from tests.handlers.test_learner import mentioned
from tests.handlers.triage.test_taught_posts import OUTAGE
from tests.replies import a_reply

SWALLOWED = "@acme the car park machine swallowed my son's bank card"


def names(live: LiveClassifier) -> set[str]:
    return {reply.name for reply in live.current.replies}


async def add(desk: Desk, *versions: ReplyVersion) -> None:
    def act(uow: UnitOfWork) -> None:
        for version in versions:
            assert uow.saved_replies.add(version)

    await desk.run(act)


def stored(**changes: Any) -> ReplyVersion:  # noqa: ANN401 - any of the fields
    return a_reply(**{"change": ReplyChange.EDITED, "by": "U0SAM", "at": NOW, "version": 1} | changes)


@pytest.fixture
def live(desk: Desk) -> LiveClassifier:
    return a_live_classifier(desk, ManualClock())


async def test_a_new_reply_is_there_after_a_refresh(desk: Desk, live: LiveClassifier) -> None:
    shipped = names(live)
    assert "late_parcel" in shipped
    await add(desk, stored(name="new"))
    assert names(live) == shipped
    await live.refresh()
    assert names(live) == shipped | {"new"}


async def test_another_copy_sees_it_too(desk: Desk, live: LiveClassifier) -> None:
    other = a_live_classifier(desk, ManualClock())
    await add(desk, stored(name="new"))
    for copy in (live, other):
        assert "new" in {reply.name for reply in (await copy.refresh()).replies}
    await add(desk, stored(name="new", version=2, change=ReplyChange.RETIRED))
    for copy in (live, other):
        assert "new" not in {reply.name for reply in (await copy.refresh()).replies}


async def test_a_use_case_keeps_the_classifier_that_it_began_with(desk: Desk, live: LiveClassifier) -> None:
    begun = await live.refresh()
    await add(desk, stored(name="new"))
    await live.refresh()
    assert "new" not in {reply.name for reply in begun.replies}


async def test_a_desks_version_of_a_shipped_reply_precedes_it(desk: Desk, live: LiveClassifier) -> None:
    await add(desk, stored(name="late_parcel", version=4, title="Ours"))
    [reply] = [reply for reply in (await live.refresh()).replies if reply.name == "late_parcel"]
    assert (reply.title, reply.version) == ("Ours", 4)


async def test_a_reply_expires_at_the_end_of_its_day_without_a_refresh(desk: Desk) -> None:
    clock = ManualClock()
    live = a_live_classifier(desk, clock)
    await add(desk, stored(name="offer", expires_on=clock.now().date()))
    await live.refresh()
    assert "offer" in names(live)
    clock.moment += timedelta(days=1)
    assert "offer" not in names(live)


async def test_texts_are_encoded_once_and_outside_of_the_use_case(desk: Desk) -> None:
    clock = ManualClock()
    live = LiveClassifier(a_trained_classifier(), a_words().shipped_replies, desk=desk, clock=clock)
    text = "@acme how long may I use my gift voucher?"
    await add(desk, stored(name="voucher", expires_on=clock.now().date()))
    classifier = await live.refresh()
    assert await live.refresh() is classifier
    index = classifier.search.index
    assert index._index is not None
    assessment = assessed_by_rules(text, language="en", sentiment=0.0, cues=classifier.cues)

    def suggested() -> str | None:
        suggestion = live.current.suggest(assessment, text, "Ana Ruiz", case_id=1, message_id=1, now=NOW)
        return suggestion.text if suggestion is not None else None

    assert suggested() == "Hi Ana, vouchers are valid for two years."
    clock.advance(days=1)
    assert suggested() != "Hi Ana, vouchers are valid for two years."
    assert await live.refresh() is not classifier
    assert live.current.search.index is index
    await add(desk, stored(name="voucher", version=2, change=ReplyChange.RETIRED))
    await live.refresh()
    assert live.current.search.index is not index
    assert suggested() != "Hi Ana, vouchers are valid for two years."


async def test_a_correction_counts_at_once_and_no_more_once_the_post_is_gone(
    store: Store, desk: Desk
) -> None:
    live = LiveClassifier(a_trained_classifier(), a_words().shipped_replies, desk=desk, clock=ManualClock())
    case = mentioned(store, live.current, SWALLOWED)
    assert Reason.SAFETY in case.assessment.reasons
    message = messages(store, case.id)[0]
    do(
        store,
        correct,
        case_id=case.id,
        message_id=message.id,
        judgement=OUTAGE,
        user_id=SAM,
        policy=POLICY,
        now=NOW,
    )
    found = (await live.refresh()).assess(a_post(text=SWALLOWED))
    assert (found.situation, found.urgency) == (Situation.OUTAGE_REPORT, Urgency.NORMAL)
    do(store, redact_post, message_id=message.id, policy=POLICY, now=NOW)
    assert Reason.SAFETY in (await live.refresh()).assess(a_post(text=SWALLOWED)).reasons
