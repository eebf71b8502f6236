"""Keep instructions and data apart, whatever a customer wrote, and wherever."""

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from adapters.model import ModelDrafter, load_drafter, load_model
from adapters.networks.x.text_length import count
from domain.model_calls import NoAnswer
from domain.triage.drafts import DraftRequest, Grounding
from sandbox.app import new_app, serving
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.model import API_KEY, MODEL_NAME, Model, add_routes
from tests.attacks import Attack, read_attacks
from tests.source import ROOT

PROMPTS = ROOT / "prompts"
ATTACKS = read_attacks()
TEXT = "Hi there, sorry that your payment failed."


@pytest.fixture
def model() -> Model:
    return Model(Ledger(), Faults())


@pytest.fixture
async def drafter(model: Model) -> AsyncIterator[ModelDrafter]:
    app = new_app()
    add_routes(app, model)
    async with serving(app) as where:
        client = load_model(PROMPTS, api_key=API_KEY, base_url=f"{where}/openai/v1", model=MODEL_NAME)
        yield load_drafter(client, PROMPTS, lambda _network, text: count(text))
        await client.close()


def a_request(attack: str, language: str = "en", where: str = "post") -> DraftRequest:
    """Put the attack where a stranger's words go."""
    article = attack if where == "article" else TEXT
    return DraftRequest(
        network="x",
        text=attack if where == "post" else "My payment failed.",
        earlier=(attack,) if where == "earlier" else (),
        points_at=attack if where == "points_at" else "",
        language=language,
        brand="Acme",
        limit=280,
        groundings=(Grounding(name="payment_errors", title="Payment errors", text=article),),
        first_name=attack if where == "name" else "",
    )


def messages(model: Model) -> list[list[dict[str, Any]]]:
    entries = model.ledger.of("model", "POST /v1/chat/completions")
    return [entry.detail["request"]["messages"] for entry in entries]


def test_there_are_sixty_attacks_and_more_of_many_kinds() -> None:
    assert len(ATTACKS) >= 60
    assert len({attack.kind for attack in ATTACKS}) >= 15
    assert len({attack.language for attack in ATTACKS}) >= 8
    assert len({attack.text for attack in ATTACKS}) >= len(ATTACKS) - 2


@pytest.mark.parametrize("where", ["post", "earlier", "points_at", "name", "article"])
async def test_what_a_stranger_wrote_is_in_no_instruction(
    model: Model, drafter: ModelDrafter, where: str
) -> None:
    for text in ("Hello.", *(attack.text for attack in ATTACKS)):
        with suppress(NoAnswer):
            await drafter.draft(a_request(text, where=where))
    sent = messages(model)
    assert len(sent) >= len(ATTACKS)
    for system, user in sent:
        assert (system["role"], user["role"]) == ("system", "user")
        assert "too long" in system["content"] or system == sent[0][0]
        document = json.loads(user["content"])
        assert list(document) == ["sources", "first_name", "points_at", "earlier", "post"]
        assert list(document["sources"][0]) == ["id", "title", "text"]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: f"{attack.number} {attack.kind}")
async def test_what_an_obeying_model_answers_is_refused(
    model: Model, drafter: ModelDrafter, attack: Attack
) -> None:
    """What only the rules of engagement find (promises, insults) is tested in tests/flows/test_model.py."""
    model.obey = attack.answer
    request = a_request(attack.text, attack.language, attack.where)
    if attack.refused_by == "client":
        with pytest.raises(NoAnswer):
            await drafter.draft(request)
        return
    draft = await drafter.draft(request)
    assert attack.wanted not in " ".join(draft.missing)
    assert attack.refused_by == "rules" or draft.text == TEXT
