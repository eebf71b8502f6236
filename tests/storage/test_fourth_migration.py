"""Upgrade a database from version 3 to 4: stored posts keep that nobody knows how they came."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from domain.cases.messages import Direction
from domain.intake.posts import MatchReason, ReplyBlock
from storage.case_rows import row_of
from storage.engine import Store, open_store
from storage.tables import cases, messages
from tests.storage.made import ANA, HERE, NOW, a_case, a_message
from tests.storage.older_tables import insert_old
from tests.storage.revisions import to

BLOCKS = (None, ReplyBlock.NOT_ADDRESSED, ReplyBlock.RESTRICTED)


@pytest.fixture
def old(migrated_url: str) -> Iterator[Store]:
    """A database of version 3 with a case and a post for each of `BLOCKS`."""
    store = open_store(migrated_url)
    to(store, "0003")
    with store.engine.begin() as connection:
        row = row_of(a_case()) | {"id": 1}
        insert_old(connection, cases, row)
        for number, block in enumerate(BLOCKS, start=1):
            post = {
                "case_id": 1,
                "network": HERE[0],
                "account_id": HERE[1],
                "direction": Direction.IN.value,
                "venue": "public",
                "author_id": ANA.id,
                "author_name": ANA.name,
                "text": "I cannot pay",
                "created_at": NOW,
                "external_id": str(number),
                "reply_block": block.value if block else None,
                "attempt": 1,
                "sender_authenticated": False,
                "search_text": "",
            }
            insert_old(connection, messages, post)
    yield store
    store.close()


def test_a_stored_post_has_no_reason_and_a_new_one_keeps_its_own(old: Store) -> None:
    to(old, "head")
    with old.unit_of_work() as uow:
        stored = uow.messages.of_case(1)
        assert [message.reply_block for message in stored] == list(BLOCKS)
        assert [message.match_reason for message in stored] == [None] * len(BLOCKS)
        reasons = [a_message(1, f"9{n}", match_reason=reason) for n, reason in enumerate(MatchReason)]
        added = uow.messages.add_many(reasons, network=HERE[0], account_id=HERE[1])
    with old.unit_of_work() as uow:
        assert [uow.messages.get(message.id).match_reason for message in added] == list(MatchReason)
    to(old, "0003")
    to(old, "head")
    with old.engine.connect() as connection:
        found = connection.execute(select(messages.c.text, messages.c.match_reason)).all()
    assert [tuple(row) for row in found] == [("I cannot pay", None)] * (len(BLOCKS) + len(MatchReason))
