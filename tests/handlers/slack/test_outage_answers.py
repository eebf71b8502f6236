"""Open the form of a bulk answer at once, whatever writing the answers takes or meets."""

from collections.abc import Coroutine
from types import SimpleNamespace
from typing import Any

import pytest

from domain.errors import Refused
from domain.outages.lifecycle import Actor, RightMissing
from domain.outages.policy import Right
from handlers.slack import outage_answers
from handlers.slack.payloads import Press
from tests.adapters.slack.inspection import said
from tests.handlers.slack.listening import Modals

PRESS = Press(user_id="U0KAI", action={"value": "7"}, trigger_id="t", channel="C1", thread_ts=None, view={})


class Opened:
    """A context in which the form was opened, and the work that fills it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, rights: frozenset[Right] = frozenset(Right)) -> None:
        self.modals = Modals()
        self.work: list[Coroutine[None, None, None]] = []
        self.ctx: Any = SimpleNamespace(modals=self.modals, background=self)

        async def actor(_ctx: object, user_id: str) -> Actor:
            return Actor(user_id=user_id, rights=rights)

        monkeypatch.setattr(outage_answers, "outage_actor", actor)

    def start(self, work: Coroutine[None, None, None], *, name: str) -> None:
        assert name
        self.work.append(work)

    def shown(self) -> str:
        newest: Any = self.modals.views[-1]
        return said(newest)


def loading(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    async def load(*_: object) -> None:
        raise failure

    monkeypatch.setattr(outage_answers, "_load", load)


async def test_the_form_opens_before_the_answers_are_written_and_says_what_kept_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loading(monkeypatch, Refused("Nothing was done: it is over."))
    opened = Opened(monkeypatch)
    await outage_answers._open_answer(opened.ctx, PRESS)
    assert "The answers are being written" in opened.shown()
    [work] = opened.work
    await work
    assert "Nothing was done: it is over." in opened.shown()


async def test_a_fault_of_ours_leaves_no_form_that_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    loading(monkeypatch, ValueError("ours"))
    opened = Opened(monkeypatch)
    await outage_answers._open_solved(opened.ctx, PRESS)
    [work] = opened.work
    with pytest.raises(ValueError, match="ours"):
        await work
    assert "could not be written" in opened.shown()


async def test_who_may_not_announce_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Opened(monkeypatch, frozenset({Right.DRAFT}))
    with pytest.raises(RightMissing):
        await outage_answers._open_answer(opened.ctx, PRESS)
    assert opened.modals.views == []
