"""Define what calls of a language model cost, and the daily cap on them."""

from dataclasses import dataclass
from typing import Protocol


class NoAnswer(Exception):
    """There is no answer of the model that can be used. The text says why, without personal data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """One finished call. `purpose` is what it was for ("draft"), `error` why it failed, empty if it did not.

    `cost` is in US dollars, `None` where the price is unknown.
    """

    purpose: str
    model: str
    prompt: str
    prompt_version: str
    error: str
    seconds: float
    input_tokens: int
    output_tokens: int
    cost: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """What the calls of some time came to; calls without a known price count 0 in `cost`."""

    calls: int = 0
    tokens: int = 0
    cost: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUsage:
    """What calls with one prompt version came to; `seconds` is their mean duration."""

    purpose: str
    model: str
    prompt_version: str
    failed: int
    seconds: float
    spend: Spend


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelBudget:
    """What may be spent in a day (UTC): tokens, and US dollars. 0 is no cap."""

    daily_tokens: int = 0
    daily_cost: float = 0.0

    def is_used_up(self, spend: Spend) -> bool:
        """Return whether nothing more may be spent today."""
        over_tokens = 0 < self.daily_tokens <= spend.tokens
        return over_tokens or 0 < self.daily_cost <= spend.cost


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPrice:
    """US dollars for a million tokens; 0 is unknown."""

    input: float = 0.0
    output: float = 0.0

    def cost(self, *, input_tokens: int, output_tokens: int) -> float | None:
        """Return the cost of a call; `None` where no price is known."""
        if not (self.input or self.output):
            return None
        return (input_tokens * self.input + output_tokens * self.output) / 1_000_000


class CallLedger(Protocol):
    """Decide whether the model may be called, and keep what each call came to."""

    async def may_call(self) -> bool:
        """Return whether today's cap leaves room for a call."""
        ...

    async def record(self, call: ModelCall) -> None:
        """Store a finished call."""
        ...
