"""OpenAI's HTTP API in front of the model."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.faults import abort_connection
from sandbox.model.behaviour import Behaviour
from sandbox.model.model import Model, Prompt
from sandbox.model.replies import Output
from sandbox.model.requests import BadRequest, chat_prompt, read_body, response_prompt

REFUSALS: dict[str, tuple[int, str, str | None]] = {
    "http-401": (401, "Incorrect API key provided: sk-****.", "invalid_api_key"),
    "http-429": (429, "Rate limit reached for requests. Please try again later.", "rate_limit_exceeded"),
    "http-500": (500, "The server had an error while processing your request. Sorry about that!", None),
}


def add_routes(app: web.Application, model: Model) -> None:
    """Mount the API at /openai/v1/…."""

    def guarded(call: str, act: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> None:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await model.faults.guard(f"model:{call}", request, lambda: act(request))

        method, _, path = call.partition(" ")
        app.router.add_route(method, f"/openai{path}", handle)

    async def chat(request: web.Request) -> web.StreamResponse:
        return await _answer(model, request, "POST /v1/chat/completions")

    async def respond(request: web.Request) -> web.StreamResponse:
        return await _answer(model, request, "POST /v1/responses")

    async def models(request: web.Request) -> web.StreamResponse:
        try:
            _check_key(model, request)
        except BadRequest as bad:
            return bad.response()
        data = [
            {"id": name, "object": "model", "created": 1_767_225_600, "owned_by": "sandbox"}
            for name in model.names
        ]
        return web.json_response({"object": "list", "data": data})

    guarded("POST /v1/chat/completions", chat)
    guarded("POST /v1/responses", respond)
    guarded("GET /v1/models", models)


async def _answer(model: Model, request: web.Request, call: str) -> web.StreamResponse:
    is_chat = call == "POST /v1/chat/completions"
    try:
        _check_key(model, request)
        body = await read_body(request)
        _check_model(model, body["model"])
        _check_parameters(model, body)
        prompt = chat_prompt(body) if is_chat else response_prompt(body)
        behaviour = model.next_behaviour()
        await _delay(model, behaviour)
        _refuse(behaviour)
    except BadRequest as bad:
        return bad.response()
    if behaviour and behaviour.manner == "silent":
        return abort_connection(request)
    if behaviour and behaviour.manner == "html":
        return web.Response(text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
    output = model.answer(prompt, behaviour.manner if behaviour else None)
    model.ledger.record(
        "model", call, request=body, answer=output.text, refusal=output.refusal, finish=output.finish
    )
    return _envelope(model, body, output, prompt, is_chat=is_chat)


def _refuse(behaviour: Behaviour | None) -> None:
    if behaviour is not None and behaviour.manner in REFUSALS:
        status, message, code = REFUSALS[behaviour.manner]
        wait = str(behaviour.seconds) if behaviour.seconds < 1 else None
        raise BadRequest(status, message, code=code, retry_after=wait)


def _envelope(
    model: Model, body: dict[str, object], output: Output, prompt: Prompt, *, is_chat: bool
) -> web.Response:
    name = str(body["model"])
    if is_chat:
        return web.json_response(model.envelopes.chat_completion(name, output, prompt.text))
    store = body.get("store") is not False
    return web.json_response(model.envelopes.response(name, output, prompt.text, store=store))


async def _delay(model: Model, behaviour: Behaviour | None) -> None:
    slow = behaviour is not None and behaviour.manner in ("slow", "silent")
    seconds = model.seconds + (behaviour.seconds if behaviour and slow else 0)
    if seconds:
        await asyncio.sleep(seconds)


def _check_key(model: Model, request: web.Request) -> None:
    header = request.headers.get("Authorization", "")
    if not header:
        message = (
            "You didn't provide an API key. You need to provide your API key in an Authorization header."
        )
        raise BadRequest(401, message)
    if not hmac.compare_digest(header.encode(), f"Bearer {model.api_key}".encode()):
        raise BadRequest(401, "Incorrect API key provided: sk-****.", code="invalid_api_key")


def _check_model(model: Model, name: str) -> None:
    if name not in model.names:
        message = f"The model `{name}` does not exist or you do not have access to it."
        raise BadRequest(404, message, param="model", code="model_not_found")


def _check_parameters(model: Model, body: dict[str, object]) -> None:
    """Refuse what this server does not support, as other servers than OpenAI's do."""
    described = body.get("response_format")
    kind = described.get("type") if isinstance(described, dict) else None
    schema = described.get("json_schema") if isinstance(described, dict) else None
    is_strict = isinstance(schema, dict) and "strict" in schema
    used = {"store": "store" in body, "strict": is_strict, "json_schema": kind == "json_schema"}
    used["json_object"] = kind == "json_object"
    for name, is_used in used.items():
        if is_used and name in model.unsupported:
            param = "store" if name == "store" else "response_format"
            raise BadRequest(400, f"Unsupported parameter: '{name}'.", param=param)
