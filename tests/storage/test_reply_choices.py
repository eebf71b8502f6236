"""Store which saved reply each answer came from, on both databases."""

from array import array
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.cases.messages import Direction
from domain.knowledge.reply_choices import ReplyChoice
from storage.engine import Store
from tests.storage.made import DAY, NOW, a_message, stored_messages


def a_choice(store: Store, case_id: int, number: int, **more: Any) -> ReplyChoice:  # noqa: ANN401 - any of the fields
    """Store a customer's message and our answer; return a choice that is not stored yet."""
    asked, answered = stored_messages(
        store,
        a_message(case_id, f"9{number}0", text=f"question {number}"),
        a_message(case_id, None, direction=Direction.OUT, text=f"answer {number}", client_key=f"V{number}"),
    )
    choice = ReplyChoice(
        case_id=case_id,
        message_id=asked.id,
        answer_id=answered.id,
        suggested="late",
        chosen="late",
        is_edited=False,
        created_at=NOW,
    )
    return replace(choice, **more)


def test_a_choice_counts_from_when_its_answer_is_sent(store: Store, case_id: int) -> None:
    vector = array("f", [0.5, -0.25, 0.125])
    choice = a_choice(store, case_id, 1, encoder="e 1", vector=vector, is_edited=True)
    with store.unit_of_work() as uow:
        uow.reply_choices.add(choice)
        before = uow.reply_choices.state()
        assert uow.reply_choices.sent(limit=9) == uow.reply_choices.learnable(limit=9) == []
        uow.reply_choices.set_sent(choice.answer_id, NOW + DAY)
    with store.unit_of_work() as uow:
        [sent] = uow.reply_choices.sent(limit=9)
        assert sent == replace(choice, sent_at=NOW + DAY, asked="question 1", answered="answer 1", id=sent.id)
        after = uow.reply_choices.state()
        uow.reply_choices.set_sent(choice.answer_id, None)
        assert uow.reply_choices.sent(limit=9) == []
        assert len({before, after}) == 2
        assert uow.reply_choices.state() == before


def test_what_neither_used_nor_threw_away_a_reply_teaches_nothing(store: Store, case_id: int) -> None:
    kinds = [("", ""), ("late", ""), ("late", "late"), ("", "late")]
    choices = [
        a_choice(store, case_id, number, suggested=suggested, chosen=chosen)
        for number, (suggested, chosen) in enumerate(kinds)
    ]
    with store.unit_of_work() as uow:
        for number, choice in enumerate(choices):
            uow.reply_choices.add(choice)
            uow.reply_choices.set_sent(choice.answer_id, NOW + timedelta(seconds=number))
        assert [(one.suggested, one.chosen) for one in uow.reply_choices.learnable(limit=9)] == kinds[:0:-1]
        assert len(uow.reply_choices.sent(limit=3)) == 3


@pytest.mark.parametrize("side", ["message_id", "answer_id"])
def test_a_choice_is_deleted_with_either_message(store: Store, case_id: int, side: str) -> None:
    gone, kept = a_choice(store, case_id, 1), a_choice(store, case_id, 2)
    with store.unit_of_work() as uow:
        for choice in (gone, kept):
            uow.reply_choices.add(choice)
            uow.reply_choices.set_sent(choice.answer_id, NOW)
        before = uow.reply_choices.state()
        uow.reply_choices.delete_of_message(getattr(gone, side))
        assert [one.answer_id for one in uow.reply_choices.sent(limit=9)] == [kept.answer_id]
        assert uow.reply_choices.state() != before


def test_old_choices_are_pruned(store: Store, case_id: int) -> None:
    old, new = a_choice(store, case_id, 1, created_at=NOW - DAY), a_choice(store, case_id, 2)
    with store.unit_of_work() as uow:
        for choice in (old, new):
            uow.reply_choices.add(choice)
            uow.reply_choices.set_sent(choice.answer_id, NOW)
        assert uow.reply_choices.prune(before=NOW) == 1
        assert [one.answer_id for one in uow.reply_choices.sent(limit=9)] == [new.answer_id]


def test_dismissed_proposals_are_kept_by_their_key(store: Store) -> None:
    with store.unit_of_work() as uow:
        assert uow.dismissed_proposals.keys() == frozenset()
        uow.dismissed_proposals.add("new:1", user_id="U1", at=NOW)
    with store.unit_of_work() as uow:
        assert uow.dismissed_proposals.keys() == {"new:1"}
