"""Parse and validate the requests of both endpoints, with OpenAI's error bodies."""

import json
from typing import Any

from aiohttp import web

from sandbox.model.model import Prompt
from sandbox.model.schemas import find_fault

BODY_BYTES = 8_000_000


class BadRequest(Exception):
    """A request that OpenAI would refuse, and the answer to it."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        retry_after: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = {"Retry-After": retry_after} if retry_after is not None else {}
        kind = "invalid_request_error" if status < 500 else "server_error"  # noqa: PLR2004 - HTTP's first server error
        kind = "tokens" if status == 429 else kind  # noqa: PLR2004 - an HTTP status
        self.error = {"message": message, "type": kind, "param": param, "code": code}

    def response(self) -> web.Response:
        """Build the HTTP response."""
        return web.json_response({"error": self.error}, status=self.status, headers=self.headers)


async def read_body(request: web.Request) -> dict[str, Any]:
    """Read the JSON object of a request. Raises BadRequest."""
    raw = await request.read()
    if len(raw) > BODY_BYTES:
        raise BadRequest(413, "Request too large.", code="request_too_large")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadRequest(400, "We could not parse the JSON body of your request.") from None
    if not isinstance(body, dict):
        raise BadRequest(400, "The JSON body of your request must be an object.")
    if body.get("stream"):
        raise BadRequest(400, "Streaming is not supported here.", param="stream", code="unsupported_value")
    if not isinstance(body.get("model"), str):
        raise BadRequest(400, "you must provide a model parameter", param="model")
    return body


def chat_prompt(body: dict[str, Any]) -> Prompt:
    """Parse the prompt of a Chat Completions request. Raises BadRequest."""
    messages = _messages(body.get("messages"), "messages")
    response_format = body.get("response_format") or {}
    if not isinstance(response_format, dict):
        raise BadRequest(
            400, "Invalid type for 'response_format'.", param="response_format", code="invalid_type"
        )
    if response_format.get("type") != "json_schema":
        return Prompt(messages, {"type": "object"} if response_format.get("type") == "json_object" else None)
    described = response_format.get("json_schema")
    if not isinstance(described, dict) or not isinstance(described.get("name"), str):
        where = "response_format.json_schema.name"
        raise BadRequest(
            400, f"Missing required parameter: '{where}'.", param=where, code="missing_required_parameter"
        )
    return Prompt(messages, _schema(described, "response_format.json_schema"))


def response_prompt(body: dict[str, Any]) -> Prompt:
    """Parse the prompt of a Responses request. Raises BadRequest."""
    given = body.get("input")
    messages = [("user", given)] if isinstance(given, str) else _messages(given, "input")
    if isinstance(body.get("instructions"), str):
        messages = [("system", body["instructions"]), *messages]
    text = body.get("text")
    described = text.get("format") if isinstance(text, dict) else None
    if not isinstance(described, dict) or described.get("type") != "json_schema":
        return Prompt(messages, None)
    return Prompt(messages, _schema(described, "text.format"))


def _messages(given: object, where: str) -> list[tuple[str, str]]:
    if not isinstance(given, list) or not given:
        raise BadRequest(
            400, f"Missing required parameter: '{where}'.", param=where, code="missing_required_parameter"
        )
    found: list[tuple[str, str]] = []
    for number, one in enumerate(given):
        if not isinstance(one, dict) or not isinstance(one.get("role"), str):
            raise BadRequest(
                400, f"Missing required parameter: '{where}[{number}].role'.", param=f"{where}[{number}].role"
            )
        found.append((one["role"], _text(one.get("content"))))
    return found


def _text(content: object) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _schema(described: dict[str, Any], where: str) -> dict[str, Any]:
    schema = described.get("schema")
    if not isinstance(schema, dict):
        raise BadRequest(400, f"Missing required parameter: '{where}.schema'.", param=f"{where}.schema")
    if fault := find_fault(schema, strict=bool(described.get("strict"))):
        message = f"Invalid schema for response_format: {fault}"
        raise BadRequest(400, message, param=where, code="invalid_json_schema")
    return schema
