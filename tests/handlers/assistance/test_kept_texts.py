"""Keep translations and summaries as long as they fit, and erase them with what they were made from."""

from dataclasses import replace
from typing import Any

import pytest

from domain.assistance.assistant import Provenance, Summary, Translation
from domain.cases.case import Case
from domain.cases.views import CaseView
from domain.model_calls import NoAnswer
from domain.records.audit import Action
from handlers.assistance.summaries import save_summary, summary_request
from handlers.assistance.translations import save_translation, translation_request
from handlers.cases.views import view_details
from handlers.intake.redaction import redact_post
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import NOW, POLICY, SAM, a_stored_case, do, messages, trail

MADE = Provenance(model="some-model", prompt="translate", prompt_version="1")
TRANSLATION = Translation(text="in other words", provenance=MADE)
SUMMARY = Summary(
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
