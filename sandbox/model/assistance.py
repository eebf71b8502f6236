"""Pretend to rewrite, translate and summarise: plain changes of the text that the prompt's data holds."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.model.shapes import Json

TASK = re.compile(r"^Task: (\w+)$", re.MULTILINE)
TARGET = re.compile(r"what `text` says, in ([^,]+),")
WORDING = re.compile(r"^- (\"[^\n]*\"): (\"[^\n]*\")$", re.MULTILINE)
SENTENCE = re.compile(r"(?<=[.!?])\s+")
QUESTION = "Could you tell us what you see, and since when?"
POINTS = 3
NAME_LENGTH = 60

Data = Mapping[str, Any]
Guess = Callable[[str, Data], Json]


def guess(name: str, instructions: str, data: Data) -> Json:
    """Return the value of a property of this name, or None where the prompt is about something else."""
    fitting = GUESSES.get(name)
    if fitting is None:
        return None
    try:
        return fitting(instructions, data)
    except (KeyError, TypeError):
        return None


def _rewritten(instructions: str, data: Data) -> str:
    answer = str(data["answer"]).strip()
    task = TASK.search(instructions)
    match task and task[1]:
        case "shorter":
            sentences = SENTENCE.split(answer)
            return " ".join(sentences[: max(1, len(sentences) // 2)])
        case "warmer":
            return f"Thank you for telling us, we understand how annoying this is. {answer}"
        case "formal":
            return f"Dear customer, {answer[:1].lower()}{answer[1:]}"
        case _:
            return f"{answer or 'Hi!'} {QUESTION}"


def _translation(instructions: str, data: Data) -> str:
    """Mark the text with the language, and put in the glossary's wordings."""
    text, target = str(data["text"]), TARGET.search(instructions)
    for term, wanted in WORDING.findall(instructions):
        text = re.sub(re.escape(json.loads(term)), json.loads(wanted), text, flags=re.IGNORECASE)
    return f"({target[1] if target else 'translated'}) {text}"


def _lines(data: Data, who: str) -> list[str]:
    return [" ".join(str(line["text"]).split())[:200] for line in data["messages"] if line["from"] == who]


def _about(_: str, data: Data) -> str:
    theirs, ours = _lines(data, "customer"), _lines(data, "us")
    return f"The customer wrote {len(theirs)} times, and we answered {len(ours)} times. Last they said: {theirs[-1]}"


def _open_points(_: str, data: Data) -> list[Json]:
    return _matching(r"\?", _lines(data, "customer"))


def _promised(_: str, data: Data) -> list[Json]:
    return _matching(r"\bwe(?: wi|')ll\b", _lines(data, "us"))


def _tried(_: str, data: Data) -> list[Json]:
    return _matching(r"\btried\b", _lines(data, "customer"))


def _names(_: str, data: Data) -> list[Json]:
    """Name each topic by its words, the first one with a capital."""
    return [" ".join(topic["words"]).capitalize()[:NAME_LENGTH] for topic in data["topics"]]


def _matching(pattern: str, lines: list[str]) -> list[Json]:
    found: list[Json] = [line for line in lines if re.search(pattern, line, re.IGNORECASE)]
    return found[-POINTS:]


GUESSES: Mapping[str, Guess] = {
    "rewritten": _rewritten,
    "translation": _translation,
    "about": _about,
    "open_points": _open_points,
    "promised": _promised,
    "tried": _tried,
    "names": _names,
    "shows": lambda *_: "A screen of the app with an error message.",
    "error": lambda *_: "E-4031",
    "page": lambda *_: "Checkout",
    "amount": lambda *_: "49,00 €, card 4111 1111 1111 1111",
}
