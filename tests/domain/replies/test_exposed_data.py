"""Find card numbers, accounts and passwords in what customers post for everybody to read."""

import time
from datetime import timedelta

import pytest

from domain.cases.messages import Delivery, Direction
from domain.replies.exposed_data import MAX_READ, ExposedData, exposed_data
from domain.venues import Venue
from tests.domain.made import NOW, a_message

CARD = "@acme charged twice on my card 4111 1111 1111 1111, exp 09/28"
OURS = a_message(2, direction=Direction.OUT, delivery=Delivery.SENT, text="Please delete your post.")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (CARD, ExposedData.CARD_NUMBER),
        ("@acme my amex is 3782 822463 10005 why was it refused", ExposedData.CARD_NUMBER),
        ("@acme １２ Euro zu viel von 4111-1111-1111-1111", ExposedData.CARD_NUMBER),
        ("@acme bitte auf DE89 3704 0044 0532 0130 00 zurück", ExposedData.IBAN),
        ("@acme my password is Winter2026! and it still says wrong", ExposedData.ACCESS),
        ("@acme the verification code 482913 does not work", ExposedData.ACCESS),
    ],
)
def test_what_opens_an_account_or_takes_money_is_found(text: str, found: ExposedData) -> None:
    assert exposed_data([a_message(text=text)]) == (found,)


@pytest.mark.parametrize(
    "text",
    [
        "@acme parcel number 4111111111111111 has not moved since Monday",
        "@acme order 4111 1111 1111 1111, where is it?",
        "@acme Sendungsnummer: 00340434161094042557",
        "@acme my parcel 1234567812345670 is lost",  # passes the checksum, and is no card network's
        "@acme my card ending in 1111 was charged twice",
        "@acme my password does not work",
        "@acme charged 12.99 twice on 11.11.2026 at 11:11",
    ],
)
def test_numbers_of_orders_and_parcels_are_not(text: str) -> None:
    assert exposed_data([a_message(text=text)]) == ()


def test_only_posts_that_everybody_still_reads_and_nobody_answered_count() -> None:
    shown = a_message(text=CARD)
    assert exposed_data([a_message(text=CARD, deleted_at=NOW + timedelta(minutes=1))]) == ()
    assert exposed_data([a_message(text=CARD, venue=Venue.DM)]) == ()
    assert exposed_data([shown, OURS]) == ()
    assert exposed_data([shown, a_message(2, direction=Direction.OUT, delivery=Delivery.FAILED)]) != ()
    assert exposed_data([shown, OURS, a_message(3, text="@acme DE89370400440532013000")]) == (
        ExposedData.IBAN,
    )
    assert exposed_data([shown, a_message(2, text="@acme my iban DE89370400440532013000")]) == (
        ExposedData.CARD_NUMBER,
        ExposedData.IBAN,
    )


def test_what_is_looked_at_of_long_posts_is_limited_and_the_newest_comes_first() -> None:
    long = "5 " * (MAX_READ // 2)
    started = time.process_time()
    assert exposed_data([a_message(number, text=long * 20) for number in range(1, 9)]) == ()
    assert time.process_time() - started < 3
    assert exposed_data([a_message(text=CARD), a_message(2, text=long)]) == ()
    assert exposed_data([a_message(text=long), a_message(2, text=CARD)]) == (ExposedData.CARD_NUMBER,)
    assert exposed_data([a_message(text=CARD), a_message(2, text=long[: -len(CARD)])]) == (
        ExposedData.CARD_NUMBER,
    )
