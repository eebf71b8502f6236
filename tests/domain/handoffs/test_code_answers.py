"""Say what a code confirms, and nothing that is not known; hear only a clear "no" as one."""

from dataclasses import replace

import pytest

from adapters.prompts.sentences import load_sentences
from domain.handoffs.code_answers import CodeWords
from domain.handoffs.handoff import Handoff, HandoffState
from domain.triage.form_of_address import DEFAULT_FORMS
from domain.venues import Venue
from tests.domain.made import NOW
from tests.source import ROOT

WORDS = CodeWords(load_sentences(ROOT / "prompts" / "verification.toml", DEFAULT_FORMS))
CHAT = Handoff(
    id=5,
    case_id=1,
    venue=Venue.CHAT,
    state=HandoffState.ARRIVED,
    offered_at=NOW,
    offered_by="U0SAM",
    expires_at=NOW,
    nonce="n",
    code="424242",
    arrived_at=NOW,
)


@pytest.mark.parametrize("language", [*WORDS.by_language, "xx"])
def test_every_language_says_when_and_how_to_deny(language: str) -> None:
    said = WORDS.answer(language, CHAT)
    assert f"{NOW:%Y-%m-%d %H:%M}" in said
    no = WORDS.by_language.get(language, WORDS.by_language["en"])["no"]
    assert no.upper() in said
    mail = WORDS.answer(language, replace(CHAT, venue=Venue.EMAIL, address="mallory@example.com"))
    assert "m…@example.com" in mail
    assert "mallory" not in mail
    assert "{" not in said + mail


@pytest.mark.parametrize(
    ("text", "is_denial"),
    [
        ("NO", True),
        (" no. ", True),
        ("Nein!", True),
        ("“いいえ”", True),
        ("NÃO", True),
        ("", False),
        (".", False),
        ("No, that is not me!", True),
        ("NO it is not me", True),
        ("no - who is this?", True),
        ("No\nI did not open a chat", True),
        ("いいえ、違います", True),
        ("No no no!!", True),
        ("No fui yo", True),
        ("Não fui eu.", True),
        ("Das war ich nicht", True),
        ("It wasn’t me", True),
        ("No, it still fails", False),
        ("NO it still fails", False),
        ("Nein, es geht immer noch nicht", False),
        ("No, I meant the other order", False),
        ("No, " + "it still fails and nobody tells me why, which is not me being impatient " * 2, False),
        ("Ce n'est pas moi", True),
        ("私ではありません。", True),
        ("It wasn't me, it was the app that took the money", False),
        ("who is this charge from?", False),
        ("金額が違います", False),
        ("この請求には心当たりがありません", False),
        ("C'est pas moi qui ai payé deux fois", False),
        ("no thanks", False),
        ("No problem, it is me", False),
        ("no-one answers", False),
        ("Nobody answers.", False),
        ("424242", False),
    ],
)
def test_a_plain_no_denies(text: str, is_denial: bool) -> None:
    assert WORDS.is_denial(text) is is_denial


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("No, it still fails", True),
        ("NO it still fails", True),
        ("Nein, es geht immer noch nicht", True),
        ("いいえ、まだ使えません", True),
        ("It wasn't me, it was the app that took the money", True),
        ("No", False),
        ("No, that is not me", False),
        ("No problem", False),
        ("Now it works", False),
        ("", False),
    ],
)
def test_whoever_says_more_than_no_is_asked(text: str, is_asked: bool) -> None:
    assert WORDS.may_be_denial(text) is is_asked
    assert not (is_asked and WORDS.is_denial(text))


@pytest.mark.parametrize("language", [*WORDS.by_language, "xx"])
def test_the_question_names_the_word(language: str) -> None:
    no = WORDS.by_language.get(language, WORDS.by_language["en"])["no"]
    assert no.upper() in WORDS.question(language)


def test_without_words_nothing_is_said_or_heard() -> None:
    assert CodeWords({}).answer("en", CHAT) == ""
    assert not CodeWords({}).is_denial("no")
    assert not CodeWords({}).may_be_denial("No, it still fails")
    assert CodeWords({}).question("en") == ""
