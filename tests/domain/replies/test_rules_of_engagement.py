"""Check each rule of engagement with a text that breaks it and one that does not, in customers' languages."""

import string
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.replies.checks import CHECKS
from domain.replies.checks.reply import Reply
from domain.replies.rules_of_engagement import Rule, RulesOfEngagement, Where, unconfirmed
from domain.venues import Venue
from tests.domain.made import RULES

VISA = "4111 1111 1111 1111"


def breaks(check: str, text: str, *, length: int | None = None, is_duplicate: bool = False) -> bool:
    reply = Reply(
        text=text, length=len(text) if length is None else length, limit=280, is_duplicate=is_duplicate
    )
    return CHECKS[check](reply)


@pytest.mark.parametrize(
    ("check", "text"),
    [
        ("empty", ""),
        ("empty", " \t\n\u3000\u00a0"),
        ("placeholder", "Hi {{ first_name }},"),
        ("placeholder", "Hi {{first_name\n}}"),
        ("placeholder", "Hi [[customer]],"),
        ("placeholder", "Hi <name>, see <LINK>"),
        ("placeholder", "Hi [Name],"),
        ("placeholder", "your order [order number]"),
        ("placeholder", "Dear {customer_name}"),
        ("placeholder", "see [insert your link]"),
        ("asks_for_private_data", "Please send us your password"),
        ("asks_for_private_data", "YOUR PASSWORDS"),
        ("asks_for_private_data", "Bitte nenne uns dein Passwort"),
        ("asks_for_private_data", "Dein Kennwort?"),
        ("asks_for_private_data", "¿Cuál es tu contraseña?"),
        ("asks_for_private_data", "tu contrasen\u0303a, por favor"),
        ("asks_for_private_data", "votre mot de passe"),
        ("asks_for_private_data", "le numéro de la carte"),
        ("asks_for_private_data", "qual é o número do cartão?"),
        ("asks_for_private_data", "パスワードを教えてください"),
        ("asks_for_private_data", "ما هي كلمة المرور؟"),
        ("asks_for_private_data", "请提供您的密码"),
        ("asks_for_private_data", "비밀번호를 알려 주세요"),
        ("asks_for_private_data", "the CVV on the back"),
        ("asks_for_private_data", "Schick uns deine tan"),
        ("asks_for_private_data", "Schick uns die TAN"),
        ("shows_card_number", f"your card {VISA}"),
        ("shows_card_number", "4111-1111-1111-1111"),
        ("shows_card_number", "4111111111111111"),
        ("shows_card_number", "4111\u00a01111\u00a01111\u00a01111"),
        ("shows_card_number", "4111\u20111111\u20111111\u20111111"),
        ("shows_card_number", "４１１１ １１１１ １１１１ １１１１"),
        ("shows_card_number", f"card 2 {VISA} 12 2027"),
        ("shows_card_number", "amex 3782 822463 10005"),
        ("shows_email_address", "write to ana.ruiz+x@example.co.uk please"),
        ("shows_email_address", "アナ@example.jp"),
        ("has_link", "see https://acme.example/help"),
        ("has_link", "see HTTP://ACME.EXAMPLE"),
        ("has_link", "see www.acme.example"),
        ("has_link", "see acme.com for more"),
        ("has_link", "see help.acme.com/pay"),
        ("has_link", "see acme.de/hilfe"),
        ("all_caps", "PLEASE CALM DOWN NOW"),
        ("all_caps", "BITTE BLEIBEN SIE RUHIG!"),
        ("all_caps", "МЫ УЖЕ РАБОТАЕМ НАД ЭТИМ"),
    ],
)
def test_a_text_that_breaks_the_rule_is_found(check: str, text: str) -> None:
    assert breaks(check, text)


@pytest.mark.parametrize(
    ("check", "text"),
    [
        ("empty", "ok"),
        ("empty", "👍"),
        ("placeholder", "Hi Ana, 5 < 6 and {that} is [1/2]"),
        ("placeholder", "we love <3 you"),
        ("asks_for_private_data", "Never share your PASSWORDS"),
        ("asks_for_private_data", "We have passed it on, the compass works"),
        ("asks_for_private_data", "the pin on the map, the code of conduct"),
        ("asks_for_private_data", "Wir passen darauf auf"),
        ("asks_for_private_data", "Mándanos tan pronto como puedas el color"),
        ("shows_card_number", "4111 1111 1111 1112"),
        ("shows_card_number", "order 123456"),
        ("shows_card_number", "call +49 30 1234567"),
        ("shows_card_number", "on 2026-11-21 at 12:00"),
        ("shows_email_address", "ask @acme or @acme_help"),
        ("shows_email_address", "5 @ 3 euros"),
        ("has_link", "We are on it.Thanks for waiting"),
        ("has_link", "e.g. tomorrow, i.e. soon, at 12.30"),
        ("has_link", "version 2.10 is out"),
        ("all_caps", "OK, FAQ!"),
        ("all_caps", "We ARE ON IT"),
        ("all_caps", "我们正在处理这个问题请稍等一下谢谢"),
        ("all_caps", "私たちは今それに取り組んでいます"),
        ("all_caps", "1234567890 1234567890"),
    ],
)
def test_a_text_that_keeps_the_rule_passes(check: str, text: str) -> None:
    assert not breaks(check, text)


def test_the_network_counts_the_length() -> None:
    assert breaks("too_long", "short", length=281)
    assert not breaks("too_long", "x" * 500, length=280)


def test_whether_it_is_a_duplicate_is_told_to_it() -> None:
    assert breaks("duplicate", "Hi", is_duplicate=True)
    assert not breaks("duplicate", "Hi")


def luhn_digit(digits: str) -> str:
    """Compute the Luhn check digit independently of the production code."""
    table = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]
    total = sum(
        table[int(digit)] if place % 2 == 0 else int(digit) for place, digit in enumerate(digits[::-1])
    )
    return str(-total % 10)


@given(st.text(string.digits, min_size=12, max_size=18), st.sampled_from([" ", "-", "", "\u2009"]))
def test_any_number_that_checks_out_is_found_and_its_neighbours_are_not(digits: str, gap: str) -> None:
    right = luhn_digit(digits)
    number = gap.join((digits + right)[i : i + 4] for i in range(0, 19, 4)).strip(gap or None)
    assert breaks("shows_card_number", f"it is {number}.")
    wrong = digits + str((int(right) + 1) % 10)
    assert not breaks("shows_card_number", f"it is {wrong}.")


@given(st.text())
@example("4" * 3000)
@example("4 " * 1500)
@example("a" * 3000 + "@")
@example("a." * 1500)
@example("{{" * 1500)
@example("[" + "a " * 1400)
@example("[" + "_" * 3000)
@example("{" + "a_" * 1500)
@example("a-" * 1500)
@example("²³¼ 𝟒𝟏𝟏𝟏")
@example("\ud800")
def test_no_text_makes_a_check_fail(text: str) -> None:
    for check in CHECKS:
        assert breaks(check, text) in {True, False}


@given(st.lists(st.sampled_from(sorted(CHECKS)), unique=True), st.text(max_size=40))
def test_violations_come_hard_rules_first(names: list[str], text: str) -> None:
    rules = [Rule(name=name, reason=f"about {name}", hard=n % 2 == 0) for n, name in enumerate(names)]
    reply = Reply(text=text, length=len(text), limit=20, is_duplicate=True)
    found = RulesOfEngagement(version="1", rules=rules).check(reply)
    assert {finding.rule for finding in found} == {name for name in names if CHECKS[name](reply)}
    assert [finding.hard for finding in found] == sorted((f.hard for f in found), reverse=True)
    assert all(finding.reason == f"about {finding.rule}" for finding in found)
    assert RulesOfEngagement(version="1", rules=rules).refuses(reply) == any(one.hard for one in found)


class Counting:
    """A detector of languages that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def detect(self, _text: str) -> str:
        self.asked += 1
        return "de"


def test_whether_a_reply_is_refused_costs_no_soft_rule() -> None:
    counting = Counting()
    text = (
        "Hi Ana, we know about the problem and are working on it. We tell you here as soon as it works again."
    )
    reply = Reply(text=text, length=len(text), limit=280, language="en")
    rules = replace(RULES, detector=counting)
    assert not rules.refuses(reply)
    assert counting.asked == 0
    rules.check(reply)
    assert counting.asked > 0
    assert rules.refuses(replace(reply, text="Hi {{ name }}"))


# --- confirmed violations ---------------------------------------------------------------------


def shown(text: str, *confirmed: str) -> list[str]:
    """Return the names of the broken rules that an agent is shown."""
    violations = RULES.check(Reply(text=text, length=len(text), limit=280))
    return [violation.rule for violation in unconfirmed(violations, confirmed)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [("", "empty"), (" \n\t", "empty"), ("x" * 281, "too_long"), ("Hi {{first_name}}", "placeholder")],
)
def test_a_hard_rule_blocks_whatever_was_confirmed(text: str, rule: str) -> None:
    assert shown(text, *CHECKS) == [rule]


@pytest.mark.parametrize(
    ("text", "confirmed", "rules"),
    [
        ("Hi Ana", [], []),
        ("Look at https://acme.example/help", [], ["has_link"]),
        ("Look at https://acme.example/help", ["has_link"], []),
        ("Look at https://acme.example/help", ["all_caps"], ["has_link"]),
        # One that was not warned of brings back all of them.
        ("LOOK AT HTTPS://ACME.EXAMPLE/HELP", ["has_link"], ["has_link", "all_caps"]),
        ("LOOK AT HTTPS://ACME.EXAMPLE/HELP", ["has_link", "all_caps"], []),
        ("HI {{NAME}}, LOOK AT HTTPS://ACME.EXAMPLE/HELP", ["has_link", "all_caps"], ["placeholder", "has_link", "all_caps"]),
    ],
)  # fmt: skip
def test_a_soft_rule_asks_until_it_is_confirmed(text: str, confirmed: list[str], rules: list[str]) -> None:
    assert shown(text, *confirmed) == rules


# --- where a rule holds -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "public", "private"),
    [(Where.PUBLIC, True, False), (Where.PRIVATE, False, True), (Where.EVERYWHERE, True, True)],
)
def test_a_rule_holds_where_it_says(where: Where, public: bool, private: bool) -> None:
    engagement = RulesOfEngagement(
        version="1", rules=[Rule(name="empty", reason="Write.", hard=True, where=where)]
    )
    for venue in Venue:
        found = engagement.check(Reply(text="", length=0, limit=280, venue=venue))
        assert bool(found) is (private if venue.is_private else public)
