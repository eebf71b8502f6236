"""What a notice is warned of before it leaves."""

from dataclasses import replace

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
