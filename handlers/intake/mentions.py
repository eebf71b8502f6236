"""Ingest public posts: dedupe, fold into cases, assess, queue effects, and move the stream's cursor."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.accounts import Account
from domain.cases.case import Case, CaseState
from domain.cases.case_assessment import Statement, wants_suggestion
from domain.cases.case_lifecycle import add_post, open_case
from domain.cases.messages import Direction, Message
from domain.cases.tags import CustomerTag
from domain.delivery.effects import DraftReply
from domain.intake.posts import Post
from domain.intake.reply_permission import with_reply_block
from domain.networks import NetworkProfile
from domain.policy import Policy
from domain.records.audit import SYSTEM, Action, Entry
from domain.triage.assessment import Assessment
from domain.triage.situations import Situation
from domain.venues import Venue
from handlers.cases.cards import machine_updates
from handlers.cases.customer_tags import notify_watchers, tags_of_authors
from handlers.cases.transitions import notify
from handlers.cases.views import load_statements
from handlers.cases.waits import WaitWords, follow_new_cases, follow_words
from handlers.intake.known_authors import with_known_authors
from handlers.intake.stored_posts import update_stored_post
from handlers.surge.flood import Arrival, admit_cards
from handlers.triage.classify import Classifier
from handlers.triage.vectors import keep_vectors
from storage.unit_of_work import UnitOfWork

#: A pseudo-stream for all streams of an account. Its cursor row is locked while posts are folded, so that
#: concurrent streams or copies of the bot cannot open two cases for one author.
ALL_STREAMS = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestResult:
    """Count the outcomes of one batch of posts. `posted_at` is when each new one was posted."""

    opened: int = 0
    added: int = 0
    edited: int = 0
    posted_at: Sequence[datetime] = field(default=(), compare=False)


@dataclass(slots=True)
class _CaseBatch:
    """A case with the posts of this batch that fold into it.

    `case.id` is 0 until the case is stored. `assignee` claimed the case before the batch. `statements` are
    what the customer said in the case, the posts of this batch last. `tags` are those of the customer of a
    new case.
    """

    case: Case
    posts: list[Post] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    is_new: bool = False
    assignee: str | None = None
    tags: Sequence[CustomerTag] = ()

    @classmethod
    def of(cls, case: Case) -> "_CaseBatch":
        return cls(case, assignee=case.claimed_by)

    @property
    def newest(self) -> Message:
        return self.messages[-1]

    @property
    def wants_draft(self) -> bool:
        """Whether a reply should be drafted: not for a post that is late, and older than a stored one."""
        *earlier, newest = self.statements
        is_late = any(statement.at > newest.at for statement in earlier)
        return not is_late and wants_suggestion(newest, earlier)

    def add(self, post: Post, assessment: Assessment, policy: Policy, now: datetime) -> None:
        """Fold a post into the case."""
        self.case = add_post(self.case, post, assessment, policy, now, earlier=self.statements)
        self.append(post, assessment, now)

    def append(self, post: Post, assessment: Assessment, now: datetime) -> None:
        """Add a post to those of the batch."""
        self.posts.append(post)
        at = min(post.created_at, now)
        self.statements.append(Statement(text=post.words, at=at, assessment=assessment))


def ingest_posts(
    uow: UnitOfWork,
    *,
    account: Account,
    profile: NetworkProfile,
    posts: Sequence[Post],
    stream: str,
    newest_id: str | None,
    classifier: Classifier,
    now: datetime,
) -> IngestResult:
    """Store new posts, fold them into cases, and move the stream's cursor, in one transaction.

    The cursor moves to `newest_id`, or stays if that is `None`. Ignores our own posts and reposts without a
    comment. A post that is stored already is only checked for an edit and for a stronger match reason.
    `profile` is the network's: its capabilities decide which posts can be replied to.
    """
    uow.cursors.get(account.network, account.id, ALL_STREAMS)
    cursor = uow.cursors.get(account.network, account.id, stream)
    relevant = {
        post.id: with_reply_block(post, profile.capabilities)
        for post in with_known_authors(uow, account, posts)
        if post.author.id != account.id and not post.is_repost
    }
    stored = uow.messages.known(account.network, account.id, relevant)
    new = sorted((post for post in relevant.values() if post.id not in stored), key=_chronological)
    edited = sum(
        update_stored_post(uow, stored[post.id], post, classifier, now)
        for post in relevant.values()
        if post.id in stored
    )
    batches = _fold_into_cases(uow, account, new, classifier, now)
    if batches:
        _store(uow, account, batches, classifier, now)
    uow.cursors.save(
        replace(
            cursor,
            since_id=newest_id or cursor.since_id,
            read_at=now,
            arrived_at=now if new or cursor.arrived_at is None else cursor.arrived_at,
            quiet_alerted_at=None if new else cursor.quiet_alerted_at,
        )
    )
    return IngestResult(
        opened=sum(batch.is_new for batch in batches),
        added=len(new),
        edited=edited,
        posted_at=[post.created_at for post in new],
    )


def _chronological(post: Post) -> tuple[datetime, str]:
    return post.created_at, post.id


def _fold_into_cases(
    uow: UnitOfWork, account: Account, posts: Sequence[Post], classifier: Classifier, now: datetime
) -> list[_CaseBatch]:
    """Group the posts by the case that they fold into, one case per author.

    That is the author's active case with a message within the fold window, or else their case of the same
    conversation with one within the reopen window, or else a new case.
    """
    if not posts:
        return []
    account_key = (account.network, account.id)
    batches: dict[str, _CaseBatch] = {}
    authors = {post.author.id for post in posts}
    for case in uow.cases.foldable(*account_key, authors, since=now - classifier.policy.fold_window):
        batches.setdefault(case.author.id, _CaseBatch.of(case))
    unmatched = {(post.conversation_id, post.author.id) for post in posts if post.author.id not in batches}
    if unmatched:
        reopen_since = now - classifier.policy.reopen_window
        for case in _cases_in_conversations(uow, account_key, unmatched, since=reopen_since):
            batches.setdefault(case.author.id, _CaseBatch.of(case))
    newcomers = [post.author for post in posts if post.author.id not in batches]
    tags = tags_of_authors(uow, account, newcomers, classifier.policy, now=now) if newcomers else {}
    for post, assessment in zip(posts, classifier.assess_many(posts), strict=True):
        batch = batches.get(post.author.id)
        if batch is None:
            its_tags = tags.get(post.author.id, ())
            names = [tag.name for tag in its_tags]
            case = open_case(account, post, assessment, classifier.policy, now, customer_tags=names)
            batch = batches[post.author.id] = _CaseBatch(case, is_new=True, tags=tags.get(post.author.id, ()))
            batch.append(post, assessment, now)
            continue
        if not batch.is_new and not batch.posts:
            batch.statements = load_statements(uow, batch.case)
        batch.add(post, assessment, classifier.policy, now)
    return [batch for batch in batches.values() if batch.posts]


def _cases_in_conversations(
    uow: UnitOfWork,
    account_key: tuple[str, str],
    conversations: set[tuple[str, str]],
    *,
    since: datetime,
) -> list[Case]:
    """Return the cases of (conversation id, author id) pairs with a message since `since`.

    First those whose reply would go into such a conversation, then those with a post that is the root of one,
    each group newest first: one case may span several conversations.
    """
    ids = {conversation_id for conversation_id, _ in conversations}
    replying_in = [
        case
        for case in uow.cases.in_conversations(*account_key, ids, since=since)
        if (case.conversation_id, case.author.id) in conversations
    ]
    root_posts = uow.messages.known(*account_key, ids)
    with_root = {m.case_id for root, m in root_posts.items() if (root, m.author_id) in conversations}
    other_ids = sorted(with_root - {case.id for case in replying_in}, reverse=True)
    others = [uow.cases.get(case_id) for case_id in other_ids]
    return replying_in + [
        case for case in others if case.state is not CaseState.DISMISSED and case.last_message_at >= since
    ]


def _store(
    uow: UnitOfWork, account: Account, batches: Sequence[_CaseBatch], classifier: Classifier, now: datetime
) -> None:
    new = [batch for batch in batches if batch.is_new]
    existing = [batch for batch in batches if not batch.is_new]
    for group, write in ((new, uow.cases.add_many), (existing, uow.cases.save_many)):
        for batch, case in zip(group, write([batch.case for batch in group]), strict=True):
            batch.case = case
    drafts = [
        _message(batch.case.id, post, statement)
        for batch in batches
        for post, statement in zip(batch.posts, batch.statements[-len(batch.posts) :], strict=True)
    ]
    stored = iter(uow.messages.add_many(drafts, network=account.network, account_id=account.id))
    for batch in batches:
        batch.messages = [next(stored) for _ in batch.posts]
    follow_new_cases(uow, [WaitWords(batch.case, batch.statements, batch.messages) for batch in new])
    if existing:
        follow_words(
            uow, [WaitWords(batch.case, batch.statements, batch.messages) for batch in existing], now=now
        )
    uow.arrivals.add_quotes(
        {
            message.id: post.quoted_id
            for batch in batches
            for message, post in zip(batch.messages, batch.posts, strict=True)
            if post.quoted_id is not None
        }
    )
    keep_vectors(uow, classifier, [message for batch in batches for message in batch.messages])
    uow.audit.add_many([entry for batch in batches for entry in _entries(batch, now)])
    updates = machine_updates(uow, [batch.case for batch in existing])  # a card given below shows all
    admit_cards(uow, [Arrival(batch.case, len(batch.posts), batch.is_new) for batch in batches], now=now)
    uow.outbox.add_ranked(
        [
            *updates,
            *(
                (draft, batch.case.sort_key)
                for batch in batches
                for draft in _drafts(batch, classifier.policy)
            ),
        ],
        now=now,
    )
    for batch in batches:
        notify_watchers(uow, batch.case, batch.tags, classifier.policy, now=now)
        notify(uow, batch.case, batch.assignee, Action.CUSTOMER_WROTE, actor=SYSTEM, now=now)


def _message(case_id: int, post: Post, statement: Statement) -> Message:
    return Message(
        id=0,
        case_id=case_id,
        direction=Direction.IN,
        venue=Venue.PUBLIC,
        author_id=post.author.id,
        author_name=post.author.name,
        text=post.text,
        created_at=statement.at,
        external_id=post.id,
        revision_id=post.revision_id,
        url=post.url,
        reply_to_id=post.in_reply_to_id,
        reply_block=post.reply_block,
        match_reason=post.match_reason,
        assessment=statement.assessment,
        media=post.media,
        context=post.context,
    )


def _entries(batch: _CaseBatch, now: datetime) -> Iterator[Entry]:
    for index, message in enumerate(batch.messages):
        yield Entry(
            at=now,
            actor=SYSTEM,
            action=Action.CASE_OPENED if batch.is_new and index == 0 else Action.CUSTOMER_WROTE,
            case_id=batch.case.id,
            version=batch.case.version,
            message_id=message.id,
        )


def _drafts(batch: _CaseBatch, policy: Policy) -> Iterator[DraftReply]:
    is_spam = batch.statements[-1].assessment.situation is Situation.SPAM
    if policy.drafting and not is_spam and batch.wants_draft:
        yield DraftReply(batch.case.id, batch.newest.id)
