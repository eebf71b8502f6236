"""What a notice is warned of before it leaves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from adapters.networks.registry import NETWORKS
from domain.networks import TextCount
from domain.outages.destinations import DestinationProfile
from domain.outages.notice_checks import Fault, NoticeChecks
from domain.outages.notices import NoticeText, Version
from tests.domain.outages.test_drafts import WORDS

X = NETWORKS["x"].profile
PAGE = DestinationProfile(name="page", label="Page")
POSTS = DestinationProfile(name="x", label="X", count=X.count, price=X.price, links=X.links)
CHECKS = NoticeChecks(
    words=WORDS,
    now=datetime(2026, 11, 29, 8, 0, tzinfo=UTC),
    names=("Sam Okafor", "Mia Lind", "Bo"),
    times=("13:00 UTC",),
    versions=(Version(language="en", problem="Card payments fail"),),
)
CALM = "Card payments fail for some of you. We are looking into it. Next update by 13:00 UTC."


def faults(
    text: str, *, profile: DestinationProfile = PAGE, checks: NoticeChecks = CHECKS, language: str = ""
) -> list[tuple[Fault, str]]:
    notice = NoticeText(destination=profile.name, language=language, text=text)
    return [(warning.fault, warning.detail) for warning in checks.check(notice, profile)]


def test_a_calm_notice_is_fine() -> None:
    assert faults(CALM) == []
    assert faults(CALM, profile=POSTS) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Card payments fail. It will be fixed within 30 minutes.", Fault.PROMISED_TIME),
        ("Card payments fail. We will be back by tomorrow.", Fault.PROMISED_TIME),
        ("Card payments fail. Next update by 14:30.", Fault.OTHER_TIME),
        ("Card payments fail because of our provider.", Fault.BLAME),
        ("Card payments fail: human error.", Fault.BLAME),
        ("Card payments fail. You should have updated the app, it is your fault.", Fault.BLAME),
        ("Card payments fail. Ask Mia Lind.", Fault.COLLEAGUE_NAMED),
        ("Card payments fail. Mia is on it.", None),
        ("Card payments fail. Bo is on it.", None),
        ("Card payments fail. We are on it. Same here.", None),
        ("", Fault.EMPTY),
    ],
)
def test_each_fault_is_found(text: str, fault: Fault | None) -> None:
    found = [fault for fault, _ in faults(text)]
    assert (fault in found) if fault is not None else (found == [])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Zahlungen gehen nicht, unser Dienstleister hat ein Problem."),
        ("es", "Fallan los pagos por culpa de un cambio."),
        ("ja", "委託先の障害です。"),
    ],
)
def test_blame_is_found_in_the_language_of_the_text(language: str, text: str) -> None:
    assert Fault.BLAME in [fault for fault, _ in faults(text, language=language)]


def test_a_text_beyond_the_limit_blocks_and_says_by_how_much() -> None:
    short = replace(PAGE, count=lambda text: TextCount(length=len(text), limit=20))
    notice = NoticeText(destination="page", language="", text="Card payments fail for all")
    [warning] = CHECKS.check(notice, short)
    assert (warning.fault, warning.detail, warning.blocks) == (Fault.TOO_LONG, "26 of 20", True)


def test_the_same_text_again_is_refused_before_the_network_does() -> None:
    before = NoticeText(destination="x", language="en", text=CALM)
    checks = replace(CHECKS, before=(before,))
    assert faults(CALM, profile=POSTS, checks=checks, language="en") == [(Fault.SAME_AS_BEFORE, "")]
    assert faults(CALM, profile=PAGE, checks=checks) == []


def test_a_link_that_costs_is_told_with_its_price() -> None:
    linked = "Card payments fail. See status.acme.com"
    assert faults(linked, profile=POSTS) == [(Fault.COSTLY_LINK, "0.20")]
    assert faults(linked, profile=PAGE) == []


def test_a_language_without_room_is_told() -> None:
    both = replace(CHECKS, versions=(*CHECKS.versions, Version(language="es", problem="Fallan los pagos")))
    assert faults(CALM, checks=both) == [(Fault.LANGUAGE_LEFT_OUT, "es")]
    assert faults(f"{CALM}\n\nFallan los pagos", checks=both) == []
    assert faults(CALM, checks=both, language="en") == []


BEGINNINGS = [
    "Card payments fail since 06:33.",
    "Card payments have failed since about 6.33 am.",
    "It started at 06:33 UTC.",
    "Zahlungen gehen seit 06:33 Uhr nicht.",
    "Zahlungen gehen seit heute früh gegen 6:33 Uhr nicht.",
    "Les paiements échouent depuis 06h33.",
    "Les paiements échouent depuis ce matin vers 6h33.",
    "Los pagos fallan desde las 06:33.",
    "Los pagos fallan desde hoy a las 6:33.",
    "I pagamenti non riescono dalle 06:33.",
    "I pagamenti non riescono da stamattina alle ore 6:33.",
    "Os pagamentos falham desde as 06:33.",
    "Os pagamentos falham desde cerca das 6:33.",
    "06:33から支払いができません。",
]


@pytest.mark.parametrize("text", BEGINNINGS)
def test_a_beginning_in_the_past_is_no_promise(text: str) -> None:
    assert faults(text) == []
    at_night = replace(CHECKS, now=datetime(2026, 11, 29, 2, 0, tzinfo=UTC))
    assert [fault for fault, _ in faults(text, checks=at_night)] == [Fault.OTHER_TIME], "it is to come"


@pytest.mark.parametrize(
    "text",
    [
        "Card payments fail since 06:33. Next update by 06:50.",
        "Card payments fail since 06:33. Expect them at 14:30.",
        "It works again at 06:33.",
        "It works again at 14:30:00.",
        "From 06:33 on it works.",
        "Zahlungen gehen seit 06:33 Uhr nicht, wieder ab 14:30 Uhr.",
        "Ab 06:33 Uhr geht es wieder.",
        "Les paiements échouent depuis 06h33, jusqu'à 14h30.",
        "À partir de 14h30 tout marche.",
        "Los pagos fallan desde las 06:33 hasta las 14:30.",
        "I pagamenti non riescono dalle 06:33 alle 14:30.",
        "Dalle 14:30 si paga di nuovo.",
        "Os pagamentos falham desde as 06:33 até às 14:30.",
        "14:30から使えます。",
        "Since we know the cause, it is back by 14:30.",
        "Card payments fail since 6:33 pm.",
    ],
)
def test_a_time_that_the_form_did_not_give_is_still_told(text: str) -> None:
    assert {fault for fault, _ in faults(text)} & {Fault.OTHER_TIME, Fault.PROMISED_TIME}


def test_a_promise_beside_a_beginning_is_still_one() -> None:
    text = "Card payments fail since 06:33. It will be fixed within 30 minutes."
    assert [fault for fault, _ in faults(text)] == [Fault.PROMISED_TIME]


def test_what_has_passed_is_so_by_the_clock_of_the_texts() -> None:
    zone = timezone(timedelta(hours=-8))
    there = replace(CHECKS, words=replace(WORDS, zone=zone))  # it is midnight there
    assert faults("Card payments fail since 23:50.", checks=there) == []
    assert faults("Card payments fail since 07:50.", checks=there) == [(Fault.OTHER_TIME, "07:50")]
