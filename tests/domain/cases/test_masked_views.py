"""Mask the customer's words in views: everywhere they are shown, and nothing of ours."""

from dataclasses import replace

import pytest

from domain.assistance.assistant import Provenance, Translation
from domain.cases.masked_views import (
    AbuseBlur,
    mask_case,
    mask_found,
    mask_home,
    mask_message,
    mask_questions,
    mask_taught,
    mask_thread,
)
from domain.cases.messages import Direction
from domain.cases.next_step import ListedCase
from domain.cases.search import Excerpt, FoundCase
from domain.cases.views import HomeView, ThreadView
from domain.intake.post_context import PostContext, ReferencedPost, ReferenceKind
from domain.intake.posts import Media, MediaKind
from domain.knowledge.reply_choices import ReplyChoice
from domain.knowledge.reply_figures import QuestionGroup
from domain.records.audit import SYSTEM, Action, Entry
from tests.adapters.slack.samples import NOW, case, post, taught, view
from tests.adapters.slack.samples import form as public_form


def test_a_message_is_masked_in_text_subject_and_original() -> None:
    picture = Media(kind=MediaKind.PICTURE, url="https://pbs.twimg.com/media/A.jpg", alt_text="d")
    theirs = replace(post(), text="a", subject="b", original="c", media=(picture,))
    masked = mask_message(theirs, str.upper)
    loud = (replace(picture, alt_text="D"),)
    assert masked == replace(theirs, text="A", subject="B", original="C", media=loud)
    plain = replace(post(), text="a", subject=None, original=None)
    assert mask_message(plain, str.upper) == replace(plain, text="A")


def test_what_a_message_points_at_is_masked() -> None:
    quoted = ReferencedPost(kind=ReferenceKind.QUOTED, id="7", text="a", alt_texts=("b", ""))
    masked = mask_message(replace(post(), context=PostContext(references=(quoted,))), str.upper)
    assert masked.context.references == (replace(quoted, text="A", alt_texts=("B", "")),)


def test_our_own_messages_stay() -> None:
    ours = replace(post(), direction=Direction.OUT, text="a")
    assert mask_message(ours, str.upper) == ours


def test_a_case_is_masked_with_its_translations() -> None:
    translation = Translation(text="a", provenance=Provenance(model="m", prompt="p", prompt_version="1"))
    shown = view(messages=[replace(post(), text="b")], translations={31: translation})
    masked = mask_case(shown, str.upper)
    assert [part.text for part in masked.messages] == ["B"]
    assert masked.translations == {31: replace(translation, text="A")}
    assert masked.masked == {31}
    restored = replace(masked, messages=shown.messages, translations=shown.translations, masked=shown.masked)
    assert restored == shown


def test_a_thread_is_masked_with_what_stood_there_before_an_edit() -> None:
    made = Entry(at=NOW, actor=SYSTEM, action=Action.CUSTOMER_EDITED, case_id=12, version=7, message_id=31)
    edited = replace(made, detail={"before": "a", "more": "b"})
    closed = replace(made, action=Action.RESOLVED, detail={"reason": "c"})
    shown = ThreadView(case=case(), entries=[edited, closed], messages={31: replace(post(), text="d")})
    masked = mask_thread(shown, str.upper)
    assert [entry.detail for entry in masked.entries] == [{"before": "A", "more": "b"}, {"reason": "c"}]
    assert masked.messages[31].text == "D"


def test_every_list_of_home_is_masked() -> None:
    rows = [ListedCase(case=case(), messages=[replace(post(), text="a")])]
    masked = mask_home(
        HomeView(user_id="U0SAM", made_at=NOW, mine=rows, unclaimed=rows, due_soon=rows, waiting=rows),
        str.upper,
    )
    lists = [masked.mine, masked.unclaimed, masked.due_soon, masked.waiting]
    assert [row.messages[0].text for rows in lists for row in rows] == ["A"] * 4


@pytest.mark.parametrize(
    ("by_default", "choice", "blurs"),
    [(False, None, False), (True, None, True), (True, False, False), (False, True, True)],
)
def test_a_reader_has_their_choice_else_the_desks(
    *, by_default: bool, choice: bool | None, blurs: bool
) -> None:
    blur = AbuseBlur(str.upper, by_default=by_default)
    shown = view(messages=[post(text="a")], blur_abuse=choice)
    assert blur.case(shown).messages[0].text == ("A" if blurs else "a")
    assert blur.case(shown).masked == ({31} if blurs else set())
    assert blur.mask_for(choice)("a") == ("A" if blurs else "a")
    form = public_form(view=shown, new_messages=[post(text="b")], text="c")
    masked = blur.form(form)
    texts = (masked.view.messages[0].text, masked.new_messages[0].text, masked.text)
    assert texts == (("A", "B", "c") if blurs else ("a", "b", "c"))
    rows = [ListedCase(case=case(), messages=[post(text="a")])]
    home = blur.home(
        HomeView(
            user_id="U0SAM", made_at=NOW, mine=rows, unclaimed=(), due_soon=(), waiting=(), blur_abuse=choice
        )
    )
    assert (home.blur_abuse, home.mine[0].messages[0].text) == (blurs, "A" if blurs else "a")


def test_what_many_read_is_as_the_desk_chose() -> None:
    thread = ThreadView(case=case(), entries=[], messages={31: post(text="a")})
    assert AbuseBlur(str.upper, by_default=True).thread(thread).messages[31].text == "A"
    assert AbuseBlur(str.upper).thread(thread) == thread


def test_what_was_found_taught_and_asked_is_masked() -> None:
    found = mask_found(FoundCase(case(), Excerpt("a", ((0, 1),))), str.upper)
    assert found.excerpt == Excerpt("A", ((0, 1),))
    assert mask_found(FoundCase(case(), None), str.upper).excerpt is None
    shown = taught()
    masked = mask_taught(shown, str.upper)
    assert [one.text for one in masked.newest] == ["THE BLUE BOX\nATE <IT>"]
    assert replace(masked, newest=shown.newest) == shown
    asked = ReplyChoice(
        case_id=1,
        message_id=2,
        answer_id=3,
        suggested="",
        chosen="",
        is_edited=False,
        created_at=NOW,
        asked="a",
    )
    assert mask_questions(QuestionGroup((asked,)), str.upper) == QuestionGroup((replace(asked, asked="A"),))
