"""Serve the page on which a customer gives us an e-mail address."""

from handlers.web.email_capture.page import EmailCapturePage
from handlers.web.email_capture.words import load_page_words

__all__ = ["EmailCapturePage", "load_page_words"]
