"""Read the attacks on the language model: what a customer wrote, and what the model was made to answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.model.model import Prompt
from tests.source import ROOT

#: In `obeyed`: the text of the first source.
SOURCE = "$source"


@dataclass(frozen=True)
class Attack:
    """One attack.

    `where` is what it was written into; `wanted` must reach nobody as our words. `refused_by` is what refuses
    the answer: the "client", with `adapters/model/answer.py`; the "rules" of engagement, with the comparison
    with the sources; or nothing, where what is left of it is a text of ours.
    """

    number: int
    kind: str
    language: str
    where: str
    text: str
    obeyed: Mapping[str, Any]
    wanted: str
    refused_by: str

    def answer(self, prompt: Prompt) -> str:
        """Return what a model answers that obeys."""
        if "raw" in self.obeyed:
            return str(self.obeyed["raw"])
        source = json.loads(prompt.last)["sources"][0]
        usual = {
            "language": self.language,
            "situation": "cannot_pay",
            "urgency": "high",
            "missing": [],
            "based_on": [source["id"]],
        }
        answer = {**usual, **self.obeyed}
        if answer["reply"] == SOURCE:
            answer["reply"] = source["text"]
        return json.dumps(answer)


def read_attacks() -> list[Attack]:
    """Return all attacks in their order."""
    path = ROOT / "tests" / "adapters" / "model" / "attacks.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Attack(number, **json.loads(line)) for number, line in enumerate(lines, start=1)]
