"""Live chat on a page of our own: whether it can be offered, and the links that lead there."""

from adapters.chat.links import ChatLinks
from adapters.chat.offered import chat_line, chat_links, why_no_chat

__all__ = ["ChatLinks", "chat_line", "chat_links", "why_no_chat"]
