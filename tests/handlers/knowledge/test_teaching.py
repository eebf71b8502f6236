"""Correct how a message was read: card, suggestion and audit trail follow, an example is stored."""

from array import array
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from adapters.slack.records.audit_lines import describe
from domain.cases.case import Case, CaseState
from domain.errors import AlreadyClosed, AssignedToAnother, Refused
from domain.intake.posts import Post
from domain.intake.stream_names import MENTIONS
from domain.knowledge.desk_examples import DeskExample, Origin
from domain.records.audit import Action
from domain.triage.assessment import Urgency
from domain.triage.correction import Judgement
from domain.triage.drafts import Suggestion
from domain.triage.situations import Reason, Situation
from handlers.cases.assignment import claim
from handlers.cases.resolution import dismiss, reopen, resolve
from handlers.intake.mentions import ingest_posts
from handlers.intake.private_messages import ingest_private_message
from handlers.intake.redaction import redact_post
from handlers.knowledge.learning import TrainingResult, load_taught, record_training
from handlers.knowledge.teaching import correct, mark_as_spam, open_correction
from handlers.triage.classify import Classifier
from storage.engine import Store
from storage.knowledge_tables import message_vectors
from tests.handlers.handoffs.made import incoming_message
from tests.handlers.made import (
    ACME,
    MIA,
    MINUTE,
    NOW,
    PAYMENT,
    POLICY,
    PROFILE,
    SAM,
    a_classifier,
    a_post,
    a_stored_case,
    a_trained_classifier,
    arrive,
    card_view,
    case_of,
    cases,
    do,
    messages,
    queued,
    trail,
)

LATER = NOW + 5 * MINUTE
PARCEL = Judgement(situation=Situation.DELIVERY, urgency=Urgency.NORMAL, request=True)
NOTHING = Judgement(situation=Situation.OTHER, urgency=Urgency.NORMAL, request=False)


def say(
    store: Store,
    case: Case,
    judgement: Judgement,
    *,
    user_id: str = SAM,
    message: int = -1,
) -> Case:
    return do(
        store,
        correct,
        case_id=case.id,
        message_id=messages(store, case.id)[message].id,
        judgement=judgement,
        user_id=user_id,
        policy=POLICY,
        now=LATER,
    )


def taught(store: Store) -> list[DeskExample]:
    with store.unit_of_work() as uow:
        return [taught.example for taught in uow.examples.newest_with_texts(10)]


def suggested(store: Store, case: Case, classifier: Classifier | None = None) -> Suggestion | None:
    return card_view(store, case, classifier).suggestion


def vectors(store: Store) -> int:
    with store.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(message_vectors)) or 0


def test_the_card_its_rank_and_the_suggestion_follow(store: Store) -> None:
    case = a_stored_case(store)
    assert (case.assessment.situation, case.assessment.urgency) == (Situation.CANNOT_PAY, Urgency.HIGH)
    before = suggested(store, case)
    after = say(store, case, PARCEL)
    assert after == case_of(store, case.id)
    assert (after.assessment.situation, after.assessment.urgency) == (Situation.DELIVERY, Urgency.NORMAL)
    assert Reason.MONEY not in after.assessment.reasons
    assert after.sort_key < case.sort_key
    now_suggested = suggested(store, case)
    assert before is not None
    assert now_suggested is not None
    assert before.name == "payment_errors"
    assert now_suggested.name == "a_delivery_matter"
    assert queued(store, "update_card")


def test_who_said_it_is_in_the_trail_and_in_the_example(store: Store) -> None:
    case = say(store, a_stored_case(store), PARCEL)
    entry = trail(store, case.id)[-1]
    assert (entry.actor, entry.action, entry.version, entry.at) == (
        SAM,
        Action.CORRECTED,
        case.version,
        LATER,
    )
    assert entry.detail == {
        "situation": "delivery",
        "urgency": 1,
        "request": True,
        "read_situation": "cannot_pay",
        "read_urgency": 2,
    }
    [example] = taught(store)
    [message] = messages(store, case.id)
    assert example == DeskExample(
        id=example.id,
        case_id=case.id,
        message_id=message.id,
        origin=Origin.CORRECTION,
        situation=Situation.DELIVERY,
        urgency=Urgency.NORMAL,
        request=True,
        read_situation=Situation.CANNOT_PAY,
        read_urgency=Urgency.HIGH,
        taught_by=SAM,
        at=LATER,
    )


def test_a_later_correction_replaces_the_earlier_one(store: Store) -> None:
    case = a_stored_case(store)
    say(store, case, PARCEL)
    after = say(store, case, NOTHING, user_id=MIA)
    assert (after.assessment.situation, after.assessment.urgency) == (Situation.OTHER, Urgency.LOW)
    assert suggested(store, case) is None
    [example] = taught(store)
    assert (example.taught_by, example.situation, example.request) == (MIA, Situation.OTHER, False)
    assert (example.read_situation, example.read_urgency) == (Situation.CANNOT_PAY, Urgency.HIGH)


def test_the_form_is_for_what_says_something_and_shows_what_is_believed(store: Store) -> None:
    case = a_stored_case(store)
    arrive(store, a_post("9001", "@acme 20114", created_at=NOW + MINUTE), now=NOW + MINUTE)
    form = do(store, open_correction, case_id=case.id)
    assert form.message.text == PAYMENT
    assert form.judgement == Judgement(
        situation=Situation.CANNOT_PAY, urgency=Urgency.HIGH, request=True, language="en"
    )
    say(store, case, NOTHING, message=0)
    judgement = do(store, open_correction, case_id=case.id).judgement
    assert judgement == replace(NOTHING, urgency=Urgency.LOW, language="en")


def test_what_was_deleted_cannot_be_corrected(store: Store) -> None:
    case = a_stored_case(store)
    [message] = messages(store, case.id)
    do(store, redact_post, message_id=message.id, policy=POLICY, now=NOW)
    with pytest.raises(Refused, match="deleted"):
        say(store, case, PARCEL)
    with pytest.raises(Refused, match="deleted"):
        do(store, open_correction, case_id=case.id)


def test_a_closed_case_stays_closed_and_is_learnt_from(store: Store) -> None:
    case = a_stored_case(store)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    after = say(store, case, PARCEL)
    assert (after.state, after.assessment.situation) == (CaseState.RESOLVED, Situation.DELIVERY)
    assert len(taught(store)) == 1


@pytest.mark.parametrize(
    ("text", "is_kept"), [(PAYMENT.replace("payment", "payemnt") + "!!", True), ("@acme it is solved", False)]
)
def test_an_edit_undoes_what_was_said_only_where_the_words_change(
    store: Store, text: str, *, is_kept: bool
) -> None:
    case = say(store, a_stored_case(store), PARCEL)
    [message] = messages(store, case.id)
    edit = a_post(str(message.external_id), text, revision_id="9999", created_at=NOW)
    arrive(store, edit, now=LATER)
    after = case_of(store, case.id)
    assert (after.assessment.situation is Situation.DELIVERY) is is_kept
    assert len(taught(store)) == is_kept
    [edited] = messages(store, case.id)
    assert edited.assessment is not None
    assert (edited.text, edited.assessment.is_corrected) == (text, is_kept)


def test_a_further_post_leaves_what_was_said(store: Store) -> None:
    case = say(store, a_stored_case(store), PARCEL)
    arrive(store, a_post("9001", "@acme sent you a DM", created_at=LATER), now=LATER)
    after = case_of(store, case.id).assessment
    assert (after.situation, after.urgency) == (Situation.DELIVERY, Urgency.NORMAL)


def test_the_example_and_the_vector_go_with_the_message(store: Store) -> None:
    do(
        store,
        ingest_posts,
        account=ACME,
        profile=PROFILE,
        posts=[a_post(), a_post("901", "@acme and my parcel is late")],
        stream=MENTIONS,
        newest_id=None,
        classifier=a_trained_classifier(),
        now=NOW,
    )
    [case] = cases(store)
    say(store, case, PARCEL)
    assert (vectors(store), len(taught(store))) == (2, 1)
    for message in messages(store, case.id):
        do(store, redact_post, message_id=message.id, policy=POLICY, now=NOW)
    assert (vectors(store), taught(store)) == (0, [])


def test_a_vector_that_is_stored_while_its_post_is_deleted_is_erased(store: Store) -> None:
    case = a_stored_case(store, PAYMENT)
    say(store, case, PARCEL)
    [message] = messages(store, case.id)
    found = do(store, load_taught, encoder="some")
    result = TrainingResult(accepted=True, heads="{}", vectors={message.id: array("f", [1.0])})
    with ThreadPoolExecutor(1) as threads:
        with store.unit_of_work() as uow:
            assert record_training(
                uow, taught=found, result=result, base="", encoder="some", asked_by=SAM, now=NOW
            )
            redacting = threads.submit(do, store, redact_post, message_id=message.id, policy=POLICY, now=NOW)
            assert not wait([redacting], timeout=0.5).done
        assert redacting.result() is True
    assert (vectors(store), taught(store)) == (0, [])


def test_with_the_encoder_the_suggestion_is_for_what_a_person_says(store: Store) -> None:
    classifier = a_trained_classifier()
    posts: list[Post] = [a_post("900", "@acme I want my money back for the jacket")]
    do(
        store,
        ingest_posts,
        account=ACME,
        profile=PROFILE,
        posts=posts,
        stream=MENTIONS,
        newest_id=None,
        classifier=classifier,
        now=NOW,
    )
    [case] = cases(store)
    assert case.assessment.situation is Situation.REFUND
    say(store, case, replace(PARCEL, situation=Situation.SPAM, request=False))
    assert suggested(store, case, classifier) is None
    say(store, case, replace(PARCEL, situation=Situation.REFUND))
    found = suggested(store, case, classifier)
    assert found is not None
    assert "refund" in found.name


def test_in_private_nothing_is_suggested_after_the_first_message(store: Store) -> None:
    for number, text in enumerate(("my parcel is late", "and one more thing about it")):
        incoming = incoming_message(text=text, external_id=f"m{number}", at=NOW + number * MINUTE)
        do(store, ingest_private_message, incoming, classifier=a_classifier(), account=ACME, now=incoming.at)
    [case] = cases(store)
    assert suggested(store, case) is None
    say(store, case, PARCEL)
    assert suggested(store, case) is None


def test_not_a_request_teaches_once_and_reopening_takes_it_back(store: Store) -> None:
    case = a_stored_case(store)
    for _ in range(2):
        do(store, dismiss, case_id=case.id, version=None, user_id=SAM, now=NOW)
    [example] = taught(store)
    assert (example.origin, example.situation, example.request) == (Origin.DISMISSAL, None, False)
    do(store, reopen, case_id=case.id, user_id=MIA, now=NOW)
    assert taught(store) == []


def test_spam_closes_the_case_and_teaches_what_it_is(store: Store) -> None:
    case = a_stored_case(store)
    read = case.assessment.situation
    for _ in range(2):
        do(store, mark_as_spam, case_id=case.id, version=None, user_id=SAM, policy=POLICY, now=NOW)
    marked = case_of(store, case.id)
    assert (marked.state, marked.closed_by) == (CaseState.DISMISSED, SAM)
    assert (marked.assessment.situation, marked.assessment.urgency) == (Situation.SPAM, Urgency.LOW)
    [example] = taught(store)
    assert (example.origin, example.situation, example.read_situation, example.request) == (
        Origin.CORRECTION,
        Situation.SPAM,
        read,
        False,
    )
    assert [entry.action for entry in trail(store, case.id)][-2:] == [Action.DISMISSED, Action.CORRECTED]


def test_what_was_read_as_spam_is_confirmed(store: Store) -> None:
    post = "@acme users! Turn $50 into $5,000 in 24h, DM me for the method https://evil.example/cash"
    case = a_stored_case(store, post)
    assert case.assessment.situation is Situation.SPAM
    do(store, mark_as_spam, case_id=case.id, version=None, user_id=SAM, policy=POLICY, now=NOW)
    [example] = taught(store)
    assert (example.origin, example.situation) == (Origin.CORRECTION, Situation.SPAM)


def test_what_its_owner_resolved_stays_as_it_was(store: Store) -> None:
    case = a_stored_case(store)
    do(store, resolve, case_id=case.id, version=None, user_id=SAM, now=NOW)
    with pytest.raises(AlreadyClosed):
        do(store, mark_as_spam, case_id=case.id, version=None, user_id=SAM, policy=POLICY, now=NOW)
    assert taught(store) == []
    assert case_of(store, case.id).state is CaseState.RESOLVED


def test_spam_is_refused_to_who_does_not_have_the_case(store: Store) -> None:
    case = a_stored_case(store)
    do(store, claim, case_id=case.id, user_id=MIA, now=NOW)
    with pytest.raises(AssignedToAnother):
        do(store, mark_as_spam, case_id=case.id, version=None, user_id=SAM, policy=POLICY, now=NOW)
    assert taught(store) == []
    assert case_of(store, case.id).assessment == case.assessment


def test_not_a_request_does_not_replace_what_was_said(store: Store) -> None:
    case = say(store, a_stored_case(store), PARCEL)
    do(store, dismiss, case_id=case.id, version=None, user_id=MIA, now=NOW)
    do(store, reopen, case_id=case.id, user_id=MIA, now=NOW)
    [example] = taught(store)
    assert (example.origin, example.taught_by) == (Origin.CORRECTION, SAM)


def test_another_language_is_that_of_the_whole_conversation(store: Store) -> None:
    """The newest post that shows a language decides it, which need not be the one in the form."""
    words = "@acme the shop shows an error, and I cannot pay for my order since this morning"
    case = a_stored_case(store, words)
    arrive(store, a_post("8", "@acme it shows the same error now, and I still cannot pay"), now=LATER)
    before = suggested(store, case)
    after = say(store, case_of(store, case.id), replace(PARCEL, language="nl"), message=0)
    assert after == case_of(store, case.id)
    assert (case.assessment.language, after.assessment.language) == ("en", "nl")
    read = [message.assessment for message in messages(store, case.id)]
    assert {one.language for one in read if one is not None} == {"nl"}
    corrected = trail(store, case.id)[-1]
    assert (corrected.detail["read_language"], corrected.detail["language"]) == ("en", "nl")
    assert "in Dutch" in describe(corrected)
    assert suggested(store, case) != before


def test_a_language_that_is_left_as_it_was_changes_nothing(store: Store) -> None:
    case = a_stored_case(store)
    say(store, case, replace(PARCEL, language="en"))
    assert case_of(store, case.id).assessment.language == "en"
    assert "language" not in trail(store, case.id)[-1].detail
