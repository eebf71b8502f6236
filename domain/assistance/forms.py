"""Define what a form tells of a request to a model."""

from dataclasses import dataclass
from enum import StrEnum

from domain.assistance.assistant import Rewrite
from domain.assistance.glossary import TermWording

#: The longest text that is rewritten, in characters: what can be brought back has to fit into a button.
MAX_REWRITTEN_LENGTH = 2000


class Stage(StrEnum):
    """How far a request is.

    `INTERRUPTED`: the agent wrote on meanwhile, so that their text stays. `WRITTEN_ON`: they wrote on after
    `UNDONE`; nothing is said of it any more, and *Redo* is still offered.
    """

    IDLE = "idle"
    WORKING = "working"
    DONE = "done"
    UNDONE = "undone"
    WRITTEN_ON = "written_on"
    INTERRUPTED = "interrupted"
    FAILED = "failed"

    @property
    def is_undone(self) -> bool:
        """Whether what the model wrote was taken back, and can be brought back."""
        return self in {Stage.UNDONE, Stage.WRITTEN_ON}


class RewriteFault(StrEnum):
    """Why a text is not given to the model."""

    EMPTY = "empty"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormAssistance:
    """What an answer form shows of a rewriting.

    `earlier_text` is what *Undo* brings back, or *Redo* after it; empty where there is nothing. `reason` says
    why the model wrote nothing. `language` is the customer's where it can be translated to, else empty.
    """

    language: str = ""
    stage: Stage = Stage.IDLE
    rewrite: Rewrite | None = None
    earlier_text: str = ""
    reason: str | RewriteFault = ""
    missing: tuple[TermWording, ...] = ()


def rewrite_fault(rewrite: Rewrite, text: str) -> RewriteFault | None:
    """Return why this text is not rewritten; `None` where it can be.

    A question can be asked without a text.
    """
    if not text.strip() and rewrite is not Rewrite.ASK_DETAILS:
        return RewriteFault.EMPTY
    return RewriteFault.TOO_LONG if len(text) > MAX_REWRITTEN_LENGTH else None


class CaseRequest(StrEnum):
    """What a model can be asked about a case, in its Details."""

    TRANSLATE = "translate"
    SUMMARISE = "summarise"
    READ_PICTURES = "read_pictures"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAssistance:
    """What Details and the take-over form show of a request to a model.

    `language` is the one that the agents read, `sees` whether a model can read pictures. `reason` says why
    the model wrote nothing.
    """

    language: str
    sees: bool = False
    stage: Stage = Stage.IDLE
    request: CaseRequest | None = None
    reason: str = ""
