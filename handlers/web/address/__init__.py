"""The page on which a customer tells us where we can write to them."""

from handlers.web.address.page import AddressPage
from handlers.web.address.words import load_page_words

__all__ = ["AddressPage", "load_page_words"]
