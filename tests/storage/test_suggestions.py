"""Store suggestions and load the newest one, on both databases."""

from dataclasses import replace

from domain.triage.drafts import NoSuggestion, Source, Suggestion
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
        none = NoSuggestion(case_id=case_id, message_id=message.id, created_at=NOW)
        uow.suggestions.add(none)
        assert uow.suggestions.latest(case_id) == none
        for chosen in (saved, drafted):
            uow.suggestions.add(chosen)
            latest = uow.suggestions.latest(case_id)
            assert isinstance(latest, Suggestion)
            assert latest == replace(chosen, id=latest.id)
        uow.suggestions.add(none)
        assert uow.suggestions.latest(case_id) == none
        uow.suggestions.delete_from(case_id, message.id)
        assert uow.suggestions.latest(case_id) is None


def test_what_was_chosen_is_dropped_and_drafts_stay(store: Store, case_id: int) -> None:
    [message] = stored_messages(store, a_message(case_id))
    approved = Suggestion(
        case_id=case_id,
        message_id=message.id,
        text="We know.",
        language="en",
        source=Source.OUTAGE,
        name="7",
        version="1",
        title="Payments fail",
        created_at=NOW,
    )
    drafted = replace(approved, source=Source.MODEL, name="draft", model="m")
    with store.unit_of_work() as uow:
        for chosen in (drafted, approved):
            uow.suggestions.add(chosen)
        assert uow.suggestions.texts_of(Source.OUTAGE, "7") == ["We know."]
        assert uow.suggestions.texts_of(Source.OUTAGE, "8") == []
        uow.suggestions.drop([])
        uow.suggestions.drop([case_id])
        left = uow.suggestions.latest(case_id)
        assert isinstance(left, Suggestion)
        assert left.source is Source.MODEL
