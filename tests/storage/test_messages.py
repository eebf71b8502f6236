"""The transcript, the suggestions, the trail and the cursors, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import IntegrityError

from domain.cases.messages import Delivery, Direction, Message
from domain.errors import StaleCase
from domain.intake.posts import ReplyBlock
from domain.intake.sources import Cursor, SourceFault
from domain.records.audit import SYSTEM, Action, Entry
from domain.triage.drafts import Source, Suggestion
from storage.engine import Store
from tests.storage.made import NOW, SECOND, a_case, a_message, stored

HERE = ("x", "1")


@pytest.fixture
def case_id(store: Store) -> int:
    return stored(store)[0].id


def put(store: Store, *messages: Message) -> list[Message]:
    with store.unit_of_work() as uow:
        return uow.messages.add_many(messages, network="x", account_id="1")


def ours(case_id: int, **changes: object) -> Message:
    sent = a_message(case_id, None, direction=Direction.OUT, delivery=Delivery.QUEUED, sent_by="U1")
    return replace(sent, **changes)  # type: ignore[arg-type]


def test_a_message_comes_back_as_it_went_in(store: Store, case_id: int) -> None:
    full = ours(
        case_id,
        external_id="5",
        revision_id="6",
        url="https://x.example/5",
        reply_to_id="901",
        reply_block=ReplyBlock.RESTRICTED,
        edited_at=NOW + SECOND,
        deleted_at=NOW + 2 * SECOND,
        sent_at=NOW + 3 * SECOND,
        error="why",
        client_key="k",
        attempt=3,
        rules_version="2",
        vouched=True,
    )
    bare, full = put(store, a_message(case_id), full)
    with store.unit_of_work() as uow:
        assert [uow.messages.get(bare.id), uow.messages.get(full.id)] == [bare, full]
        assert uow.messages.by_client_key("k") == full
        assert uow.messages.by_client_key("another") is None
        assert uow.messages.known(*HERE, ["901", "5", "7"]) == {"901": bare}
        assert uow.messages.known("mastodon", "1", ["901"]) == {}
        assert uow.messages.add_many([], network="x", account_id="1") == []
        with pytest.raises(LookupError):
            uow.messages.get(10**6)
        with pytest.raises(LookupError):
            uow.messages.save(replace(bare, id=10**6))


def test_a_message_is_changed(store: Store, case_id: int) -> None:
    [message] = put(store, ours(case_id))
    changed = replace(message, delivery=Delivery.SENT, external_id="9", sent_at=NOW, text="new")
    with store.unit_of_work() as uow:
        uow.messages.save(changed)
        assert uow.messages.get(message.id) == changed


def test_a_post_is_stored_once_for_each_account(store: Store, case_id: int) -> None:
    put(store, a_message(case_id, "901"), ours(case_id, external_id="901"), a_message(case_id, None))
    put(store, a_message(case_id, None))
    with store.unit_of_work() as uow:
        uow.messages.add_many([a_message(case_id, "901")], network="x", account_id="2")
    with pytest.raises((IntegrityError, StaleCase)):
        put(store, a_message(case_id, "901"))


def test_an_answer_is_stored_once_for_each_form(store: Store, case_id: int) -> None:
    put(store, ours(case_id, client_key="k"), ours(case_id))
    with pytest.raises((IntegrityError, StaleCase)):
        put(store, ours(case_id, client_key="k"))


def test_the_transcript_is_the_newest_part_oldest_first(store: Store, case_id: int) -> None:
    messages = put(
        store,
        *(a_message(case_id, str(number), created_at=NOW + number * SECOND) for number in (3, 1, 2, 0)),
    )
    with store.unit_of_work() as uow:
        assert [m.external_id for m in uow.messages.of_case(case_id)] == ["0", "1", "2", "3"]
        assert [m.external_id for m in uow.messages.of_case(case_id, limit=2)] == ["2", "3"]
        assert uow.messages.of_case(case_id + 99) == []
        assert messages[0].id == min(message.id for message in messages)


def test_live_posts_are_the_customers_that_are_still_there(store: Store, case_id: int) -> None:
    first, second, *_ = put(
        store,
        a_message(case_id, "1"),
        a_message(case_id, "2"),
        a_message(case_id, "3", deleted_at=NOW),
        a_message(case_id, "4", created_at=NOW - timedelta(days=9)),
        ours(case_id, external_id="5"),
    )
    with store.unit_of_work() as uow:
        everything = uow.messages.live_posts(*HERE, since=NOW, after_id=0, limit=9)
        assert everything == [first, second]
        assert uow.messages.live_posts(*HERE, since=NOW, after_id=first.id, limit=9) == [second]
        assert uow.messages.live_posts(*HERE, since=NOW, after_id=0, limit=1) == [first]
        assert uow.messages.count_live_posts(*HERE, since=NOW, after_id=0) == 2
        assert uow.messages.count_live_posts(*HERE, since=NOW, after_id=first.id) == 1


def test_what_we_said_before_is_known_by_its_very_words(store: Store, case_id: int) -> None:
    put(
        store,
        ours(case_id, text="said"),
        ours(case_id, text="failed", delivery=Delivery.FAILED),
        ours(case_id, text="old", created_at=NOW - timedelta(days=2)),
        ours(case_id, text="late", created_at=NOW - timedelta(days=2), sent_at=NOW, delivery=Delivery.SENT),
        a_message(case_id, text="theirs"),
    )
    with store.unit_of_work() as uow:
        said = {
            text: uow.messages.our_text_since("1", text, NOW - timedelta(days=1))
            for text in ("said", "Said", "failed", "old", "late", "theirs")
        }
        assert said == {
            "said": True,
            "Said": False,
            "failed": False,
            "old": False,
            "late": True,
            "theirs": False,
        }
        assert not uow.messages.our_text_since("2", "said", NOW - timedelta(days=1))


def test_the_newest_suggestion_counts(store: Store, case_id: int) -> None:
    [message] = put(store, a_message(case_id))
    saved = Suggestion(
        case_id=case_id,
        message_id=message.id,
        text="Sorry!",
        language="en",
        source=Source.SAVED_REPLY,
        name="sorry",
        version="3",
        title="Sorry",
        made_at=NOW,
    )
    drafted = replace(
        saved,
        source=Source.MODEL,
        model="m",
        stands_on="sorry",
        missing=("order number", "date"),
        made_at=NOW - SECOND,
    )
    with store.unit_of_work() as uow:
        assert uow.suggestions.latest(case_id) is None
        uow.suggestions.add_many([])
        uow.suggestions.add_many([saved])
        first = uow.suggestions.latest(case_id)
        assert first == replace(saved, id=first.id if first else 0)
        uow.suggestions.add_many([drafted])
        second = uow.suggestions.latest(case_id)
        assert second == replace(drafted, id=second.id if second else 0)


def test_the_trail_is_read_from_where_one_left_off(store: Store, case_id: int) -> None:
    other = stored(store, a_case())[0].id
    [message] = put(store, a_message(case_id))
    entry = Entry(at=NOW, actor=SYSTEM, action=Action.CASE_OPENED, case_id=case_id, version=1)
    claimed = replace(
        entry,
        action=Action.CLAIMED,
        actor="U1",
        version=2,
        message_id=message.id,
        detail={"to": "U1", "from": None, "seen": [1, 2]},
    )
    about_nothing = replace(entry, case_id=None, version=None, action=Action.ROUTE_FAILED)
    with store.unit_of_work() as uow:
        uow.audit.add_many([])
        uow.audit.add_many([entry, replace(entry, case_id=other), claimed, about_nothing])
        trail = uow.audit.of_case(case_id)
        assert [replace(found, id=0) for found in trail] == [entry, claimed]
        assert uow.audit.of_case(case_id, after=trail[0].id) == [trail[1]]
        assert uow.audit.of_case(case_id, limit=1) == [trail[0]]
        assert uow.audit.since_version(case_id, 1) == [trail[1]]
        assert uow.audit.since_version(case_id, 2) == []


def test_a_cursor_starts_fresh_and_is_kept(store: Store) -> None:
    cursor = Cursor(
        network="x",
        account_id="1",
        stream="mentions",
        since_id="99",
        read_at=NOW,
        arrived_at=NOW - SECOND,
        paused=SourceFault.OUT_OF_CREDIT,
        paused_until=NOW + SECOND,
        quiet_alerted_at=NOW + 2 * SECOND,
    )
    with store.unit_of_work() as uow:
        assert uow.cursors.get("x", "1", "mentions") == Cursor(network="x", account_id="1", stream="mentions")
        uow.cursors.save(cursor)
        uow.cursors.save(replace(cursor, stream="search", paused=None))
    with store.unit_of_work() as uow:
        assert uow.cursors.get("x", "1", "mentions") == cursor
        uow.cursors.save(replace(cursor, since_id="100"))
        assert uow.cursors.get("x", "1", "mentions").since_id == "100"
        assert uow.cursors.get("x", "1", "search").since_id == "99"


# --- what both databases must hold alike --------------------------------------------------------------------------------


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
def test_text_that_no_database_holds_is_cleaned(store: Store, case_id: int, written: str, kept: str) -> None:
    [message] = put(store, a_message(case_id, written, text=written, author_name=written))
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
        assert uow.cases.find([written], limit=1)


def test_moments_keep_their_microseconds_and_come_back_in_utc(store: Store, case_id: int) -> None:
    east = timezone(timedelta(hours=5, minutes=45))
    whole = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    put(
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


def test_a_moment_without_a_zone_is_refused(store: Store, case_id: int) -> None:
    with pytest.raises(Exception, match="without a time zone"):
        put(store, a_message(case_id, created_at=NOW.replace(tzinfo=None)))
