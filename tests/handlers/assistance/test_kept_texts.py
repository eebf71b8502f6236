"""Keep translations and summaries as long as they fit, and erase them with what they were made from."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from domain.assistance.assistant import CaseSummary, PictureReading, Provenance, Translation
from domain.assistance.pictures import MAX_PICTURES
from domain.cases.case import Case
from domain.cases.files import File
from domain.cases.views import CaseView
from domain.intake.posts import Media, MediaKind
from domain.model_calls import NoAnswer
from domain.records.audit import Action
from domain.triage.assessment import Urgency
from domain.triage.correction import Judgement, judgement_of
from domain.triage.situations import Situation
from handlers.assistance.pictures import picture_request, pictures_to_fetch, save_reading
from handlers.assistance.summaries import save_summary, summary_request
from handlers.assistance.translations import save_translation, translation_request
from handlers.cases.views import view_details
from handlers.intake.redaction import redact_post
from handlers.knowledge.teaching import correct
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import (
    FIRE,
    NOW,
    POLICY,
    SAM,
    a_classifier,
    a_stored_case,
    card_view,
    do,
    messages,
    trail,
)
from tests.stories import PIXEL

MADE = Provenance(model="some-model", prompt="translate", prompt_version="1")
TRANSLATION = Translation(text="in other words", provenance=MADE)
SUMMARY = CaseSummary(
    about="It is about money.", tried=("a",), promised=(), open_questions=("b?",), provenance=MADE
)


def viewed(store: Store, case: Case) -> CaseView:
    view, _ = do(store, view_details, case_id=case.id, now=NOW)
    return view


def translate(store: Store, case: Case, *, text: str | None = None) -> bool:
    """Translate the case's first message; as if it had had this `text` when it was requested."""
    message = messages(store, case.id)[0]
    asked: dict[str, Any] = {"case_id": case.id, "message_id": message.id, "user_id": SAM, "now": NOW}
    request = do(store, translation_request, language="de", **asked)
    if text is not None:
        request = replace(request, text=text)
    return do(store, save_translation, request=request, translation=TRANSLATION, **asked)


def summarise(store: Store, case: Case) -> bool:
    asked: dict[str, Any] = {"case_id": case.id, "user_id": SAM, "now": NOW}
    request = do(store, summary_request, language="de", brand="Acme", **asked)
    return do(store, save_summary, request=request, summary=SUMMARY, **asked)


def edit(store: Store, case: Case, text: str) -> None:
    def change(uow: UnitOfWork) -> None:
        message = uow.messages.of_case(case.id)[0]
        uow.messages.save(replace(message, text=text))

    do(store, change)


def test_a_translation_is_shown_and_asked_for_once(store: Store) -> None:
    case = a_stored_case(store)
    assert translate(store, case)
    assert translate(store, case)
    message = messages(store, case.id)[0]
    assert viewed(store, case).translations == {message.id: TRANSLATION}
    kept = do(store, lambda uow: uow.machine_texts.of_case(case.id))
    assert [(text.requested_by, text.language) for text in kept] == [(SAM, "de")]


def test_a_translation_of_other_words_is_not_shown(store: Store) -> None:
    case = a_stored_case(store)
    assert translate(store, case)
    edit(store, case, "something else")
    assert viewed(store, case).translations == {}


def test_a_translation_that_comes_too_late_is_not_kept(store: Store) -> None:
    case = a_stored_case(store)
    assert not translate(store, case, text="what it said before the edit")
    assert viewed(store, case).translations == {}


def test_a_summary_holds_until_the_conversation_goes_on(store: Store) -> None:
    case = a_stored_case(store)
    assert summarise(store, case)
    assert viewed(store, case).summary == SUMMARY
    edit(store, case, "something else")
    assert viewed(store, case).summary is None


def test_what_a_deleted_post_said_is_erased_from_them(store: Store) -> None:
    case = a_stored_case(store)
    assert translate(store, case)
    assert summarise(store, case)
    message = messages(store, case.id)[0]
    do(store, redact_post, message_id=message.id, policy=POLICY, now=NOW)
    assert do(store, lambda uow: uow.machine_texts.of_case(case.id)) == []
    with pytest.raises(NoAnswer):
        translate(store, case)


def picture_of(store: Store, case: Case) -> int:
    """Attach a picture to the case's first message; returns the message's id."""
    message = messages(store, case.id)[0]
    file = File(
        id=0,
        case_id=case.id,
        message_id=message.id,
        name="screen.png",
        media_type="image/png",
        size=len(PIXEL),
        created_at=NOW,
        content=PIXEL,
    )
    do(store, lambda uow: uow.files.add_many([file]))
    return message.id


def read(store: Store, case: Case, shows: str) -> bool:
    """Have the pictures of the case's first message read as showing this."""
    asked: dict[str, Any] = {
        "case_id": case.id,
        "message_id": messages(store, case.id)[0].id,
        "user_id": SAM,
        "now": NOW,
    }
    request = do(store, picture_request, fetched=(), language="en", **asked)
    assert request.pictures == (PIXEL,)
    reading = PictureReading(shows=shows, error="", page="", amount="", provenance=MADE)
    return do(store, save_reading, request=request, reading=reading, classifier=a_classifier(), **asked)


def test_what_a_picture_shows_counts_for_the_case(store: Store) -> None:
    case = a_stored_case(store, "@acme look at this")
    message_id = picture_of(store, case)
    before = viewed(store, case)
    assert before.pictures == {message_id: 1}
    assert read(store, case, "The power bank is on fire, there is smoke everywhere")
    after = viewed(store, case)
    assert after.readings[message_id].shows.startswith("The power bank")
    assert after.case.assessment.urgency > before.case.assessment.urgency
    assert after.case.assessment.situation is Situation.SAFETY_OR_LEGAL
    assert trail(store, case.id)[-1].action is Action.PICTURES_READ
    do(store, redact_post, message_id=message_id, policy=POLICY, now=NOW)
    assert viewed(store, case).readings == {}


def erased_meanwhile(store: Store, case: Case, keep: Callable[[UnitOfWork], bool]) -> None:
    """Redact the case's first message while `keep` has run and is not committed yet."""
    redact = partial(
        do, store, redact_post, message_id=messages(store, case.id)[0].id, policy=POLICY, now=NOW
    )
    with ThreadPoolExecutor(1) as threads:
        with store.unit_of_work() as uow:
            assert keep(uow)
            redacting = threads.submit(redact)
            assert not wait([redacting], timeout=0.5).done
        assert redacting.result() is True
    assert do(store, lambda uow: uow.machine_texts.of_case(case.id)) == []


def test_what_is_kept_while_its_post_is_deleted_is_erased(store: Store) -> None:
    case = a_stored_case(store, "@acme look at this")
    picture_of(store, case)
    message = messages(store, case.id)[0]
    asked: dict[str, Any] = {"case_id": case.id, "message_id": message.id, "user_id": SAM, "now": NOW}
    request = do(store, translation_request, language="de", **asked)
    keep = partial(save_translation, request=request, translation=TRANSLATION, **asked)
    erased_meanwhile(store, case, keep)


def test_a_summary_that_is_kept_while_a_post_is_deleted_is_erased(store: Store) -> None:
    case = a_stored_case(store)
    asked: dict[str, Any] = {"case_id": case.id, "user_id": SAM, "now": NOW}
    request = do(store, summary_request, language="de", brand="Acme", **asked)
    erased_meanwhile(store, case, partial(save_summary, request=request, summary=SUMMARY, **asked))


def test_a_picture_never_makes_a_case_less_urgent(store: Store) -> None:
    case = a_stored_case(store, FIRE)
    picture_of(store, case)
    assert read(store, case, "Thank you, lovely people")
    assert viewed(store, case).case.assessment == case.assessment


def test_a_picture_leaves_what_a_person_said_of_the_message(store: Store) -> None:
    case = a_stored_case(store, "@acme look at this")
    message_id = picture_of(store, case)
    said = Judgement(situation=Situation.DELIVERY, urgency=Urgency.NORMAL, request=True)
    told: dict[str, Any] = {"case_id": case.id, "message_id": message_id, "user_id": SAM, "now": NOW}
    do(store, correct, judgement=said, policy=POLICY, **told)
    assert read(store, case, "The power bank is on fire, there is smoke everywhere")
    after = viewed(store, case)
    assert after.readings[message_id].shows.startswith("The power bank")
    assert after.case.assessment.situation is Situation.DELIVERY
    assert judgement_of_first(store, case) == said


def judgement_of_first(store: Store, case: Case) -> Judgement:
    assessment = messages(store, case.id)[0].assessment
    assert assessment is not None
    return judgement_of(assessment)


def test_the_suggestion_is_for_what_a_picture_shows(store: Store) -> None:
    case = a_stored_case(store, "@acme look at this")
    picture_of(store, case)
    before = card_view(store, case).suggestion
    assert read(store, case, "I was charged twice for one order, my card was charged two times")
    after = card_view(store, case).suggestion
    assert after is not None
    assert before is None
    assert "charged" in after.name


def test_a_message_without_a_picture_has_none_to_be_read(store: Store) -> None:
    case = a_stored_case(store)
    with pytest.raises(NoAnswer):
        read(store, case, "nothing")


def test_a_request_tells_no_name_and_is_in_the_audit_trail(store: Store) -> None:
    case = a_stored_case(store)
    assert translate(store, case)
    request = do(store, summary_request, case_id=case.id, language="en", brand="Acme", user_id=SAM, now=NOW)
    assert request.known == (case.author.name, case.author.handle)
    asked = [entry for entry in trail(store, case.id) if entry.action is Action.MODEL_ASKED]
    assert [(entry.actor, entry.detail["request"]) for entry in asked] == [
        (SAM, "translate"),
        (SAM, "summarise"),
    ]


def test_a_reading_of_a_post_lasts_as_long_as_its_pictures(store: Store) -> None:
    case = a_stored_case(store, "@acme look at this")
    [message] = messages(store, case.id)
    media = [Media(kind=MediaKind.PICTURE, url=f"https://pbs.twimg.com/media/{n}.jpg") for n in range(5)]
    do(store, lambda uow: uow.messages.save(replace(message, media=tuple(media))))
    about: dict[str, Any] = {"case_id": case.id, "message_id": message.id}
    network, addresses = do(store, pictures_to_fetch, **about)
    assert (network, addresses) == ("x", [one.url for one in media[:MAX_PICTURES]])
    assert viewed(store, case).pictures == {message.id: MAX_PICTURES}
    asked: dict[str, Any] = {**about, "user_id": SAM, "now": NOW}
    request = do(store, picture_request, fetched=(PIXEL,), language="en", **asked)
    assert request.pictures == (PIXEL,)
    reading = PictureReading(shows="a cat", error="", page="", amount="", provenance=MADE)
    kept: dict[str, Any] = {"request": request, "reading": reading, "classifier": a_classifier()}
    assert do(store, save_reading, **kept, **asked)
    assert message.id in viewed(store, case).readings
    do(store, lambda uow: uow.messages.save(replace(uow.messages.get(message.id), media=tuple(media[1:]))))
    assert message.id not in viewed(store, case).readings
    assert not do(store, save_reading, **kept, **asked)
