"""Store a model's draft by the real performer."""

from dataclasses import replace

import pytest

from adapters.prompts.rules_of_engagement import load_rules_of_engagement
from domain.delivery.effects import DraftReply
from domain.triage.drafts import Draft, DraftRequest, Source, Suggestion
from handlers.desk import Desk
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.delivery.performers.test_cards import a_harness
from tests.handlers.made import NOW, a_stored_case, card_view, do, messages, networks, queued
from tests.handlers.timers.test_mentions import Network
from tests.source import ROOT

RULES = ROOT / "prompts" / "rules_of_engagement.toml"

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
    """A model that repeats its best source, with `more` after it, or writes `text`."""

    def __init__(self, text: str = "", more: str = "") -> None:
        self.text = text
        self.more = more
        self.requests: list[DraftRequest] = []

    async def draft(self, request: DraftRequest) -> Draft:
        self.requests.append(request)
        best, second = request.groundings[:2]
        return replace(
            DRAFT, text=self.text or best.text[:100] + self.more, grounded_in=(best.name, second.name)
        )


async def drafted(store: Store, desk: Desk, drafter: OneDraft) -> Suggestion | None:
    """Have a draft made for a post, and return the suggestion that is left."""
    harness = a_harness(desk, networks(Network()), drafter=drafter, rules=load_rules_of_engagement(RULES))
    case = a_stored_case(store)
    [message] = messages(store, case.id)

    def ask(uow: UnitOfWork) -> None:
        uow.outbox.add([DraftReply(case.id, message.id)], now=NOW)

    do(store, ask)
    await harness.settle()
    return card_view(store, case).suggestion


async def test_a_draft_becomes_the_suggestion(store: Store, desk: Desk) -> None:
    drafter = OneDraft()
    kept = await drafted(store, desk, drafter)
    [request] = drafter.requests
    names = [source.name for source in request.groundings[:2]]
    assert kept is not None
    assert (kept.text, kept.model) == (request.groundings[0].text[:100], "small-1")
    assert (kept.grounded_in, kept.title, kept.started_from) == (",".join(names), DRAFT.title, names[0])
    [row] = queued(store, "draft_reply")
    assert row["result"]["grounded_in"] == names


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("You are an idiot and we hate you.", "something else than its sources"),
        ("Delete the app, it is dangerous.", "something else than its sources"),
        (
            "Wir sehen uns die Zahlung an und melden uns bei dir, sobald wir mehr darüber wissen.",
            "something else",
        ),
    ],
)
async def test_a_draft_that_its_sources_do_not_say_is_refused(
    store: Store, desk: Desk, text: str, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    kept = await drafted(store, desk, OneDraft(text))
    assert kept is not None
    assert kept.source is Source.SAVED_REPLY
    assert why in caplog.text
    assert text not in caplog.text


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        (" We will refund you.", "promises_money"),
        (" It will be fixed within two hours.", "promises_time"),
        (" Please send us your password.", "asks_for_private_data"),
        (" See evil.com/pay", "has_link"),
        (" It was your own fault.", "blames_customer"),
    ],
)
async def test_a_draft_that_breaks_a_rule_of_engagement_is_refused(
    store: Store, desk: Desk, more: str, rule: str, caplog: pytest.LogCaptureFixture
) -> None:
    kept = await drafted(store, desk, OneDraft(more=more))
    assert kept is not None
    assert kept.source is Source.SAVED_REPLY
    assert f"its reply breaks the rule {rule}" in caplog.text
