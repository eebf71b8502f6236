"""Define the venues: where a conversation takes place, in public or in private."""

from enum import StrEnum


class Venue(StrEnum):
    """A place where we and a customer write to each other."""

    PUBLIC = "public"
    DM = "dm"
    EMAIL = "email"
    CHAT = "chat"

    @property
    def is_private(self) -> bool:
        """Whether only we and the customer can read it."""
        return self is not Venue.PUBLIC


PRIVATE_VENUES = frozenset(venue for venue in Venue if venue.is_private)
#: Maximum length of a private message, in characters. For direct messages, see `NetworkProfile`.
MAX_PRIVATE_LENGTH = {Venue.EMAIL: 50_000, Venue.CHAT: 4_000}
