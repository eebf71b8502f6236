"""How a network counts a text."""

from collections.abc import Callable

from domain.networks import TextCount

Count = Callable[[str], TextCount]
