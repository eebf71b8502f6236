"""Select the audit entries that a case's thread shows."""

from datetime import UTC, datetime

from domain.records.audit import SYSTEM, Action, Entry, for_thread


def entries(*actions: Action) -> list[Entry]:
    return [
        Entry(
            at=datetime(2026, 11, 21, tzinfo=UTC),
            actor=SYSTEM,
            action=action,
            case_id=1,
            version=1,
            id=number,
        )
        for number, action in enumerate(actions, 1)
    ]


def thread_actions(*actions: Action) -> list[Action]:
    return [entry.action for entry in for_thread(entries(*actions))]


def test_the_first_message_alone_needs_no_thread_because_the_card_shows_it() -> None:
    assert thread_actions(Action.CASE_OPENED) == []
    assert thread_actions(Action.CASE_OPENED, Action.REPLY_QUEUED, Action.SUGGESTED) == []


def test_the_thread_begins_with_the_first_message() -> None:
    assert thread_actions(Action.CASE_OPENED, Action.CUSTOMER_WROTE) == [
        Action.CASE_OPENED,
        Action.CUSTOMER_WROTE,
    ]


def test_entries_that_the_card_shows_are_left_out() -> None:
    assert thread_actions(Action.CLAIMED, Action.REPLY_QUEUED, Action.REPLY_SENT) == [
        Action.CLAIMED,
        Action.REPLY_SENT,
    ]
