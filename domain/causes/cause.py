"""Define a cause: a problem behind many posts, tracked from the day on which somebody took it up."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import Refused
from domain.triage.phrases import check_phrase, tokens

MAX_NAME_LENGTH = 80
MAX_PHRASES = 20
MAX_PHRASE_LENGTH = 60
#: Posts written this long before a cause was created are counted as well.
LOOK_BACK = timedelta(days=60)


class CauseState(StrEnum):
    """Where a cause stands. `NOT_OURS`: somebody else has to fix it, so we follow it no longer."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    FIXED = "fixed"
    NOT_OURS = "not_ours"

    @property
    def is_over(self) -> bool:
        """Whether nobody works on it any more."""
        return self in {CauseState.FIXED, CauseState.NOT_OURS}


class CauseNotFound(Refused):
    """There is no such cause."""


class CauseChanged(Refused):
    """Somebody else changed the cause since the form was opened; `cause` is as it is now."""

    def __init__(self, cause: "Cause") -> None:
        super().__init__(cause.id)
        self.cause = cause


class BadCauseName(Refused):
    """A cause has no name, or one that is too long."""


class CauseNameTaken(Refused):
    """Another cause has the name already; `state` is that one's."""

    def __init__(self, name: str, state: "CauseState") -> None:
        super().__init__(name, state)
        self.name = name
        self.state = state


class FixedInFuture(Refused):
    """A cause is said to be fixed at a moment that has not come."""


class BadPhrases(Refused):
    """A cause has no phrase, too many, or one without a word; `phrase` is that one."""

    def __init__(self, phrase: str = "") -> None:
        super().__init__(phrase)
        self.phrase = phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A cause. A post belongs to it that has one of its `phrases` (`domain.triage.phrases`).

    `owner` is the Slack user who has it fixed. Posts written from `since` on are compared with it, and those
    up to the message `compared_id` were. `fixed_at` is since when it is fixed, `None` in other states.
    """

    name: str
    phrases: tuple[str, ...]
    since: datetime
    created_by: str
    created_at: datetime
    owner: str | None = None
    state: CauseState = CauseState.OPEN
    fixed_at: datetime | None = None
    compared_id: int = 0
    version: int = 1
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseEdit:
    """What a form says of a cause. `fixed_at` is `None` where it does not say when it was fixed."""

    name: str
    owner: str | None
    state: CauseState
    phrases: tuple[str, ...]
    fixed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Whether a case belongs to a cause, for which message, written when.

    `decided_by` is the Slack user who said so, `None` where the rule did.
    """

    cause_id: int
    case_id: int
    message_id: int
    at: datetime
    belongs: bool = True
    decided_by: str | None = None
    decided_at: datetime | None = None


def new_cause(name: str, phrases: Iterable[str], *, by: str, now: datetime) -> Cause:
    """Return a new cause, owned by nobody. Raises `BadCauseName`, `BadPhrases`."""
    return Cause(
        name=checked_name(name),
        phrases=checked_phrases(phrases),
        since=now - LOOK_BACK,
        created_by=by,
        created_at=now,
    )


def edited(cause: Cause, edit: CauseEdit, *, now: datetime) -> Cause:
    """Return the cause as the form says. Raises `BadCauseName`, `BadPhrases`, `FixedInFuture`.

    With other phrases, all posts are compared again.
    """
    phrases = checked_phrases(edit.phrases)
    fixed_at = (edit.fixed_at or cause.fixed_at or now) if edit.state is CauseState.FIXED else None
    if fixed_at is not None and fixed_at > now:
        raise FixedInFuture
    return replace(
        cause,
        name=checked_name(edit.name),
        owner=edit.owner or None,
        state=edit.state,
        phrases=phrases,
        fixed_at=fixed_at,
    )


def checked_name(name: str) -> str:
    """Return the name on one line. Raises `BadCauseName`."""
    line = " ".join(name.split())
    if not line or len(line) > MAX_NAME_LENGTH:
        raise BadCauseName
    return line


def checked_phrases(phrases: Iterable[str]) -> tuple[str, ...]:
    """Return the phrases, each once. Raises `BadPhrases`."""
    found = tuple(dict.fromkeys(" ".join(phrase.split()) for phrase in phrases if phrase.strip()))
    if not found or len(found) > MAX_PHRASES:
        raise BadPhrases
    for phrase in found:
        try:
            check_phrase(phrase)
        except ValueError:
            raise BadPhrases(phrase) from None
        if len(phrase) > MAX_PHRASE_LENGTH or not tokens(phrase):
            raise BadPhrases(phrase)
    return found
