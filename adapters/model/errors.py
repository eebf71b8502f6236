"""Describe the model's failures without the key and without the customer's text."""

import openai
from pydantic import ValidationError

from adapters.model.prompt import PromptError

_HINTS = {
    401: "OPENAI_API_KEY is not accepted",
    403: "OPENAI_API_KEY may not use this model",
    404: "OPENAI_MODEL or OPENAI_BASE_URL is not known there",
    429: "the rate limit or the credit is used up",
}
#: Subclasses first. An error's own text is never shown: a server may repeat the request in it.
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (openai.APITimeoutError, "the model did not answer in time"),
    (openai.APIConnectionError, "the model cannot be reached"),
    (ValidationError, "the model's answer has the wrong shape"),
)


def reason_for(error: Exception) -> str:
    """Return the reason for the log."""
    if isinstance(error, PromptError):
        return str(error)
    if isinstance(error, openai.APIStatusError):
        hint = _HINTS.get(error.status_code)
        return f"the model's server answered HTTP {error.status_code}" + (f": {hint}" if hint else "")
    named = (reason for kind, reason in _REASONS if isinstance(error, kind))
    return next(named, f"the model's answer cannot be understood ({type(error).__name__})")


def is_refusal(error: Exception) -> bool:
    """Return whether the server refused the call, so that it cost nothing."""
    return isinstance(error, openai.APIStatusError)
