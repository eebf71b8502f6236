"""Redact a case whose post is deleted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.cases.case import Case, CaseState
from domain.cases.messages import Delivery, Direction, Message
from domain.intake.posts import Author, ReplyBlock
from domain.intake.redaction import redacted, without_post
from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Situation
from domain.venues import Venue

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
OURS = {"direction": Direction.OUT, "external_id": None, "revision_id": None}


def a_case(reply_to_id: str, **changes: Any) -> Case:  # noqa: ANN401 - any of the fields
    case = Case(
        id=1,
        version=3,
        network="x",
        account_id="1",
        author=Author(id="77", handle="ana", name="Ana"),
        state=CaseState.OPEN,
        assessment=Assessment("en", Situation.OTHER, Urgency.NORMAL, (), 0.0),
        opened_at=NOW,
        last_message_at=NOW,
        channel="C1",
        conversation_id="10",
        reply_to_id=reply_to_id,
    )
    return replace(case, **changes)


def a_message(number: int, **changes: Any) -> Message:  # noqa: ANN401 - any of the fields
    """Build a customer's post whose id is ten times its number, edited once."""
    message = Message(
        id=number,
        case_id=1,
        direction=Direction.IN,
        venue=Venue.PUBLIC,
        author_id="77",
        author_name="Ana",
        text="my words",
        created_at=NOW + timedelta(minutes=number),
        external_id=f"{number}0",
        revision_id=f"{number}1",
    )
    return replace(message, **changes)


def gone(number: int) -> Message:
    return redacted(a_message(number), NOW)


def test_only_the_words_go() -> None:
    assert gone(1) == replace(a_message(1), text="", deleted_at=NOW)


def test_the_only_post_leaves_nothing_to_answer() -> None:
    for known_as in ("10", "11"):
        left = without_post(a_case(known_as), gone(1), [gone(1)])
        assert (left.reply_to_id, left.reply_block) == (known_as, ReplyBlock.GONE)


def test_another_post_than_the_one_to_answer_changes_nothing() -> None:
    case = a_case("21")
    assert without_post(case, gone(1), [gone(1), a_message(2)]) == case


def test_the_newest_older_post_takes_its_place() -> None:
    left = without_post(a_case("31"), gone(3), [a_message(1), a_message(2), gone(3)])
    assert (left.reply_to_id, left.reply_block) == ("21", None)


def test_one_that_lets_us_answer_goes_before_a_newer_one_that_does_not() -> None:
    closed = a_message(2, reply_block=ReplyBlock.RESTRICTED)
    left = without_post(a_case("31"), gone(3), [a_message(1), closed, gone(3)])
    assert (left.reply_to_id, left.reply_block) == ("11", None)
    left = without_post(a_case("31"), gone(3), [gone(1), closed, gone(3)])
    assert (left.reply_to_id, left.reply_block) == ("21", ReplyBlock.RESTRICTED)


def test_a_post_that_has_its_answer_is_not_answered_again() -> None:
    sent = a_message(2, **OURS, delivery=Delivery.SENT, reply_to_id="11")
    left = without_post(a_case("31"), gone(3), [a_message(1), sent, gone(3)])
    assert (left.reply_to_id, left.reply_block) == ("31", ReplyBlock.GONE)


def test_an_answer_that_did_not_go_is_none() -> None:
    failed = a_message(3, **OURS, delivery=Delivery.FAILED, reply_to_id="21")
    left = without_post(a_case("21"), gone(2), [a_message(1), gone(2), failed])
    assert (left.reply_to_id, left.reply_block) == ("11", None)
