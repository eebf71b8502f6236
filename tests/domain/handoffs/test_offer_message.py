"""Check the message that offers a venue: its link, and the address that it is mailed to."""

from dataclasses import replace

import pytest

from domain.handoffs.offer_message import OfferFault, OfferMessage, OfferViolation, check_address, check_link
from domain.venues import Venue

LINK = "https://acme.example/chat#n1"
OURS = "help@acme.example"
BY_MAIL = OfferMessage(
    text="Let us go on here", venue=Venue.EMAIL, via=Venue.EMAIL, link="", address="ana@example.com"
)


def line(text: str, link: str = LINK) -> OfferMessage:
    return OfferMessage(text=text, venue=Venue.CHAT, via=Venue.PUBLIC, link=link, address="")


@pytest.mark.parametrize(
    "text", [LINK, f"Come to our chat: {LINK}", f"Chat ({LINK}), please.", f"{LINK}\nSee you", f"{LINK}!"]
)
def test_a_line_with_its_link_passes(text: str) -> None:
    assert check_link(line(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Come to our chat, Ana",
        "https://acme.example/chat#somebody-elses",
        f"{LINK}x",
        f"{LINK}2",
        f"{LINK}-2",
        f"{LINK}%20",
        LINK.upper(),
        LINK.replace(".", "x"),
    ],
)
def test_a_line_without_its_link_is_stopped(text: str) -> None:
    [violation] = check_link(line(text))
    assert violation == OfferViolation(fault=OfferFault.NO_LINK, link=LINK)
    assert (violation.rule, violation.hard, violation.concerns_address) == ("no_link", True, False)


def test_a_line_that_needs_no_link_passes_without_one() -> None:
    assert check_link(line("Hello", link="")) == []


@pytest.mark.parametrize("our_address", [OURS, None])
def test_an_address_of_the_customers_passes(our_address: str | None) -> None:
    assert check_address(BY_MAIL, our_address) == []
    looks_like_ours = replace(BY_MAIL, address="helper@acme.example")
    assert check_address(looks_like_ours, our_address) == []


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("ana@example", OfferFault.NO_ADDRESS),
        ("", OfferFault.NO_ADDRESS),
        (" Help@ACME.example", OfferFault.OUR_ADDRESS),
        ("help+12-abc@acme.example", OfferFault.OUR_ADDRESS),
    ],
)
def test_what_is_no_address_of_the_customers_is_stopped(address: str, fault: OfferFault) -> None:
    [violation] = check_address(replace(BY_MAIL, address=address), OURS)
    assert violation == OfferViolation(fault=fault)
    assert (violation.rule, violation.hard, violation.concerns_address) == (fault.value, True, True)


def test_our_own_address_is_unknown_without_a_mailbox() -> None:
    assert check_address(replace(BY_MAIL, address=OURS), None) == []


@pytest.mark.parametrize(("venue", "via"), [(Venue.EMAIL, Venue.PUBLIC), (Venue.CHAT, Venue.EMAIL)])
def test_a_line_that_is_not_the_first_mail_needs_no_address(venue: Venue, via: Venue) -> None:
    assert check_address(replace(BY_MAIL, venue=venue, via=via, address=""), OURS) == []
