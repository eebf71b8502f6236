"""Describe the model's failures without the key and without the customer's text."""

import json
import re
from collections.abc import Iterator, Mapping

import openai
from pydantic import ValidationError

from adapters.model.completions import ErrorInAnswer
from adapters.model.prompt import PromptError

_HINTS = {
    401: "OPENAI_API_KEY is not accepted",
    403: "OPENAI_API_KEY may not use this model",
    404: "OPENAI_MODEL or OPENAI_BASE_URL is not known there",
    429: "the rate limit or the credit is used up",
}
#: Subclasses first.
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (openai.APITimeoutError, "the model did not answer in time"),
    (openai.APIConnectionError, "the model cannot be reached"),
    (ValidationError, "the model's answer has the wrong shape"),
)
#: Where servers write what is wrong: OpenAI's, FastAPI's, Gemini's list.
_SAID_IN = ("message", "msg", "detail", "error", "errors", "title")
_MAX_LENGTH, _MAX_READ = 160, 1_000
_REPEATED_WORDS = 3  # so many words of the request in a row, and it may be the customer's text
_TOKEN = re.compile(r"\b(?:sk-|Bearer\s+)?[\w*~+/=.-]{20,}", re.IGNORECASE)
_HIDDEN = "[hidden]"
#: The words within a name such as "additionalProperties", of which no key is made.
_NAME_LETTERS = re.compile(r"[A-Za-z._/-]+")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_MIN_PART, _MAX_PART = 5, 14  # letters: on average, and of the longest


def reason_for(error: Exception, *, sent: str, key: str) -> str:
    """Return the reason: the server's own words without the key, unless they repeat what was `sent`."""
    if isinstance(error, PromptError):
        return str(error)
    if isinstance(error, openai.APIStatusError):
        hint = _HINTS.get(error.status_code)
        reason = f"the model's server answered HTTP {error.status_code}" + (f": {hint}" if hint else "")
        return reason + _quoted(error.body, sent, key)
    if isinstance(error, ErrorInAnswer):
        return "the model's server sent an error instead of an answer" + _quoted(error.body, sent, key)
    named = (reason for kind, reason in _REASONS if isinstance(error, kind))
    return next(named, f"the model's answer cannot be understood ({type(error).__name__})")


def is_refusal(error: Exception) -> bool:
    """Return whether the server refused the call, so that it cost nothing."""
    return isinstance(error, openai.APIStatusError)


def _quoted(body: object, sent: str, key: str) -> str:
    own = _own_words(body, sent, key)
    return f" (it says: {own})" if own else ""


def _own_words(body: object, sent: str, key: str) -> str:
    """Return what the server says is wrong, shortened, without secrets; empty where it says nothing safe."""
    said = next((text for text in _texts(body) if text), "")[:_MAX_READ]
    if "@" in said or _repeats(said, sent):
        return ""
    words = _TOKEN.sub(_without_secret, said.replace(key, _HIDDEN) if key else said)
    return words if len(words) <= _MAX_LENGTH else f"{words[: _MAX_LENGTH - 1]}…"


def _without_secret(found: re.Match[str]) -> str:
    """Return a long word where it is a name, made of words; it may be a key otherwise."""
    parts = [len(part) for part in _PART.findall(found[0])]
    is_name = (
        _NAME_LETTERS.fullmatch(found[0]) is not None
        and len(parts) > 1
        and sum(parts) >= _MIN_PART * len(parts)
        and max(parts) <= _MAX_PART
    )
    return found[0] if is_name else _HIDDEN


def _texts(body: object) -> Iterator[str]:
    match body:
        case str():
            yield " ".join((_within(body) or body).split())
        case list():
            for one in body:
                yield from _texts(one)
        case Mapping():
            # OpenRouter passes on what the provider behind it says.
            metadata = body.get("metadata")
            yield from _texts(metadata.get("raw") if isinstance(metadata, Mapping) else None)
            for name in _SAID_IN:
                yield from _texts(body.get(name))
        case _:
            pass


def _within(text: str) -> str:
    """Return what JSON within a text says; empty where it is none."""
    if not text.lstrip().startswith(("{", "[")):
        return ""
    try:
        return next(_texts(json.loads(text)), "")
    except (ValueError, RecursionError):
        return ""


def _repeats(said: str, sent: str) -> bool:
    """Return whether a run of words stands in what was sent."""
    words, sent_words = (re.findall(r"\w+", text.casefold()) for text in (said, sent))
    known = f" {' '.join(sent_words)} "
    runs = (words[at : at + _REPEATED_WORDS] for at in range(len(words) - _REPEATED_WORDS + 1))
    return any(f" {' '.join(run)} " in known for run in runs)
