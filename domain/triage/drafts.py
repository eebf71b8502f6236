"""Suggestions: what the card proposes to answer, and where it came from."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Source(StrEnum):
    """Who wrote a suggestion."""

    SAVED_REPLY = "saved_reply"
    MODEL = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A proposed answer to message `message_id`, kept with the version of what made it.

    For a saved reply, `name` and `version` are the file's; for a model's draft they are the prompt's, `model` is the model's
    name and `stands_on` the saved reply that it was grounded in. `missing` lists what the customer has yet to tell us.
    """

    case_id: int
    message_id: int
    text: str
    language: str
    source: Source
    name: str
    version: str
    title: str
    made_at: datetime
    model: str | None = None
    stands_on: str | None = None
    missing: tuple[str, ...] = ()
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounding:
    """A saved reply as the model sees it, already filled for this customer."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRequest:
    """All that a model is told: the customer's words, our saved replies, and the limits. No names, no handles.

    `network` says by whose count the draft may have `limit` characters.
    """

    text: str
    network: str
    language: str
    brand: str
    limit: int
    groundings: tuple[Grounding, ...]
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A model's answer that passed every check of shape, length and language.

    `situation` and `urgency` are the model's view; they are shown, and never change the rank.
    """

    text: str
    language: str
    situation: str
    urgency: str
    stands_on: str | None
    missing: tuple[str, ...]
    model: str
    prompt: str
    prompt_version: str


class NoDraft(Exception):
    """The model gave nothing usable; the saved reply stands. The text says why, for the log."""


class Drafter(Protocol):
    """A model that writes drafts."""

    async def draft(self, request: DraftRequest) -> Draft:
        """A draft that fits the request; raises `NoDraft`."""
        ...
