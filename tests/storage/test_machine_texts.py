"""Store texts by a model: one of a kind and language for a message, and for a whole case."""

from dataclasses import replace

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from domain.assistance.assistant import Provenance
from domain.assistance.machine_texts import MachineText, TextKind
from storage.engine import Store
from storage.model_tables import machine_texts
from tests.storage.made import NOW, a_message, stored, stored_messages


def texts(store: Store) -> list[MachineText]:
    """Return a summary of a stored case, and a translation of its message."""
    [case] = stored(store)
    [message] = stored_messages(store, a_message(case_id=case.id))
    summary = MachineText(
        case_id=case.id,
        message_id=None,
        kind=TextKind.SUMMARY,
        language="en",
        source="digest",
        content={"text": "one"},
        provenance=Provenance(model="m", prompt="p", prompt_version="1"),
        requested_by="U0SAM",
        created_at=NOW,
    )
    return [summary, replace(summary, kind=TextKind.TRANSLATION, message_id=message.id)]


def test_a_text_takes_the_place_of_the_one_before(store: Store) -> None:
    for text in texts(store):
        newer = replace(text, content={"text": "two"}, source="other", requested_by="U0MIA")
        with store.unit_of_work() as uow:
            uow.machine_texts.save(text)
            uow.machine_texts.save(replace(text, language="de"))
            uow.machine_texts.save(newer)
        with store.unit_of_work() as uow:
            kept = [one for one in uow.machine_texts.of_case(text.case_id) if one.kind is text.kind]
            assert kept == [newer, replace(text, language="de")]


@pytest.mark.parametrize("number", [0, 1])
def test_the_database_keeps_no_second_one(store: Store, number: int) -> None:
    text = texts(store)[number]
    with store.unit_of_work() as uow:
        uow.machine_texts.save(text)
    with store.engine.connect() as connection:
        row = dict(connection.execute(select(machine_texts)).mappings().one())
    del row["id"]
    with pytest.raises(IntegrityError), store.engine.begin() as connection:
        connection.execute(insert(machine_texts).values(row))
