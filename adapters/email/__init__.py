"""Send e-mail over SMTP, and receive it over IMAP."""

from adapters.email.availability import EMAIL_UNAVAILABLE_REASON, address_links, check_email
from adapters.email.links import ADDRESS_PATH, AddressLinks
from adapters.email.venue import EMAIL_PROFILE, Email
from adapters.email.words import PHRASE_NAMES, TEMPLATE_FILES, MailWords

__all__ = [
    "ADDRESS_PATH",
    "EMAIL_PROFILE",
    "EMAIL_UNAVAILABLE_REASON",
    "PHRASE_NAMES",
    "TEMPLATE_FILES",
    "AddressLinks",
    "Email",
    "MailWords",
    "address_links",
    "check_email",
]
