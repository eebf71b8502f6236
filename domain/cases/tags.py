"""Define tags of cases and of customers, validate their names, and propose tags of similar cases.

A case tag belongs to one case. A customer tag belongs to the author: every case of theirs shows it. Two
customer tags have an effect and need a reason: `VIP` breaks ties in the ranking, `WATCH` tells who set it
when the customer writes.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.errors import Refused

MAX_NAME_LENGTH = 30
MAX_TAGS = 10  # of a case, and of a customer
MAX_REASON_LENGTH = 200
VIP = "vip"
WATCH = "watch"
NEED_REASON = frozenset({VIP, WATCH})

#: A tag is proposed where at least so many tagged cases are similar, and this share of them has it.
MIN_SIMILAR = 5
SURE_SHARE = 0.8

_SEPARATORS = re.compile(r"[,;\n]")
_ALLOWED_CATEGORIES = frozenset("LNM")  # letters, numbers, and the marks that some scripts write with them


class BadTagName(Refused):
    """A tag's name is too long, or has other characters than letters, digits and hyphens."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class TooManyTags(Refused):
    """A case or a customer would have more than `MAX_TAGS` tags."""


class TagNeedsReason(Refused):
    """A tag of `NEED_REASON` was set without a reason."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerTag:
    """A tag of a customer. `added_by` is a Slack user id, or `SYSTEM` where the settings list them."""

    name: str
    reason: str
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedCustomer:
    """A customer with one of their tags; `handle` is that of their newest case."""

    network: str
    handle: str
    tag: CustomerTag


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCustomer:
    """A customer whom the settings tag; without a `network`, whoever has the handle on any."""

    handle: str
    tag: str
    reason: str
    network: str | None = None

    def is_author(self, network: str, handle: str) -> bool:
        """Return whether this is the author with the handle on the network."""
        is_there = self.network in (None, network)
        return is_there and bare_handle(self.handle) == bare_handle(handle)


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of a case and those of its customer, each by name."""

    case: tuple[str, ...] = ()
    customer: tuple[CustomerTag, ...] = ()

    @property
    def customer_names(self) -> tuple[str, ...]:
        """The names of the customer's tags."""
        return tuple(tag.name for tag in self.customer)


NO_TAGS = Tags()


@dataclass(frozen=True, slots=True)
class TagChange:
    """The tags that were added and removed, each by name."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @classmethod
    def between(cls, shown: Iterable[str], wanted: Iterable[str]) -> "TagChange":
        """Return what turns the tags that a form showed into those that were submitted."""
        before, after = set(shown), set(wanted)
        return cls(tuple(sorted(after - before)), tuple(sorted(before - after)))

    def on(self, names: Iterable[str]) -> "TagChange":
        """Return the part of the change that these tags do not have yet. Raises `TooManyTags`."""
        before = set(names)
        after = (before | set(self.added)) - set(self.removed)
        if len(after) > MAX_TAGS and len(after) > len(before):
            raise TooManyTags
        return TagChange.between(before, after)

    def __bool__(self) -> bool:
        """Return whether anything changes."""
        return bool(self.added or self.removed)


def bare_handle(handle: str) -> str:
    """Return a handle without its @, case-folded, for comparison."""
    return handle.strip().removeprefix("@").casefold()


def tag_name(text: str) -> str:
    """Normalise the name of a tag: case-folded, spaces as hyphens. Raises `BadTagName`."""
    words = unicodedata.normalize("NFKC", text).casefold().strip().removeprefix("#").split()
    name = unicodedata.normalize("NFKC", "-".join(words))
    is_valid = all(c in "-_" or unicodedata.category(c)[0] in _ALLOWED_CATEGORIES for c in name)
    if not name.strip("-_") or len(name) > MAX_NAME_LENGTH or not is_valid:
        raise BadTagName(text.strip()[: 2 * MAX_NAME_LENGTH])
    return name


def parse_tags(text: str) -> tuple[str, ...]:
    """Parse names that are separated by commas. Raises `BadTagName` and `TooManyTags`."""
    names = tuple(dict.fromkeys(tag_name(part) for part in _SEPARATORS.split(text) if part.strip()))
    if len(names) > MAX_TAGS:
        raise TooManyTags
    return names


def sure_tags(similar: int, counts: Mapping[str, int], *, without: Collection[str]) -> list[str]:
    """Return the tags that most of the `similar` tagged cases have, most frequent first; else none.

    `counts` says how many of those cases have each tag; those of `without` are left out.
    """
    if similar < MIN_SIMILAR:
        return []
    sure = (name for name, count in counts.items() if count >= SURE_SHARE * similar and name not in without)
    return sorted(sure, key=lambda name: (-counts[name], name))
