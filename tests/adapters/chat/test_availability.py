"""Decide whether live chat can be offered, and report what is missing."""

import pytest
from pydantic import SecretStr

from adapters.chat import chat_links, chat_unavailable_reason, check_chat

URL = "https://help.acme.example"
KEY = SecretStr("s" * 40)


def test_live_chat_is_offered_with_an_address_and_a_key() -> None:
    links, line = chat_links(URL, KEY), check_chat(URL, KEY)
    assert links is not None
    assert links.page == f"{URL}/chat"
    assert chat_unavailable_reason(URL, KEY) == ""
    assert (line.ok, line.detail) == (True, f"offered at {URL}/chat")


@pytest.mark.parametrize(
    ("url", "key", "missing"),
    [
        (None, KEY, "PUBLIC_URL is not set"),
        (URL, None, "SECRET_KEY is not set"),
        (None, None, "PUBLIC_URL and SECRET_KEY are not set"),
    ],
)
def test_what_is_missing_is_named(url: str | None, key: SecretStr | None, missing: str) -> None:
    line = check_chat(url, key)
    assert chat_links(url, key) is None
    assert missing in chat_unavailable_reason(url, key)
    assert line.ok is None
    assert missing in line.detail
    assert "README.md" in line.remedy
