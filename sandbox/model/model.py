"""The pretend model: answers the same prompt the same way, and misbehaves on request."""

import json
from collections.abc import Mapping
from typing import Any

from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.model.behaviour import Behaviour, Manner
from sandbox.model.reader import Reading
from sandbox.model.replies import Envelopes, Said
from sandbox.model.shapes import Shaper

API_KEY = "sk-sandbox"
MODEL_NAME = "sandbox-model"
REFUSAL = "I'm sorry, but I can't help with that."


class Model:
    """State of the pretend model; `seconds` is how long every answer takes."""

    def __init__(self, ledger: Ledger, faults: Faults) -> None:
        self.ledger = ledger
        self.faults = faults
        self.api_key = API_KEY
        self.names = [MODEL_NAME]
        self.seconds = 0.0
        self.envelopes = Envelopes()
        self._waiting: list[Behaviour] = []

    def behave(self, manner: Manner, *, times: int = 1, seconds: float = 30.0) -> Behaviour:
        """Misbehave the next `times` calls (negative: until `behave_well`)."""
        behaviour = Behaviour(manner, times, seconds)
        self._waiting.append(behaviour)
        return behaviour

    def behave_well(self) -> None:
        """Forget every misbehaviour that was asked for."""
        self._waiting.clear()

    def next_behaviour(self) -> Behaviour | None:
        """The misbehaviour due now, if any; uses it up once."""
        for behaviour in self._waiting:
            if behaviour.times != 0:
                behaviour.times -= 1
                return behaviour
        return None

    def say(self, prompt: "Prompt", manner: Manner | None) -> Said:
        """What the model says to a prompt, in the manner asked for."""
        reading = Reading(prompt.text, prompt.last)
        if manner == "refused":
            return Said("", refusal=REFUSAL)
        if prompt.schema is None:
            text = reading.draft()
        elif manner == "wrong-shape":
            text = json.dumps({"surprise": [1, {"two": None}], "draft": 7})
        else:
            document = Shaper(prompt.schema, reading.suggest).document()
            text = json.dumps(document, ensure_ascii=False)
        if manner == "not-json":
            return Said(f"Sure! Here is what you asked for:\n{text[:-1]}")
        if manner == "length":
            return Said(text[: len(text) // 2], finish="length")
        return Said("", finish="content_filter") if manner == "content-filter" else Said(text)


class Prompt:
    """The parts of a request that matter here, the same for both endpoints."""

    def __init__(self, messages: list[tuple[str, str]], schema: Mapping[str, Any] | None) -> None:
        self.schema = schema
        self.text = "\n".join(text for _, text in messages)
        self.last = next((text for role, text in reversed(messages) if role == "user"), "")
