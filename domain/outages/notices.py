"""Define notices: what is said of an outage, once, in the words of each destination and language."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from domain.outages.outage import Phase
from domain.outages.stated_facts import StatedFacts

#: The language of a text that holds all language versions of a notice.
ALL_LANGUAGES = ""
#: `Publication.error` of what a person kept from being sent while all sending was paused.
TAKEN_BACK = "it was taken back before it was sent"


class NoticeKind(StrEnum):
    """What a notice is for. `CORRECTION` takes the place of an earlier one, where that can be edited."""

    ANNOUNCEMENT = "announcement"
    UPDATE = "update"
    RESOLUTION = "resolution"
    REOPENING = "reopening"
    CORRECTION = "correction"


class NoticeState(StrEnum):
    """The state of a notice. `APPROVED`: it was released to its destinations. `WITHDRAWN`: it never left."""

    DRAFT = "draft"
    WAITING = "waiting"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a person wrote in one language: what is wrong or new, and what to do meanwhile."""

    language: str
    problem: str
    workaround: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeText:
    """The text for one destination. `language` is `ALL_LANGUAGES` where one text holds all of them."""

    destination: str
    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One wording of an outage's news, from its draft until it was released.

    `versions` is what was written in the form, the main language first; `texts` is what is sent, as the
    preview showed it. `authors` are the Slack user ids of who wrote, changed or submitted it, in that order:
    none of them may approve it. `corrects` is the id of the notice whose place a correction takes.
    `facts` is what the outage is called, how bad it is and what is affected, from this notice on; those of
    what it corrects with a correction, and `None` where it was written before notices stated them.
    `approved_digest` is the `digest` of what the approver saw.
    """

    id: int
    outage_id: int
    kind: NoticeKind
    phase: Phase
    state: NoticeState
    versions: tuple[Version, ...]
    texts: tuple[NoticeText, ...]
    authors: tuple[str, ...]
    created_at: datetime
    next_update_due: datetime | None = None
    facts: StatedFacts | None = None
    corrects: int | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    approved_digest: str | None = None
    version: int = 1

    @property
    def destinations(self) -> tuple[str, ...]:
        """The names of its destinations, in the order of the texts."""
        return tuple(dict.fromkeys(text.destination for text in self.texts))

    @property
    def is_pending(self) -> bool:
        """Whether it is being written, or waits for approval."""
        return self.state in {NoticeState.DRAFT, NoticeState.WAITING}

    @property
    def drafted_by(self) -> str:
        """The Slack user id of who began it."""
        return self.authors[0]

    @property
    def words(self) -> str:
        """What it says in the main language: as written, or its first text where all were changed by hand."""
        main = self.versions[0]
        texts = [text.text for text in self.texts if text.language in {main.language, ALL_LANGUAGES}]
        written = main.problem.strip()
        return texts[0] if texts and not any(written in text for text in texts) else main.problem

    def words_at(self, destination: str, language: str) -> str:
        """What it says at a destination in a language; `words` where it has no text there."""
        place = (destination, language)
        texts = (text.text for text in self.texts if (text.destination, text.language) == place)
        return next(texts, self.words)

    @property
    def reference(self) -> str:
        """The name by which the notice is found again on the other side; the same at each attempt."""
        identity = f"{self.outage_id}:{self.id}:{self.created_at.isoformat()}"
        return hashlib.sha256(identity.encode()).hexdigest()[:20]

    @property
    def digest(self) -> str:
        """The SHA-256 of everything that an approver approves."""
        content: dict[str, Any] = {
            "kind": self.kind.value,
            "phase": self.phase.value,
            "texts": [[text.destination, text.language, text.text] for text in self.texts],
            "next_update_due": self.next_update_due.isoformat() if self.next_update_due else None,
            "corrects": self.corrects,
        }
        if self.facts is not None:
            content["facts"] = [self.facts.title, self.facts.severity.value, list(self.facts.components)]
            if self.facts.ends_at is not None:
                content["facts"].append(self.facts.ends_at.astimezone(UTC).isoformat())
            if self.facts.starts_at is not None:
                content["starts_at"] = self.facts.starts_at.astimezone(UTC).isoformat()
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


class PublicationState(StrEnum):
    """What became of a notice at one destination. `RETRACTED`: it was deleted there."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A notice at one destination: the receipt of what was sent there.

    `external_id` and `url` name it on the other side; `data` is what the destination needs for later acts,
    such as the components' states before the outage. `attempt` numbers what a person asked for, retries
    included. `language` is as in `NoticeText`. `audience` is how many it reached there, in `audience_unit`
    ("followers", "subscribers"), as the destination last said before it was sent; `None` where it did not.
    """

    id: int
    notice_id: int
    outage_id: int
    destination: str
    language: str
    state: PublicationState
    external_id: str | None = None
    url: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None
    attempt: int = 1
    sent_at: datetime | None = None
    audience: int | None = None
    audience_unit: str | None = None

    @property
    def is_taken_back(self) -> bool:
        """Whether a person kept it from being sent."""
        return self.state is PublicationState.FAILED and self.error == TAKEN_BACK

    @property
    def is_being_mailed(self) -> bool:
        """Whether it is sent to many, one by one, and some are still to get it."""
        progress = self.data.get("progress") if self.state is PublicationState.SENT else None
        return progress is not None and not self.rest_taken_back and progress["mailed"] < progress["total"]

    @property
    def rest_taken_back(self) -> bool:
        """Whether a person kept the rest of those from getting it to whom it is sent one by one."""
        return bool(self.data.get("progress", {}).get("taken_back_by"))
