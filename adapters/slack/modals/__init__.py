"""Modals: the answer form and the small forms and notices around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.slack.content import View
from domain.audit import Entry
from domain.cases import Case
from domain.views import AnswerForm


@dataclass(frozen=True, slots=True)
class AnswerMetadata:
    """What an answer form remembers while it is open.

    `confirmed` names the soft rules whose warning it shows: sending it again means "send anyway".
    `replaces` is our failed message that this one is written instead of.
    """

    case_id: int
    version: int
    seen: int
    revision: int
    confirmed: tuple[str, ...] = ()
    replaces: int | None = None


def answer_metadata(form: AnswerForm, *, replaces: int | None = None) -> str:
    """The form's `private_metadata`."""
    raise NotImplementedError


def parse_metadata(text: object) -> AnswerMetadata:
    """Read an answer form's `private_metadata`; raises `BadValue`."""
    raise NotImplementedError


def render_answer(form: AnswerForm, *, brand: str, replaces: int | None = None) -> View:
    """The answer form. `brand` is our account's handle, without "@"."""
    raise NotImplementedError


def render_snooze(case: Case) -> View:
    """Until when? `private_metadata` is `card_value(...)`."""
    raise NotImplementedError


def render_assign(case: Case) -> View:
    """To whom? `private_metadata` is `card_value(...)`."""
    raise NotImplementedError


def render_take_over(case: Case) -> View:
    """The confirmation that names who holds the case. `private_metadata` is `card_value(...)`."""
    raise NotImplementedError


def render_history(case: Case, earlier: Sequence[Case], *, team_url: str) -> View:
    """The author's cases, newest first, each with its date and outcome and a link to its card."""
    raise NotImplementedError


def render_notice(text: str, *, title: str = "Switchboard") -> View:
    """A modal that only says something: an error, a refusal."""
    raise NotImplementedError


def render_stale(case: Case, entries: Sequence[Entry], *, now: datetime) -> View:
    """What changed since the pressed card was drawn; `entries` are `AuditTrail.since_version`."""
    raise NotImplementedError
