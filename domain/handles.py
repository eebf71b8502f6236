"""Take handles out of a text without breaking its sentences."""

import re
from collections.abc import Iterator

#: On X, Bluesky ("@acme.example") and Mastodon ("@acme@social.example"); not the end of an e-mail address.
_HANDLE = re.compile(r"(?<![\w.@+-])[@＠](?P<name>\w(?:[\w.-]*\w)?)(?:@\w[\w.-]*\w|)", re.ASCII)
_PAUSE = re.compile(r"[,:]?[ \t]*")
_POSSESSIVE = re.compile(r"['’]\w")
_ENDS_SENTENCE = frozenset(".?!…:。？！؟")


def without_address(text: str, handle: str) -> str:
    """Return the text without this handle where it addresses its owner, before a sentence.

    Inside a sentence the handle is one of its words, and stays as the bare name: "does @acme deliver" is
    "does acme deliver". Case is ignored; other handles stay.
    """
    ours = {handle.casefold(), handle.casefold().partition("@")[0]}
    return _replaced(
        text,
        (
            (found, is_word)
            for found, is_word in _handles(text)
            if not {found.group().casefold()[1:], found["name"].casefold()}.isdisjoint(ours)
        ),
    )


def without_addresses(text: str) -> str:
    """Return the text as `without_address` does, but for whosever handles there are."""
    return _replaced(text, _handles(text))


def has_handle_inside(text: str) -> bool:
    """Return whether a handle is among the words of a sentence, which would be broken without it."""
    return any(is_word for _, is_word in _handles(text))


def _replaced(text: str, handles: Iterator[tuple[re.Match[str], bool]]) -> str:
    parts: list[str] = []
    end = 0
    for found, is_word in handles:
        parts += [text[end : found.start()], found["name"] if is_word else ""]
        end = found.end() if is_word else _end_of_pause(text, found.end())
    return "".join([*parts, text[end:]]).strip()


def _handles(text: str) -> Iterator[tuple[re.Match[str], bool]]:
    """Yield each handle, and whether it is a word of a sentence, as behind its other words or before "'s".

    Other handles are no such words, nor are emoji, bullets and quotation marks.
    """
    is_inside = False
    end = 0
    for found in _HANDLE.finditer(text):
        _, line_break, between = text[end : found.start()].rpartition("\n")
        last = next((c for c in reversed(between) if c.isalnum() or c in _ENDS_SENTENCE), "")
        is_inside = last not in _ENDS_SENTENCE if last else is_inside and not line_break
        end = found.end()
        yield found, is_inside or _POSSESSIVE.match(text, end) is not None


def _end_of_pause(text: str, at: int) -> int:
    found = _PAUSE.match(text, at)
    return found.end() if found is not None else at
