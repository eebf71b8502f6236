"""Misbehaviour of the simulated model, as OpenAI's client sees it."""

import asyncio
import json
import time
from typing import Any

import aiohttp
import openai
import pytest
from pydantic import BaseModel, ValidationError

from sandbox.faults import Fault
from sandbox.model import API_KEY
from tests.sandbox.model.conftest import Drafter


class Draft(BaseModel):
    draft: str
    language: str


async def ask(drafter: Drafter) -> Any:  # noqa: ANN401 - the answer of either endpoint
    return await drafter.client.chat.completions.parse(
        model="sandbox-model",
        messages=[{"role": "user", "content": "Help"}],
        response_format=Draft,
        store=False,
    )


async def respond(drafter: Drafter) -> Any:  # noqa: ANN401
    return await drafter.client.responses.parse(
        model="sandbox-model", input="Help", text_format=Draft, store=False
    )


async def test_the_ledger_holds_what_was_sent(drafter: Drafter) -> None:
    await ask(drafter)
    (entry,) = drafter.model.ledger.of("model", "POST /v1/chat/completions")
    assert entry.detail["request"]["store"] is False
    assert entry.detail["request"]["messages"] == [{"role": "user", "content": "Help"}]
    assert json.loads(entry.detail["answer"])["language"] == "en"


async def test_a_plain_question_gets_plain_text(drafter: Drafter) -> None:
    messages: Any = [{"role": "user", "content": [{"type": "text", "text": "Hola, ¿qué tal?"}]}]
    answer = await drafter.client.chat.completions.create(model="sandbox-model", messages=messages)
    assert (answer.choices[0].message.content or "").startswith("Hola")
    other = await drafter.client.responses.create(
        model="sandbox-model", input=[{"role": "user", "content": "Help"}]
    )
    assert other.output_text.startswith("Hi")


@pytest.mark.parametrize("manner", ["wrong-shape", "not-json"])
async def test_a_wrong_shape_does_not_validate(drafter: Drafter, manner: Any) -> None:  # noqa: ANN401
    for call in (ask, respond):
        drafter.model.behave(manner)
        with pytest.raises(ValidationError):
            await call(drafter)
        await call(drafter)


async def test_a_refusal_is_one(drafter: Drafter) -> None:
    drafter.model.behave("refused", times=2)
    message = (await ask(drafter)).choices[0].message
    assert (message.parsed, message.content) == (None, None)
    assert "can't help" in message.refusal
    output = (await respond(drafter)).output[0].content[0]
    assert output.type == "refusal"


async def test_a_cut_answer_says_why(drafter: Drafter) -> None:
    drafter.model.behave("length")
    with pytest.raises(openai.LengthFinishReasonError):
        await ask(drafter)
    drafter.model.behave("content-filter", times=2)
    with pytest.raises(openai.ContentFilterFinishReasonError):
        await ask(drafter)
    answer = await drafter.client.responses.create(model="sandbox-model", input="Help")
    assert answer.status == "incomplete"
    assert answer.incomplete_details is not None
    assert answer.incomplete_details.reason == "content_filter"


@pytest.mark.parametrize(
    ("manner", "error"),
    [
        ("http-401", openai.AuthenticationError),
        ("http-429", openai.RateLimitError),
        ("http-500", openai.InternalServerError),
    ],
)
async def test_http_errors_are_the_clients_own(drafter: Drafter, manner: Any, error: type[Exception]) -> None:  # noqa: ANN401
    for call in (ask, respond):
        drafter.model.behave(manner)
        with pytest.raises(error):
            await call(drafter)
    assert drafter.model.ledger.entries == []


async def test_slow_and_silent(drafter: Drafter) -> None:
    drafter.model.behave("slow", seconds=0.1)
    began = time.monotonic()
    await ask(drafter)
    assert time.monotonic() - began >= 0.1
    drafter.model.behave("silent", seconds=0.05)
    with pytest.raises(openai.APIConnectionError):
        await ask(drafter)
    drafter.model.behave("silent", seconds=1)
    with pytest.raises(openai.APITimeoutError):
        await ask(Drafter(drafter.model, drafter.address, drafter.client.with_options(timeout=0.1)))
    assert len(drafter.model.ledger.entries) == 1


async def test_faults_strike_the_model_too(drafter: Drafter) -> None:
    drafter.model.faults.add(Fault("model:POST /v1/chat/completions", "lost-after"))
    with pytest.raises(openai.APIConnectionError):
        await ask(drafter)
    assert len(drafter.model.ledger.entries) == 1


async def test_the_key_and_the_model_are_checked(drafter: Drafter) -> None:
    with pytest.raises(openai.AuthenticationError):
        await drafter.client.with_options(api_key="sk-wrong").models.list()
    with pytest.raises(openai.AuthenticationError):
        await ask(Drafter(drafter.model, drafter.address, drafter.client.with_options(api_key="sk-wrong")))
    with pytest.raises(openai.NotFoundError):
        await drafter.client.chat.completions.create(
            model="gpt-4o", messages=[{"role": "user", "content": "a"}]
        )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"model": "sandbox-model"}',
        b'{"model": "sandbox-model", "messages": []}',
        b'{"model": "sandbox-model", "messages": [7]}',
        b'{"model": "sandbox-model", "messages": [{"role": "user", "content": "a"}], "stream": true}',
        b'{"model": "sandbox-model", "messages": [{"role": "user"}], "response_format": "json"}',
        b'{"model": "sandbox-model", "messages": [{"role": "user"}], "response_format": {"type": "json_schema"}}',
        b'{"model": "sandbox-model", "messages": [{"role": "user"}], "response_format": {"type": "json_schema",'
        b' "json_schema": {"name": "a", "strict": true, "schema": {"type": "object", "properties": {"a": {}}}}}}',
        b"[" * 200_000,
    ],
)
async def test_a_bad_body_is_answered_400_in_openais_shape(drafter: Drafter, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {API_KEY}"}
    url = f"{drafter.address}/chat/completions"
    async with aiohttp.request("POST", url, data=body, headers=headers) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"]["type"] == "invalid_request_error"
    await asyncio.wait_for(ask(drafter), 20)
