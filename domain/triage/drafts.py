"""Define suggested replies: from saved replies or from a language model, with their provenance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Source(StrEnum):
    """The origin of a suggestion."""

    SAVED_REPLY = "saved_reply"
    MODEL = "model"
    OUTAGE = "outage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A suggested reply to message `message_id`, with the version of its source.

    For a saved reply, `name` and `version` are the file's; for a model's draft they are the prompt's, `model`
    is the model's name, and `grounded_in` and `title` the names and titles of what it stands on, separated by
    commas. For the approved wording of an outage, `name` and `version` are the ids of the outage and of its
    newest notice, `title` is the outage's. `missing` lists the information that the customer has not given
    yet.
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

    @property
    def started_from(self) -> str:
        """The name of the saved reply or article that the text started from; empty where there is none."""
        if self.source is Source.SAVED_REPLY:
            return self.name
        return (self.grounded_in or "").partition(",")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuggestion:
    """The choice to suggest nothing for message `message_id`; where nothing is stored, none was made yet."""

    case_id: int
    message_id: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounding:
    """A text of ours that a model's draft may stand on, and the name that it is cited by.

    A saved reply, filled for this customer, or an article.
    """

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRequest:
    """The input to a model: the customer's messages, what a draft may stand on, and the limits.

    `limit` is the maximum length of the draft, in characters as counted by `network`; `counting_rule` is the
    clause that says how it counts, empty where each character counts 1. `known` are the customer's names and
    handles, which are masked; the draft may use the `first_name`. `tone` and `never_promise` are from the
    rules of engagement, empty where they say nothing; `must_move`: the case is to be answered in private
    alone, so the draft asks the customer to write a direct message. `points_at` are the words of others that
    the post quotes or answers.
    """

    text: str
    network: str
    language: str
    brand: str
    limit: int
    groundings: tuple[Grounding, ...]
    earlier: tuple[str, ...] = ()
    counting_rule: str = ""
    first_name: str = ""
    known: tuple[str, ...] = ()
    tone: str = ""
    never_promise: tuple[str, ...] = ()
    must_move: bool = False
    points_at: str = ""

    def cited(self, names: Iterable[str]) -> tuple[Grounding, ...]:
        """Return the texts of these names, in their order; unknown names are left out."""
        by_name = {grounding.name: grounding for grounding in self.groundings}
        return tuple(by_name[name] for name in names if name in by_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A model's draft that passed every check of schema, length and grounding.

    `grounded_in` are the names of the texts that it stands on, `title` their titles. `situation` and
    `urgency` are the model's classification; they are shown, and never change the rank.
    """

    text: str
    language: str
    situation: str
    urgency: str
    grounded_in: tuple[str, ...]
    title: str
    missing: tuple[str, ...]
    model: str
    prompt: str
    prompt_version: str


class Drafter(Protocol):
    """Draft replies with a language model."""

    async def draft(self, request: DraftRequest) -> Draft:
        """Return a draft that satisfies the request; raises `domain.model_calls.NoAnswer`."""
        ...
