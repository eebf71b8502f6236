"""Serve the page on which a customer gives us an e-mail address."""

from handlers.web.email_capture.page import EmailCapturePage

__all__ = ["EmailCapturePage"]
