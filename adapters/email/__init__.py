"""E-mail: send over SMTP, receive over IMAP."""

from adapters.email.links import ADDRESS_PATH, AddressLinks
from adapters.email.venue import EMAIL_PROFILE, Email
from adapters.email.words import load_mail_words

__all__ = ["ADDRESS_PATH", "EMAIL_PROFILE", "AddressLinks", "Email", "load_mail_words"]
