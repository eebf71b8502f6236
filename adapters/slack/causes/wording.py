"""Word causes: the names of their states, and why a change was refused."""

from collections.abc import Sequence

from adapters.slack.escaping import escape, inline
from domain.causes.cause import (
    MAX_NAME_LENGTH,
    MAX_PHRASE_LENGTH,
    MAX_PHRASES,
    BadCauseName,
    BadPhrases,
    Cause,
    CauseChanged,
    CauseNameTaken,
    CauseNotFound,
    CauseState,
    FixedInFuture,
)

MAX_NAME = MAX_NAME_LENGTH

STATE_NAMES = {
    CauseState.OPEN: "Open",
    CauseState.IN_PROGRESS: "Being fixed",
    CauseState.FIXED: "Fixed",
    CauseState.NOT_OURS: "Closed as not ours",
}


def cause_line(causes: Sequence[Cause]) -> list[str]:
    """Render the line of Details: the causes that a case belongs to; empty where there are none."""
    if not causes:
        return []
    names = [f"{inline(one.name, MAX_NAME)} ({STATE_NAMES[one.state].lower()})" for one in causes]
    return [f"*Cause:* {escape(', '.join(names))}"]


_TEXTS: dict[type[Exception], str] = {
    CauseNotFound: "Nothing was done: there is no such cause.",
    CauseChanged: "Nothing was saved: somebody else changed this cause just now. Open it again to see how it is.",
    BadCauseName: f"Give the cause a name of up to {MAX_NAME_LENGTH} characters.",
    FixedInFuture: "That day has not come yet. Choose today or an earlier day.",
}


def cause_refusal_text(error: Exception) -> str | None:
    """Word a refusal of a change of a cause, as plain text; `None` for any other error."""
    if isinstance(error, BadPhrases):
        if not error.phrase:
            return f"Write 1 to {MAX_PHRASES} words or phrases, one on each line."
        phrase = error.phrase[:MAX_PHRASE_LENGTH]
        return f"“{phrase}” has no word to look for, or is too long. Write words as customers do."
    if isinstance(error, CauseNameTaken):
        state = STATE_NAMES[error.state].lower()
        return f"There is a cause “{error.name}” already ({state}). Edit that one in /mentions causes, or choose another name."
    return _TEXTS.get(type(error))
