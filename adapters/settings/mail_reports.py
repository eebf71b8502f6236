"""Validate where reports about our mails come back to, and whose reports count."""

from pydantic_core import PydanticCustomError

from domain.handoffs.email_addresses import email_address


def bounce_address(value: str) -> str:
    """Validate an address that mails can be sent from with a tag behind its local part."""
    address = email_address(value)
    if address is None or "+" in address:
        raise PydanticCustomError(
            "setting", "must be an address without a name and without a +tag: support@example.com"
        )
    return address


def reporters(value: str) -> str:
    """Validate a list of domains and addresses."""
    for one in split_reporters(value):
        if email_address(one if "@" in one else f"postmaster@{one}") is None:
            raise PydanticCustomError(
                "setting", "must be domains or addresses with commas between: example.com,staff@example.net"
            )
    return value


def split_reporters(value: str) -> list[str]:
    """Return the domains and addresses of the list."""
    return [one.strip().lower() for one in value.split(",") if one.strip()]
