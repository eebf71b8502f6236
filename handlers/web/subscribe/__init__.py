"""Serve the pages on which people subscribe to the e-mail list, confirm, and unsubscribe."""

from handlers.web.subscribe.pages import SubscribePages

__all__ = ["SubscribePages"]
