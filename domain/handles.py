"""Take handles out of a text without breaking its sentences."""

import re

#: On X, Bluesky ("@acme.example") and Mastodon ("@acme@social.example"); not the end of an e-mail address.
_HANDLE = re.compile(r"(?<![\w.@+-])[@＠](?P<name>\w(?:[\w.-]*\w)?)(?:@\w[\w.-]*\w|)", re.ASCII)
_PAUSE = re.compile(r"[,:]?[ \t]*")
_ENDS_SENTENCE = frozenset(".?!…:。？！")


def without_address(text: str, handle: str) -> str:
    """Return the text without this handle where it addresses its owner, before a sentence.

    Inside a sentence the handle is one of its words, and stays as the bare name: "does @acme deliver" is
    "does acme deliver". Case is ignored; other handles stay.
    """
    ours = {handle.casefold(), handle.casefold().partition("@")[0]}
    parts: list[str] = []
    end = 0
    for found in _HANDLE.finditer(text):
        if {found.group().casefold()[1:], found["name"].casefold()}.isdisjoint(ours):
            continue
        is_word = _is_inside_sentence(text, found.start())
        parts += [text[end : found.start()], found["name"] if is_word else ""]
        end = found.end() if is_word else _end_of_pause(text, found.end())
    return "".join([*parts, text[end:]]).strip()


def has_handle_inside(text: str) -> bool:
    """Return whether a handle is among the words of a sentence, which would be broken without it."""
    return any(_is_inside_sentence(text, found.start()) for found in _HANDLE.finditer(text))


def with_bare_handles(text: str) -> str:
    """Return the text with each handle as its bare name, without the "@" and the server."""
    return _HANDLE.sub(lambda found: found["name"], text)


def _is_inside_sentence(text: str, at: int) -> bool:
    """Return whether words of the same sentence stand before a place; other handles are none."""
    line = text[:at].rpartition("\n")[2]
    before = _HANDLE.sub("", line).rstrip(' ,"\u201c(')
    return before != "" and before[-1] not in _ENDS_SENTENCE


def _end_of_pause(text: str, at: int) -> int:
    found = _PAUSE.match(text, at)
    return found.end() if found is not None else at
