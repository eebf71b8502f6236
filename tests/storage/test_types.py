"""Sanitize text and normalize moments alike on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError

from domain.records.audit import Action, Entry
from storage.engine import Store
from storage.types import UtcDateTime
from tests.storage.made import HERE, NOW, a_message, stored_messages


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("nul\0 in it", "nul in it"),
        ("a lone \ud800 half", "a lone \ufffd half"),
        ("\udc00\ud800", "\ufffd\ufffd"),
        ("two halves \ud83d\ude00 joined", "two halves 😀 joined"),
        ("plain 😀 مرحبا 你好 %s :x ' \\ \u2028", "plain 😀 مرحبا 你好 %s :x ' \\ \u2028"),
    ],
)
def test_nul_and_lone_surrogates_are_removed(store: Store, case_id: int, written: str, kept: str) -> None:
    [message] = stored_messages(store, a_message(case_id, written, text=written, author_name=written))
    detail = {"text": written, "list": [written, 1], written: {"deep": written}}
    entry = Entry(at=NOW, actor=written, action=Action.CLAIMED, case_id=case_id, version=1, detail=detail)
    with store.unit_of_work() as uow:
        uow.audit.add_many([entry])
        found = uow.messages.get(message.id)
        assert (found.text, found.author_name, found.external_id) == (kept, kept, kept)
        assert list(uow.messages.known(*HERE, [written])) == [kept]
        [line] = uow.audit.of_case(case_id)
        assert line.actor == kept
        assert line.detail == {"text": kept, "list": [kept, 1], kept: {"deep": kept}}
        assert uow.case_search.find([written], limit=1)


def test_datetimes_keep_microseconds_and_are_read_in_utc(store: Store, case_id: int) -> None:
    east = timezone(timedelta(hours=5, minutes=45))
    whole = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    stored_messages(
        store,
        a_message(
            case_id, "1", created_at=whole.astimezone(east), edited_at=whole + timedelta(microseconds=1)
        ),
        a_message(case_id, "2", created_at=whole - timedelta(microseconds=1)),
    )
    with store.unit_of_work() as uow:
        earlier, later = uow.messages.of_case(case_id)
    assert (earlier.external_id, later.external_id) == ("2", "1")
    assert later.created_at == whole
    assert later.created_at.tzinfo is UTC
    assert later.edited_at == whole + timedelta(microseconds=1)


def test_a_naive_datetime_is_refused(store: Store, case_id: int) -> None:
    with pytest.raises((ValueError, StatementError), match="without a time zone"):
        stored_messages(store, a_message(case_id, created_at=NOW.replace(tzinfo=None)))


def test_both_hours_of_a_night_of_25_are_kept(store: Store, case_id: int) -> None:
    """Python calls them equal: they differ in `fold` alone."""
    summer = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    winter = summer.replace(fold=1)
    assert summer == winter
    stored_messages(
        store,
        a_message(case_id, "1", created_at=summer),
        a_message(case_id, "2", created_at=winter),
    )
    with store.unit_of_work() as uow:
        kept = [message.created_at for message in uow.messages.of_case(case_id)]
    assert kept == [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]


def test_sqlite_formats_a_moment_once() -> None:
    """To format it takes ten times as long, and a post is stored with the same moments in several rows."""
    dialect = sqlite.dialect()
    convert = UtcDateTime().dialect_impl(dialect).bind_processor(dialect)
    assert convert is not None
    assert convert(NOW) == NOW.isoformat(timespec="microseconds")
    assert convert(NOW + timedelta()) is convert(NOW)
