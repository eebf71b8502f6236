"""Chain audit entries by hashes, so that a change of what is stored can be found."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from domain.records.audit import Entry

#: The hash before the first link.
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class ChainLink:
    """The place of an entry in the chain, numbered from 1 without gaps.

    `salt` goes into the hash of the content, so that nobody can guess content that was erased: it is erased
    with it.
    """

    position: int
    audit_id: int
    salt: str | None
    content_hash: str
    chain_hash: str


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The newest link: its position, and its hash, which depends on all before."""

    position: int = 0
    chain_hash: str = GENESIS


class ChainFault(StrEnum):
    """What is wrong where the chain breaks."""

    LINK_MISSING = "link_missing"
    LINK_CHANGED = "link_changed"
    ENTRY_MISSING = "entry_missing"
    ENTRY_CHANGED = "entry_changed"
    CUT_OFF = "cut_off"
    NOT_LINKED = "not_linked"


@dataclass(frozen=True, slots=True)
class Break:
    """The first break: the position, the entry's id, and the time that the entry has, where there is one.

    `after` is the time of the last entry before it that is sound.
    """

    fault: ChainFault
    position: int
    audit_id: int | None = None
    at: datetime | None = None
    after: datetime | None = None


def linked(entries: Iterable[Entry], salts: Iterator[str], head: ChainHead) -> Iterator[ChainLink]:
    """Yield the links of these entries, in order, after the head."""
    position, previous = head.position, head.chain_hash
    for entry in entries:
        position += 1
        salt = next(salts)
        content = content_hash(entry, salt)
        previous = _chain_hash(previous, position, content)
        yield ChainLink(position, entry.id, salt, content, previous)


def content_hash(entry: Entry, salt: str) -> str:
    """Return the hash of what an entry says, with its salt."""
    content = [
        salt,
        entry.id,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        entry.action.value,
        entry.case_id,
        entry.version,
        entry.message_id,
        entry.outage_id,
        entry.detail,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _chain_hash(previous: str, position: int, content: str) -> str:
    return hashlib.sha256(f"{previous}{position}{content}".encode()).hexdigest()


class ChainCheck:
    """Verifies links in the order of their positions; `fault` is the first break, `None` without one."""

    def __init__(self) -> None:
        self.head = ChainHead()
        self.erased = 0
        self.fault: Break | None = None
        self._after: datetime | None = None

    def take(self, link: ChainLink, entry: Entry | None) -> bool:
        """Verify the next link, and the entry that it is of (`None` if that is gone); `False` at a break."""
        position = self.head.position + 1
        if link.position != position:
            return self._broken(Break(ChainFault.LINK_MISSING, position, after=self._after))
        at = entry.at if entry is not None else None
        if link.chain_hash != _chain_hash(self.head.chain_hash, position, link.content_hash):
            return self._broken(Break(ChainFault.LINK_CHANGED, position, link.audit_id, at, self._after))
        if entry is None:
            return self._broken(Break(ChainFault.ENTRY_MISSING, position, link.audit_id, after=self._after))
        if not _fits(link, entry):
            return self._broken(Break(ChainFault.ENTRY_CHANGED, position, link.audit_id, at, self._after))
        self.erased += entry.erased_at is not None
        self._after = entry.at
        self.head = ChainHead(link.position, link.chain_hash)
        return True

    def end(self, head: ChainHead) -> None:
        """Compare the last link with the head that is stored."""
        if self.fault is None and self.head != head:
            self._broken(Break(ChainFault.CUT_OFF, self.head.position + 1, after=self._after))

    def find_unlinked(self, position: int, entry: Entry) -> None:
        """Take an entry that says that it has this position, where no link is of it."""
        if self.fault is None:
            self._broken(Break(ChainFault.NOT_LINKED, position, entry.id, entry.at))

    def _broken(self, fault: Break) -> bool:
        self.fault = fault
        return False


def _fits(link: ChainLink, entry: Entry) -> bool:
    if link.salt is None:
        return entry.erased_at is not None and not entry.detail
    return content_hash(entry, link.salt) == link.content_hash
