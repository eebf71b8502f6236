"""Ask destinations whom a notice reaches: each with a timeout, and once a minute."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import pytest

from domain.outages.destinations import Preflight
from handlers import preflights
from handlers.preflights import Preflights
from tests.handlers.made import NOW
from tests.handlers.outages.made import ListDestination, destinations


@dataclass
class Silent(ListDestination):
    """A destination that never answers."""

    async def preflight(self) -> Preflight:
        await asyncio.Event().wait()
        raise AssertionError("unreachable")


@dataclass
class Broken(ListDestination):
    """A destination whose client fails."""

    asked: int = 0

    async def preflight(self) -> Preflight:
        self.asked += 1
        raise ValueError("broken")


async def test_one_that_fails_or_is_silent_keeps_no_other_from_answering(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(preflights, "PATIENCE", 0.05)
    broken = Broken()
    where, asked = destinations(page=ListDestination(), silent=Silent(), broken=broken), Preflights()
    await asked.ask(where, [*where, "gone"], now=NOW)
    known = asked.known(NOW)
    assert known["page"].audience == 3
    assert "did not answer within" in str(known["silent"].refusal)
    assert "the log says why" in str(known["broken"].refusal)
    assert set(known) == {"page", "silent", "broken"}


async def test_a_quick_answer_is_known_while_another_is_awaited() -> None:
    where, asked = destinations(page=ListDestination(), silent=Silent()), Preflights()
    asking = asyncio.create_task(asked.ask(where, where, now=NOW))
    await asyncio.sleep(0.01)
    assert set(asked.known(NOW)) == {"page"}
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_an_answer_is_kept_a_minute() -> None:
    broken = Broken()
    where, asked = destinations(broken=broken), Preflights()
    for seconds in (0, 59, 60):
        await asked.ask(where, where, now=NOW + timedelta(seconds=seconds))
    assert broken.asked == 2
    assert asked.known(NOW + timedelta(minutes=5)) == {}


async def test_an_answer_from_before_the_clock_was_set_back_is_asked_for_anew() -> None:
    broken = Broken()
    where, asked = destinations(broken=broken), Preflights()
    await asked.ask(where, where, now=NOW)
    earlier = NOW - timedelta(hours=2)
    assert asked.known(earlier) == {}
    await asked.ask(where, where, now=earlier)
    assert broken.asked == 2
    assert set(asked.known(earlier)) == {"broken"}
