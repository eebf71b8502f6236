"""Intake: posts that arrived become messages of cases, with everything that follows from it, in one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.accounts import Account
from domain.cases.case import Case, CaseState
from domain.cases.case_lifecycle import add_post, apply_edit, open_case
from domain.cases.messages import Direction, Message
from domain.delivery.effects import DraftReply, Effect, PostCard, PostThread, UpdateCard
from domain.intake.posts import Post, revision_order
from domain.records.audit import SYSTEM, Action, Entry
from domain.triage.drafts import Suggestion
from domain.venues import Venue
from handlers.cases.transitions import notify, save_change
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork

#: The stream that stands for all of an account's: its cursor is held while posts are folded, so that what two streams bring at the
#: same moment, or two copies of the bot, cannot open two cases for one author.
ALL_STREAMS = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestResult:
    """What one batch came to."""

    opened: int = 0
    added: int = 0
    edited: int = 0
    ignored: int = 0


@dataclass(slots=True)
class _CaseBatch:
    """A case with the posts of this batch that fold into it. `case.id` is 0 where it is yet to be stored.

    `holder` is who had it before.
    """

    case: Case
    posts: list[Post] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    is_new: bool = False
    holder: str | None = None

    @classmethod
    def of(cls, case: Case) -> "_CaseBatch":
        return cls(case, holder=case.claimed_by)

    @property
    def newest(self) -> Message:
        return self.messages[-1]


def ingest_posts(
    uow: UnitOfWork,
    *,
    account: Account,
    posts: Sequence[Post],
    stream: str,
    newest_id: str | None,
    classifier: Classifier,
    now: datetime,
) -> IngestResult:
    """Store posts that are new, fold them into cases, and move the stream's cursor to `newest_id` with the same commit.

    Our own posts and bare reposts make no case. A post that is known is only looked at for an edit.
    """
    uow.cursors.get(account.network, account.id, ALL_STREAMS)
    cursor = uow.cursors.get(account.network, account.id, stream)
    theirs = {post.id: post for post in posts if post.author.id != account.id and not post.is_repost}
    known = uow.messages.known(account.network, account.id, theirs)
    fresh = sorted((post for post in theirs.values() if post.id not in known), key=_age)
    changed = sum(
        _edit(uow, known[post.id], post, classifier, now) for post in theirs.values() if post.id in known
    )
    folders = _fold(uow, account, fresh, classifier, now)
    if folders:
        _store(uow, account, folders, classifier, now)
    uow.cursors.save(
        replace(
            cursor,
            since_id=newest_id or cursor.since_id,
            read_at=now,
            arrived_at=now if fresh or cursor.arrived_at is None else cursor.arrived_at,
            quiet_alerted_at=None if fresh else cursor.quiet_alerted_at,
        )
    )
    return IngestResult(
        opened=sum(folder.is_new for folder in folders),
        added=len(fresh),
        edited=changed,
        ignored=len(posts) - len(theirs),
    )


def _age(post: Post) -> tuple[datetime, str]:
    return post.created_at, post.id


def _fold(
    uow: UnitOfWork, account: Account, posts: Sequence[Post], classifier: Classifier, now: datetime
) -> list[_CaseBatch]:
    """One folder for each case: the author's case within the window, or of this very conversation of late, or a new one."""
    if not posts:
        return []
    place = (account.network, account.id)
    folders: dict[str, _CaseBatch] = {}
    authors = {post.author.id for post in posts}
    for case in uow.cases.foldable(*place, authors, since=now - classifier.policy.fold_window):
        folders.setdefault(case.author.id, _CaseBatch.of(case))
    rest = {(post.conversation_id, post.author.id) for post in posts if post.author.id not in folders}
    for case in _of_talks(uow, place, rest, since=now - classifier.policy.reopen_window) if rest else ():
        folders.setdefault(case.author.id, _CaseBatch.of(case))
    for post in posts:
        folder = folders.get(post.author.id)
        if folder is None:
            case = open_case(account, post, classifier.assess(post), classifier.policy, now)
            folder = folders[post.author.id] = _CaseBatch(case, is_new=True)
        else:
            folder.case = add_post(folder.case, post, classifier.assess(post), classifier.policy, now)
        folder.posts.append(post)
    return [folder for folder in folders.values() if folder.posts]


def _of_talks(
    uow: UnitOfWork, place: tuple[str, str], talks: set[tuple[str, str]], *, since: datetime
) -> list[Case]:
    """The authors' own cases of these conversations, which are given with their authors, the newest first.

    A case may be of several: of the one that an answer would stand in, and of every one that a post in it began.
    """
    ids = {conversation_id for conversation_id, _ in talks}
    found = [
        case
        for case in uow.cases.in_conversations(*place, ids, since=since)
        if (case.conversation_id, case.author.id) in talks
    ]
    begun = {m.case_id for root, m in uow.messages.known(*place, ids).items() if (root, m.author_id) in talks}
    others = [uow.cases.get(case_id) for case_id in sorted(begun - {case.id for case in found}, reverse=True)]
    return found + [
        case for case in others if case.state is not CaseState.DISMISSED and case.last_message_at >= since
    ]


def _store(
    uow: UnitOfWork, account: Account, folders: Sequence[_CaseBatch], classifier: Classifier, now: datetime
) -> None:
    new = [folder for folder in folders if folder.is_new]
    old = [folder for folder in folders if not folder.is_new]
    for group, write in ((new, uow.cases.add_many), (old, uow.cases.save_many)):
        for folder, case in zip(group, write([folder.case for folder in group]), strict=True):
            folder.case = case
    drafts = [_message(folder.case.id, post, now) for folder in folders for post in folder.posts]
    stored = iter(uow.messages.add_many(drafts, network=account.network, account_id=account.id))
    for folder in folders:
        folder.messages = [next(stored) for _ in folder.posts]
    uow.audit.add_many([entry for folder in folders for entry in _entries(folder, now)])
    uow.suggestions.add_many([found for folder in folders if (found := _suggest(folder, classifier, now))])
    uow.outbox.add_ranked(
        [
            (effect, folder.case.sort_key)
            for folder in folders
            for effect in _effects(folder, drafting=classifier.policy.drafting)
        ],
        now=now,
    )
    for folder in folders:
        notify(uow, folder.case, folder.holder, Action.CUSTOMER_WROTE, actor=SYSTEM, now=now)


def _message(case_id: int, post: Post, now: datetime) -> Message:
    return Message(
        id=0,
        case_id=case_id,
        direction=Direction.IN,
        venue=Venue.PUBLIC,
        author_id=post.author.id,
        author_name=post.author.name,
        text=post.text,
        created_at=min(post.created_at, now),
        external_id=post.id,
        revision_id=post.revision_id,
        url=post.url,
        reply_to_id=post.in_reply_to_id,
        reply_block=post.reply_block,
    )


def _entries(folder: _CaseBatch, now: datetime) -> Iterator[Entry]:
    for index, message in enumerate(folder.messages):
        yield Entry(
            at=now,
            actor=SYSTEM,
            action=Action.CASE_OPENED if folder.is_new and index == 0 else Action.CUSTOMER_WROTE,
            case_id=folder.case.id,
            version=folder.case.version,
            message_id=message.id,
        )


def _suggest(folder: _CaseBatch, classifier: Classifier, now: datetime) -> Suggestion | None:
    case, newest = folder.case, folder.newest
    return classifier.suggest(
        case.assessment, newest.text, case.author.name, case_id=case.id, message_id=newest.id, now=now
    )


def _effects(folder: _CaseBatch, *, drafting: bool) -> Iterator[Effect]:
    case = folder.case
    if folder.is_new:
        yield PostCard(case.id, case.channel)
    else:
        yield UpdateCard(case.id)
    if not folder.is_new or len(folder.messages) > 1:
        yield PostThread(case.id, case.channel)
    if drafting:
        yield DraftReply(case.id, folder.newest.id)


def _edit(uow: UnitOfWork, known: Message, post: Post, classifier: Classifier, now: datetime) -> bool:
    """Take over a newer revision of a post that is known; says whether there was one. What it says now may be graver."""
    if known.revision_id == post.revision_id or known.deleted_at is not None:
        return False
    if revision_order(post.revision_id) <= revision_order(known.revision_id or ""):
        return False
    case = uow.cases.get(known.case_id)
    # Read after the case: what has been removed meanwhile stays away.
    if uow.messages.get(known.id).deleted_at is not None:
        return False
    uow.messages.save(
        replace(
            known,
            text=post.text,
            revision_id=post.revision_id,
            reply_block=post.reply_block,
            edited_at=now,
        )
    )
    save_change(
        uow,
        apply_edit(case, known.revision_id, post, classifier.assess(post), classifier.policy),
        actor=SYSTEM,
        action=Action.CUSTOMER_EDITED,
        now=now,
        message_id=known.id,
        detail={"before": known.text},
    )
    return True
