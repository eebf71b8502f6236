"""Find customers and outsiders who are called like one of our agents: they may be taken for a colleague."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from domain.cases.messages import Direction
from domain.cases.views import CaseView
from domain.look_alikes import as_it_looks, names


class Namesake(NamedTuple):
    """An agent, and what a customer calls themselves that reads like it."""

    agent: str
    shown: str


def namesake(view: CaseView, agents: Sequence[str]) -> Namesake | None:
    """Return the first agent whose name somebody in the case has; `None` where nobody has."""
    return namesake_among(_names(view), agents)


def namesake_among(names_of_others: Iterable[str], agents: Sequence[str]) -> Namesake | None:
    """Return the first agent whose name is among those; `None` where none is.

    `agents` are display names. One of a single word is not compared: many people are called "Sam".
    """
    whole = [agent for agent in agents if " " in as_it_looks(agent)]
    found = (Namesake(agent, one) for one in names_of_others for agent in whole if _reads_as(one, agent))
    return next(found, None)


def _names(view: CaseView) -> Iterator[str]:
    """Yield what people call themselves in the case, each once."""
    author = view.case.author
    written = (one.author_name for one in view.messages if one.direction is Direction.IN)
    yield from dict.fromkeys(name for name in (author.name, author.handle, *written) if name)


def _reads_as(shown: str, agent: str) -> bool:
    """Return whether the agent's name is in it, also as a handle has it ("@samokafor")."""
    return names(shown, agent) or as_it_looks(shown) == as_it_looks(agent).replace(" ", "")
