"""Store chat sessions and their read position, on both databases."""

from dataclasses import replace

from domain.chat.session import ChatSession
from storage.engine import Store
from tests.storage.made import (
    NOW,
    SECOND,
    a_handoff,
    stored,
    stored_handoffs,
)


def test_the_last_read_message_id_never_decreases(store: Store) -> None:
    [case] = stored(store)
    [handoff] = stored_handoffs(store, a_handoff(case.id))
    fresh = ChatSession(id=0, handoff_id=handoff.id, secret_hash="ab", created_at=NOW, last_seen_at=NOW)
    with store.unit_of_work() as uow:
        session = uow.chat_sessions.add(fresh)
        found = uow.conversations.by_secret("ab")
        assert found is not None
        assert (found.session, found.handoff, found.case) == (session, handoff, uow.cases.get(case.id))
        assert (found.has_ratings, found.has_transcripts) == (False, False)
        assert uow.conversations.by_secret("cd") is None
        for shown in (5, 3):
            uow.chat_sessions.touch(session.id, now=NOW + SECOND, message_id=shown)
        other = uow.chat_sessions.add(replace(fresh, secret_hash="cd"))
    with store.unit_of_work() as uow:
        [first, second] = uow.chat_sessions.of_handoff(handoff.id)
        assert (first.last_read_message_id, first.last_seen_at) == (5, NOW + SECOND)
        assert second == other
