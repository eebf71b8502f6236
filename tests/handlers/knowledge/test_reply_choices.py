"""Learn from the answers that were sent: at once, in every copy, until they fail, are erased or grow old."""

from datetime import timedelta

import pytest

from domain.cases.case import Case
from domain.intake.post_context import PostContext, ReferencedPost, ReferenceKind
from domain.knowledge.reply_choices import ReplyChoice
from domain.replies.checks import CHECKS
from handlers.intake.redaction import redact_post
from handlers.knowledge.reply_choices import forget_old_choices
from handlers.replies.results import record_bounced, record_failed, record_sent
from handlers.triage.classify import Classifier
from storage.engine import Store
from tests.domain.made import RULES
from tests.handlers.made import (
    ANA,
    BEN,
    NOW,
    POLICY,
    a_classifier,
    a_post,
    a_stored_case,
    a_trained_classifier,
    accepted,
    an_answer,
    arrive,
    card_view,
    cases,
    do,
    messages,
)

#: No saved reply has an example like it.
ODD = "@acme the zorbl glimmers in its fargle"
ODD_AGAIN = "@acme a zorbl that glimmers, and what a fargle"


def answer(
    store: Store, case: Case, classifier: Classifier, *, name: str, text: str = "", is_sent: bool = True
) -> int:
    """Answer the case from this saved reply, by its own text or by another; return the answer's id."""
    reply = next((reply for reply in classifier.replies if reply.name == name), None)
    wording = classifier.fill(reply, "en", case.author.name) if reply else ""
    submission = an_answer(
        store,
        case,
        text or wording,
        client_key=f"V{case.id}",
        confirmed=frozenset(CHECKS),
        saved_reply=name,
    )
    sent = accepted(store, submission, classifier=classifier, rules=RULES)
    if is_sent:
        do(store, record_sent, message_id=sent.id, result={"id": "1"}, now=NOW)
    return sent.id


def choices(store: Store) -> list[ReplyChoice]:
    with store.unit_of_work() as uow:
        return uow.reply_choices.sent(limit=99)


def first_option(store: Store, classifier: Classifier, text: str) -> str:
    """Return the name of the reply that is offered first, as another copy of the bot would offer it."""
    with store.unit_of_work() as uow:
        classifier.refresh(uow)
    assessment = classifier.assess(a_post(text=text))
    return classifier.options(assessment, text, "Ana", limit=1)[0].name


@pytest.mark.parametrize(
    ("name", "text", "chosen", "is_edited"),
    [
        ("late_parcel", "", "late_parcel", False),
        ("late_parcel", "We never deliver zorbls, they melt.", "", False),
        ("", "We never deliver zorbls, they melt.", "", False),
        ("gone_by_now", "We never deliver zorbls, they melt.", "", False),
    ],
)
def test_the_reply_that_the_answer_came_from_is_stored(
    store: Store, name: str, text: str, chosen: str, is_edited: bool
) -> None:
    case = a_stored_case(store, ODD)
    answer_id = answer(store, case, a_classifier(), name=name, text=text)
    [choice] = choices(store)
    assert (choice.answer_id, choice.chosen, choice.is_edited) == (answer_id, chosen, is_edited)
    assert choice.asked == ODD


def test_an_answer_to_a_post_that_points_at_another_is_learnt_with_that_ones_words(sqlite: Store) -> None:
    classifier = a_trained_classifier()
    quoted = ReferencedPost(kind=ReferenceKind.QUOTED, id="7", handle="ben_k", text="@acme my parcel is late")
    arrive(sqlite, a_post(text="@acme this 👇", context=PostContext(references=(quoted,))))
    [case] = cases(sqlite)
    answer(sqlite, case, classifier, name="late_parcel")
    [choice] = choices(sqlite)
    [vector] = classifier.vectors([quoted.text])
    assert choice.vector is not None
    assert list(choice.vector) == pytest.approx(list(vector), abs=0.001)


def test_an_edited_reply_counts_as_that_reply(store: Store) -> None:
    classifier = a_classifier()
    late = next(reply for reply in classifier.replies if reply.name == "late_parcel")
    text = f"{classifier.fill(late, 'en', 'Ana Ruiz')} We look every hour."
    answer(store, a_stored_case(store, ODD), classifier, name="late_parcel", text=text)
    [choice] = choices(store)
    assert (choice.chosen, choice.is_edited) == ("late_parcel", True)


def test_the_next_such_message_is_offered_the_reply_that_was_sent(store: Store) -> None:
    other_copy = a_classifier()
    assert first_option(store, other_copy, ODD_AGAIN) != "late_parcel"
    case = a_stored_case(store, ODD)
    answer_id = answer(store, case, a_classifier(), name="late_parcel", is_sent=False)
    assert first_option(store, other_copy, ODD_AGAIN) != "late_parcel", "it is not sent yet"
    do(store, record_sent, message_id=answer_id, result={"id": "1"}, now=NOW)
    assert first_option(store, other_copy, ODD_AGAIN) == "late_parcel"


def test_a_suggestion_that_was_answered_with_another_reply_counts_against(store: Store) -> None:
    case = a_stored_case(store, "@acme where is my parcel? it should have been here yesterday")
    assert card_view(store, case).suggestion is not None
    answer(store, case, a_classifier(), name="a_question")
    [choice] = choices(store)
    assert (choice.suggested, choice.chosen, choice.thrown_away) == (
        "late_parcel",
        "a_question",
        "late_parcel",
    )


def test_an_answer_that_failed_or_bounced_teaches_nothing(store: Store) -> None:
    classifier = a_classifier()
    failed = answer(store, a_stored_case(store, ODD), classifier, name="late_parcel", is_sent=False)
    do(store, record_failed, message_id=failed, reason="no", now=NOW)
    assert choices(store) == []
    arrive(store, a_post("950", ODD, author=BEN))
    bounced = answer(store, cases(store)[-1], classifier, name="late_parcel")
    assert len(choices(store)) == 1
    do(store, record_bounced, message_id=bounced, reason="no", now=NOW)
    assert choices(store) == []


def test_what_was_learnt_is_erased_with_the_message(store: Store) -> None:
    classifier, case = a_classifier(), a_stored_case(store, ODD)
    answer(store, case, classifier, name="late_parcel")
    assert first_option(store, classifier, ODD_AGAIN) == "late_parcel"
    do(store, redact_post, message_id=messages(store, case.id)[0].id, policy=POLICY, now=NOW)
    assert choices(store) == []
    assert first_option(store, classifier, ODD_AGAIN) != "late_parcel"


def test_old_answers_are_forgotten(store: Store) -> None:
    answer(store, a_stored_case(store, ODD), a_classifier(), name="late_parcel")
    day = timedelta(days=1)
    assert do(store, forget_old_choices, retention=day, now=NOW + day) == 0
    assert do(store, forget_old_choices, retention=day, now=NOW + 2 * day) == 1
    assert choices(store) == []


def test_the_vector_is_stored_with_its_encoder_and_used(store: Store) -> None:
    classifier = a_trained_classifier()
    other_copy = a_trained_classifier()
    assert first_option(store, other_copy, "@acme can I order a gift box for a friend?") != "an_invoice"
    for number, author in enumerate((ANA, BEN)):
        arrive(store, a_post(f"96{number}", "@acme can I order a gift box for my friend?", author=author))
        answer(store, cases(store)[-1], classifier, name="an_invoice")
    choice, _ = choices(store)
    assert classifier.trained is not None
    assert choice.encoder == classifier.trained.encoder.name
    assert choice.vector is not None
    assert len(choice.vector) == 512
    assert first_option(store, other_copy, "@acme can I order a gift box for a friend?") == "an_invoice"


def test_what_was_learnt_with_the_encoder_is_used_without_it(store: Store) -> None:
    answer(store, a_stored_case(store, ODD), a_trained_classifier(), name="late_parcel")
    assert first_option(store, a_classifier(), ODD_AGAIN) == "late_parcel"
