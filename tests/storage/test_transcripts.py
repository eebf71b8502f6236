"""Store requests for transcripts by mail, on both databases."""

from dataclasses import replace

import pytest

from domain.chat.transcript import Transcript, TranscriptState
from storage.engine import Store
from tests.storage.made import NOW, SECOND, a_handoff, stored
from tests.storage.plans import explained


def test_every_field_of_a_transcript_is_stored_and_updated(store: Store) -> None:
    [case] = stored(store)
    with store.unit_of_work() as uow:
        handoff = uow.handoffs.add(a_handoff(case.id))
        asked = Transcript(
            id=0,
            handoff_id=handoff.id,
            case_id=case.id,
            address="ana@example.com",
            last_message_id=7,
            requested_at=NOW,
        )
        one, other = uow.transcripts.add(asked), uow.transcripts.add(asked)
    assert (one.id, one.state) != (other.id, TranscriptState.SENT)
    full = replace(one, external_id="t1@acme.example", sent_at=NOW + SECOND, error="came back")
    with store.unit_of_work() as uow:
        assert uow.transcripts.get(one.id) == one
        uow.transcripts.save(full)
    with store.unit_of_work() as uow:
        assert uow.transcripts.get(one.id) == full
        assert uow.transcripts.of_handoff(handoff.id) == [full, other]
        assert uow.transcripts.of_handoff(handoff.id + 1) == []
        assert uow.transcripts.by_external_id(["t1@acme.example", "t2@acme.example"]) == [full]
        assert uow.transcripts.by_external_id([]) == []


def test_a_missing_transcript_raises_lookup_error(store: Store) -> None:
    [case] = stored(store)
    with store.unit_of_work() as uow:
        with pytest.raises(LookupError):
            uow.transcripts.get(99)
        missing = Transcript(
            id=99, handoff_id=1, case_id=case.id, address="a", last_message_id=0, requested_at=NOW
        )
        with pytest.raises(LookupError):
            uow.transcripts.save(missing)


def test_those_of_the_last_hour_are_found_without_reading_all(store: Store) -> None:
    with explained(store) as (uow, plans):
        assert uow.transcripts.to_mailbox("ana@example.com", since=NOW) == []
    assert any("ix_transcripts_requested" in line for line in plans.lines)
    assert not any(line.startswith("SCAN") or "Seq Scan" in line for line in plans.lines)
