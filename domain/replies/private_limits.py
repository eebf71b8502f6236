"""Check a private reply against the limits of its venue: length, number and kinds of files."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.cases.files import MAX_FILES, rejection_reason
from domain.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingAttachment:
    """A file that an agent attached. `source` is its id in the team chat; `size` is in bytes."""

    source: str
    name: str
    media_type: str
    size: int


def require_within_limits(text: str, files: Sequence[OutgoingAttachment], max_length: int) -> None:
    """Raise `Refused` where there is nothing to send, or more than may be sent; lengths are in characters."""
    if not text.strip() and not files:
        raise Refused("Nothing was sent to the customer: there is no text. Write it behind the bot's name.")
    if len(text) > max_length:
        raise Refused(
            f"Nothing was sent to the customer: the text has {len(text):,} characters, and {max_length:,} may go. Shorten it."
        )
    if len(files) > MAX_FILES:
        raise Refused(
            f"Nothing was sent to the customer: {MAX_FILES} files may go with one message. Take some out."
        )
    for file in files:
        reason = rejection_reason(file.media_type, file.size)
        if reason is not None:
            raise Refused(
                f"Nothing was sent to the customer: “{file.name}” cannot go along, because {reason}. Write again without it."
            )
