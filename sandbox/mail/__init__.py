"""Simulated mail: an SMTP and an IMAP server, mailboxes for everybody, and the demo page's mail API."""

from sandbox.mail.post_office import PASSWORD, PostOffice
from sandbox.mail.serving import serving_mail
from sandbox.mail.ui import add_routes

__all__ = ["PASSWORD", "PostOffice", "add_routes", "serving_mail"]
