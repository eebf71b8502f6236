"""Whether a request comes from Slack (docs.slack.dev, verifying requests from Slack)."""

from collections.abc import Mapping

from slack_sdk.signature import SignatureVerifier


class Signature:
    """What only Slack and we can write, with our signing secret."""

    def __init__(self, secret: str) -> None:
        self._verifier = SignatureVerifier(secret)

    def fits(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether Slack signed this very body, not longer than five minutes ago. `headers` are looked up in lower case."""
        timestamp, signature = (headers.get(f"x-slack-{name}") for name in ("request-timestamp", "signature"))
        try:
            return self._verifier.is_valid(body, timestamp, signature)
        except (ValueError, TypeError):  # no number, no UTF-8, no ASCII
            return False
