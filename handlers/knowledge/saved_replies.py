"""Use cases of saved replies: list, save, retire and bring back, each change a version with its author."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.errors import StaleCase
from domain.knowledge.reply_checks import FaultKind, ReplyChecker, ReplyFault, ReplyField
from domain.knowledge.reply_refusals import ReplyChanged, ReplyFaulty, ReplyNotFound
from domain.knowledge.saved_replies import (
    ReplyChange,
    ReplyContent,
    ReplyVersion,
    Wording,
    current_versions,
    new_name,
)
from domain.records.audit import Action, Entry
from domain.triage.situations import Situation
from handlers.cases.cards import redraw_cards
from storage.unit_of_work import UnitOfWork

MAX_HISTORY = 50

_ACTIONS = {
    ReplyChange.CREATED: Action.SAVED_REPLY_CREATED,
    ReplyChange.EDITED: Action.SAVED_REPLY_EDITED,
    ReplyChange.RETIRED: Action.SAVED_REPLY_RETIRED,
    ReplyChange.RESTORED: Action.SAVED_REPLY_RESTORED,
}


#: How the form shows that an example goes on; a shorter one is no example that it cut.
CUT, MIN_CUT_LENGTH = "…", 2_900


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyEdit:
    """What a person wrote in the form: of the wordings, those of one language.

    `name` is empty and `version` 0 for a new reply; else `version` is the one that the form showed.
    `erasures` is what `count_erasures` returned before the form was filled; `None` without a form.
    """

    name: str
    version: int
    title: str
    situations: frozenset[Situation]
    language: str
    wordings: tuple[Wording, ...]
    examples: tuple[str, ...]
    public_only: bool
    owner: str
    expires_on: date | None
    erasures: int | None = None

    def applied_to(self, content: ReplyContent | None) -> ReplyContent:
        """Return the content with the edit; the wordings in other languages stay."""
        base = content or ReplyContent(
            title="", situations=frozenset(), wordings=(), examples=(), owner=self.owner
        )
        languages = dict.fromkeys((*base.languages, self.language))
        wordings = tuple(
            wording
            for language in languages
            for wording in (self.wordings if language == self.language else base.wordings_in(language))
        )
        return replace(
            base,
            title=self.title,
            situations=self.situations,
            wordings=wordings,
            examples=tuple(_whole(example, base.examples) for example in self.examples),
            public_only=self.public_only,
            owner=self.owner,
            expires_on=self.expires_on,
        )


def _whole(example: str, stored: Sequence[str]) -> str:
    """Return a stored example that was too long for the form, which showed its beginning and "…"."""
    beginning = example.removesuffix(CUT)
    is_cut = beginning != example and len(beginning) > MIN_CUT_LENGTH
    return next((one for one in stored if is_cut and one.startswith(beginning)), example)


def _may_quote(edit: ReplyEdit, current: ReplyVersion | None) -> bool:
    """Return whether an edit may quote words that were erased since its form was filled.

    Examples that are still stored do not: an erasure takes them out of the stored versions.
    """
    stored = current.content.examples if current is not None else ()
    return current is None or any(_whole(example, stored) not in stored for example in edit.examples)


def count_erasures(uow: UnitOfWork) -> int:
    """Return how often customers were erased or posts redacted.

    To be asked before a form is filled with words of customers.
    """
    return uow.marks.erasures()


def list_replies(uow: UnitOfWork, *, shipped: Sequence[ReplyVersion]) -> list[ReplyVersion]:
    """Return the current version of every reply, those that are retired or expired too."""
    return list(current_versions(shipped, uow.saved_replies.latest()).values())


def get_reply(uow: UnitOfWork, *, name: str, shipped: Sequence[ReplyVersion]) -> ReplyVersion:
    """Return the reply's current version. Raises `ReplyNotFound`."""
    return reply_history(uow, name=name, shipped=shipped)[0]


def reply_history(uow: UnitOfWork, *, name: str, shipped: Sequence[ReplyVersion]) -> list[ReplyVersion]:
    """Return the reply's versions, the newest first; the shipped one last. Raises `ReplyNotFound`."""
    versions = uow.saved_replies.versions(name, limit=MAX_HISTORY)
    versions += [version for version in shipped if version.name == name]
    if not versions:
        raise ReplyNotFound(name)
    return versions


def save_reply(
    uow: UnitOfWork,
    edit: ReplyEdit,
    *,
    user_id: str,
    shipped: Sequence[ReplyVersion],
    checker: ReplyChecker,
    now: datetime,
) -> ReplyVersion:
    """Save a new reply or a new version of one; return it, or the current one where nothing changed.

    Raises `ReplyChanged` where somebody else was first, and `ReplyFaulty`, also where a customer was erased
    or a post redacted while the form was open, which it may quote.
    """
    uow.saved_replies.lock()
    current = _require_unchanged(uow, edit.name, edit.version, shipped) if edit.name else None
    if edit.erasures not in {None, uow.marks.erasures()} and _may_quote(edit, current):
        raise ReplyFaulty([ReplyFault(field=ReplyField.EXAMPLES, kind=FaultKind.ERASED)])
    content = edit.applied_to(current.content if current is not None else None)
    if current is not None and content == current.content:
        return current
    replies = list_replies(uow, shipped=shipped)
    others = [reply for reply in replies if reply.name != edit.name]
    faults = _faults_in_form(checker.faults(content, others, now.date()), content, edit)
    if faults:
        raise ReplyFaulty(faults)
    name = edit.name or new_name(edit.title, {reply.name for reply in replies})
    change = ReplyChange.EDITED if current is not None else ReplyChange.CREATED
    if current is not None and current.is_retired:
        change = ReplyChange.RESTORED
    return _add(
        uow,
        ReplyVersion(name=name, version=edit.version + 1, content=content, change=change, by=user_id),
        now,
    )


def set_retired(
    uow: UnitOfWork,
    *,
    name: str,
    version: int,
    retired: bool,
    user_id: str,
    shipped: Sequence[ReplyVersion],
    now: datetime,
) -> ReplyVersion:
    """Retire the reply, or bring it back; return its new version, or the current one where it is so already.

    The cards to which it was suggested are drawn anew.

    Raises `ReplyChanged` where it is no longer at `version`, and `ReplyNotFound`.
    """
    uow.saved_replies.lock()  # before the examples are read that the new version keeps
    current = _require_unchanged(uow, name, version, shipped)
    if current.is_retired is retired:
        return current
    change = ReplyChange.RETIRED if retired else ReplyChange.RESTORED
    redraw_cards(uow, uow.suggestions.cases_with(name), now=now)
    return _add(uow, replace(current, version=version + 1, change=change, by=user_id), now)


def changed_replies(replies: Sequence[ReplyVersion], current: Sequence[ReplyVersion]) -> list[ReplyVersion]:
    """Return those of the replies that differ from the current ones, as new versions of them.

    A version number that is higher than the current one is kept.
    """
    by_name = {reply.name: reply for reply in current}
    found = (_changed_by_import(reply, by_name.get(reply.name)) for reply in replies)
    return [reply for reply in found if reply is not None]


def import_replies(
    uow: UnitOfWork,
    *,
    replies: Sequence[ReplyVersion],
    shipped: Sequence[ReplyVersion],
    imported_by: str,
    now: datetime,
) -> list[ReplyVersion]:
    """Save the replies that differ from the current ones; return their new versions."""
    uow.saved_replies.lock()
    changed = changed_replies(replies, list_replies(uow, shipped=shipped))
    return [_add(uow, replace(reply, by=imported_by), now) for reply in changed]


def _changed_by_import(reply: ReplyVersion, current: ReplyVersion | None) -> ReplyVersion | None:
    if current is None:
        change = ReplyChange.RETIRED if reply.is_retired else ReplyChange.CREATED
        return replace(reply, change=change)
    if (reply.content, reply.is_retired) == (current.content, current.is_retired):
        return None
    change = ReplyChange.RETIRED if reply.is_retired else ReplyChange.EDITED
    return replace(reply, change=change, version=max(reply.version, current.version + 1))


def _require_unchanged(
    uow: UnitOfWork, name: str, version: int, shipped: Sequence[ReplyVersion]
) -> ReplyVersion:
    """Return the current version; raises `ReplyChanged` unless it is `version`, and `ReplyNotFound`."""
    history = reply_history(uow, name=name, shipped=shipped)
    if history[0].version != version:
        shown = next((earlier for earlier in history if earlier.version == version), None)
        raise ReplyChanged(history[0], shown)
    return history[0]


def _add(uow: UnitOfWork, version: ReplyVersion, now: datetime) -> ReplyVersion:
    """Store the version, and who made it. Raises `StaleCase` where its number was taken meanwhile."""
    version = replace(version, at=now)
    if not uow.saved_replies.add(version):
        raise StaleCase(f"saved reply {version.name}")
    entry = Entry(
        at=now,
        actor=version.by,
        action=_ACTIONS[version.change],
        case_id=None,
        version=None,
        detail={"name": version.name, "title": version.content.title, "version": version.version},
    )
    uow.audit.add_many([entry])
    return version


def _faults_in_form(faults: Sequence[ReplyFault], content: ReplyContent, edit: ReplyEdit) -> list[ReplyFault]:
    """Return the faults of what the form shows, with positions among its wordings."""
    first = next((n for n, wording in enumerate(content.wordings) if wording.language == edit.language), 0)
    shown = range(first, first + len(edit.wordings))
    return [
        replace(fault, wording=fault.wording - first) if fault.field is ReplyField.WORDING else fault
        for fault in faults
        if fault.field is not ReplyField.WORDING or not edit.wordings or fault.wording in shown
    ]
