"""How a network counts a text."""

from collections.abc import Callable

from domain.ports import TextCount

Count = Callable[[str], TextCount]
