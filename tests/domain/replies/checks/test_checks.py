"""Check each lint at its borders: what decides, what is left alone, and that no text makes it fail."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.replies.checks import CHECKS, FOUND
from domain.replies.checks.links import host_of, is_known_host
from domain.replies.checks.reply import PromiseKind, Reply
from domain.venues import Venue

SAVED = "Hi Ana, sorry for the wait. Please send us a direct message and we'll find out where it is."


class Fixed:
    """A detector that knows two languages by a word."""

    def detect(self, text: str) -> str | None:
        return "de" if "wir" in text else "en" if "we" in text else None


def breaks(check: str, text: str, **more: Any) -> bool:  # noqa: ANN401 - any of the fields
    return CHECKS[check](Reply(text=text, length=len(text), limit=280, **more))


PRIVATE = {"venue": Venue.DM}
IN_PRIVATE = {"belongs_in_private": True}


@pytest.mark.parametrize(
    ("check", "text", "more", "is_broken"),
    [
        ("asks_for_private_data", "Please tell us your password", {}, True),
        ("asks_for_private_data", "Please tell us your password", PRIVATE, True),
        ("asks_for_private_data", "Your password was reset this morning", PRIVATE, False),
        ("asks_for_private_data", "Don't worry, tell us your password", PRIVATE, True),
        ("asks_for_private_data", "We never ask for a password", PRIVATE, False),
        ("asks_for_private_data", "Reset your password on the sign-in page", {}, False),
        ("asks_for_private_data", "Tell us the one-time code", PRIVATE, True),
        ("asks_for_private_data", "Share the one-time code with nobody", {}, False),
        ("asks_for_private_data", "Send us your password so that we can reset it", PRIVATE, True),
        ("asks_for_private_data", "Let us know if the password reset works", PRIVATE, False),
        ("asks_for_private_data", "Let us know if the password reset works", {}, False),
        ("asks_for_private_data", "Beware of scams, and send us your PIN code", {}, True),
        ("asks_for_private_data", "Fraudsters send mails that ask for card numbers", {}, False),
        ("shows_secret", "Your one-time code is 123456", PRIVATE, True),
        ("shows_secret", "The code for the discount is 123456", PRIVATE, False),
        ("shows_secret", "Your password is now Abcdef12", PRIVATE, True),
        ("shows_secret", "The password is changed on the page", PRIVATE, False),
        ("shows_iban", "DE89 3704 0044 0532 0130 00", {}, True),
        ("shows_iban", "DE88 3704 0044 0532 0130 00", {}, False),
        ("shows_iban", "DE89 3704", {}, False),
        ("shows_iban", "IBAN gb82-west-1234-5698-7654-32.", {}, True),
        ("shows_email_address", "write to help@acme.example", {"known_hosts": frozenset({"acme.example"})}, False),
        ("shows_email_address", "write to ana@notacme.example", {"known_hosts": frozenset({"acme.example"})}, True),
        ("shows_phone_number", "call +49 30 1234567", {}, True),
        ("shows_phone_number", "call +49 30 1234567", {"known_phone_numbers": frozenset({"49301234567"})}, False),
        ("shows_phone_number", "order number 0301-234-5678", {}, False),
        ("shows_phone_number", "from 2026-11-21 to 2026-12-01", {}, False),
        ("shows_phone_number", "version 10.2.33.4 of 01.02.2026", {}, False),
        ("lacks_handoff", "Tell us your order number", {}, True),
        ("lacks_handoff", "Tell us your order number", PRIVATE, False),
        ("lacks_handoff", "Tell us your order number", {"is_offer": True}, False),
        ("lacks_handoff", "Tell us your order number in a direct message", {}, False),
        ("lacks_handoff", "Please don't tell us your order number here", {}, False),
        ("lacks_handoff", "The order number is on the receipt", {}, False),
        ("belongs_in_private", "We have reset it", IN_PRIVATE, True),
        ("belongs_in_private", "We have reset it", {}, False),
        ("belongs_in_private", "We have reset it", IN_PRIVATE | PRIVATE, False),
        ("belongs_in_private", "We have reset it", IN_PRIVATE | {"is_offer": True}, False),
        ("belongs_in_private", "Please send us a direct message", IN_PRIVATE, False),
        ("belongs_in_private", "Schreib auch uns direkt, wir sind da", IN_PRIVATE, False),
        ("belongs_in_private", "Tell us your order number", IN_PRIVATE, False),
        ("lacks_handoff", "Tell us your order number", IN_PRIVATE, True),
        ("lacks_handoff", "Sag uns direkt hier deine Bestellnummer", {}, True),
        ("already_private", "Please send us a direct message", PRIVATE, True),
        ("already_private", "Schreib uns eine Direktnachricht", PRIVATE, True),
        ("already_private", "Mándanos un mensaje directo", PRIVATE, True),
        ("already_private", "Please send us a direct message", {}, False),
        ("already_private", "Please send us a direct message", PRIVATE | {"is_offer": True}, False),
        ("already_private", "Please send us the code by DM", PRIVATE | {"awaits_code": True}, False),
        ("already_private", "Please send us the code by DM", PRIVATE, True),
        ("already_private", "Please tell us the order number", PRIVATE, False),
        ("already_private", "You needn't send us a DM again", PRIVATE, False),
        ("already_private", "We read your direct message", PRIVATE, False),
        ("promises_time", "We'll be done within 2 hours", {}, True),
        ("promises_time", "We'll be done within 2 hours", {"saved_texts": ["We'll write within 2 hours."]}, False),
        ("promises_time", "We'll be done within 3 hours", {"saved_texts": ["We'll write within 2 hours."]}, True),
        ("promises_time", "We'll write within 2 hours", {"saved_texts": ["We'll write within 2 hours."], "never_promise": frozenset({PromiseKind.TIME})}, True),
        ("promises_time", "You can return it within 30 days", {}, False),
        ("promises_time", "It was fixed within 2 hours", {}, False),
        ("promises_time", "We will be open tomorrow", {}, False),
        ("promises_time", "Your parcel arrives on Friday", {}, True),
        ("promises_time", "You'll have it by 12 May", {}, True),
        ("promises_time", "Tu paquete llega el viernes", {}, True),
        ("promises_time", "Lo recibes la semana que viene", {}, True),
        ("promises_time", "Llegará antes del 5 de mayo, el 4 de mayo como tarde", {}, True),
        ("promises_time", "Abrimos el lunes", {}, False),
        ("promises_time", "¿Sigue sin funcionar el lunes?", {}, False),
        ("promises_time", "Votre colis arrive vendredi", {}, True),
        ("promises_time", "Vous le recevrez la semaine prochaine", {}, True),
        ("promises_time", "Nous sommes fermés dimanche", {}, False),
        ("promises_time", "Dein Paket kommt am Freitag", {}, True),
        ("promises_time", "Es kommt übermorgen", {}, True),
        ("promises_time", "Wir liefern am 12. Mai", {}, True),
        ("promises_time", "Guten Morgen! Wir melden uns, sobald wir mehr wissen", {}, False),
        ("promises_time", "Hast du am Montag angerufen?", {}, False),
        ("promises_time", "Seu pedido chega na sexta-feira", {}, True),
        ("promises_time", "Você recebe na próxima semana", {}, True),
        ("promises_time", "Il pacco arriva venerdì", {}, True),
        ("promises_time", "Lo riceverà il 12 maggio", {}, True),
        ("promises_time", "Siamo chiusi domenica", {}, False),
        ("promises_money", "We will refund you", {}, True),
        ("promises_money", "Because of the delay we will refund you", {}, True),
        ("promises_money", "We'll find out where your refund stands", {}, False),
        ("promises_money", "We'll check whether we will refund it", {}, False),
        ("promises_money", "You'll get your money back", {"saved_texts": ["You'll get your money back."]}, False),
        ("blames_customer", "That's your fault", {}, True),
        ("blames_customer", "That's not your fault", {}, False),
        ("blames_customer", "It is not in any way your own fault", {}, False),
        ("blames_customer", "You should have received it", {}, False),
        ("blames_customer", "You shouldn’t have called", {}, True),
        ("sarcastic", "Please calm down", {}, True),
        ("sarcastic", "Calm down please, we are looking into it", {}, True),
        ("sarcastic", "Hi Ana, calm down. We're looking into it", {}, True),
        ("sarcastic", "There is no need to shout, Ana", {}, True),
        ("sarcastic", "Please watch your language", {}, True),
        ("sarcastic", "You're overreacting", {}, True),
        ("sarcastic", "It's not that hard, Ana", {}, True),
        ("sarcastic", "Cálmate por favor", {}, True),
        ("sarcastic", "No hace falta gritar", {}, True),
        ("sarcastic", "Du calme, on regarde", {}, True),
        ("sarcastic", "Inutile de crier, Ana", {}, True),
        ("sarcastic", "Immer mit der Ruhe, Ana", {}, True),
        ("sarcastic", "Regen Sie sich bitte nicht so auf", {}, True),
        ("sarcastic", "Fique calmo, por favor", {}, True),
        ("sarcastic", "Stia calma, per favore", {}, True),
        ("sarcastic", "Rustig maar, we kijken ernaar", {}, True),
        ("sarcastic", "落ち着いてください", {}, True),
        ("sarcastic", "من فضلك لا تصرخ", {}, True),
        ("sarcastic", "You don't need to shout louder: we've heard you", {}, False),
        ("sarcastic", "You can relax, it's on its way", {}, False),
        ("sarcastic", "There's no need to worry", {}, False),
        ("sarcastic", "Take all the time you need, please", {}, False),
        ("sarcastic", "You're right to complain, and we're sorry", {}, False),
        ("sarcastic", "落ち着いてからで結構です", {}, False),
        ("insulting", "Hi Ana, you idiot, sorry for the wait", {}, True),
        ("insulting", "Sorry, that was a stupid mistake of ours", {}, False),
        ("insulting", "Excuse me, you are just stupid", {}, True),
        ("insulting", "バカンスの予約ですね", {}, False),
        ("sarcastic", "Once things calm down we'll look again", {}, False),
        ("has_link", "see https://acme.example/help.", {"links": ["https://acme.example/help"], "article_urls": frozenset({"https://acme.example/help"})}, False),
        ("has_link", "see acme.shop/help", {"links": ["acme.shop/help"], "article_urls": frozenset({"https://acme.shop/help"})}, False),
        ("has_link", "see https://acme.example/help and evil.shop", {"links": ["https://acme.example/help", "evil.shop"], "article_urls": frozenset({"https://acme.example/help"})}, True),
        ("has_link", "see https://acme.example/evil", {"links": ["https://acme.example/evil"], "article_urls": frozenset({"https://acme.example/help"})}, True),
        ("unknown_link", "see acme.shop", {"links": ["acme.shop"]}, True),
        ("unknown_link", "see help.acme.shop", {"links": ["help.acme.shop"], "known_hosts": frozenset({"acme.shop"})}, False),
        ("unknown_link", "see evil-acme.shop", {"links": ["evil-acme.shop"], "known_hosts": frozenset({"acme.shop"})}, True),
        ("unknown_link", "see https://sites.example/acme/a.", {"links": ["https://sites.example/acme/a"], "article_urls": frozenset({"https://sites.example/acme/a"})}, False),
        ("unknown_link", "see https://sites.example/evil", {"links": ["https://sites.example/evil"], "article_urls": frozenset({"https://sites.example/acme/a"})}, True),
        ("unknown_link", "see https://sites.example/acme/a.evil.example", {"article_urls": frozenset({"https://sites.example/acme/a"})}, True),
        ("unknown_link", "https://acme.shop@evil.example/", {"known_hosts": frozenset({"acme.shop"})}, True),
        ("unsigned", "Hi Ana", {"is_signed": True}, True),
        ("unsigned", "Hi Ana", {}, False),
        ("unsigned", "Hi Ana ^SO", {"is_signed": True}, False),
        ("far_from_saved_reply", SAVED, {"saved_texts": [SAVED], "is_picked": True}, False),
        ("far_from_saved_reply", "Hi Ana, please send us a direct message.", {"saved_texts": [SAVED], "is_picked": True}, False),
        ("far_from_saved_reply", "One two three four five six seven eight nine ten", {"saved_texts": [SAVED], "is_picked": True}, True),
        ("far_from_saved_reply", "One two three four five six seven eight nine ten", {"saved_texts": [SAVED]}, False),
    ],
)  # fmt: skip
def test_a_lint_decides(check: str, text: str, more: dict[str, Any], is_broken: bool) -> None:
    assert breaks(check, text, **more) is is_broken


GERMAN = "wir sehen uns das Problem an und schreiben dir hier, sobald wir mehr dazu wissen"
MIXED = "we look at the problem, we do, and we write to you here at once, und wir schreiben dir hier, sobald wir mehr wissen"


@pytest.mark.parametrize(
    ("text", "more", "is_broken"),
    [
        (GERMAN, {"language": "en"}, True),
        (GERMAN, {"language": "de"}, False),
        (GERMAN, {"language": ""}, False),
        (GERMAN, {"language": "en", "detector": None}, False),
        ("wir sind dran", {"language": "en"}, False),
        (MIXED, {"language": "fr"}, False),
        (GERMAN, {"language": "fr", "saved_texts": ["wir sehen nach"]}, False),
    ],
)
def test_a_language_is_wrong_only_when_sure(text: str, more: dict[str, Any], is_broken: bool) -> None:
    assert breaks("wrong_language", text, **{"detector": Fixed(), **more}) is is_broken


def test_hosts_are_compared_whole() -> None:
    assert host_of("HTTPS://www.Acme.example:8443/a?b#c") == "acme.example"
    assert host_of("acme.shop/x") == "acme.shop"
    assert is_known_host("help.acme.example", frozenset({"acme.example"}))
    assert not is_known_host("notacme.example", frozenset({"acme.example"}))


texts = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            ["we'll", "refund", "within", "2", "hours", "your", "password", "never", "DE89", "+49", "acme.shop", "http://", "@", "^SO", ".", "\n", "を", "رقم"]
        )
    ).map(" ".join),
)  # fmt: skip


@given(texts, texts, st.sampled_from(Venue), st.booleans())
@example("in den nächsten " * 200, "", Venue.PUBLIC, False)
@example("we pay " + "a" * 3000, "", Venue.PUBLIC, False)
@example("not " * 800 + "password", "", Venue.DM, True)
@example("+49 " + "1 " * 1400, "", Venue.PUBLIC, False)
@example("DE89" * 700, "\ud800", Venue.PUBLIC, True)
@example("order number " * 200, "", Venue.PUBLIC, False)
@example("our fault " * 300, "", Venue.PUBLIC, False)
def test_no_text_makes_a_lint_fail(text: str, saved: str, venue: Venue, flag: bool) -> None:
    for check in CHECKS:
        found = breaks(
            check,
            text,
            venue=venue,
            language="fr",
            saved_texts=[saved],
            is_picked=flag,
            is_signed=flag,
            links=[text],
            detector=Fixed(),
        )
        assert found in {True, False}


@given(st.text(alphabet="abcdefghij \n", max_size=300))
def test_meaningless_words_raise_no_alarm(text: str) -> None:
    silent = set(CHECKS) - {"empty", "too_long"}
    assert [check for check in silent if breaks(check, text)] == []


@given(
    st.sampled_from(["+49 30 1234567", "ana@example.com", "DE89 3704 0044 0532 0130 00"]),
    st.text(max_size=20),
)
def test_what_is_shown_is_found_wherever_it_stands(shown: str, around: str) -> None:
    found = {"shows_phone_number", "shows_email_address", "shows_iban"}
    assert any(breaks(check, f"{around.strip()}\n{shown}\n{around}") for check in found)


@pytest.mark.parametrize(
    ("text", "links", "found"),
    [
        ("We fixed it.It works now", ["it.It"], ["it.It"]),
        ("See README.md", ["README.md"], ["README.md"]),
        ("See www.acme and https://acme.example/help", ["https://acme.example/help"], ["www.acme"]),
        ("See https://acme.example/help.", ["https://acme.example/help"], []),
        ("All is well", [], []),
    ],
)
def test_the_words_that_are_links_are_named(text: str, links: list[str], found: list[str]) -> None:
    reply = Reply(
        text=text,
        length=len(text),
        limit=280,
        links=links,
        article_urls=frozenset({"https://acme.example/help"}),
    )
    assert FOUND["has_link"](reply) == found
