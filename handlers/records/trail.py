"""List the audit trail of a case, or what people did to anything, page by page."""

import contextlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from domain.cases.case import Case
from domain.cases.search import FoundCase
from domain.errors import CaseNotFound
from domain.records.audit import Action, AutomaticActs, Entry
from handlers.cases.queue import search_cases
from storage.unit_of_work import UnitOfWork

PAGE_ENTRIES = 15
#: Above every id.
NEWEST = 2**62

_LINK = re.compile(r"/archives/([CGD][A-Z0-9]+)/p(\d{10})(\d{6})(?:\?\S*?\bthread_ts=(\d{10}\.\d{6}))?")
_NUMBER = re.compile(r"#?(\d{1,18})")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPage:
    """Entries, oldest first, and whether there are older ones. `case` is `None` where they are of all.

    Those of all are people's acts; `automatic` is what the bot did meanwhile, the newest day first.
    """

    case: Case | None
    entries: Sequence[Entry]
    older: bool
    automatic: Sequence[AutomaticActs] = ()


def find_trail(uow: UnitOfWork, *, words: str, zone: tzinfo) -> TrailPage | list[FoundCase]:
    """Return the newest entries of the case that is meant; without words, what people did to anything.

    `words` is the link of a card or of a message in its thread, the number of a case, or words as for
    `search_cases`. Where they name no case, or several, returns these.
    """
    if not words.strip():
        return list_acts(uow, zone=zone)
    if (case := case_named(uow, words)) is not None:
        return list_trail(uow, case_id=case.id)
    found = search_cases(uow, words=words)
    return list_trail(uow, case_id=found[0].case.id) if len(found) == 1 else found


def case_named(uow: UnitOfWork, words: str) -> Case | None:
    """Return the case whose number, card's link or link of a message in its thread this is."""
    if link := _LINK.search(words):
        channel, seconds, fraction, thread = link.groups()
        return uow.cases.at_card(channel, thread or f"{seconds}.{fraction}")
    if number := _NUMBER.fullmatch(words.strip()):
        with contextlib.suppress(CaseNotFound):
            return uow.cases.get(int(number[1]))
    return None


def list_trail(uow: UnitOfWork, *, case_id: int, before: int = NEWEST) -> TrailPage:
    """Return the entries of a case before this id. Raises `CaseNotFound`."""
    entries = uow.audit.page(case_id=case_id, before=before, limit=PAGE_ENTRIES + 1)
    return TrailPage(
        case=uow.cases.get(case_id), entries=entries[-PAGE_ENTRIES:], older=len(entries) > PAGE_ENTRIES
    )


def list_acts(uow: UnitOfWork, *, zone: tzinfo, before: int = NEWEST) -> TrailPage:
    """Return what people did before this entry, and what the bot did by itself meanwhile, by day."""
    found = uow.audit.page_by_people(before=before, limit=PAGE_ENTRIES + 1)
    entries, older = found[-PAGE_ENTRIES:], len(found) > PAGE_ENTRIES
    counts: dict[date, Counter[Action]] = {}
    for hour, action, count in uow.audit.automatic(since=entries[0].id if older else 0, before=before):
        counts.setdefault(hour.astimezone(zone).date(), Counter())[action] += count
    automatic = [AutomaticActs(day=day, counts=counts[day]) for day in sorted(counts, reverse=True)]
    return TrailPage(case=None, entries=entries, older=older, automatic=automatic)
