"""Live chat: a browser that a conversation is open in."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSession:
    """One browser that came by the hand-off's link. `secret_hash` is the SHA-256 of its cookie, in hexadecimal; the cookie itself is nowhere.

    `seen_id` is the newest of our messages that it has shown.
    """

    id: int
    handoff_id: int
    secret_hash: str
    created_at: datetime
    last_seen_at: datetime
    seen_id: int = 0
