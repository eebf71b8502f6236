"""Mask the customer's words in views: everywhere they are shown, and nothing of ours."""

from dataclasses import replace

from domain.assistance.assistant import Provenance, Translation
from domain.cases.masked_views import mask_case, mask_home, mask_message, mask_thread
from domain.cases.messages import Direction
from domain.cases.next_step import ListedCase
from domain.cases.views import HomeView, ThreadView
from domain.records.audit import SYSTEM, Action, Entry
from tests.adapters.slack.samples import NOW, case, post, view


def test_a_message_is_masked_in_text_subject_and_original() -> None:
    theirs = replace(post(), text="a", subject="b", original="c")
    masked = mask_message(theirs, str.upper)
    assert masked == replace(theirs, text="A", subject="B", original="C")
    plain = replace(post(), text="a", subject=None, original=None)
    assert mask_message(plain, str.upper) == replace(plain, text="A")


def test_our_own_messages_stay() -> None:
    ours = replace(post(), direction=Direction.OUT, text="a")
    assert mask_message(ours, str.upper) == ours


def test_a_case_is_masked_with_its_translations() -> None:
    translation = Translation(text="a", provenance=Provenance(model="m", prompt="p", prompt_version="1"))
    shown = view(messages=[replace(post(), text="b")], translations={31: translation})
    masked = mask_case(shown, str.upper)
    assert [part.text for part in masked.messages] == ["B"]
    assert masked.translations == {31: replace(translation, text="A")}
    assert replace(masked, messages=shown.messages, translations=shown.translations) == shown


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
        HomeView(user_id="U0SAM", mine=rows, unclaimed=rows, due_soon=rows, waiting=rows), str.upper
    )
    lists = [masked.mine, masked.unclaimed, masked.due_soon, masked.waiting]
    assert [row.messages[0].text for rows in lists for row in rows] == ["A"] * 4
