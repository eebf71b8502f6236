"""Refusals, worded as Slack words them."""

from collections.abc import Mapping
from typing import Any

from sandbox.slack.jsons import Json


class SlackError(Exception):
    """A call that Slack refuses: `error` is Slack's code, `extra` what goes beside it in the answer."""

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
        """The body of the answer."""
        return {"ok": False, "error": self.error, **self.extra}


def invalid(error: str, problems: list[str]) -> SlackError:
    """A refusal that lists what is wrong and where, as `invalid_blocks` and `invalid_arguments` do."""
    messages = [f"[ERROR] {problem}" for problem in problems]
    return SlackError(error, extra={"errors": problems, "response_metadata": {"messages": messages}})
