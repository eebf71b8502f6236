"""Assess a stored case by its newest and its gravest unanswered words, with the trained heads."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.cases.case import Case
from domain.cases.case_assessment import offers_resolve
from domain.cases.messages import Direction, Message
from domain.cases.views import CaseView
from domain.intake.posts import Post
from domain.intake.stream_names import MENTIONS
from domain.triage.assessment import Urgency
from domain.triage.situations import Situation
from domain.venues import Venue
from handlers.handoffs.arrival import record_arrival
from handlers.intake.mentions import ingest_posts
from handlers.intake.private_messages import ingest_private_message
from handlers.intake.redaction import redact_post
from handlers.replies.results import record_sent
from storage.engine import Store
from tests.domain.made import RULES
from tests.handlers.handoffs.made import incoming_message, offered
from tests.handlers.made import (
    ACME,
    MINUTE,
    NOW,
    POLICY,
    PROFILE,
    a_post,
    a_trained_classifier,
    accepted,
    an_answer,
    card_view,
    case_of,
    cases,
    do,
    messages,
)

PAYMENT = "@acme card declined three times and the money is gone from my account"
DONE = "@acme it went through, you lot are legends"
PARCEL = "@acme my parcel was due on Monday and the courier has lost it"
LOGIN = "@acme and now I cannot log in, it says my account is locked"


def posted(store: Store, *posts: Post, now: datetime) -> Case:
    do(
        store,
        ingest_posts,
        account=ACME,
        profile=PROFILE,
        posts=posts,
        stream=MENTIONS,
        newest_id=None,
        classifier=a_trained_classifier(),
        now=now,
    )
    return cases(store)[0]


def talk(store: Store, *texts: str, start: int = 0) -> Case:
    """Ingest posts a minute apart, each in a batch of its own, and return their case."""
    for number, text in enumerate(texts, start=start):
        now = NOW + number * MINUTE
        case = posted(store, a_post(str(900 + number), text, created_at=now), now=now)
    return case


def answer(store: Store, case: Case, *, now: datetime) -> None:
    """Write and send a public reply."""
    sent(store, written(store, case, now=now), now=now)


def sent(store: Store, reply: Message, *, now: datetime) -> None:
    do(store, record_sent, message_id=reply.id, result={"id": "1"}, now=now)


def written(store: Store, case: Case, *, now: datetime) -> Message:
    """Write a public reply that waits to be sent."""
    submission = an_answer(
        store,
        case,
        "@anaruiz Sorry, Ana. We are looking into it.",
        client_key=f"key {now}",
        confirmed=frozenset(rule.name for rule in RULES.rules),
    )
    return accepted(store, submission, classifier=a_trained_classifier(), rules=RULES, now=now)


def shown(store: Store, case: Case) -> CaseView:
    return card_view(store, case, a_trained_classifier())


def suggested_for(store: Store, case: Case) -> int | None:
    suggestion = shown(store, case).suggestion
    return None if suggestion is None else suggestion.message_id


def newest(store: Store, case: Case) -> Message:
    return [m for m in messages(store, case.id) if m.direction is Direction.IN][-1]


def test_thanks_lower_a_case_drop_its_suggestion_and_offer_to_resolve_it(store: Store) -> None:
    case = talk(store, PAYMENT)
    assert (case.assessment.situation, case.assessment.urgency) == (Situation.CANNOT_PAY, Urgency.HIGH)
    assert suggested_for(store, case) == newest(store, case).id
    after = talk(store, DONE, start=1)
    assert (after.id, after.assessment.urgency) == (case.id, Urgency.LOW)
    assert after.reply_due == NOW + MINUTE + timedelta(hours=24)
    assert after.sort_key < case.sort_key
    view = shown(store, after)
    assert view.suggestion is None
    assert offers_resolve(view.case, view.messages)


def test_the_newest_words_get_the_suggestion_and_the_gravest_keep_their_urgency(store: Store) -> None:
    case = talk(store, PAYMENT, PARCEL)
    assert (case.assessment.situation, case.assessment.urgency) == (Situation.DELIVERY, Urgency.HIGH)
    view = shown(store, case)
    assert view.suggestion is not None
    assert (view.suggestion.message_id, view.suggestion.name) == (newest(store, case).id, "late_parcel")


@pytest.mark.parametrize("texts", [(PAYMENT, PARCEL), (PAYMENT, LOGIN), (PAYMENT, DONE, PARCEL)])
def test_a_batch_gives_the_same_case_as_its_posts_one_by_one(store: Store, texts: tuple[str, ...]) -> None:
    posts = [
        a_post(str(900 + number), text, created_at=NOW + number * MINUTE) for number, text in enumerate(texts)
    ]
    one_by_one = talk(store, *texts)
    author = replace(posts[0].author, id="78")
    moved = [replace(post, id=f"1{post.id}", author=author) for post in posts]
    posted(store, *moved, now=NOW + len(texts) * MINUTE)
    at_once = cases(store)[-1]
    assert at_once.id != one_by_one.id
    assert at_once.assessment == one_by_one.assessment
    assert at_once.waiting_since == one_by_one.waiting_since
    assert suggested_for(store, at_once) is not None


@pytest.mark.parametrize("text", ["@acme AC-20114-B", "@acme ana.ruiz@mail.example", "@acme sent you a DM"])
def test_a_code_an_address_or_a_sent_message_is_no_post_to_be_answered(store: Store, text: str) -> None:
    case = talk(store, PAYMENT)
    answer(store, case, now=NOW + MINUTE)
    after = talk(store, text, start=2)
    assert (after.assessment.situation, after.assessment.urgency) == (Situation.CANNOT_PAY, Urgency.NORMAL)
    assert suggested_for(store, after) is None


def test_once_answered_only_what_came_after_counts(store: Store) -> None:
    case = talk(store, PAYMENT)
    answer(store, case, now=NOW + MINUTE)
    after = talk(store, PARCEL, start=2)
    assert (after.assessment.situation, after.assessment.urgency) == (
        newest(store, after).assessment.situation,  # type: ignore[union-attr]
        Urgency.NORMAL,
    )


def test_a_reply_answers_nothing_before_it_is_sent_and_nothing_that_crossed_it(store: Store) -> None:
    case = talk(store, PAYMENT)
    reply = written(store, case, now=NOW + MINUTE)
    assert talk(store, PARCEL, start=2).assessment.urgency is Urgency.HIGH
    sent(store, reply, now=NOW + 3 * MINUTE)
    after = case_of(store, case.id)
    assert (after.assessment, after.waiting_since) == (newest(store, after).assessment, NOW + 2 * MINUTE)
    assert after.assessment.urgency is Urgency.NORMAL


def test_a_private_message_is_assessed_alike_and_takes_the_suggestion_away(store: Store) -> None:
    case = talk(store, PAYMENT)
    for number, text in enumerate(("and my parcel was lost by the courier", DONE)):
        assert case_of(store, case.id).assessment.urgency is Urgency.HIGH
        came = incoming_message(text, external_id=f"d{number}")
        do(
            store,
            ingest_private_message,
            came,
            classifier=a_trained_classifier(),
            account=ACME,
            now=came.at,
        )
        assert newest(store, case).assessment is not None
    after = case_of(store, case.id)
    assert after.assessment.urgency is Urgency.LOW
    assert suggested_for(store, after) is None


def test_a_late_post_leaves_the_suggestion_to_the_newest_words(store: Store) -> None:
    case = talk(store, PARCEL, start=5)
    posted(store, a_post("900", PAYMENT, created_at=NOW), now=NOW + 6 * MINUTE)
    view = shown(store, case)
    assert view.suggestion is not None
    assert (view.suggestion.message_id, view.suggestion.name) == (newest(store, case).id, "late_parcel")


def test_an_edit_lowers_a_case_and_changes_its_suggestion(store: Store) -> None:
    case = talk(store, PAYMENT)
    edited = a_post("900", PARCEL, revision_id="950")
    after = posted(store, edited, now=NOW + MINUTE)
    assert (after.id, after.assessment.situation) == (case.id, Situation.DELIVERY)
    view = shown(store, after)
    assert view.suggestion is not None
    assert view.suggestion.name == "late_parcel"
    thanked = posted(store, a_post("900", DONE, revision_id="960"), now=NOW + 2 * MINUTE)
    assert thanked.assessment.urgency is Urgency.LOW


def test_a_deleted_post_is_taken_back(store: Store) -> None:
    case = talk(store, PAYMENT, PARCEL)
    [first, _] = messages(store, case.id)
    do(store, redact_post, message_id=first.id, policy=POLICY, now=NOW + 5 * MINUTE)
    after = case_of(store, case.id)
    assert (after.assessment.situation, after.assessment.urgency) == (Situation.DELIVERY, Urgency.NORMAL)
    assert after.waiting_since == NOW + MINUTE


@pytest.mark.parametrize(
    "text", ["My code is {}", "Mi código es 250 111.", "It is order 55512. My code is {}."]
)
def test_sending_our_code_is_no_complaint_about_codes(store: Store, text: str) -> None:
    """Whoever shows that it is them still cannot pay."""
    case = talk(store, PAYMENT)
    answer(store, case, now=NOW + MINUTE)
    there = offered(store, case_of(store, case.id), Venue.CHAT)
    do(store, record_arrival, there.id, now=NOW + MINUTE)
    with store.unit_of_work() as uow:
        uow.handoffs.save(replace(uow.handoffs.get(there.id), code="250111"))
    came = incoming_message(
        text.format("250111"), Venue.CHAT, handoff_id=there.id, external_id="c1", at=NOW + 2 * MINUTE
    )
    account = replace(ACME, network="chat", id="chat")
    do(store, ingest_private_message, came, classifier=a_trained_classifier(), account=account, now=came.at)
    assert newest(store, case).text == came.text
    assert case_of(store, case.id).assessment.situation is Situation.CANNOT_PAY
