"""Ingest a private message: append it to its case, reopen and re-rank the case, notify its assignee."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.accounts import Account
from domain.cases.case import Case
from domain.cases.case_assessment import statements_of
from domain.cases.case_lifecycle import add_post, open_case
from domain.cases.messages import Direction, Message
from domain.chat.topics import chat_topic
from domain.handoffs.handoff import Handoff, HandoffState, Proof
from domain.handoffs.verification_codes import without_code
from domain.intake.posts import Author, Post, ReplyBlock
from domain.intake.private_messages import IncomingMessage, SenderCheck, check_files
from domain.intake.sender_proof import is_sender_proven
from domain.records.audit import SYSTEM, Action, Entry
from domain.triage.assessment import Assessment
from domain.venues import Venue
from handlers.cases.cards import refresh_card
from handlers.cases.customer_tags import notify_watchers, tags_of_authors
from handlers.cases.transitions import notify, save_change
from handlers.cases.views import load_statements
from handlers.cases.waits import WaitWords, follow_new_cases, follow_words
from handlers.handoffs.arrival import record_arrival, start_unsolicited_handoff
from handlers.handoffs.current_handoff import arrived_handoff, audit_detail
from handlers.intake.mentions import ALL_STREAMS
from handlers.intake.private_files import store_files
from handlers.intake.unproven_mails import find_place, is_stranger, keep_apart
from handlers.surge.flood import Arrival, admit_cards
from handlers.triage.classify import Classifier
from handlers.triage.vectors import keep_vectors
from storage.unit_of_work import UnitOfWork

#: Debounces notifications: messages that follow each other within this time notify the assignee once. The
#: thread shows each of them immediately.
NOTIFY_DEBOUNCE = timedelta(minutes=5)
#: A chat counts as open in a browser for this long after the browser's last request.
CHAT_IDLE_AFTER = timedelta(minutes=15)


def private_stream(message: IncomingMessage) -> str:
    """Return the namespace, unlike that of public posts, in which its id is unique with the account."""
    return f"{message.network}:{message.venue.value}"


def ingest_private_message(
    uow: UnitOfWork,
    incoming: IncomingMessage,
    *,
    classifier: Classifier,
    account: Account,
    now: datetime,
    known: tuple[Case, Handoff] | None = None,
) -> Message | None:
    """Store a customer's private message in its case, reopen and re-rank that, and notify its assignee.

    Opens a case of `account` if no case matches. A mail that may not be the customer's stands apart from
    their open case, and opens one of its own where theirs is closed. Returns `None` for such a mail that
    stands apart, and for a duplicate. `known` are the case and the hand-off of a chat, both as one statement
    has read them: whatever changes the one or the other since has the case's version conflict.
    """
    if incoming.handoff_id is None:
        # Locks the row, so that no concurrent transaction opens a second case for this customer. With a
        # hand-off id the case is known, and its version protects it.
        uow.cursors.get(incoming.network, incoming.account_id, ALL_STREAMS)
    if uow.messages.known(private_stream(incoming), incoming.account_id, [incoming.external_id]):
        return None
    policy = classifier.policy
    case, handoff, doubt = (*known, None) if known else find_place(uow, incoming, policy, now)
    is_apart = incoming.venue is Venue.EMAIL and uow.unproven_mails.is_known(
        incoming.network, incoming.account_id, incoming.external_id
    )
    is_confirmed = handoff is not None and doubt is None and incoming.sender_check is SenderCheck.PASSED
    # A copy that our mail server confirms may come behind one that it does not, such as through a group.
    if is_apart and not is_confirmed:
        return None
    if case is not None and handoff is not None and doubt is not None:
        keep_apart(uow, incoming, case, handoff, doubt, policy=policy, now=now)
        return None
    incoming = replace(incoming, files=check_files(incoming.files))
    ingestion = _Ingestion(uow, incoming, classifier, account, now, is_one_read=known is not None)
    return ingestion.into_new_case() if case is None else ingestion.into_case(case, handoff)


def ingest_vouched(
    uow: UnitOfWork,
    mail: IncomingMessage,
    case_id: int | None,
    handoff: Handoff | None,
    *,
    classifier: Classifier,
    now: datetime,
) -> Message:
    """Store a mail that was kept apart: in the case of which a person says that it is, else in a new one."""
    account = Account(network=mail.network, id=mail.account_id, handle=mail.account_id, name=mail.account_id)
    ingestion = _Ingestion(uow, mail, classifier, account, now, is_vouched=case_id is not None)
    return (
        ingestion.into_new_case() if case_id is None else ingestion.into_case(uow.cases.get(case_id), handoff)
    )


@dataclass(frozen=True, slots=True)
class _Ingestion:
    """One incoming message with what its ingestion needs; its files are checked already.

    `is_vouched`: a person says that the customer wrote it. `is_one_read`: case and hand-off are of one read.
    """

    uow: UnitOfWork
    incoming: IncomingMessage
    classifier: Classifier
    account: Account
    now: datetime
    is_vouched: bool = False
    is_one_read: bool = False

    def into_new_case(self) -> Message:
        """Open a case for the message, and store the message in it."""
        uow, classifier = self.uow, self.classifier
        post = self._as_post(self.incoming.author)
        assessment = classifier.assess(post)
        author, policy = self.incoming.author, classifier.policy
        tags = tags_of_authors(uow, self.account, [author], policy, now=self.now).get(author.id, ())
        names = [tag.name for tag in tags]
        opened = open_case(self.account, post, assessment, policy, self.now, customer_tags=names)
        if is_stranger(uow, self.incoming, now=self.now):
            opened = replace(opened, routing=replace(opened.routing, is_stranger=True))
        [case] = uow.cases.add_many([opened])
        message = self._store(case, self._start_unsolicited_handoff(case), assessment)
        follow_new_cases(uow, [WaitWords(case, statements_of(case, [message]), [message])])
        uow.audit.add_many([self._entry(case, Action.CASE_OPENED, message)])
        admit_cards(uow, [Arrival(case, 1, True)], now=self.now)
        store_files(uow, case, message, self.incoming.files, now=self.now)
        notify_watchers(uow, case, tags, policy, now=self.now)
        return message

    def into_case(self, case: Case, handoff: Handoff | None) -> Message:
        """Append the message to the case; an arrival that it implies precedes it in the audit trail."""
        uow = self.uow
        if handoff is not None and self._is_mail_from_elsewhere(handoff):
            handoff = None
        had_arrived = handoff is not None and handoff.state is HandoffState.ARRIVED
        chat = self._open_chat(case, handoff)
        current = chat or (
            self._record_arrival(case, handoff)
            if handoff is not None
            else self._record_unsolicited_arrival(case)
        )
        before = case if self.is_one_read and current is handoff else uow.cases.get(case.id)
        # The case keeps the author's public name, whatever they are called at this venue.
        post = self._as_post(before.author)
        classifier = self.classifier
        has_digits = any(map(str.isdigit, post.text))
        codes = [handoff.code for handoff in uow.handoffs.of_case(case.id)] if has_digits else []
        assessment = classifier.assess(replace(post, text=without_code(post.text, codes)))
        earlier = load_statements(uow, before)
        after = add_post(before, post, assessment, classifier.policy, self.now, earlier=earlier)
        saved = uow.cases.save(after)
        message = self._store(saved, current, assessment)
        statements = [*earlier, *statements_of(saved, [message])]
        follow_words(uow, [WaitWords(saved, statements, [message])], now=self.now)
        uow.audit.add_many([self._entry(saved, Action.CUSTOMER_WROTE, message)])
        refresh_card(uow, saved, actor=SYSTEM, now=self.now)
        # In the other cases, a notification of the arrival or of the code has been queued already.
        if chat is not None or handoff is None or (had_arrived and not _is_debounced(before, self.now)):
            notify(uow, saved, before.claimed_by, Action.CUSTOMER_WROTE, actor=SYSTEM, now=self.now)
        store_files(uow, saved, message, self.incoming.files, now=self.now)
        if self.incoming.venue is Venue.CHAT:
            uow.signals.send(chat_topic(current.id))
        return message

    def _open_chat(self, case: Case, handoff: Handoff | None) -> Handoff | None:
        """Return the case's chat if it is open in a browser and stays the current hand-off.

        A message at another venue does not end an open chat, whoever sent it, unless we have offered that
        venue since: the agent sees the message, and may move the conversation.
        """
        if self.incoming.venue is Venue.CHAT:
            return None
        chat = arrived_handoff(self.uow, case.id)
        if chat is None or chat.venue is not Venue.CHAT:
            return None
        if (
            handoff is not None
            and handoff.state is HandoffState.OFFERED
            and handoff.venue is self.incoming.venue
        ):
            return None
        seen_at = (session.last_seen_at for session in self.uow.chat_sessions.of_handoff(chat.id))
        is_open = any(self.now - at < CHAT_IDLE_AFTER for at in (chat.arrived_at or self.now, *seen_at))
        return chat if is_open else None

    def _is_mail_from_elsewhere(self, handoff: Handoff) -> bool:
        """Return whether the message is a mail that carries the hand-off of another venue.

        It answers a mail that was sent from there, such as a chat's transcript: the customer is at their
        mailbox now.
        """
        return self.incoming.venue is Venue.EMAIL and handoff.venue is not Venue.EMAIL

    def _record_arrival(self, case: Case, handoff: Handoff) -> Handoff:
        """Record the customer's arrival at the hand-off, unless they wrote at another venue (a code)."""
        if handoff.venue is not self.incoming.venue:
            return handoff
        now, address, proof = self.now, self._address, self._proof(case)
        known = handoff if self.is_one_read else None
        return record_arrival(
            self.uow, handoff.id, now=now, address=address, proof=proof, wrote=True, known=known
        )

    def _record_unsolicited_arrival(self, case: Case) -> Handoff:
        handoff = self._start_unsolicited_handoff(case)
        save_change(
            self.uow, case, actor=SYSTEM, action=Action.ARRIVED, now=self.now, detail=audit_detail(handoff)
        )
        return handoff

    def _start_unsolicited_handoff(self, case: Case) -> Handoff:
        incoming = self.incoming
        nonce = f"{incoming.venue.value}:{incoming.account_id}:{incoming.external_id}"
        return start_unsolicited_handoff(
            self.uow,
            case,
            venue=incoming.venue,
            address=self._address,
            nonce=nonce,
            proof=self._proof(case),
            now=self.now,
        )

    @property
    def _address(self) -> str:
        return self.incoming.address or self.incoming.author.id

    def _proof(self, case: Case) -> Proof | None:
        sender = (self.incoming.network, self.incoming.author.id)
        is_author = self.incoming.venue is Venue.DM and sender == (case.network, case.author.id)
        return Proof.SAME_ACCOUNT if is_author else None

    def _as_post(self, author: Author) -> Post:
        """Represent the message as a post, which the rules of classification and of cases take."""
        incoming = self.incoming
        return Post(
            network=self.account.network,
            account_id=self.account.id,
            id=incoming.external_id,
            revision_id="",
            author=author,
            text=incoming.text,
            created_at=incoming.at,
            url="",
            conversation_id=f"{incoming.venue.value}:{self._address}",
            match_reason=None,
            reply_block=ReplyBlock.NO_POST,
        )

    def _store(self, case: Case, handoff: Handoff, assessment: Assessment) -> Message:
        incoming, uow = self.incoming, self.uow
        draft = Message(
            id=0,
            case_id=case.id,
            direction=Direction.IN,
            venue=incoming.venue,
            author_id=incoming.author.id,
            author_name=incoming.author.name,
            text=incoming.text,
            created_at=min(incoming.at, self.now),
            external_id=incoming.external_id,
            reply_block=ReplyBlock.NO_POST,
            subject=incoming.subject,
            original=incoming.original,
            handoff_id=handoff.id if handoff.venue is incoming.venue else None,
            sender_authenticated=self.is_vouched or is_sender_proven(incoming, case, handoff),
            assessment=assessment,
        )
        stream = private_stream(incoming)
        [message] = uow.messages.add_many([draft], network=stream, account_id=incoming.account_id)
        keep_vectors(uow, self.classifier, [message])
        return message

    def _entry(self, case: Case, action: Action, message: Message) -> Entry:
        refused = [{"name": f.name, "why": f.refused} for f in self.incoming.files if f.refused is not None]
        return Entry(
            at=self.now,
            actor=SYSTEM,
            action=action,
            case_id=case.id,
            version=case.version,
            message_id=message.id,
            detail={"venue": self.incoming.venue.value} | ({"refused": refused} if refused else {}),
        )


def _is_debounced(case: Case, now: datetime) -> bool:
    """Return whether the case's assignee was notified of the customer's unanswered last message just now."""
    was_notified = case.claimed_at is not None and case.claimed_at <= case.last_message_at
    return (
        was_notified and case.waiting_since is not None and abs(now - case.last_message_at) < NOTIFY_DEBOUNCE
    )
