"""Store the transcript of a case and query it, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from domain.cases.messages import Delivery, Direction, Message
from domain.errors import StaleCase
from domain.intake.posts import MatchReason, Media, MediaKind, ReplyBlock
from storage.engine import Store
from tests.storage.made import HERE, NOW, SECOND, a_message, stored_messages


def ours(case_id: int, **changes: object) -> Message:
    sent = a_message(case_id, None, direction=Direction.OUT, delivery=Delivery.QUEUED, sent_by="U1")
    return replace(sent, **changes)  # type: ignore[arg-type]


def test_every_field_of_a_message_is_stored(store: Store, case_id: int) -> None:
    full = ours(
        case_id,
        external_id="5",
        revision_id="6",
        url="https://x.example/5",
        reply_to_id="901",
        reply_block=ReplyBlock.RESTRICTED,
        match_reason=MatchReason.QUOTE,
        edited_at=NOW + SECOND,
        deleted_at=NOW + 2 * SECOND,
        sent_at=NOW + 3 * SECOND,
        error="why",
        client_key="k",
        attempt=3,
        rules_version="2",
        sender_authenticated=True,
        media=(
            Media(kind=MediaKind.PICTURE, url="https://pbs.twimg.com/media/A.jpg", alt_text="Error 51"),
            Media(kind=MediaKind.VIDEO, url="https://pbs.twimg.com/ext/B.jpg"),
        ),
    )
    bare, full = stored_messages(store, a_message(case_id), full)
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


def test_a_message_is_updated(store: Store, case_id: int) -> None:
    [message] = stored_messages(store, ours(case_id))
    changed = replace(message, delivery=Delivery.SENT, external_id="9", sent_at=NOW, text="new")
    with store.unit_of_work() as uow:
        uow.messages.save(changed)
        assert uow.messages.get(message.id) == changed


def test_a_post_id_is_unique_for_each_account(store: Store, case_id: int) -> None:
    stored_messages(
        store, a_message(case_id, "901"), ours(case_id, external_id="901"), a_message(case_id, None)
    )
    stored_messages(store, a_message(case_id, None))
    with store.unit_of_work() as uow:
        uow.messages.add_many([a_message(case_id, "901")], network="x", account_id="2")
    with pytest.raises((IntegrityError, StaleCase)):
        stored_messages(store, a_message(case_id, "901"))


def test_a_client_key_is_unique(store: Store, case_id: int) -> None:
    stored_messages(store, ours(case_id, client_key="k"), ours(case_id))
    with pytest.raises((IntegrityError, StaleCase)):
        stored_messages(store, ours(case_id, client_key="k"))


def test_of_case_returns_the_newest_messages_oldest_first(store: Store, case_id: int) -> None:
    messages = stored_messages(
        store,
        *(a_message(case_id, str(number), created_at=NOW + number * SECOND) for number in (3, 1, 2, 0)),
    )
    with store.unit_of_work() as uow:
        assert [m.external_id for m in uow.messages.of_case(case_id)] == ["0", "1", "2", "3"]
        assert [m.external_id for m in uow.messages.of_case(case_id, limit=2)] == ["2", "3"]
        assert uow.messages.of_case(case_id + 99) == []
        assert messages[0].id == min(message.id for message in messages)


def test_live_posts_are_public_customer_posts_that_are_not_deleted(store: Store, case_id: int) -> None:
    first, second, *_ = stored_messages(
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


def test_our_text_since_compares_the_exact_text(store: Store, case_id: int) -> None:
    stored_messages(
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
        assert uow.messages.our_texts_since("1", NOW - timedelta(days=1)) == {"said", "late"}
        assert uow.messages.our_texts_since("2", NOW - timedelta(days=1)) == frozenset()
