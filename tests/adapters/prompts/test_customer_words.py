"""Check what customers read beside our answers: one word for one thing, one form of address."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.source import ROOT

_BY_LANGUAGE = ("email_capture/words.toml", "mail/words.toml", "subscribe/words.toml", "verification.toml")
_HEARD = {"no", "not_me"}  # what customers write to us


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - as TOML has it
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in _HEARD:
                yield from _texts(inner)


def words_in(language: str) -> list[str]:
    """Return all texts of pages, mails, invitations and direct messages in this language."""
    prompts = ROOT / "prompts"
    found = list(_texts(tomllib.loads((prompts / "chat" / f"{language}.toml").read_text(encoding="utf-8"))))
    for path in _BY_LANGUAGE:
        found += _texts(tomllib.loads((prompts / path).read_text(encoding="utf-8"))[language])
    invitations = tomllib.loads((prompts / "invitations.toml").read_text(encoding="utf-8"))
    return found + [text[language] for venue in invitations.values() for text in venue.values()]


def test_french_marks_stay_with_their_word() -> None:
    notices = tomllib.loads((ROOT / "prompts" / "outages" / "fr.toml").read_text(encoding="utf-8"))
    torn = [text for text in (*words_in("fr"), *_texts(notices)) if re.search(r" [:;?!]", text)]
    assert torn == []


@pytest.mark.parametrize(
    ("language", "other_words"),
    [
        ("de", r"\b(du|dich|dir|dein\w*)\b"),
        ("fr", r"\b(tu|toi|te|ton|ta|tes|chats?|messages? directs?)\b"),
        # Brazilian, as the saved replies and the dates are.
        (
            "pt",
            r"\b(tu|teu|tua|contigo|connosco|ligação|ecrã|ficheiro\w*|equipa|numa?|noutr[oa]|"
            r"lhe|para si|subscri\w+|enviámos|separador|(está|estamos) a \w+r)\b",
        ),
    ],
)
def test_one_word_for_one_thing(language: str, other_words: str) -> None:
    found = [text for text in words_in(language) if re.search(other_words, text, re.IGNORECASE)]
    assert found == []


@pytest.mark.parametrize("language", ["en", "es", "fr", "it", "pt"])
def test_a_number_is_not_followed_by_what_has_a_plural(language: str) -> None:
    """One character too many is not "1 characters"."""
    words = tomllib.loads((ROOT / "prompts" / "chat" / f"{language}.toml").read_text(encoding="utf-8"))
    assert re.search(r"\{count\}$", words["characters_over_limit"])
