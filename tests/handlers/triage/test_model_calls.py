"""Keep to the daily cap on the model: nothing is asked over it, and on-call is told once."""

from dataclasses import replace
from datetime import timedelta

from domain.model_calls import ModelBudget, ModelCall
from domain.policy import Policy
from handlers.triage.model_calls import may_call_model, record_model_call, start_of_day
from storage.engine import Store
from tests.handlers.made import NOW, POLICY, do, queued
from tests.storage.test_model_calls import CALL

TOKENS = replace(POLICY, model_budget=ModelBudget(daily_tokens=200))
DOLLARS = replace(POLICY, model_budget=ModelBudget(daily_cost=0.5))


def record(store: Store, call: ModelCall = CALL) -> None:
    do(store, record_model_call, call=call, now=NOW)


def may_call(store: Store, policy: Policy) -> bool:
    return do(store, may_call_model, policy=policy, now=NOW)


def test_tokens_are_capped_and_on_call_is_told_once(store: Store) -> None:
    record(store)
    assert may_call(store, TOKENS)
    assert queued(store, "alert") == []
    record(store)
    assert not may_call(store, TOKENS)
    assert not may_call(store, TOKENS)
    [alert] = queued(store, "alert")
    assert "2 calls, 240 tokens and $0.50" in str(alert["payload"])


def test_dollars_are_capped(store: Store) -> None:
    record(store, replace(CALL, cost=None))
    assert may_call(store, DOLLARS)
    record(store)
    record(store)
    assert not may_call(store, DOLLARS)


def test_a_new_day_begins_anew(store: Store) -> None:
    do(store, record_model_call, call=replace(CALL, input_tokens=999), now=NOW)
    assert not may_call(store, TOKENS)
    tomorrow = start_of_day(NOW) + timedelta(days=1)
    assert do(store, may_call_model, policy=TOKENS, now=tomorrow)


def test_without_a_cap_everything_may_be_spent(store: Store) -> None:
    do(store, record_model_call, call=replace(CALL, input_tokens=10**9, cost=1e6), now=NOW)
    assert may_call(store, POLICY)
