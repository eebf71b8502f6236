"""Store a model's draft by the real performer."""

from domain.delivery.effects import DraftReply
from domain.triage.drafts import Draft, DraftRequest
from handlers.desk import Desk
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.delivery.performers.test_cards import a_harness
from tests.handlers.made import NOW, a_stored_case, do, messages, networks, queued
from tests.handlers.timers.test_mentions import Network

DRAFT = Draft(
    text="Hi, we are looking into the payment.",
    language="en",
    situation="cannot_pay",
    urgency="high",
    grounded_in=("payment-errors", "tell_us_more"),
    title="Payment errors, Tell us more",
    missing=("time of the payment",),
    model="small-1",
    prompt="reply",
    prompt_version="3",
)


class OneDraft:
    """A model that always returns the same draft."""

    async def draft(self, request: DraftRequest) -> Draft:
        assert request.text
        return DRAFT


async def test_a_draft_becomes_the_suggestion(store: Store, desk: Desk) -> None:
    harness = a_harness(desk, networks(Network()), drafter=OneDraft())
    case = a_stored_case(store)
    [message] = messages(store, case.id)

    def ask(uow: UnitOfWork) -> None:
        uow.outbox.add([DraftReply(case.id, message.id)], now=NOW)

    do(store, ask)
    await harness.settle()
    with store.unit_of_work() as uow:
        kept = uow.suggestions.latest(case.id)
    assert kept is not None
    assert (kept.text, kept.model, kept.grounded_in) == (DRAFT.text, "small-1", "payment-errors,tell_us_more")
    assert (kept.title, kept.started_from) == (DRAFT.title, "payment-errors")
    [row] = queued(store, "draft_reply")
    assert row["result"]["grounded_in"] == ["payment-errors", "tell_us_more"]
