"""Decide whether live chat can be offered, and sign links to its page."""

from adapters.chat.availability import chat_links, chat_unavailable_reason, check_chat, check_greetings
from adapters.chat.links import ChatLinks

__all__ = ["ChatLinks", "chat_links", "chat_unavailable_reason", "check_chat", "check_greetings"]
