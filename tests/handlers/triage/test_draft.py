"""Request and keep a model's draft: only for what is still unanswered, beside the saved reply."""

from dataclasses import replace
from typing import Any

import pytest

from domain.delivery.effects import UpdateCard
from domain.intake.post_context import Named, PostContext, ReferencedPost, ReferenceKind
from domain.intake.posts import ReplyBlock
from domain.records.audit import SYSTEM, Action
from domain.replies.rules_of_engagement import Guidance, Where
from domain.triage.assessment import Urgency
from domain.triage.correction import Judgement
from domain.triage.drafts import Source
from domain.triage.situations import Situation
from handlers.cases.resolution import dismiss, resolve
from handlers.knowledge.teaching import correct
from handlers.triage.draft import (
    MAX_EARLIER_MESSAGES,
    MAX_GROUNDINGS,
    draft_request,
    save_draft,
)
from storage.engine import Store
from tests.handlers.context import RULES
from tests.handlers.made import (
    ANA,
    MINUTE,
    NOW,
    PAYMENT,
    POLICY,
    SAM,
    a_classifier,
    a_post,
    a_stored_case,
    arrive,
    audit_actions,
    card_view,
    case_of,
    do,
    messages,
    networks,
    queued,
    trail,
)
from tests.handlers.outages.made import an_outage
from tests.handlers.triage.test_outage_wordings import link

DRAFT: dict[str, Any] = {
    "text": "Hi, we are looking into the payment.",
    "language": "en",
    "situation": "cannot_pay",
    "urgency": "high",
    "grounded_in": ["payment-errors"],
    "title": "Payment errors",
    "missing": ["time of the payment"],
    "model": "small-1",
    "prompt": "reply",
    "prompt_version": "3",
}


def ask(store: Store, case_id: int, message_id: int, **parts: Any) -> Any:  # noqa: ANN401 - a request, or none
    with store.unit_of_work() as uow:
        return draft_request(
            uow,
            **{
                "case_id": case_id,
                "message_id": message_id,
                "classifier": a_classifier(),
                "networks": networks(),
                "rules": RULES,
                "now": NOW + 10 * MINUTE,
                **parts,
            },
        )


def keep(store: Store, case_id: int, message_id: int) -> None:
    do(store, save_draft, case_id=case_id, message_id=message_id, draft=DRAFT, asked_at=NOW, now=NOW + MINUTE)


def latest(store: Store, case_id: int) -> Any:  # noqa: ANN401 - a suggestion, or none
    card_view(store, case_of(store, case_id))
    with store.unit_of_work() as uow:
        return uow.suggestions.latest(case_id)


def test_a_draft_asks_for_a_direct_message_where_the_card_says_to_move_and_such_are_read(
    store: Store,
) -> None:
    case = a_stored_case(store)
    [message] = messages(store, case.id)
    guidance = {case.assessment.situation: Guidance(venues=frozenset({Where.PRIVATE}))}
    private = replace(RULES, situations=guidance)
    assert ask(store, case.id, message.id).must_move is False
    assert ask(store, case.id, message.id, rules=private).must_move is True
    assert ask(store, case.id, message.id, rules=private, networks=networks(direct=False)) is None
    link(store, an_outage(store)[0].id, case)
    assert ask(store, case.id, message.id, rules=private).must_move is False
    assert ask(store, case.id, message.id, rules=private, networks=networks(direct=False)).must_move is False


def test_the_request_holds_posts_and_saved_replies_and_what_to_mask(store: Store) -> None:
    posts = [
        a_post(str(900 + n), f"@acme {n} my payment failed", created_at=NOW + n * MINUTE) for n in range(8)
    ]
    arrive(store, *posts, now=NOW + 10 * MINUTE)
    with store.unit_of_work() as uow:
        [case] = uow.case_search.find([], limit=2)
    newest = messages(store, case.id)[-1]
    request = do(
        store,
        draft_request,
        case_id=case.id,
        message_id=newest.id,
        classifier=a_classifier(),
        networks=networks(),
        rules=RULES,
        now=NOW + 10 * MINUTE,
    )
    assert request is not None
    assert request.text == newest.text
    assert request.earlier == tuple(post.text for post in posts[:-1][-MAX_EARLIER_MESSAGES:])
    assert 1 <= len(request.groundings) <= MAX_GROUNDINGS
    assert (request.language, request.brand, request.limit) == ("en", "Acme", 280)
    assert (request.network, request.counting_rule) == ("x", "where a link counts 20")
    assert request.first_name == "Ana"
    assert {ANA.name, ANA.handle} <= set(request.known)


def test_what_a_post_points_at_is_told_apart_from_its_words(sqlite: Store) -> None:
    quoted = ReferencedPost(kind=ReferenceKind.QUOTED, id="7", handle="ben_k", text="charged 3 times")
    context = PostContext(references=(quoted,), named=(Named("801", "bob_b"),))
    arrive(sqlite, a_post(context=context))
    request = ask(sqlite, 1, 1)
    assert (request.text, request.earlier, request.points_at) == (PAYMENT, (), "charged 3 times")
    assert {"ben_k", "bob_b"} <= set(request.known), "other people's handles are masked, too"


def test_a_draft_stands_on_replies_to_what_a_post_only_points_at(sqlite: Store) -> None:
    quoted = ReferencedPost(kind=ReferenceKind.QUOTED, id="7", handle="ben_k", text="@acme my parcel is late")
    arrive(sqlite, a_post(text="@acme this 👇", context=PostContext(references=(quoted,))))
    request = ask(sqlite, 1, 1)
    assert (request.text, request.groundings[0].name) == ("@acme this 👇", "late_parcel")


def test_a_draft_becomes_the_suggestion_without_a_new_version(store: Store) -> None:
    case = a_stored_case(store)
    saved = latest(store, case.id)
    [message] = messages(store, case.id)
    keep(store, case.id, message.id)
    kept = latest(store, case.id)
    assert saved.source is Source.SAVED_REPLY
    assert (kept.source, kept.text, kept.name, kept.version, kept.model, kept.grounded_in, kept.missing) == (
        Source.MODEL,
        DRAFT["text"],
        "reply",
        "3",
        "small-1",
        "payment-errors",
        ("time of the payment",),
    )
    assert case_of(store, case.id) == case
    assert audit_actions(store, case.id)[-1] == (SYSTEM, Action.SUGGESTED, 1)
    assert trail(store, case.id)[-1].detail == {"model": "small-1", "prompt": "reply", "version": "3"}
    assert UpdateCard(case.id).key in [row["key"] for row in queued(store)]
    do(store, resolve, case_id=case.id, version=1, user_id=SAM, now=NOW)


def test_a_draft_for_an_older_message_is_discarded(store: Store) -> None:
    case = a_stored_case(store)
    [first] = messages(store, case.id)
    arrive(store, a_post("990", "@acme forget it, where is my parcel?"), now=NOW + MINUTE)
    assert ask(store, case.id, first.id) is None
    before, entries = latest(store, case.id), audit_actions(store, case.id)
    keep(store, case.id, first.id)
    assert latest(store, case.id) == before
    assert audit_actions(store, case.id) == entries


@pytest.mark.parametrize("why", ["closed", "not a request", "wants nothing", "spam", "blocked", "unknown"])
def test_no_draft_is_requested_or_kept_where_no_answer_is_wanted_or_can_be_sent(
    store: Store, why: str
) -> None:
    case = a_stored_case(store)
    [message] = messages(store, case.id)
    if why == "closed":
        do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    if why == "not a request":
        do(store, dismiss, case_id=case.id, version=None, user_id=SAM, now=NOW)
    if why in {"wants nothing", "spam"}:
        situation = Situation.SPAM if why == "spam" else Situation.OTHER
        judgement = Judgement(situation=situation, urgency=Urgency.LOW, request=why == "spam")
        do(
            store,
            correct,
            case_id=case.id,
            message_id=message.id,
            judgement=judgement,
            user_id=SAM,
            policy=POLICY,
            now=NOW,
        )
    if why == "blocked":
        arrive(
            store,
            a_post(case.conversation_id, PAYMENT, revision_id="9999", reply_block=ReplyBlock.RESTRICTED),
        )
    message_id = message.id + 999 if why == "unknown" else message.id
    assert ask(store, case.id, message_id) is None
    before = latest(store, case.id)
    keep(store, case.id, message_id)
    assert latest(store, case.id) == before


def test_one_draft_is_requested_for_each_message_of_the_customer(store: Store) -> None:
    arrive(store, a_post(), drafting=True)
    arrive(store, a_post(), stream="search", drafting=True)
    arrive(store, a_post("901", author=replace(ANA, name="A. Ruiz")), drafting=True)
    assert len(queued(store, "draft_reply")) == 2
    arrive(store, a_post("902", "@acme still nothing"), drafting=False)
    assert len(queued(store, "draft_reply")) == 2


def test_no_draft_is_asked_for_spam(store: Store) -> None:
    arrive(store, a_post(text="@acme guaranteed airdrop, double your bitcoin now"), drafting=True)
    assert queued(store, "draft_reply") == []
