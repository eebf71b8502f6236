"""Define what a model can be asked for on behalf of an agent, and what it returns."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.assistance.glossary import TermWording
from domain.assistance.topic_names import TopicNameRequest, TopicNames


class Rewrite(StrEnum):
    """What can be done with the text in an answer form."""

    SHORTER = "shorter"
    WARMER = "warmer"
    FORMAL = "formal"
    ASK_DETAILS = "ask_details"
    TRANSLATE = "translate"


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteRequest:
    """An agent's answer that is to be rewritten, in the language that it has.

    `post` is the customer's newest message, `language` its language, and `known` are their name and handle,
    which are masked. `limit` is the maximum length in characters, as counted by
    `network`; an empty network counts each character as 1. `is_private` is whether only the customer reads
    the answer.
    """

    rewrite: Rewrite
    text: str
    post: str
    brand: str
    limit: int
    language: str
    network: str = ""
    counting_rule: str = ""
    is_private: bool = False
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationRequest:
    """A text that is to be translated into `language` (ISO 639-1); other fields are as in `RewriteRequest`.

    `limit` is `None` where the translation is only read, not sent.
    """

    text: str
    language: str
    limit: int | None = None
    network: str = ""
    counting_rule: str = ""
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message of a transcript. `is_ours` tells our words from the customer's."""

    text: str
    is_ours: bool
    venue: str
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRequest:
    """A case's transcript, oldest line first, that is to be summarised in `language`."""

    lines: tuple[Line, ...]
    language: str
    brand: str
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRequest:
    """The pictures of a customer's message, as they were received, to be described in `language`.

    `source` is what the message showed when they were taken from it (`domain.assistance.pictures`).
    """

    pictures: tuple[bytes, ...]
    text: str
    source: str
    language: str
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Which model wrote a text, and by which version of which prompt."""

    model: str
    prompt: str
    prompt_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A translation, and the wordings of the glossary that it should have and does not."""

    text: str
    provenance: Provenance
    missing: tuple[TermWording, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """A summary of a case for a colleague who takes over."""

    about: str
    tried: tuple[str, ...]
    promised: tuple[str, ...]
    open_questions: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureReading:
    """What a model read in a customer's pictures; each part is empty where there is nothing of the kind.

    `shows` says what is to be seen; `error`, `page` and `amount` are an error's code or text, the page or
    screen, and a sum of money.
    """

    shows: str
    error: str
    page: str
    amount: str
    provenance: Provenance


class Assistant(Protocol):
    """Does for an agent what they ask of a language model.

    Every method raises `domain.model_calls.NoAnswer`, whose text is a clause that says why.
    """

    @property
    def sees(self) -> bool:
        """Whether it has a model that reads pictures."""
        ...

    async def read_pictures(self, request: PictureRequest) -> PictureReading:
        """Read the pictures of a message."""
        ...

    async def rewrite(self, request: RewriteRequest) -> str:
        """Return the answer, rewritten within its limit."""
        ...

    async def translate(self, request: TranslationRequest) -> Translation:
        """Translate a text."""
        ...

    async def summarise(self, request: SummaryRequest) -> CaseSummary:
        """Summarise a transcript."""
        ...

    async def name_topics(self, request: TopicNameRequest) -> TopicNames:
        """Name topics, in their order."""
        ...
