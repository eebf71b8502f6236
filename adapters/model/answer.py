"""Define the model's answer, and validate it before it is shown to an agent."""

import re
from collections.abc import Callable, Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict

from adapters.twitter_text import find_links
from domain.networks import TextCount
from domain.triage.drafts import DraftRequest, NoDraft
from domain.triage.language import language_code
from domain.triage.situations import Situation

_MAX_MISSING = 5
_MAX_MISSING_LENGTH = 120
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(r"[@＠]\w+")
_URI = re.compile(r"\b(?:[a-z][a-z0-9+.-]*://|(?:mailto|tel|sms|javascript|data):)\S+", re.IGNORECASE)
_PHONE = re.compile(r"[+(]?\d(?:[\s().\-/]*\d){6,}")
_PLACEHOLDER = re.compile(
    r"\{[{%#]|[%#}]\}|\[\[|\]\]|[\[<{]\s*[^\W\d_][^\]>}\n]{0,40}[\]>}]|\bX{3,}\b|\b_{3,}\b"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Answer(BaseModel):
    """The structured output that the model must return; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    language: str
    situation: Situation
    urgency: Literal["urgent", "high", "normal", "low"]
    missing: list[str]
    reply: str
    saved_reply: str | None


def check_answer(answer: Answer, request: DraftRequest, count: Callable[[str], TextCount]) -> None:
    """Raise NoDraft, with the first reason, where this answer must not be shown as a suggestion."""
    source_texts = [saved.text for saved in request.groundings]
    problems = (
        (not answer.reply.strip(), "its reply is empty"),
        (_CONTROL.search(answer.reply), "its reply holds control characters"),
        (not 0 < count(answer.reply).length <= request.limit, "its reply is too long"),
        (_language(answer.language) != _language(request.language), "its reply is in another language"),
        (_is_unknown_reply(answer.saved_reply, request), "it names a saved reply that it was not given"),
        (_PLACEHOLDER.search(answer.reply), "its reply holds a placeholder"),
        (_ungrounded_contacts(answer.reply, source_texts), "its reply holds a link, name, address or number that no saved reply has"),
        (_ungrounded_contacts(" ".join(answer.missing), source_texts), "its list of what is missing holds a link, name, address or number"),
    )  # fmt: skip
    for is_wrong, reason in problems:
        if is_wrong:
            raise NoDraft(reason)


def missing_of(answer: Answer) -> tuple[str, ...]:
    """Return what the customer has yet to tell: at most five entries, one line each."""
    lines = (" ".join(one.split())[:_MAX_MISSING_LENGTH] for one in answer.missing)
    return tuple(one for one in lines if one)[:_MAX_MISSING]


def _language(code: str) -> str:
    return language_code(code) or ""


def _is_unknown_reply(name: str | None, request: DraftRequest) -> bool:
    return name is not None and name not in {saved.name for saved in request.groundings}


def _ungrounded_contacts(text: str, source_texts: Iterable[str]) -> set[str]:
    """Return links, addresses, handles and phone numbers that none of the source texts has."""
    return _contacts(text) - set().union(*(_contacts(source_text) for source_text in source_texts))


def _contacts(text: str) -> set[str]:
    emails = {found.casefold() for found in _EMAIL.findall(text)}
    rest = _EMAIL.sub(" ", text)
    links = {_link(found) for found in (*(link.url for link in find_links(rest)), *_URI.findall(rest))}
    handles = {found.casefold().replace("＠", "@") for found in _HANDLE.findall(rest)}
    phones = {re.sub(r"\D", "", found) for found in _PHONE.findall(_URI.sub(" ", rest))}
    return emails | links | handles | phones


def _link(found: str) -> str:
    return found.rstrip(".,;:!?)\"'»”").casefold()
