"""Define what a language model is asked to name topics with."""

from collections.abc import Sequence
from dataclasses import dataclass

MAX_LENGTH = 60  # characters of a name


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicNameRequest:
    """Topics to name in a language: each its telling words, and posts as examples.

    `known` are names and handles of customers, which are masked.
    """

    topics: Sequence[tuple[Sequence[str], Sequence[str]]]
    language: str
    brand: str
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicNames:
    """The names, in the order of the topics, and the model that gave them."""

    names: tuple[str, ...]
    model: str
