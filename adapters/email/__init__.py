"""E-mail: send over SMTP, receive over IMAP."""

from adapters.email.links import ADDRESS_PATH, AddressLinks
from adapters.email.venue import EMAIL_PROFILE, Email
from adapters.email.words import PHRASE_NAMES, TEMPLATE_FILES, MailWords

__all__ = [
    "ADDRESS_PATH",
    "EMAIL_PROFILE",
    "PHRASE_NAMES",
    "TEMPLATE_FILES",
    "AddressLinks",
    "Email",
    "MailWords",
]
