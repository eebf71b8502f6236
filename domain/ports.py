"""What the rules and use cases ask of the world, as protocols. Nothing here names a vendor."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from domain.audit import Entry, ThreadPost
from domain.cases import Case
from domain.chat import ChatSession
from domain.drafts import Draft, DraftRequest, Suggestion
from domain.effects import Effect, Job
from domain.files import File
from domain.handoffs import Handoff
from domain.messages import Message
from domain.outcomes import Finding, Outcome
from domain.posts import Page
from domain.private import Attachment, HeardPage, IncomingFile, Parcel
from domain.ratings import Rating, Satisfaction
from domain.sources import Cursor
from domain.transcripts import Transcript, TranscriptLetter
from domain.venues import Venue


class Clock(Protocol):
    """The one place that is asked for the time."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        ...


# --- memory: synchronous, used inside one short transaction -----------------------------------------------------------


class Cases(Protocol):
    """The stored cases."""

    def get(self, case_id: int) -> Case:
        """The case; raises `CaseNotFound`."""
        ...

    def add_many(self, cases: Sequence[Case]) -> list[Case]:
        """Store new cases (their `id` is ignored) and return them, in order, with ids."""
        ...

    def hold(self, case_ids: Iterable[int]) -> None:
        """Have every other writer of these cases wait until this transaction ends; ids of no case are passed over.

        First thing in a transaction, or what it holds already and what another one holds may wait for each other.
        """
        ...

    def save(self, case: Case) -> Case:
        """Write a changed case if nobody else has since it was read, and return it with its version one higher.

        Raises `StaleCase` where the stored version is not `case.version`.
        """
        ...

    def save_many(self, cases: Sequence[Case]) -> list[Case]:
        """`save`, for many at once. Raises `StaleCase` if any was changed meanwhile."""
        ...

    def note_card(self, case_id: int, *, channel: str, ts: str, digest: str) -> None:
        """Remember where the card stands and what it shows; not a change of the case: its version stays."""
        ...

    def note_thread(self, case_id: int, *, seen: int) -> None:
        """Remember the last audit entry that the thread tells; its version stays."""
        ...

    def foldable(
        self, network: str, account_id: str, author_ids: Iterable[str], *, since: datetime
    ) -> list[Case]:
        """The active cases of these authors whose last message is not older than `since`, newest first."""
        ...

    def in_conversations(
        self, network: str, account_id: str, conversation_ids: Iterable[str], *, since: datetime
    ) -> list[Case]:
        """The cases, whatever their state but dismissed, of these conversations with a message since `since`, newest first."""
        ...

    def next_unclaimed(self, now: datetime) -> Case | None:
        """The open, unclaimed case that ranks highest."""
        ...

    def unclaimed(self, *, limit: int, offset: int = 0) -> list[Case]:
        """Open, unclaimed cases by rank."""
        ...

    def claimed_by(self, user_id: str, *, limit: int) -> list[Case]:
        """This person's active cases, open ones first, by rank."""
        ...

    def due_before(self, moment: datetime, *, limit: int) -> list[Case]:
        """Open cases without a first reply that is due before `moment`, soonest first."""
        ...

    def waiting_for_customer(self, *, limit: int) -> list[Case]:
        """Answered cases, the latest answered first."""
        ...

    def wake_due(self, now: datetime, *, limit: int) -> list[Case]:
        """Snoozed cases whose time has come."""
        ...

    def find(self, words: Sequence[str], *, limit: int) -> list[Case]:
        """Cases, whatever their state, with every word in a message, in the author's name or handle; newest first."""
        ...

    def at_card(self, channel: str, ts: str) -> Case | None:
        """The case whose card this message is."""
        ...

    def of_author(self, network: str, account_id: str, author_id: str, *, limit: int) -> list[Case]:
        """This author's cases, newest first."""
        ...

    def count_of_author(self, network: str, account_id: str, author_id: str, *, since: datetime) -> int:
        """How many cases this author opened since `since`."""
        ...

    def without_card(self, opened_before: datetime, *, limit: int) -> list[Case]:
        """Active cases opened before then whose card is nowhere, the gravest first."""
        ...

    def counts(self) -> Mapping[str, int]:
        """How many cases stand in each active state, with "unclaimed" for the open ones nobody holds."""
        ...


class Messages(Protocol):
    """The stored transcript lines."""

    def known(self, network: str, account_id: str, post_ids: Iterable[str]) -> dict[str, Message]:
        """The stored customer messages with these post ids, by post id."""
        ...

    def add_many(self, messages: Sequence[Message], *, network: str, account_id: str) -> list[Message]:
        """Store new messages (their `id` is ignored) and return them, in order, with ids.

        A customer's post id is unique for its network and account.
        """
        ...

    def get(self, message_id: int) -> Message:
        """The message; raises `LookupError`."""
        ...

    def save(self, message: Message) -> None:
        """Write a changed message."""
        ...

    def by_client_key(self, client_key: str) -> Message | None:
        """Our message that was made under this key."""
        ...

    def ours_by_external_id(self, external_ids: Iterable[str]) -> list[Message]:
        """Our messages that the other side knows by one of these ids, newest first."""
        ...

    def after(self, case_id: int, *, message_id: int, limit: int) -> list[Message]:
        """The lines of the transcript with an id above `message_id`, in the order of their ids."""
        ...

    def late(self, case_id: int, *, handoff_id: int) -> list[Message]:
        """Our lines of this hand-off that were sent later than they were written, and are not known to have been seen, in the order of their ids."""
        ...

    def unseen(self, case_id: int, *, handoff_id: int, up_to: int) -> list[Message]:
        """Our lines of this hand-off, as far as `up_to`, that were sent and are not known to have been seen, in the order of their ids."""
        ...

    def of_case(self, case_id: int, *, limit: int = 50) -> list[Message]:
        """The newest `limit` lines of the transcript, oldest first."""
        ...

    def newest_answer(self, case_id: int) -> Message | None:
        """Our last message in the case, however much the customer wrote since; one whose outcome is unsure before all others."""
        ...

    def live_posts(
        self, network: str, account_id: str, *, since: datetime, after_id: int, limit: int
    ) -> list[Message]:
        """Customer messages not known to be deleted, received since `since`, by id from `after_id` on."""
        ...

    def count_live_posts(self, network: str, account_id: str, *, since: datetime, after_id: int) -> int:
        """How many `live_posts` there are in all."""
        ...

    def our_text_since(self, account_id: str, text: str, since: datetime) -> bool:
        """Whether we have sent, or are about to send, this very text publicly since `since`."""
        ...


class Suggestions(Protocol):
    """The stored suggestions."""

    def add_many(self, suggestions: Sequence[Suggestion]) -> None:
        """Store new suggestions."""
        ...

    def latest(self, case_id: int) -> Suggestion | None:
        """The newest one of the case."""
        ...

    def forget(self, case_id: int, message_id: int) -> None:
        """Delete what was suggested for this message, and what a model wrote after it: it had read it."""
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a destination may be used: one act per `interval`, with up to `burst` ahead of time."""

    interval: timedelta
    burst: int = 0


class LostLease(Exception):
    """The row is another try's by now, or settled: what this try has to say comes too late and was not written."""


class Outbox(Protocol):
    """The rows of outward acts. What is said of a claimed row raises `LostLease` where the claim is no longer this job's."""

    @property
    def has_additions(self) -> bool:
        """Whether this unit of work put anything in."""
        ...

    def add(self, effects: Iterable[Effect], *, now: datetime, priority: float = 0.0) -> None:
        """Put acts in; those whose key is there already are left as they are, or made due again where they coalesce.

        A coalescing act that is under way right now is marked, and is due again as soon as it settles.
        """
        ...

    def add_ranked(self, effects: Iterable[tuple[Effect, float]], *, now: datetime) -> None:
        """`add` for many, each with its own priority (higher goes first within a lane)."""
        ...

    def claim(
        self, *, now: datetime, lease: timedelta, owner: str, limit: int, paces: Callable[[str], Pace | None]
    ) -> list[Job]:
        """Take the due acts, by lane, then priority, then age, as far as each destination's pace allows, and mark them *sending*.

        A row waits while an earlier one of its stream is unsettled. Unsure rows that are due to be checked are taken as well, with
        `reconciling` set. The caller performs nothing before this is committed.
        """
        ...

    def depart(self, jobs: Sequence[Job], *, now: datetime) -> None:
        """Note that these are leaving the house now; committed durably before they do."""
        ...

    def settle(self, job: Job, *, now: datetime, result: Mapping[str, Any]) -> None:
        """It happened. A coalescing row that was asked for again meanwhile becomes due."""
        ...

    def postpone(self, job: Job, *, due: datetime, reason: str, counts: bool) -> None:
        """It surely did not happen and is due again at `due`."""
        ...

    def hold(self, job: Job, *, due: datetime | None, reason: str, answered: bool) -> None:
        """It may have happened: look again at `due`, or wait for a person where that is `None`."""
        ...

    def fail(self, job: Job, *, now: datetime, reason: str) -> None:
        """It will not happen."""
        ...

    def pause(self, destination: str, *, until: datetime) -> None:
        """Hold back everything for this destination."""
        ...

    def recover(self, *, now: datetime) -> list[Job]:
        """Take back rows whose lease ran out: those safe to repeat become *queued*; the rest become *unsure*, due to be checked
        at once, and are returned."""
        ...

    def settle_by_person(self, key: str, *, now: datetime, happened: bool) -> bool:
        """A person looked: it did, or did not, happen. False where no unsure row has this key."""
        ...

    def unsettled(self, streams: Iterable[str]) -> frozenset[str]:
        """Which of these streams have something that is not settled."""
        ...

    def next_due(self, now: datetime) -> datetime | None:
        """When the next row falls due, if any waits."""
        ...

    def counts(self) -> Mapping[str, int]:
        """How many rows stand in each state."""
        ...

    def forget_results(self, effects: Iterable[Effect]) -> None:
        """Forget what the other side told of these acts once they were settled."""
        ...

    def prune(self, *, before: datetime, limit: int) -> int:
        """Forget settled rows older than `before`; returns how many."""
        ...


class AuditTrail(Protocol):
    """The stored trail; only ever added to, but for the words of a post that is gone."""

    def add_many(self, entries: Sequence[Entry]) -> None:
        """Store entries."""
        ...

    def of_case(self, case_id: int, *, after: int = 0, limit: int = 200) -> list[Entry]:
        """The case's entries with an id above `after`, oldest first."""
        ...

    def since_version(self, case_id: int, version: int) -> list[Entry]:
        """What happened to the case after it stood at `version`, oldest first."""
        ...

    def forget_words(self, case_id: int, message_id: int) -> None:
        """Take out what the message said before its edits; that it was edited, and when, stays."""
        ...


class ThreadPosts(Protocol):
    """Which message of a case's thread tells which entries of the trail."""

    def add(self, post: ThreadPost) -> None:
        """Remember one."""
        ...

    def get(self, case_id: int, ts: str) -> ThreadPost | None:
        """The one that stands at `ts`."""
        ...

    def telling(self, case_id: int, message_id: int) -> list[ThreadPost]:
        """Those with an entry about this message."""
        ...


class Handoffs(Protocol):
    """The stored hand-offs. Whoever adds or saves one also saves its case: the case's version is what two writers meet on."""

    def add(self, handoff: Handoff) -> Handoff:
        """Store a new one (its `id` is ignored) and return it with its id."""
        ...

    def save(self, handoff: Handoff) -> None:
        """Write a changed one; raises `LookupError` where it is not stored."""
        ...

    def get(self, handoff_id: int) -> Handoff:
        """The hand-off; raises `LookupError`."""
        ...

    def current(self, case_id: int) -> Handoff | None:
        """Where the case's conversation is, or is expected: its newest hand-off that is offered or arrived."""
        ...

    def of_case(self, case_id: int) -> list[Handoff]:
        """All of the case's, oldest first."""
        ...

    def by_nonce(self, nonce: str) -> Handoff | None:
        """The one whose link this is."""
        ...

    def by_address(self, venue: Venue, address: str, *, since: datetime) -> list[Handoff]:
        """Those with this person at this venue in whose case anybody wrote since `since`, newest first."""
        ...

    def due(self, now: datetime, *, limit: int) -> list[Handoff]:
        """Offers whose time to remind or to expire has come, soonest first."""
        ...


class Files(Protocol):
    """The stored files."""

    def add_many(self, files: Sequence[File]) -> list[File]:
        """Store new files (their `id` is ignored) and return them, in order, with ids."""
        ...

    def get(self, file_id: int) -> File:
        """The file with its content; raises `LookupError`."""
        ...

    def save(self, file: File) -> None:
        """Write a changed one; raises `LookupError` where it is not stored."""
        ...

    def of_messages(self, message_ids: Iterable[int]) -> dict[int, list[File]]:
        """The files of these messages, by message id, without their contents."""
        ...

    def taken(self, case_id: int, *, handoff_id: int, since: datetime) -> tuple[int, int]:
        """How many files the customer sent in this hand-off of the case since `since`, and how many bytes they are together."""
        ...


class OptOuts(Protocol):
    """Who does not want to be written to in private."""

    def add(self, network: str, account_id: str, author_id: str, *, said: str, now: datetime) -> None:
        """Remember it; a second time changes nothing."""
        ...

    def remove(self, network: str, account_id: str, author_id: str) -> None:
        """Forget it: they have asked to be written to again."""
        ...

    def has(self, network: str, account_id: str, author_id: str) -> bool:
        """Whether this author has opted out."""
        ...


class ChatSessions(Protocol):
    """The browsers that a live chat is open in."""

    def add(self, session: ChatSession) -> ChatSession:
        """Store a new one (its `id` is ignored) and return it with its id."""
        ...

    def by_secret(self, secret_hash: str) -> ChatSession | None:
        """The one whose cookie has this SHA-256 hash, in hexadecimal."""
        ...

    def seen(self, session_id: int, *, now: datetime, message_id: int) -> None:
        """Note that it is there, and the newest of our messages that it shows; that never goes back."""
        ...

    def of_handoff(self, handoff_id: int) -> list[ChatSession]:
        """Those of a hand-off, oldest first."""
        ...


class Ratings(Protocol):
    """What customers said of a conversation that ended."""

    def put(self, rating: Rating) -> None:
        """Store it; a second one of the same hand-off takes the first one's place."""
        ...

    def of_handoff(self, handoff_id: int) -> Rating | None:
        """The one of a hand-off."""
        ...

    def satisfaction(self, *, since: datetime) -> Satisfaction:
        """What those said who answered since `since`."""
        ...


class Transcripts(Protocol):
    """The conversations that customers asked us to mail to them."""

    def add(self, transcript: Transcript) -> Transcript:
        """Store a new one (its `id` is ignored) and return it with its id."""
        ...

    def save(self, transcript: Transcript) -> None:
        """Write a changed one; raises `LookupError` where it is not stored."""
        ...

    def get(self, transcript_id: int) -> Transcript:
        """The one; raises `LookupError`."""
        ...

    def of_handoff(self, handoff_id: int) -> list[Transcript]:
        """Those of a hand-off, oldest first."""
        ...

    def by_external_id(self, external_ids: Iterable[str]) -> list[Transcript]:
        """Those that were mailed under one of these Message-IDs."""
        ...


class Signals(Protocol):
    """Words for whoever waits for news, in this process and in other copies of the bot: they wake, they never carry data."""

    def send(self, topic: str) -> None:
        """Have those who listen for `topic` wake once this is committed."""
        ...

    @property
    def sent(self) -> frozenset[str]:
        """What this unit of work will have said."""
        ...


class Cursors(Protocol):
    """How far each stream has been read."""

    def get(self, network: str, account_id: str, stream: str) -> Cursor:
        """The cursor, locked against other readers until the transaction ends; a fresh one where none is stored."""
        ...

    def save(self, cursor: Cursor) -> None:
        """Store it."""
        ...


class Accounts(Protocol):
    """Our accounts as they were last seen: enough to work on while a network is away."""

    def get(self, network: str) -> "Account | None":
        """The account, if there was one."""
        ...

    def save(self, account: "Account") -> None:
        """Remember it."""
        ...


class UnitOfWork(Protocol):
    """One transaction. Committed on leaving its `with` block in peace, rolled back otherwise."""

    @property
    def accounts(self) -> Accounts: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def suggestions(self) -> Suggestions: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def audit(self) -> AuditTrail: ...
    @property
    def thread_posts(self) -> ThreadPosts: ...
    @property
    def cursors(self) -> Cursors: ...
    @property
    def signals(self) -> Signals: ...
    @property
    def handoffs(self) -> Handoffs: ...
    @property
    def files(self) -> Files: ...
    @property
    def opt_outs(self) -> OptOuts: ...
    @property
    def chat_sessions(self) -> ChatSessions: ...
    @property
    def ratings(self) -> Ratings: ...
    @property
    def transcripts(self) -> Transcripts: ...


class StoreBusy(Exception):
    """The store cannot begin a transaction at once."""


class Store(Protocol):
    """Where units of work come from."""

    def unit_of_work(self, *, durable: bool = False) -> AbstractContextManager[UnitOfWork]:
        """Begin one. `durable` asks that its commit survives a loss of power, not only of the process."""
        ...

    def unit_of_work_at_once(self) -> AbstractContextManager[UnitOfWork]:
        """Begin one that waits for nothing, so that it may run on the event loop; raises `StoreBusy` where that cannot be."""
        ...

    @property
    def workers(self) -> int:
        """How many threads may use the store at once."""
        ...

    def listen(self, hear: Callable[[str | None], None]) -> None:
        """Tell `hear`, on another thread and until the store is closed, what other copies of the bot signal: each topic, and `None` where
        some may have been missed."""
        ...

    def close(self) -> None:
        """Let go of all connections."""
        ...


# --- the world outside: asynchronous ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One of the brand's own accounts on a network."""

    network: str
    id: str
    handle: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCount:
    """How long a text is by the network's own count, and how long it may be."""

    length: int
    limit: int

    @property
    def fits(self) -> bool:
        """Whether the network would take it."""
        return 0 < self.length <= self.limit


class SocialNetwork(Protocol):
    """A public network that customers write on. Readings raise `SourceError`."""

    @property
    def name(self) -> str:
        """Such as "x"."""
        ...

    async def account(self) -> Account:
        """Whom our credentials belong to."""
        ...

    async def mentions(self, account: Account, since_id: str | None) -> Page:
        """Posts that mention or quote the account since `since_id`, all pages of them."""
        ...

    async def search(self, account: Account, query: str, since_id: str | None) -> Page:
        """Posts that match the query since `since_id`, all pages of them."""
        ...

    async def reply(self, text: str, to_post_id: str) -> Outcome:
        """Answer a post publicly. `Done.result` holds "id" and "url"."""
        ...

    async def find_reply(self, account: Account, text: str, to_post_id: str, since: datetime) -> Finding:
        """Look among our own recent posts for that answer."""
        ...

    async def gone(self, post_ids: Sequence[str]) -> frozenset[str]:
        """Which of these posts can no longer be seen."""
        ...

    def count(self, text: str) -> TextCount:
        """The length of a reply."""
        ...

    def cost(self, text: str) -> float | None:
        """What the network charges for this reply, in US dollars; `None` where it charges nothing."""
        ...


class PrivateVenue(Protocol):
    """A way to write to a customer in private."""

    @property
    def venue(self) -> Venue:
        """Which."""
        ...

    def id_of(self, parcel: Parcel) -> str | None:
        """The id that we give it ourselves, which is stored before it leaves; `None` where the other side gives it one."""
        ...

    async def send(self, parcel: Parcel) -> Outcome:
        """Send it, as one try. `Done.result` holds "id", the other side's id of it."""
        ...

    async def find(self, parcel: Parcel, since: datetime) -> Finding:
        """Look on the other side whether an earlier try arrived. `Done.result` is as that of `send`."""
        ...


class TranscriptMail(Protocol):
    """How a chat's conversation is mailed."""

    def id_of(self, letter: TranscriptLetter) -> str:
        """The Message-ID that it has, which is stored before it leaves."""
        ...

    async def send(self, letter: TranscriptLetter) -> Outcome:
        """Send it, as one try."""
        ...

    async def find(self, letter: TranscriptLetter) -> Finding:
        """Look on the other side whether an earlier try arrived."""
        ...


class PrivateStream(Protocol):
    """Where customers' private messages are read. Readings raise `SourceError`."""

    async def read(self, account: Account, since_id: str | None) -> HeardPage:
        """What customers wrote to the account since `since_id`, all pages of it."""
        ...

    async def fetch(self, attachment: Attachment) -> IncomingFile:
        """A file of a message; `refused` where it cannot be had."""
        ...


class Drafter(Protocol):
    """A model that writes drafts."""

    async def draft(self, request: DraftRequest) -> Draft:
        """A draft that fits the request; raises `NoDraft`."""
        ...


class TeamChat(Protocol):
    """Where the team works: cards, threads, homes. Content is whatever its own renderer made."""

    async def post(
        self,
        channel: str,
        content: Mapping[str, Any],
        *,
        token: str,
        thread_ts: str | None = None,
        mark: Mapping[str, str | int] | None = None,
    ) -> Outcome:
        """Post a message that carries `token`, and `mark` beside it. `Done.result` holds "channel", "ts" and the mark.

        `channel` may be a person's id: the message is a direct one then.
        """
        ...

    async def update(self, channel: str, ts: str, content: Mapping[str, Any]) -> Outcome:
        """Change a message of ours."""
        ...

    async def find(
        self, channel: str, *, token: str, since: datetime, thread_ts: str | None = None
    ) -> Finding:
        """Look for the message that carries `token`. `Done.result` is as that of `post`."""
        ...

    async def publish_home(self, user_id: str, view: Mapping[str, Any]) -> Outcome:
        """Show a person their Home."""
        ...

    async def share_file(self, channel: str, file: File, *, thread_ts: str) -> Outcome:
        """Put a file into a thread. `Done.result` is never empty."""
        ...

    async def find_file(self, channel: str, file: File, *, thread_ts: str, since: datetime) -> Finding:
        """Look for that file in the thread. `Done.result` is as that of `share_file`."""
        ...

    async def mark(self, channel: str, ts: str, name: str) -> Outcome:
        """Put the mark of this name under a message."""
        ...


class Detector(Protocol):
    """Guesses a text's language."""

    def detect(self, text: str) -> str | None:
        """An ISO 639-1 code, or `None` where the text does not tell."""
        ...


class SentimentScorer(Protocol):
    """Guesses a text's mood."""

    def score(self, text: str, language: str) -> float:
        """From -1 (bitter) to 1 (delighted)."""
        ...
