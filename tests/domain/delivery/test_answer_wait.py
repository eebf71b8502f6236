"""Tell why a queued answer waits: the longest wait counts, and moments do not."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.delivery.answer_wait import SHORTEST_SHOWN, AnswerWait, QueuedSend, WaitCause, wait_of

NOW = datetime(2026, 11, 21, 14, 6, tzinfo=UTC)
SOON, LATER = NOW + timedelta(minutes=1), NOW + timedelta(minutes=9)


def found(send: QueuedSend, *, ahead: int = 0) -> AnswerWait | None:
    return wait_of(send, ahead=ahead, now=NOW)


@pytest.mark.parametrize(
    "send",
    [
        QueuedSend(due=NOW),
        QueuedSend(due=NOW - timedelta(hours=1), note="busy", paused_until=NOW, free_at=NOW),
        QueuedSend(due=NOW, paused_until=NOW - timedelta(hours=1), free_at=NOW - timedelta(hours=1)),
        QueuedSend(due=NOW + SHORTEST_SHOWN / 2, note="busy"),
    ],
)
def test_what_is_sent_within_moments_waits_for_nothing(send: QueuedSend) -> None:
    assert found(send) is None


def test_a_rate_limit_comes_before_what_was_said_of_the_last_attempt() -> None:
    send = QueuedSend(due=LATER, note="HTTP 429", paused_until=LATER)
    assert found(send) == AnswerWait(cause=WaitCause.RATE_LIMIT, until=LATER)


def test_what_was_never_tried_waits_for_the_rate_limit_too() -> None:
    send = QueuedSend(due=NOW, paused_until=LATER)
    assert found(send, ahead=2) == AnswerWait(cause=WaitCause.RATE_LIMIT, until=LATER, ahead=2)


def test_another_attempt_keeps_the_reason_and_the_count() -> None:
    send = QueuedSend(due=SOON, note="no way there", attempts=3)
    assert found(send) == AnswerWait(cause=WaitCause.RETRY, until=SOON, reason="no way there", attempts=3)


def test_our_own_pace_is_named_where_nothing_else_holds_it() -> None:
    assert found(QueuedSend(due=NOW, free_at=SOON)) == AnswerWait(cause=WaitCause.PACE, until=SOON)


def test_it_waits_for_the_last_of_all() -> None:
    send = QueuedSend(due=SOON, note="busy", paused_until=SOON, free_at=LATER)
    assert found(send) == AnswerWait(cause=WaitCause.RATE_LIMIT, until=LATER)
