"""Draft over HTTP against the sandbox's model and against servers with malformed responses."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from adapters.model import ModelDrafter, load_prompt
from adapters.networks.x.text_length import count
from domain.triage.drafts import DraftRequest, Grounding, NoDraft
from sandbox.app import new_app, serving
from sandbox.faults import Fault, Faults
from sandbox.ledger import Ledger
from sandbox.model import API_KEY, MODEL_NAME, Model, add_routes
from sandbox.model.behaviour import Behaviour, Manner
from tests.source import ROOT

PROMPT = load_prompt(ROOT / "prompts" / "draft" / "reply.md")
REQUEST = DraftRequest(
    network="x",
    text="@acme no puedo hacer el pago, very-private-words",
    language="es",
    brand="Acme",
    limit=280,
    groundings=(Grounding(name="payment_errors", title="Payment errors", text="Hola, lo sentimos."),),
)


@asynccontextmanager
async def drafter_at(
    base_url: str, *, api_key: str = API_KEY, seconds: float = 5
) -> AsyncIterator[ModelDrafter]:
    drafter = ModelDrafter(
        api_key=api_key,
        base_url=base_url,
        model=MODEL_NAME,
        prompt=PROMPT,
        count=lambda _network, text: count(text),
        seconds=seconds,
    )
    try:
        yield drafter
    finally:
        await drafter.close()


@pytest.fixture
def model() -> Model:
    return Model(Ledger(), Faults())


@pytest.fixture
async def address(model: Model) -> AsyncIterator[str]:
    app = new_app()
    add_routes(app, model)
    async with serving(app) as where:
        yield f"{where}/openai/v1"


@asynccontextmanager
async def answering(*answers: tuple[str, str]) -> AsyncIterator[str]:
    """Serve these responses (body, content type), one after the other."""
    left = iter(answers)

    async def act(_request: web.Request) -> web.Response:
        body, content_type = next(left)
        return web.Response(text=body, content_type=content_type)

    app = web.Application()
    app.router.add_route("*", "/v1/{any:.*}", act)
    async with serving(app) as where:
        yield f"{where}/v1"


async def test_a_draft_says_what_made_it(address: str) -> None:
    async with drafter_at(address) as drafter:
        draft = await drafter.draft(REQUEST)
    assert draft.text.startswith("Hola")
    assert (draft.language, draft.situation, draft.grounded_in) == ("es", "cannot_pay", "payment_errors")
    assert (draft.model, draft.prompt, draft.prompt_version) == (MODEL_NAME, PROMPT.name, PROMPT.version)


async def test_nothing_is_stored_there_and_the_schema_is_strict() -> None:
    seen: list[dict[str, Any]] = []

    async def act(request: web.Request) -> web.Response:
        seen.append(await request.json())
        return web.json_response({}, status=500)

    app = web.Application()
    app.router.add_post("/v1/chat/completions", act)
    async with serving(app) as where, drafter_at(f"{where}/v1") as drafter:
        with pytest.raises(NoDraft):
            await drafter.draft(REQUEST)
    assert len(seen) == 1, "a failed call is not repeated"
    assert seen[0]["store"] is False
    assert seen[0]["response_format"]["json_schema"]["strict"] is True
    assert [m["role"] for m in seen[0]["messages"]] == ["system", "user"]
    assert "very-private-words" not in seen[0]["messages"][0]["content"]


REASONS: dict[Manner, str] = {
    "wrong-shape": "wrong shape",
    "not-json": "wrong shape",
    "refused": "refused",
    "length": "cut off",
    "content-filter": "content filter",
    "http-401": "401: OPENAI_API_KEY",
    "http-429": "429",
    "http-500": "500",
}


async def test_each_way_of_failing_has_its_reason(model: Model, address: str) -> None:
    async with drafter_at(address) as drafter:
        for manner, why in REASONS.items():
            model.behave(manner)
            with pytest.raises(NoDraft, match=why) as caught:
                await drafter.draft(REQUEST)
            assert "very-private-words" not in str(caught.value)
            assert API_KEY not in str(caught.value)
        assert (await drafter.draft(REQUEST)).text, "the next call works"


@pytest.mark.parametrize("manner", ["slow", "silent"])
async def test_a_slow_model_is_not_waited_for(model: Model, address: str, manner: Manner) -> None:
    model.behave(manner)
    async with drafter_at(address, seconds=0.3) as drafter:
        await drafter.probe()
        model.behave(manner)
        async with asyncio.timeout(Behaviour(manner).seconds / 2):
            with pytest.raises(NoDraft, match="did not answer"):
                await drafter.draft(REQUEST)


async def test_a_lost_connection_and_a_wrong_key_have_their_reasons(model: Model, address: str) -> None:
    model.faults.add(Fault(call="model:POST /v1/chat/completions", mode="lost-after"))
    async with drafter_at(address) as drafter, drafter_at(address, api_key="sk-wrong-key-1") as wrong:
        with pytest.raises(NoDraft, match="cannot be reached"):
            await drafter.draft(REQUEST)
        with pytest.raises(NoDraft, match="401") as caught:
            await wrong.draft(REQUEST)
    assert "sk-wrong-key-1" not in str(caught.value)


async def test_nobody_there_has_its_reason() -> None:
    async with drafter_at("http://127.0.0.1:9/v1") as drafter:
        with pytest.raises(NoDraft, match="cannot be reached"):
            await drafter.draft(REQUEST)


def completion(content: object) -> str:
    message = {"role": "assistant", "content": content, "refusal": None}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    return json.dumps(
        {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    )


CONTENTS: tuple[object, ...] = (None, "", "[]", 7, {})
NONSENSE = (
    *("", "{", "null", "[]", "{}", '{"choices": null}', '{"choices": []}', '{"choices": [{}]}', '{"choices": [7]}'),
    *(completion(content) for content in CONTENTS),
    *("[" * 50_000, "x" * 1_000_000),
)  # fmt: skip


async def test_nonsense_is_no_draft() -> None:
    answers = [(body, kind) for body in NONSENSE for kind in ("application/json", "text/html")]
    async with answering(*answers) as where, drafter_at(where) as drafter:
        for body, kind in answers:
            with pytest.raises(NoDraft) as caught:
                await drafter.draft(REQUEST)
            assert "the model" in str(caught.value), (body[:50], kind)


async def test_an_answer_that_fails_a_check_is_no_draft() -> None:
    told: dict[str, object] = {
        "language": "es",
        "situation": "cannot_pay",
        "urgency": "high",
        "missing": [],
        "saved_reply": None,
    }
    body = completion(json.dumps({**told, "reply": "Escribe a @evil"}))
    async with answering((body, "application/json")) as where, drafter_at(where) as drafter:
        with pytest.raises(NoDraft, match="no saved reply has"):
            await drafter.draft(REQUEST)


async def test_a_lone_surrogate_does_not_stop_the_call(address: str) -> None:
    broken = DraftRequest(
        network="x",
        text="pago \ud800",
        language="es",
        brand="Ac\udfffme",
        limit=280,
        groundings=REQUEST.groundings,
    )
    async with drafter_at(address) as drafter:
        assert (await drafter.draft(broken)).text


async def test_the_key_is_not_logged(address: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with drafter_at(address) as drafter:
        await drafter.draft(REQUEST)
    assert API_KEY not in caplog.text
    assert "very-private-words" not in caplog.text


async def test_the_probe_tells_that_it_works_or_what_to_do(model: Model, address: str) -> None:
    async with drafter_at(address) as drafter:
        [line] = await drafter.probe()
        assert line.ok
        assert MODEL_NAME in line.detail
        model.behave("http-401")
        [line] = await drafter.probe()
    assert line.ok is False
    assert "OPENAI_API_KEY" in line.remedy
