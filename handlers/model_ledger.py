"""Let the language model's client keep to the daily cap, and record its calls in the database."""

from domain.clock import Clock
from domain.model_calls import ModelBudget, ModelCall
from domain.policy import Policy
from handlers.desk import Desk
from handlers.triage.model_calls import may_call_model, record_model_call


class DeskLedger:
    """Implements `domain.model_calls.CallLedger`."""

    def __init__(self, desk: Desk, clock: Clock, policy: Policy) -> None:
        self._desk = desk
        self._clock = clock
        self._policy = policy

    async def may_call(self) -> bool:
        if self._policy.model_budget == ModelBudget():
            return True
        return await self._desk.run(may_call_model, policy=self._policy, now=self._clock.now())

    async def record(self, call: ModelCall) -> None:
        await self._desk.run(record_model_call, call=call, now=self._clock.now())
