"""Render what a model can do for an agent, and what it wrote."""

from dataclasses import replace

import pytest

from adapters.slack import modals
from adapters.slack.action_ids import ActionId
from adapters.slack.message_content import View
from domain.assistance.assistant import CaseSummary, PictureReading, Provenance, Rewrite, Translation
from domain.assistance.forms import (
    MAX_REWRITTEN_LENGTH,
    CaseAssistance,
    CaseRequest,
    FormAssistance,
    RewriteFault,
    Stage,
)
from domain.assistance.glossary import TermWording
from domain.cases.views import CaseView
from tests.adapters.slack.inspection import action_ids, check_view, labels, said
from tests.adapters.slack.samples import NOW, OURS, case, form, post, private_reply_form, view

HOSTILE = "<!channel> *free* <https://evil.example|acme.com> `x` & <@U0SAM>\u202e\x00" * 8
MADE = Provenance(model="some-model", prompt="translate", prompt_version="1")
SUMMARY = CaseSummary(
    about=HOSTILE, tried=(HOSTILE,) * 9, promised=(HOSTILE,), open_questions=(HOSTILE,), provenance=MADE
)
READY = CaseAssistance(language="de")
REWRITES = {f"rewrite.{rewrite.value}" for rewrite in Rewrite}


def drawn_form(assistance: FormAssistance | None) -> View:
    drawn = modals.render_public_reply(form(assistance=assistance), ours=OURS)
    check_view(drawn)
    private = modals.render_private_reply(private_reply_form(assistance=assistance))
    check_view(private)
    assert action_ids(private) & REWRITES == action_ids(drawn) & REWRITES
    return drawn


def drawn_details(shown: CaseView, assistance: CaseAssistance | None = READY) -> View:
    drawn = modals.render_details(
        shown, [], now=NOW, ours=OURS, team_url="https://t/", reader="U0MIA", assistance=assistance
    )
    check_view(drawn, people=frozenset({"U0SAM"}))
    return drawn


def long_view(**changes: object) -> CaseView:
    return view(messages=[post(id=number) for number in range(31, 37)], **changes)


def test_without_a_model_nothing_is_offered() -> None:
    assert not action_ids(drawn_form(None)) & REWRITES
    assert not action_ids(drawn_details(long_view(), None)) & {
        ActionId.CASE_TRANSLATE.value,
        ActionId.CASE_SUMMARISE.value,
    }
    assert labels(modals.render_take_over(case(), long_view())) == []


def test_a_form_offers_every_change_and_translation_only_into_another_language() -> None:
    assert action_ids(drawn_form(FormAssistance(language="es"))) >= REWRITES
    assert "Translate to Spanish" in labels(drawn_form(FormAssistance(language="es")))
    assert action_ids(drawn_form(FormAssistance())) & REWRITES == REWRITES - {"rewrite.translate"}


def test_while_the_model_is_at_work_nothing_else_can_be_asked() -> None:
    drawn = drawn_form(FormAssistance(stage=Stage.WORKING, rewrite=Rewrite.SHORTER, earlier_text="before"))
    assert "*Shorter*: the model is at work" in said(drawn)
    assert not action_ids(drawn) & {*REWRITES, ActionId.REWRITE_UNDO.value}


def test_a_private_form_hears_of_typing_to_say_what_is_promised_and_as_a_model_may_be_at_work() -> None:
    for stage in Stage:
        assistance = FormAssistance(stage=stage, rewrite=Rewrite.SHORTER)
        [block] = [
            block
            for block in modals.render_private_reply(private_reply_form(assistance=assistance))["blocks"]
            if block["type"] == "input"
        ]
        assert block["dispatch_action"] is True


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (Stage.DONE, "written by a machine"),
        (Stage.UNDONE, "Your earlier text is back"),
        (Stage.INTERRUPTED, "You wrote on, so *Warmer* was stopped"),
    ],
)
def test_a_form_tells_what_became_of_the_request(stage: Stage, words: str) -> None:
    assert words in said(drawn_form(FormAssistance(stage=stage, rewrite=Rewrite.WARMER)))


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("the model refused", "Warmer was not done: the model refused."),
        (RewriteFault.EMPTY, "write your answer first"),
        (RewriteFault.TOO_LONG, "2,000 characters"),
        (HOSTILE, "Warmer was not done: "),
    ],
)
def test_a_failure_says_why(reason: str, words: str) -> None:
    assert words in said(
        drawn_form(FormAssistance(stage=Stage.FAILED, rewrite=Rewrite.WARMER, reason=reason))
    )


def test_a_translation_stands_beside_the_agents_own_words() -> None:
    drawn = drawn_form(
        FormAssistance(
            language="es",
            stage=Stage.DONE,
            rewrite=Rewrite.TRANSLATE,
            earlier_text=HOSTILE,
            missing=(TermWording("refund", HOSTILE), TermWording("Acme Plus", "Acme Plus")),
        )
    )
    assert "*Translate to Spanish*: translated by a machine" in said(drawn)
    assert "Your own words" in said(drawn)
    assert "Glossary: “refund” should be" in said(drawn)
    assert "Glossary: “Acme Plus” should stay as it is" in said(drawn)


def test_undo_carries_the_text_that_it_brings_back() -> None:
    done = FormAssistance(stage=Stage.DONE, rewrite=Rewrite.SHORTER, earlier_text="what I wrote")
    assert modals.undo_text(drawn_form(done)) == "what I wrote"
    assert labels(drawn_form(done))[0] == "Undo"
    assert labels(drawn_form(replace(done, stage=Stage.UNDONE)))[0] == "Redo"
    too_long = replace(done, earlier_text="x" * (MAX_REWRITTEN_LENGTH + 1))
    assert modals.undo_text(drawn_form(too_long)) == ""


def test_a_redraw_knows_what_was_asked() -> None:
    drawn = drawn_form(FormAssistance(stage=Stage.UNDONE, rewrite=Rewrite.FORMAL))
    metadata = modals.parse_metadata(drawn["private_metadata"])
    assert (metadata.stage, metadata.rewrite) == (Stage.UNDONE, Rewrite.FORMAL)


def test_details_translate_what_the_agents_do_not_read() -> None:
    assert "Translate to German" in labels(drawn_details(view()))
    spanish = CaseAssistance(language=view().case.assessment.language)
    assert "Translate" not in " ".join(labels(drawn_details(view(), spanish)))
    gone = view(messages=[post(deleted_at=NOW)])
    assert "Translate" not in " ".join(labels(drawn_details(gone)))


def test_a_translation_is_shown_beside_the_original_and_not_asked_for_again() -> None:
    translation = Translation(text=HOSTILE, provenance=MADE, missing=(TermWording("a", "b"),))
    shown = view(translations={post().id: translation})
    for drawn in (drawn_details(shown), modals.render_public_reply(form(view=shown), ours=OURS)):
        check_view(drawn, people=frozenset({"U0SAM"}))
        assert "Third time the app eats my payment" in said(drawn)
        assert "Translated by a machine (some-model)" in said(drawn)
        assert "Glossary: “a” should be “b”" in said(drawn)
    assert "Translate" not in " ".join(labels(drawn_details(shown)))


def test_a_long_case_can_be_summarised_in_details_and_before_it_is_taken_over() -> None:
    assert "Summarise" not in labels(drawn_details(view()))
    assert "Summarise" in labels(drawn_details(long_view()))
    taking = modals.render_take_over(case(claimed_by="U0SAM"), long_view(), READY)
    check_view(taking, people=frozenset({"U0SAM"}))
    assert labels(taking) == ["Summarise"]


def test_a_summary_is_marked_and_cut_and_whatever_it_says_stays_text() -> None:
    shown = long_view(summary=SUMMARY)
    taking = modals.render_take_over(case(claimed_by="U0SAM"), shown, READY)
    check_view(taking, people=frozenset({"U0SAM"}))
    for drawn in (drawn_details(shown), taking):
        assert "Summarised by a machine (some-model)" in said(drawn)
        assert "Open questions" in said(drawn)
        assert "What we promised" in said(drawn)
        assert "What was tried" in said(drawn)
        assert "Summarise" not in labels(drawn)


def test_only_a_model_that_sees_is_offered_pictures_and_the_button_says_what_leaves() -> None:
    shown = view(pictures={post().id: 2})
    assert "Read 2 pictures" not in labels(drawn_details(shown))
    drawn = drawn_details(shown, replace(READY, sees=True))
    assert "Read 2 pictures" in labels(drawn)
    rows = [block["elements"] for block in drawn["blocks"] if block["type"] == "actions"]
    [dialog] = [one["confirm"] for row in rows for one in row if "confirm" in one]
    assert "faces, names and numbers" in dialog["text"]["text"]
    assert "picture" not in " ".join(labels(drawn_details(view(), replace(READY, sees=True))))


def test_what_was_read_in_a_picture_stays_text_and_is_not_read_again() -> None:
    reading = PictureReading(shows=HOSTILE, error=HOSTILE, page="", amount="49 €", provenance=MADE)
    shown = view(pictures={post().id: 1}, readings={post().id: reading})
    drawn = drawn_details(shown, replace(READY, sees=True))
    assert "Picture read by a machine (some-model)" in said(drawn)
    assert "Amount: 49 €" in said(drawn)
    assert "Page" not in said(drawn)
    assert "Read picture" not in labels(drawn)


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (Stage.WORKING, "*Summarise*: the model is at work"),
        (Stage.FAILED, "Summarise was not done: too slow."),
    ],
)
def test_details_tell_what_became_of_the_request(stage: Stage, words: str) -> None:
    asked = CaseAssistance(language="de", stage=stage, request=CaseRequest.SUMMARISE, reason="too slow")
    drawn = drawn_details(long_view(), asked)
    assert words in said(drawn)
    assert ("Summarise" in labels(drawn)) is (stage is Stage.FAILED)
