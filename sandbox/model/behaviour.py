"""The misbehaviours that the model can be asked to show, a number of times."""

from dataclasses import dataclass
from typing import Literal, get_args

Manner = Literal[
    "slow",
    "wrong-shape",
    "not-json",
    "refused",
    "length",
    "content-filter",
    "http-401",
    "http-429",
    "http-500",
    "silent",
    "fenced",
    "html",
    "empty",
]
MANNERS: tuple[Manner, ...] = get_args(Manner)


@dataclass(slots=True)
class Behaviour:
    """One misbehaviour.

    `slow` answers properly after `seconds`; `silent` keeps the connection open for `seconds` and then aborts
    it; `fenced` puts the answer between sentences in a Markdown fence; `html` is a proxy's page in its place.
    `http-429` asks to wait `seconds` where they are below one. `times` counts down with each use, a negative
    number means for ever.
    """

    manner: Manner
    times: int = 1
    seconds: float = 30.0
