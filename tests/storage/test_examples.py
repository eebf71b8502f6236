"""Store examples, vectors and trainings, on both databases."""

from array import array
from dataclasses import replace

import pytest

from domain.knowledge.desk_examples import Comparison, DeskExample, ExamplesState, Origin, Training
from domain.triage.assessment import Urgency
from domain.triage.encoder import packed, unpacked
from domain.triage.situations import Situation
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.storage.made import DAY, NOW, SECOND, a_message, stored_messages

COMPARED = Comparison(name="ours situation", count=10, before=5, lost=1, won=2)


def an_example(case_id: int, message_id: int, **changes: object) -> DeskExample:
    example = DeskExample(
        case_id=case_id,
        message_id=message_id,
        origin=Origin.CORRECTION,
        situation=Situation.REFUND,
        urgency=Urgency.HIGH,
        request=True,
        read_situation=Situation.RANT,
        read_urgency=Urgency.NORMAL,
        taught_by="U1",
        at=NOW,
    )
    return replace(example, **changes)  # type: ignore[arg-type]


def test_a_vector_keeps_three_digits() -> None:
    vector = array("f", [0.12345, -0.5, 0.00012, 1.0])
    assert len(packed(vector)) == 8
    assert list(unpacked(packed(vector))) == pytest.approx(list(vector), rel=1e-3)


def test_vectors_are_those_of_one_encoder(store: Store, case_id: int) -> None:
    first, second = stored_messages(store, a_message(case_id), a_message(case_id, "902"))
    one, other = array("f", [1.0, 0.0]), array("f", [0.0, 1.0])
    with store.unit_of_work() as uow:
        uow.vectors.put_many({}, encoder="a 1")
        uow.vectors.put_many({first.id: one, second.id: other}, encoder="a 1")
    with store.unit_of_work() as uow:
        ids = [first.id, second.id]
        assert uow.vectors.of_messages(ids, encoder="a 1") == {first.id: one, second.id: other}
        uow.vectors.put_many({first.id: other}, encoder="a 2")
        assert uow.vectors.of_messages(ids, encoder="a 1") == {second.id: other}
        assert uow.vectors.of_messages(ids, encoder="a 2") == {first.id: other}
        uow.vectors.delete(first.id)
        assert uow.vectors.of_messages(ids, encoder="a 2") == {}


def test_a_message_has_one_example(store: Store, case_id: int) -> None:
    first, second = stored_messages(store, a_message(case_id), a_message(case_id, "902"))
    with store.unit_of_work() as uow:
        assert uow.examples.state() == ExamplesState()
        uow.examples.put(an_example(case_id, first.id))
        uow.examples.put(
            an_example(case_id, second.id, origin=Origin.DISMISSAL, situation=None, at=NOW + SECOND)
        )
        before = uow.examples.state()
        uow.examples.put(an_example(case_id, second.id, taught_by="U2", at=NOW + 2 * SECOND))
    with store.unit_of_work() as uow:
        newest, older = (taught.example for taught in uow.examples.newest_with_texts(5))
        assert newest == an_example(case_id, second.id, taught_by="U2", at=NOW + 2 * SECOND, id=newest.id)
        assert older == uow.examples.get(older.id) == uow.examples.of_message(first.id)
        assert uow.examples.state() == ExamplesState(2, NOW + 2 * SECOND)
        [shown] = uow.examples.newest_with_texts(1)
        assert (shown.example, shown.text, shown.language) == (newest, second.text, "")
        assert uow.examples.state() != before
        assert uow.examples.counts() == {Origin.CORRECTION: 2}
        assert uow.examples.by_person() == [("U1", 1), ("U2", 1)]
        uow.examples.delete(older.id)
        assert uow.examples.get(older.id) is None


def test_examples_go_by_age_case_message_or_all(store: Store, case_id: int) -> None:
    stored = stored_messages(store, *(a_message(case_id, str(902 + n)) for n in range(4)))

    def left(uow: UnitOfWork) -> list[int]:
        return [taught.example.message_id for taught in uow.examples.newest_with_texts(9)][::-1]

    ids = [message.id for message in stored]
    with store.unit_of_work() as uow:
        for number, message_id in enumerate(ids):
            origin = Origin.DISMISSAL if number == 1 else Origin.CORRECTION
            uow.examples.put(an_example(case_id, message_id, origin=origin, at=NOW + number * DAY))
        assert uow.examples.delete_before(NOW + SECOND) == 1
        assert left(uow) == ids[1:]
        uow.examples.delete_dismissals(case_id)
        assert left(uow) == ids[2:]
        uow.examples.delete_of_message(ids[2])
        assert left(uow) == ids[3:]
        assert uow.examples.delete_all() == 1
        assert left(uow) == []


def test_only_the_newest_accepted_training_has_heads(store: Store) -> None:
    first = Training(
        at=NOW,
        asked_by="U1",
        base="b",
        learnt_from=ExamplesState(3, NOW),
        accepted=True,
        comparisons=(COMPARED,),
        heads="first",
    )
    with store.unit_of_work() as uow:
        uow.trainings.lock()
        assert uow.trainings.latest() is None
        assert uow.trainings.current("b") is None
        uow.trainings.add(first)
    with store.unit_of_work() as uow:
        assert uow.trainings.latest() == uow.trainings.current("b") == first
        assert uow.trainings.current("another") is None
        rejected = replace(first, accepted=False, heads="worse")
        uow.trainings.add(rejected)
        assert uow.trainings.latest() == replace(rejected, heads=None)
        assert uow.trainings.current("b") == first
        forgotten = replace(first, heads=None, learnt_from=ExamplesState(), comparisons=())
        uow.trainings.add(forgotten)
        assert uow.trainings.current("b") == forgotten
