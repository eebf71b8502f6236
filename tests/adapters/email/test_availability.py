"""Decide whether e-mail is offered, and say so in `bot.py check`."""

import pytest
from pydantic import SecretStr

from adapters.email import address_links, check_email
from tests.adapters.email.places import sandbox_server

FROM, URL, KEY = "help@acme.example", "https://help.acme.example", SecretStr("k" * 40)


def test_links_to_the_form_need_all_three_settings() -> None:
    links = address_links(FROM, URL, KEY)
    assert links is not None
    assert links.link("a-nonce").startswith("https://help.acme.example/address/a-nonce")


@pytest.mark.parametrize("settings", [(None, URL, KEY), (FROM, None, KEY), (FROM, URL, None)])
def test_without_one_of_them_there_are_none(
    settings: tuple[str | None, str | None, SecretStr | None],
) -> None:
    assert address_links(*settings) is None


async def test_check_says_what_is_missing() -> None:
    [line] = await check_email(None, address_links(FROM, URL, KEY))
    assert (line.name, line.ok) == ("E-mail", None)
    assert line.detail == "not set up: it needs SMTP_URL, IMAP_URL, EMAIL_FROM and SECRET_KEY"


async def test_check_says_whether_e_mail_is_offered_and_asks_the_servers_all_the_same() -> None:
    async with sandbox_server() as server:
        email = server.email()
        offered, *servers = await check_email(email, address_links(FROM, URL, KEY))
        not_offered, *same_servers = await check_email(email, None)
        await email.close()
    assert (offered.ok, offered.detail) == (True, "offered")
    assert (not_offered.ok, not_offered.detail.split(":")[0]) == (None, "not offered as a place to go")
    assert "set PUBLIC_URL" in (not_offered.remedy or "")
    assert [line.name for line in servers] == ["E-mail out", "E-mail in"]
    assert servers == same_servers
    assert all(line.ok for line in servers)
