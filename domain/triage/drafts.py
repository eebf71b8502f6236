"""Define suggested replies: from saved replies or from a language model, with their provenance."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Source(StrEnum):
    """The origin of a suggestion."""

    SAVED_REPLY = "saved_reply"
    MODEL = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A suggested reply to message `message_id`, with the version of its source.

    For a saved reply, `name` and `version` are the file's; for a model's draft they are the prompt's, `model`
    is the model's name and `grounded_in` the saved reply that it was grounded in. `missing` lists the
    information that the customer has not given yet.
    """

    case_id: int
    message_id: int
    text: str
    language: str
    source: Source
    name: str
    version: str
    title: str
    created_at: datetime
    model: str | None = None
    grounded_in: str | None = None
    missing: tuple[str, ...] = ()
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounding:
    """A saved reply in a model's prompt, with its placeholders filled for this customer."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRequest:
    """The input to a model: the customer's messages, our saved replies, and the limits. No names, no handles.

    `limit` is the maximum length of the draft, in characters as counted by `network`; `counting_rule` is the
    clause that says how it counts, empty where each character counts 1.
    """

    text: str
    network: str
    language: str
    brand: str
    limit: int
    groundings: tuple[Grounding, ...]
    earlier: tuple[str, ...] = ()
    counting_rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A model's draft that passed every check of schema, length and language.

    `situation` and `urgency` are the model's classification; they are shown, and never change the rank.
    """

    text: str
    language: str
    situation: str
    urgency: str
    grounded_in: str | None
    missing: tuple[str, ...]
    model: str
    prompt: str
    prompt_version: str


class NoDraft(Exception):
    """The model returned nothing usable, so the saved reply is kept. The text says why, for the log."""


class Drafter(Protocol):
    """Draft replies with a language model."""

    async def draft(self, request: DraftRequest) -> Draft:
        """Return a draft that satisfies the request; raises `NoDraft`."""
        ...
