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
OTHER_ORIGIN = "other_origin"
TOO_FAST = "too_fast"
TOO_LONG = "too_long"
UNREADABLE = "unreadable"
WRONG_FILE_TYPE = "wrong_file_type"
FILE_TOO_LARGE = "file_too_large"
EMPTY_FILE = "empty_file"
TOO_MANY_FILES = "too_many_files"
INVALID_ADDRESS = "invalid_address"
TOO_MANY_TRANSCRIPTS = "too_many_transcripts"
OTHER_ADDRESS = "other_address"
LINK_CODES = {fault: f"link_{fault.value}" for fault in LinkFault}
