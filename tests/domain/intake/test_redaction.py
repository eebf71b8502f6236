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


def test_redaction_erases_the_text_alone() -> None:
    assert gone(1) == replace(a_message(1), text="", deleted_at=NOW)


def test_without_another_post_the_case_cannot_be_answered() -> None:
    for known_as in ("10", "11"):
        left = without_post(a_case(known_as), gone(1), [gone(1)])
        assert (left.reply_to_id, left.reply_block) == (known_as, ReplyBlock.GONE)


def test_a_post_that_is_not_the_reply_target_changes_nothing() -> None:
    case = a_case("21")
    assert without_post(case, gone(1), [gone(1), a_message(2)]) == case


def test_the_newest_older_post_becomes_the_reply_target() -> None:
    left = without_post(a_case("31"), gone(3), [a_message(1), a_message(2), gone(3)])
    assert (left.reply_to_id, left.reply_block) == ("21", None)


def test_an_answerable_post_precedes_a_newer_blocked_one() -> None:
    closed = a_message(2, reply_block=ReplyBlock.RESTRICTED)
    left = without_post(a_case("31"), gone(3), [a_message(1), closed, gone(3)])
    assert (left.reply_to_id, left.reply_block) == ("11", None)
    left = without_post(a_case("31"), gone(3), [gone(1), closed, gone(3)])
    assert (left.reply_to_id, left.reply_block) == ("21", ReplyBlock.RESTRICTED)


def test_an_answered_post_is_never_the_reply_target() -> None:
    sent = a_message(2, **OURS, delivery=Delivery.SENT, reply_to_id="11")
    left = without_post(a_case("31"), gone(3), [a_message(1), sent, gone(3)])
    assert (left.reply_to_id, left.reply_block) == ("31", ReplyBlock.GONE)


def test_a_failed_answer_does_not_count_as_one() -> None:
    failed = a_message(3, **OURS, delivery=Delivery.FAILED, reply_to_id="21")
    left = without_post(a_case("21"), gone(2), [a_message(1), gone(2), failed])
    assert (left.reply_to_id, left.reply_block) == ("11", None)
