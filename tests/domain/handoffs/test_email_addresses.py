"""Validate, normalize and compare e-mail addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.handoffs.email_addresses import (
    MAX_ADDRESS_LENGTH,
    delivers_to,
    email_address,
    mailbox_of,
    same_address,
    typed_address,
)
from domain.handoffs.link_tokens import without_tokens
from tests.growth import assert_linear

OURS = "help@acme.example"


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("ana@example.com", "ana@example.com"),
        (" Ana@Example.com ", "ana@example.com"),
        ("mailto:ana@example.com", "ana@example.com"),
        ("ana.ruiz+x@mail.example.co.uk", "ana.ruiz+x@mail.example.co.uk"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("o'brien@example.com", "o'brien@example.com"),
        ("x" * 64 + "@example.com", "x" * 64 + "@example.com"),
    ],
)
def test_an_address_is_normalized(typed: str, address: str) -> None:
    assert email_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ana",
        "ana@",
        "@example.com",
        "ana@example",
        "a b@example.com",
        "ana@example.com\nBcc: all@example.com",
        "ana@example.com,ben@example.com",
        "<ana@example.com>",
        "ana\x00@example.com",
        "x" * 65 + "@example.com",
        ".ana@example.com",
        "ana..ruiz@example.com",
        "josé@example.com",
        "ana@-example.com",
        "ana@example..com",
        "ana@192.168.0.1",
        "ana@" + "x" * 64 + ".com",
        "ana@" + "x." * 126 + "com",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    assert email_address(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "ana@example.com",
        "Ana Ruiz <ana@example.com>",
        '"Ruiz, Ana" <Ana@Example.com>;',
        "“ana@example.com”",
        "(ana@example.com)!",
        "ana@example.com.",
        "ana@example.com,",
        "ana＠example.com",
        "ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ",
        "\u202aana@example.com\u202c",
        "ana@exam\u00adple.com\u200b",
        "\u3000ana@example.com\u00a0",
    ],
)
def test_an_address_is_found_in_what_people_type_and_paste(typed: str) -> None:
    assert typed_address(typed) == "ana@example.com"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "Ana",
        "ana@example.com, ben@example.com",
        "ana@example.com <ben@example.com>",
        "Ana <ana@example.com> <ben@example.com>",
        "Ana <ana@example.com>\nBcc: all@example.com",
        "write to ana@example.com",
        ".ana@example.com",
        "ana..ruiz@example.com",
    ],
)
def test_what_may_mean_another_address_is_refused(typed: str) -> None:
    assert typed_address(typed) is None


@given(st.text(max_size=40) | st.emails())
def test_a_typed_address_is_one(typed: str) -> None:
    address = typed_address(typed)
    assert address is None or email_address(address) == address


@given(st.text(max_size=40) | st.emails())
def test_a_normalized_address_is_printable_ascii_and_stays_as_it_is(typed: str) -> None:
    address = email_address(typed)
    if address is None:
        return
    assert email_address(address) == address
    assert address.isascii()
    assert address.isprintable()
    assert " " not in address
    assert len(address) <= MAX_ADDRESS_LENGTH
    assert address.count("@") == 1


@pytest.mark.parametrize(
    "address", [OURS, "Help@ACME.example", "help+12-abc@acme.example", "help+@acme.example"]
)
def test_tags_and_capitals_lead_to_the_same_mailbox(address: str) -> None:
    assert delivers_to(address, OURS)
    assert delivers_to(address, "help+desk@acme.example")


@pytest.mark.parametrize(
    "address", ["helper@acme.example", "help@acme.example.org", "a+help@acme.example", "help"]
)
def test_what_only_looks_like_our_address_leads_elsewhere(address: str) -> None:
    assert not delivers_to(address, OURS)


def test_addresses_are_compared_without_case() -> None:
    assert same_address("Ana@Example.com", "ana@example.COM")
    assert not same_address("ana@example.com", "ana@example.org")


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("ana@example.com", "Ana+news@EXAMPLE.com", True),
        ("a.n.a@gmail.com", "ana+1+2@gmail.com", True),
        ("ana.ruiz@gmail.com", "AnaRuiz@googlemail.com", True),
        ("ana.ruiz@protonmail.com", "anaruiz+x@pm.me", True),
        ("ana.ruiz@example.com", "anaruiz@example.com", False),
        ("ana@bücher.example", "ana@xn--bcher-kva.example", True),
        ("ana@example.com", "ann@example.com", False),
        ("ana@example.com", "ana@example.org", False),
    ],
)
def test_addresses_of_one_mailbox_are_counted_together(one: str, other: str, is_same: bool) -> None:
    assert (mailbox_of(one) == mailbox_of(other)) is is_same


@pytest.mark.parametrize("piece", ["a", "a@", "“", "a.", "<", "ﬁ", "ำ", " a"])
def test_reading_an_address_is_linear(piece: str) -> None:
    for read in (typed_address, email_address, mailbox_of):
        assert_linear(read, piece)
        assert_linear(lambda text, read=read: read(f"a@{text}.com"), piece)  # type: ignore[misc]


@pytest.mark.parametrize("piece", ["http://", "https://a/address/", "#"])
def test_leaving_tokens_out_is_linear(piece: str) -> None:
    assert_linear(without_tokens, piece)
