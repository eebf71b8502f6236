"""Contact data: what is an address or a phone number, what only looks like one, and what is left of them."""

import pytest

from domain.records.contact_data import find_contacts, mask_contacts


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to joan.doe+x@mail.example.com.", "write to j…@mail.example.com."),
        ("<Joan@Example.com>", "<J…@Example.com>"),
        ("café@bücher.example!", "c…@bücher.example!"),
        ("call +34 600 12 34 56 or (030) 1234-5678", "call …56 or …78"),
        ("0034600123456, 0612 345 678", "…56, …78"),
        ("212-555-0143 today", "…43 today"),
    ],
)
def test_what_somebody_can_be_reached_by_is_masked(text: str, masked: str) -> None:
    assert mask_contacts(text) == masked
    assert mask_contacts(masked) == masked
    assert find_contacts(text)
    assert find_contacts(masked) == []


@pytest.mark.parametrize(
    "text",
    [
        "@ana@mastodon.example and @anaruiz",
        "order 4711-0815-2342, ticket #123456789012",
        "2026-11-29 14:02, 29.11.2026 at 09:00",
        "it costs 1,240.00 and 0.5 %",
        "https://acme.example/p/1730000000000000001",
        "version 0.12.3-4567",
        "joan@localhost",
    ],
)
def test_handles_orders_dates_and_links_stay(text: str) -> None:
    assert mask_contacts(text) == text
    assert find_contacts(text) == []


def test_each_is_found_once() -> None:
    assert find_contacts("a@b.example, +49 30 123456 7, a@b.example") == ["a@b.example", "+49 30 123456 7"]
