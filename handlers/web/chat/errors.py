"""Define the chat's refusals: an HTTP status and a code that the page has a sentence for."""

from domain.chat.session import LinkFault


class Refusal(Exception):
    """A refused request. `code` selects one of the page's `refused_…` sentences."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


NO_CHAT = "no_chat"
ENDED = "ended"
OTHER_CHAT = "other_chat"
OTHER_ORIGIN = "elsewhere"
TOO_FAST = "too_fast"
TOO_LONG = "too_long"
UNREADABLE = "unreadable"
FILE_TYPE_REFUSED = "file_kind"
FILE_TOO_LARGE = "file_large"
TOO_MANY_FILES = "files_enough"
ADDRESS = "address"
TOO_MANY_TRANSCRIPTS = "enough"
LINK_CODES = {fault: f"link_{fault.value}" for fault in LinkFault}

#: All codes; the page has a sentence for each.
REFUSAL_CODES = frozenset(
    {
        NO_CHAT,
        ENDED,
        OTHER_CHAT,
        OTHER_ORIGIN,
        TOO_FAST,
        TOO_LONG,
        UNREADABLE,
        FILE_TYPE_REFUSED,
        FILE_TOO_LARGE,
        TOO_MANY_FILES,
        ADDRESS,
        TOO_MANY_TRANSCRIPTS,
        *LINK_CODES.values(),
    }
)
