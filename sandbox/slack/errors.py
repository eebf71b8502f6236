"""Slack's error responses."""

from collections.abc import Mapping
from typing import Any

from sandbox.slack.jsons import Json


class SlackError(Exception):
    """A refused call: `error` is Slack's code, `extra` are further fields of the response."""

    def __init__(
        self,
        error: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})

    def as_json(self) -> Json:
        """Build the body of the response."""
        return {"ok": False, "error": self.error, **self.extra}


def invalid(error: str, problems: list[str]) -> SlackError:
    """Build a refusal that lists the problems, as `invalid_blocks` and `invalid_arguments` do."""
    messages = [f"[ERROR] {problem}" for problem in problems]
    return SlackError(error, extra={"errors": problems, "response_metadata": {"messages": messages}})
