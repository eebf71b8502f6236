"""The page on which a customer tells us where we can write to them."""

from handlers.web.email_capture.page import AddressPage
from handlers.web.email_capture.words import load_page_words

__all__ = ["AddressPage", "load_page_words"]
