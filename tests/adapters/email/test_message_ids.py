"""Make and verify signed tokens and Message-IDs: case-insensitive, unforgeable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.email.links import AddressLinks
from adapters.email.message_ids import EmailIdentity
from tests.adapters.email.made import KEY, US

OTHER = EmailIdentity(address=US.address, name=US.name, key="o" * 40)


@given(st.integers(1, 10**15))
def test_a_reply_address_names_its_hand_off(handoff_id: int) -> None:
    address = US.reply_address(handoff_id)
    assert len(address.partition("@")[0]) <= 64
    for written in (address, address.upper(), address.title()):
        assert US.handoff_of(written) == handoff_id
    assert OTHER.handoff_of(address) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.replace("+12-", "+13-"),
        lambda a: a.replace("@acme.example", "@evil.example"),
        lambda a: a.replace("support+", "sales+"),
        lambda a: a.replace("+12-", "+12"),
        lambda a: a[:-14] + "a" + a[-13:],
        lambda _: "support@acme.example",
        lambda _: "support+12-@acme.example",
        lambda _: "",
    ],
)
def test_a_changed_reply_address_names_nothing(change: object) -> None:
    assert callable(change)
    assert US.handoff_of(change(US.reply_address(12))) is None


def test_a_message_id_is_the_same_each_time_and_ours_alone() -> None:
    made = US.message_id(41)
    assert made == US.message_id(41)
    assert US.is_own_id(made)
    assert not OTHER.is_own_id(made)
    assert not US.is_own_id(made.replace("m41.", "m42."))
    assert US.own_ids_in(f"x <{made}> y {OTHER.message_id(1)} z {made}") == [made]


def test_a_link_holds_its_nonce_and_cannot_be_made_up() -> None:
    links = AddressLinks("https://help.acme.example", KEY)
    token = links.link("a-nonce_1").removeprefix("https://help.acme.example/address/")
    assert links.value_of(token) == "a-nonce_1"
    for forged in (token[:-1], "a-nonce_1", token.replace("a-", "b-"), "", ".", "é.é", "x" * 5000):
        assert links.value_of(forged) is None
    assert AddressLinks("https://help.acme.example", "o" * 40).value_of(token) is None
