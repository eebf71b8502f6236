"""Decide whether e-mail can be offered with the present settings."""

from pydantic import SecretStr

from adapters.email.links import AddressLinks
from adapters.email.venue import Email
from domain.diagnostics import CheckLine

EMAIL_UNAVAILABLE_REASON = (
    "E-mail is not set up: it needs SMTP_URL, IMAP_URL, EMAIL_FROM, SECRET_KEY and PUBLIC_URL."
)


def address_links(
    email_from: str | None, public_url: str | None, secret_key: SecretStr | None
) -> AddressLinks | None:
    """Return the maker of links to the form; `None` where mail cannot be sent or links cannot be made."""
    if email_from is None or public_url is None or secret_key is None:
        return None
    return AddressLinks(public_url, secret_key.get_secret_value())


async def check_email(email: Email | None, links: AddressLinks | None) -> list[CheckLine]:
    """Check e-mail for `bot.py check`: whether it is offered, and a line for each mail server."""
    if email is None:
        detail = "not set up: it needs SMTP_URL, IMAP_URL, EMAIL_FROM and SECRET_KEY"
        return [CheckLine("E-mail", ok=None, detail=detail)]
    if links is not None:
        return [CheckLine("E-mail", ok=True, detail="offered"), *await email.probe()]
    detail = "not offered as a place to go: PUBLIC_URL is not set, so no link can be made"
    remedy = "set PUBLIC_URL; mail to the support address is read and answered all the same"
    return [CheckLine("E-mail", ok=None, detail=detail, remedy=remedy), *await email.probe()]
