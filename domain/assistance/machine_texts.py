"""Define the texts by a model that are kept with a case, so that each is asked for once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.assistance.assistant import CaseSummary, PictureReading, Provenance, Translation
from domain.assistance.glossary import TermWording


class TextKind(StrEnum):
    """What a kept text is."""

    TRANSLATION = "translation"
    SUMMARY = "summary"
    PICTURES = "pictures"


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineText:
    """A text that a model wrote about a case, or about its message `message_id`.

    `source` identifies what it was made from: the digest of a message's text, or the version of the case. It
    holds as long as that is the same. `requested_by` is the agent who asked.
    """

    case_id: int
    kind: TextKind
    language: str
    source: str
    content: Mapping[str, Any]
    provenance: Provenance
    requested_by: str
    created_at: datetime
    message_id: int | None = None


def text_digest(text: str) -> str:
    """Return the digest by which a translation finds the text that it was made from."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def translation_content(translation: Translation) -> dict[str, Any]:
    """Return what is stored of a translation."""
    return {"text": translation.text, "missing": [[w.term, w.wanted] for w in translation.missing]}


def stored_translation(text: MachineText) -> Translation:
    """Return the translation that was stored."""
    return Translation(
        text=str(text.content["text"]),
        missing=tuple(TermWording(str(term), str(wanted)) for term, wanted in text.content["missing"]),
        provenance=text.provenance,
    )


def summary_content(summary: CaseSummary) -> dict[str, Any]:
    """Return what is stored of a summary."""
    return {
        "about": summary.about,
        "tried": list(summary.tried),
        "promised": list(summary.promised),
        "open_questions": list(summary.open_questions),
    }


def stored_summary(text: MachineText) -> CaseSummary:
    """Return the summary that was stored."""
    return CaseSummary(
        about=str(text.content["about"]),
        tried=tuple(text.content["tried"]),
        promised=tuple(text.content["promised"]),
        open_questions=tuple(text.content["open_questions"]),
        provenance=text.provenance,
    )


def reading_content(reading: PictureReading) -> dict[str, Any]:
    """Return what is stored of what was read in pictures."""
    return {
        "shows": reading.shows,
        "error": reading.error,
        "page": reading.page,
        "amount": reading.amount,
    }


def stored_reading(text: MachineText) -> PictureReading:
    """Return what was read in pictures, as it was stored."""
    read = {name: str(text.content[name]) for name in ("shows", "error", "page", "amount")}
    return PictureReading(**read, provenance=text.provenance)
