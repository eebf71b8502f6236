"""Where a conversation takes place: in public, or somewhere better."""

from enum import StrEnum


class Venue(StrEnum):
    """A place where we and a customer write to each other."""

    PUBLIC = "public"
    DM = "dm"
    EMAIL = "email"
    CHAT = "chat"

    @property
    def is_private(self) -> bool:
        """Whether nobody else reads along."""
        return self is not Venue.PUBLIC

    @property
    def label(self) -> str:
        """What people call it."""
        return _LABELS[self]


_LABELS = {
    Venue.PUBLIC: "Public",
    Venue.DM: "Direct message",
    Venue.EMAIL: "E-mail",
    Venue.CHAT: "Live chat",
}


#: How long a private message may be, in characters; a direct message as its network says.
MAX_PRIVATE_LENGTH = {Venue.EMAIL: 50_000, Venue.CHAT: 4_000}
