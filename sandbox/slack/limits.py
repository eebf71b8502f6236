"""Slack's rate limits, lifetimes and message sizes; the sizes of texts are in block_kit."""

from dataclasses import dataclass


@dataclass(slots=True)
class Limits:
    """Slack's own figures by default (docs.slack.dev, rate limits); tests raise or shorten them.

    Waiting for the app is measured in real seconds, expiry in seconds of the workspace's clock.
    """

    post_burst: int = 1
    """Messages that a channel accepts beyond one a second."""
    posts_per_minute: int = 300
    """chat.postMessage in the whole workspace: "a few hundred a minute"."""
    update_burst: int = 0
    """chat.update calls accepted beyond 50 in a minute."""
    tier2: int = 20
    tier3: int = 50
    tier4: int = 100
    paced: bool = True
    """Whether rate limits are enforced at all."""
    trigger_seconds: float = 3.0
    response_url_seconds: float = 1800.0
    response_url_uses: int = 5
    ack_seconds: float = 3.0
    redelivery_seconds: tuple[float, ...] = (0.0, 60.0, 300.0)
    """Delays before each redelivery of an event that was not acked."""
    max_connections: int = 10
    disconnect_grace_seconds: float = 10.0
    """From a `disconnect` envelope to the end of the connection."""
    post_text: int = 40_000
    """Longer texts of chat.postMessage are truncated to this many characters."""
    update_text: int = 4_000
    """Longer texts of chat.update are refused."""
    blocks_text: int = 12_000
    """Characters of text in all the blocks of a message."""
    body_bytes: int = 1_000_000
    metadata_bytes: int = 8_000
    view_bytes: int = 250_000
    view_stack: int = 3

    @classmethod
    def unpaced(cls) -> "Limits":
        """Create limits without rate limits, for tests that are about something else."""
        return cls(paced=False)
