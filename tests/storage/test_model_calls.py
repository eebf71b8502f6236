"""Record what calls of the model came to, and sum them up."""

from datetime import timedelta

from domain.model_calls import ModelCall, Spend
from storage.engine import Store
from tests.storage.made import NOW

CALL = ModelCall(
    purpose="draft",
    model="small-1",
    prompt="draft-reply",
    prompt_version="4/1",
    error="",
    seconds=2.0,
    input_tokens=100,
    output_tokens=20,
    cost=0.25,
)


def add(store: Store, *calls: tuple[ModelCall, timedelta]) -> None:
    with store.unit_of_work() as uow:
        for call, ago in calls:
            uow.model_calls.add(call, at=NOW - ago)


def test_what_was_spent_is_since_a_moment(store: Store) -> None:
    with store.unit_of_work() as uow:
        assert uow.model_calls.spend(since=NOW) == Spend()
    add(store, (CALL, timedelta()), (CALL, timedelta(hours=1)), (CALL, timedelta(days=2)))
    with store.unit_of_work() as uow:
        assert uow.model_calls.spend(since=NOW - timedelta(days=1)) == Spend(calls=2, tokens=240, cost=0.5)


def test_usage_is_by_purpose_model_and_prompt_version(store: Store) -> None:
    failed = ModelCall(
        **{name: getattr(CALL, name) for name in CALL.__slots__}
        | {"error": "cut off", "seconds": 4.0, "cost": None}
    )
    other = ModelCall(**{name: getattr(CALL, name) for name in CALL.__slots__} | {"prompt_version": "5/1"})
    add(store, (CALL, timedelta()), (failed, timedelta()), (other, timedelta()))
    with store.unit_of_work() as uow:
        first, second = uow.model_calls.usage(since=NOW)
    assert (first.prompt_version, first.failed, first.seconds) == ("4/1", 1, 3.0)
    assert first.spend == Spend(calls=2, tokens=240, cost=0.25)
    assert (second.prompt_version, second.failed, second.spend.calls) == ("5/1", 0, 1)


def test_old_calls_are_pruned(store: Store) -> None:
    add(store, (CALL, timedelta()), (CALL, timedelta(days=401)))
    with store.unit_of_work() as uow:
        uow.model_calls.prune(before=NOW - timedelta(days=400))
    with store.unit_of_work() as uow:
        assert uow.model_calls.spend(since=NOW - timedelta(days=999)).calls == 1
