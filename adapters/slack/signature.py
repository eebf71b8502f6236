"""Verify that requests come from Slack (docs.slack.dev, verifying requests from Slack)."""

from collections.abc import Mapping

from slack_sdk.signature import SignatureVerifier


class Signature:
    """Verifies signatures made with the signing secret."""

    def __init__(self, secret: str) -> None:
        self._verifier = SignatureVerifier(secret)

    def is_valid(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Return whether Slack signed this body within the last five minutes.

        `headers` has lower-case keys.
        """
        timestamp, signature = (headers.get(f"x-slack-{name}") for name in ("request-timestamp", "signature"))
        try:
            return self._verifier.is_valid(body, timestamp, signature)
        except (
            ValueError,
            TypeError,
            OverflowError,
        ):  # not a number, one of 400 digits, not UTF-8, not ASCII
            return False
