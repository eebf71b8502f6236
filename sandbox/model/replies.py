"""Format answers of OpenAI's two endpoints, Chat Completions and Responses."""

import itertools
import time
from dataclasses import dataclass, field
from typing import Any, Literal

Finish = Literal["stop", "length", "content_filter"]


@dataclass(frozen=True, slots=True)
class Output:
    """The model's output: a text or a refusal, and the finish reason."""

    text: str
    refusal: str | None = None
    finish: Finish = "stop"


@dataclass(slots=True)
class Envelopes:
    """Wrap outputs in response bodies with increasing ids."""

    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def chat_completion(self, model: str, output: Output, prompt: str) -> dict[str, Any]:
        """Build the body of POST /v1/chat/completions."""
        message: dict[str, Any] = {
            "role": "assistant",
            "content": None if output.refusal else output.text,
            "refusal": output.refusal,
            "annotations": [],
        }
        used, written = len(prompt) // 4, len(output.text) // 4
        return {
            "id": f"chatcmpl-sandbox{next(self._numbers)}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": model,
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": output.finish}],
            "usage": {"prompt_tokens": used, "completion_tokens": written, "total_tokens": used + written},
            "service_tier": "default",
            "system_fingerprint": None,
        }

    def response(self, model: str, output: Output, prompt: str, store: bool) -> dict[str, Any]:
        """Build the body of POST /v1/responses."""
        number = next(self._numbers)
        part: dict[str, Any] = {"type": "output_text", "text": output.text, "annotations": [], "logprobs": []}
        if output.refusal:
            part = {"type": "refusal", "refusal": output.refusal}
        unfinished = {"length": "max_output_tokens", "content_filter": "content_filter"}.get(output.finish)
        status = "incomplete" if unfinished else "completed"
        used, written = len(prompt) // 4, len(output.text) // 4
        return {
            "id": f"resp_sandbox{number}",
            "object": "response",
            "created_at": int(time.time()),
            "status": status,
            "error": None,
            "incomplete_details": {"reason": unfinished} if unfinished else None,
            "instructions": None,
            "max_output_tokens": None,
            "metadata": {},
            "model": model,
            "output": [
                {
                    "type": "message",
                    "id": f"msg_{number}",
                    "status": status,
                    "role": "assistant",
                    "content": [part],
                }
            ],
            "parallel_tool_calls": True,
            "previous_response_id": None,
            "store": store,
            "temperature": 1.0,
            "text": {"format": {"type": "text"}},
            "tool_choice": "auto",
            "tools": [],
            "top_p": 1.0,
            "truncation": "disabled",
            "usage": {
                "input_tokens": used,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": written,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": used + written,
            },
            "user": None,
        }
