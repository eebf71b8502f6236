"""Sign and verify links to a live chat, and derive its session cookies."""

import hashlib

import pytest
from itsdangerous import URLSafeSerializer

from adapters.chat import ChatLinks
from adapters.chat.links import MAX_TOKEN_LENGTH
from domain.chat.session import LinkFault, LinkRefused

KEY = "s" * 40
LINKS = ChatLinks(public_url="https://help.acme.example", secret_key=KEY)


def token(links: ChatLinks = LINKS, nonce: str = "n1") -> str:
    """Return the token of a link."""
    return links.link(nonce).partition("#")[2]


def test_a_link_leads_to_the_page_and_its_token_to_the_nonce() -> None:
    assert LINKS.page == "https://help.acme.example/chat"
    assert LINKS.link("n1") == f"{LINKS.page}#{token()}"
    assert LINKS.nonce_in(token()) == "n1"


def test_a_slash_at_the_end_of_the_public_url_changes_nothing() -> None:
    assert ChatLinks(public_url="https://help.acme.example/", secret_key=KEY).link("n1") == LINKS.link("n1")


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "a.b",
        "é" * 3,
        token()[:-1],
        f"{token()}x",
        token(ChatLinks(public_url="https://help.acme.example", secret_key="t" * 40)),
        URLSafeSerializer(KEY, salt="another").dumps("n1"),
    ],
)
def test_a_token_that_we_did_not_sign_is_forged(forged: str) -> None:
    with pytest.raises(LinkRefused) as refused:
        LINKS.nonce_in(forged)
    assert refused.value.fault is LinkFault.FORGED


def test_a_token_that_is_too_long_is_not_read() -> None:
    # Not a repeated letter: the token of a nonce that compresses well is short.
    signed = token(nonce=hashlib.shake_256(b"n").hexdigest(MAX_TOKEN_LENGTH))
    assert len(signed) > MAX_TOKEN_LENGTH
    with pytest.raises(LinkRefused):
        LINKS.nonce_in(signed)


def test_a_cookie_belongs_to_one_nonce_and_one_browser() -> None:
    cookie = LINKS.cookie_for("n1", "browser-1")
    assert LINKS.cookie_for("n1", "browser-1") == cookie
    other_key = ChatLinks(public_url="https://help.acme.example", secret_key="t" * 40)
    others = {
        LINKS.cookie_for("n2", "browser-1"),
        LINKS.cookie_for("n1", "browser-2"),
        other_key.cookie_for("n1", "browser-1"),
    }
    assert len(others | {cookie}) == 4
