"""How the chat says no: a status and a word that the page has a sentence for."""

from domain.chat.session import LinkFault


class Refusal(Exception):
    """A request that is not done. `word` is one of the page's `refused_…` sentences."""

    def __init__(self, status: int, word: str) -> None:
        super().__init__(word)
        self.status = status
        self.word = word


NO_CHAT = "no_chat"
ENDED = "ended"
OTHER_CHAT = "other_chat"
ELSEWHERE = "elsewhere"
TOO_FAST = "too_fast"
TOO_LONG = "too_long"
UNREADABLE = "unreadable"
FILE_KIND = "file_kind"
FILE_LARGE = "file_large"
FILES_ENOUGH = "files_enough"
ADDRESS = "address"
ENOUGH = "enough"
LINKS = {fault: f"link_{fault.value}" for fault in LinkFault}

#: Every word that a page may have to explain.
WORDS = frozenset(
    {
        NO_CHAT,
        ENDED,
        OTHER_CHAT,
        ELSEWHERE,
        TOO_FAST,
        TOO_LONG,
        UNREADABLE,
        FILE_KIND,
        FILE_LARGE,
        FILES_ENOUGH,
        ADDRESS,
        ENOUGH,
        *LINKS.values(),
    }
)
