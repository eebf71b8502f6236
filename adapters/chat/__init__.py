"""Live chat on a page of our own: whether it can be offered, and the links that lead there."""

from adapters.chat.availability import chat_line, chat_links, why_no_chat
from adapters.chat.links import ChatLinks

__all__ = ["ChatLinks", "chat_line", "chat_links", "why_no_chat"]
