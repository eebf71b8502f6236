"""Store suggestions and load the newest one, on both databases."""

from dataclasses import replace

from domain.triage.drafts import Source, Suggestion
from storage.engine import Store
from tests.storage.made import NOW, SECOND, a_message, stored_messages


def test_latest_returns_the_newest_suggestion(store: Store, case_id: int) -> None:
    [message] = stored_messages(store, a_message(case_id))
    saved = Suggestion(
        case_id=case_id,
        message_id=message.id,
        text="Sorry!",
        language="en",
        source=Source.SAVED_REPLY,
        name="sorry",
        version="3",
        title="Sorry",
        created_at=NOW,
    )
    drafted = replace(
        saved,
        source=Source.MODEL,
        model="m",
        grounded_in="sorry",
        missing=("order number", "date"),
        created_at=NOW - SECOND,
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
