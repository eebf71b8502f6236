"""The simulated model: answers the same prompt the same way, and misbehaves on request."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.model.behaviour import Behaviour, Manner
from sandbox.model.reader import Reading
from sandbox.model.replies import Envelopes, Output
from sandbox.model.shapes import Shaper

API_KEY = "sk-sandbox"
MODEL_NAME = "sandbox-model"
REFUSAL = "I'm sorry, but I can't help with that."


class Model:
    """State of the simulated model.

    `seconds` is how long every answer takes. `unsupported` are parameters that this server refuses: "store",
    "strict", "json_schema", "json_object". `obey` writes the answers in the model's place: what an attacker
    made it do.
    """

    def __init__(self, ledger: Ledger, faults: Faults) -> None:
        self.ledger = ledger
        self.faults = faults
        self.api_key = API_KEY
        self.names = [MODEL_NAME]
        self.seconds = 0.0
        self.envelopes = Envelopes()
        self.unsupported: frozenset[str] = frozenset()
        self.obey: Callable[[Prompt], str] | None = None
        self._pending: list[Behaviour] = []

    def behave(self, manner: Manner, *, times: int = 1, seconds: float = 30.0) -> Behaviour:
        """Misbehave the next `times` calls (negative: until `reset_behaviour`)."""
        behaviour = Behaviour(manner, times, seconds)
        self._pending.append(behaviour)
        return behaviour

    def reset_behaviour(self) -> None:
        """Clear all requested misbehaviour."""
        self._pending.clear()

    def next_behaviour(self) -> Behaviour | None:
        """Return the misbehaviour that is due, if any, and count one use of it."""
        for behaviour in self._pending:
            if behaviour.times != 0:
                behaviour.times -= 1
                return behaviour
        return None

    def answer(self, prompt: "Prompt", manner: Manner | None) -> Output:
        """Answer a prompt, in the requested manner."""
        reading = Reading(prompt.text, prompt.last)
        if manner == "refused":
            return Output("", refusal=REFUSAL)
        schema = prompt.described_schema() or prompt.schema
        if self.obey is not None:
            text = self.obey(prompt)
        elif schema is None:
            text = reading.draft()
        elif manner == "wrong-shape":
            text = json.dumps({"surprise": [1, {"two": None}], "draft": 7})
        else:
            document = Shaper(schema, reading.suggest).document()
            text = json.dumps(document, ensure_ascii=False)
        if manner == "not-json":
            return Output(f"Sure! Here is what you asked for:\n{text[:-1]}")
        if manner == "empty":
            return Output("")
        if manner == "fenced":
            return Output(f"Sure!\n```json\n{text}\n```\nLet me know if you need more.")
        if manner == "length":
            return Output(text[: len(text) // 2], finish="length")
        return Output("", finish="content_filter") if manner == "content-filter" else Output(text)


class Prompt:
    """The parts of a request that matter here, common to both endpoints."""

    def __init__(self, messages: list[tuple[str, str]], schema: Mapping[str, Any] | None) -> None:
        self.schema = schema
        self.text = "\n".join(text for _, text in messages)
        self.last = next((text for role, text in reversed(messages) if role == "user"), "")

    def described_schema(self) -> Mapping[str, Any] | None:
        """Return the JSON schema that the text of the prompt asks for, where the request has none."""
        _, found, rest = self.text.partition("JSON schema")
        start = rest.find("{")
        if not found or start < 0 or (self.schema is not None and "properties" in self.schema):
            return None
        try:
            schema, _ = json.JSONDecoder().raw_decode(rest[start:])
        except ValueError:
            return None
        return schema if isinstance(schema, dict) else None
