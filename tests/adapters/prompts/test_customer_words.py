"""Check what customers read beside our answers: one word for one thing, one form of address."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.prompts.sentences import Sentences, load_sentences
from domain.triage.form_of_address import DEFAULT_FORMS, FormOfAddress
from tests.source import ROOT

_BY_LANGUAGE = ("email_capture/words.toml", "mail/words.toml", "subscribe/words.toml", "verification.toml")
_HEARD = {"no", "not_me"}  # what customers write to us
_FORMS = set(FormOfAddress)  # tables of texts in another form of address than the language's own


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - as TOML has it
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in _HEARD | _FORMS:
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


_SHOWN = (*_BY_LANGUAGE, "chat", "outages")
_FORMAL = re.compile(r"\b(Sie|Ihnen|Ihre?[mnrs]?)\b")
_INFORMAL = re.compile(
    r"\b(du|dich|dir|dein\w*|antworte|entschuldige|erzähl|gib|hinterlass|kürz|lade|mach|melde|nenn|öffne|prüf|"
    r"sag|schalte|schick|schreib|setz|sieh|versuch|verwende|wähl|warte|zeig|drück)\b",
    re.IGNORECASE,
)


def shown_in(form: FormOfAddress) -> list[Sentences]:
    """Return the texts of each place where this is the form of address of every language that has one."""
    forms = dict.fromkeys(DEFAULT_FORMS, form)
    return [load_sentences(ROOT / "prompts" / path, forms) for path in _SHOWN]


@pytest.mark.parametrize(
    ("form", "needed", "other"),
    [(FormOfAddress.INFORMAL, _INFORMAL, _FORMAL), (FormOfAddress.FORMAL, _FORMAL, _INFORMAL)],
)
def test_german_has_one_form_of_address(
    form: FormOfAddress, needed: re.Pattern[str], other: re.Pattern[str]
) -> None:
    for path, sentences in zip(_SHOWN, shown_in(form), strict=True):
        texts = [text for name, text in sentences["de"].items() if name not in _HEARD]
        assert [text for text in texts if needed.search(text)], path
        assert [text for text in texts if other.search(text)] == [], path


def test_plain_german_is_what_is_used_without_the_setting() -> None:
    for path, informal in zip(_SHOWN, shown_in(FormOfAddress.INFORMAL), strict=True):
        assert load_sentences(ROOT / "prompts" / path, {})["de"] == informal["de"], path


def test_a_form_of_address_holds_only_what_differs() -> None:
    compared = 0
    for path, formal in zip(_SHOWN, shown_in(FormOfAddress.FORMAL), strict=True):
        at = ROOT / "prompts" / path
        table = tomllib.loads((at / "de.toml" if at.is_dir() else at).read_text(encoding="utf-8"))
        table = table if at.is_dir() else table["de"]
        assert [name for name in table["formal"] if table[name] == formal["de"][name]] == [], path
        compared += len(table["formal"])
    assert compared > 50


@pytest.mark.parametrize("language", ["en", "es", "fr", "it", "pt"])
def test_a_number_is_not_followed_by_what_has_a_plural(language: str) -> None:
    """One character too many is not "1 characters"."""
    words = tomllib.loads((ROOT / "prompts" / "chat" / f"{language}.toml").read_text(encoding="utf-8"))
    assert re.search(r"\{count\}$", words["characters_over_limit"])
