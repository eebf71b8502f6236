"""Post requests for approval by the real performers, and have each say what became of it."""

from collections.abc import Mapping
from typing import Any

import pytest

from domain.delivery.outage_effects import RequestEnd
from domain.delivery.outcomes import Done, Outcome
from domain.outages.notices import Notice
from handlers.delivery.loop import Delivery, Dispatcher
from handlers.delivery.performers import performers
from handlers.desk import Desk
from storage.engine import Store
from tests.handlers.context import a_context
from tests.handlers.delivery.performers.scripted import ManualClock, unpaced
from tests.handlers.delivery.performers.test_cards import DeliveryHarness, FakeTeamChat
from tests.handlers.made import networks
from tests.handlers.outages.made import an_outage
from tests.handlers.outages.test_approvals import end_request, submit
from tests.handlers.timers.test_mentions import Network


class ThreadedChat(FakeTeamChat):
    """A team chat in which messages of threads are messages, too."""

    async def post(
        self,
        channel: str,
        content: Mapping[str, Any],
        *,
        thread_ts: str | None = None,
        **more: Any,  # noqa: ANN401 - as there
    ) -> Outcome:
        assert thread_ts is None or (channel, thread_ts) in self.messages
        return await super().post(channel, content, **more)

    async def pin(self, channel: str, ts: str) -> Outcome:
        return Done({"channel": channel, "ts": ts})


class Colleagues:
    """All of them are there."""

    async def is_active(self, _user_id: str) -> bool:
        return True


@pytest.fixture
def harness(desk: Desk) -> DeliveryHarness:
    chat, clock = ThreadedChat(), ManualClock()
    ctx = a_context(desk, team_chat=chat, clock=clock, networks=networks(Network()), directory=Colleagues())
    dispatcher = Dispatcher(performers=performers(ctx), paces=unpaced, owner="me")
    return DeliveryHarness(Delivery(desk, dispatcher, clock, sole_worker=False), chat, clock)


def _told(harness: DeliveryHarness, words: str) -> dict[tuple[str, str], str]:
    return {at: str(one["blocks"]) for at, one in harness.chat.messages.items() if words in str(one)}


def _reloaded(store: Store, notice: Notice) -> Notice:
    with store.unit_of_work() as uow:
        found = uow.notices.get(notice.id)
    assert found is not None
    return found


async def test_the_request_becomes_a_line_without_a_button_where_it_stands(
    store: Store, harness: DeliveryHarness
) -> None:
    _, notice = an_outage(store)
    waiting = submit(store, notice)
    await harness.settle()
    [(place, asked)] = _told(harness, "Approval is wanted").items()
    assert "Review…" in asked
    end_request(store, waiting, RequestEnd.APPROVED)
    await harness.settle()
    assert _told(harness, "Approval is wanted") == {}
    ended = _told(harness, "Approved by <@U0MIA>")[place]
    assert "Review…" not in ended


async def test_a_request_that_waited_while_the_notice_was_changed_is_not_posted(
    store: Store, harness: DeliveryHarness
) -> None:
    """Nobody is asked for what cannot be approved any more, and told at once that it was changed."""
    _, notice = an_outage(store)
    end_request(store, submit(store, notice), RequestEnd.CHANGED)
    submit(store, _reloaded(store, notice))
    await harness.settle()
    assert len(_told(harness, "Approval is wanted")) == 1
    assert _told(harness, "Changed before it was approved") == {}
