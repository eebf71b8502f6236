"""Save a preview: a text that is too long for Slack's inputs stays as it is. Show answers as they come."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.slack.outages.ids import OutageAction, text_block
from domain.outages.notices import NoticeText
from handlers.preflights import Preflights
from handlers.slack import outage_previews, outage_reviews
from tests.handlers.delivery.performers.scripted import ManualClock
from tests.handlers.outages.made import OUTAGE_POLICY, ListDestination, destinations
from tests.handlers.test_preflights import Silent


def test_what_has_no_input_is_neither_cut_nor_emptied() -> None:
    long = NoticeText(destination="page", language="", text="x" * 6_500)
    short = NoticeText(destination="posts", language="en", text="Payments fail")
    typed = {"type": "plain_text_input", "value": "Cards fail"}
    block = text_block(0, 1)
    view = {"state": {"values": {block: {str(OutageAction.TEXT): typed}}}}
    kept, changed = outage_previews._texts_in(view, [long, short], 0)
    assert kept == long
    assert changed.text == "Cards fail"


class Nobody:
    """A directory without anybody."""

    async def members(self, _channel: str) -> frozenset[str]:
        return frozenset()

    async def agents(self) -> frozenset[str]:
        return frozenset()


@dataclass
class Drawn:
    """Modals that take every update."""

    views: list[object] = field(default_factory=list)

    async def update_named_view(self, _external_id: str, view: object) -> bool:
        self.views.append(view)
        return True


@pytest.mark.parametrize("quick", [False, True])
async def test_what_quick_destinations_answer_is_shown_while_others_are_awaited(
    monkeypatch: pytest.MonkeyPatch, *, quick: bool
) -> None:
    monkeypatch.setattr(outage_reviews, "QUICK", 0.05)
    monkeypatch.setattr("handlers.preflights.PATIENCE", 0.2)
    other = ListDestination() if quick else Silent()
    where, started, modals = destinations(page=ListDestination(), other=other), list[Any](), Drawn()
    ctx: Any = SimpleNamespace(
        directory=Nobody(),
        policy=SimpleNamespace(outages=OUTAGE_POLICY),
        preflights=Preflights(),
        destinations=where,
        clock=ManualClock(),
        modals=modals,
        background=SimpleNamespace(start=lambda work, name: started.append((work, name))),
    )

    async def draw() -> Any:  # noqa: ANN401 - a view
        return sorted(ctx.preflights.known(ctx.clock.now()))

    outage_reviews.ask_destinations(ctx, list(where), "1", draw)
    [(work, _)] = started
    await asyncio.wait_for(work, timeout=10)
    assert modals.views == ([] if quick else [["page"]]) + [["other", "page"]]
