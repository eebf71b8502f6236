"""A customer writes to us in private: their words become part of their case, which they re-open, raise, and tell of."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.accounts import Account
from domain.cases.case import Case
from domain.cases.case_lifecycle import add_post, open_case
from domain.cases.files import File
from domain.cases.messages import Direction, Message
from domain.chat.topics import chat_topic
from domain.delivery.effects import PostCard, ShareFile
from domain.handoffs.handoff import Handoff, HandoffState, Proof
from domain.intake.posts import Author, Post, ReplyBlock
from domain.intake.private_messages import IncomingMessage, check_files
from domain.records.audit import SYSTEM, Action, Entry
from domain.venues import Venue
from handlers.cases.transitions import notify, refresh_effects, save_change
from handlers.cases.views import MAX_CASE_MESSAGES
from handlers.handoffs.arrival import record_arrival, start_unsolicited_handoff
from handlers.handoffs.current import arrived_handoff, audit_detail
from handlers.intake.case_matching import match_case
from handlers.intake.mentions import ALL_STREAMS
from handlers.intake.sender_proof import is_sender_proven
from handlers.triage.classify import Classifier
from storage.unit_of_work import UnitOfWork

#: Whoever writes line by line is told of once; the thread shows every line at once.
IN_ONE_BREATH = timedelta(minutes=5)
#: How long a chat whose browser is not heard of counts as open on somebody's screen.
IN_USE = timedelta(minutes=15)


def private_stream(heard: IncomingMessage) -> str:
    """What a private message's id is unique within, besides the account: never that of the network's public posts."""
    return f"{heard.network}:{heard.venue.value}"


def ingest_private_message(
    uow: UnitOfWork, heard: IncomingMessage, *, classifier: Classifier, account: Account, now: datetime
) -> Message | None:
    """Store a customer's private message with its case, which it re-opens, raises and tells of; `None` where it was heard before.

    Where it belongs to no case it opens one, of `account`.
    """
    if heard.handoff_id is None:
        # Nobody else opens a case for this customer meanwhile. Where the case is known, its version is enough.
        uow.cursors.get(heard.network, heard.account_id, ALL_STREAMS)
    if uow.messages.known(private_stream(heard), heard.account_id, [heard.external_id]):
        return None
    case, handoff = match_case(uow, heard, window=classifier.policy.match_window, now=now)
    ear = _Ear(uow, replace(heard, files=check_files(heard.files)), classifier, account, now)
    return ear.begin() if case is None else ear.go_on(case, handoff)


@dataclass(frozen=True, slots=True)
class _Ear:
    """One message that is being taken in."""

    uow: UnitOfWork
    heard: IncomingMessage
    classifier: Classifier
    account: Account
    now: datetime

    def begin(self) -> Message:
        """The message opens a case of its own."""
        uow, classifier = self.uow, self.classifier
        post = self._as_post(self.heard.author)
        [case] = uow.cases.add_many(
            [open_case(self.account, post, classifier.assess(post), classifier.policy, self.now)]
        )
        message = self._store(case, self._come(case))
        uow.audit.add_many([self._entry(case, Action.CASE_OPENED, message)])
        suggestion = classifier.suggest(
            case.assessment,
            message.text,
            case.author.name,
            case_id=case.id,
            message_id=message.id,
            now=self.now,
        )
        uow.suggestions.add_many([suggestion] if suggestion else [])
        uow.outbox.add([PostCard(case.id, case.channel)], now=self.now, priority=case.sort_key)
        self._keep_files(case, message)
        return message

    def go_on(self, case: Case, handoff: Handoff | None) -> Message:
        """The message is one more of a case. Where they had yet to come, the trail tells first that they came."""
        uow = self.uow
        if handoff is not None and self._left_by_mail(handoff):
            handoff = None
        was_there = handoff is not None and handoff.state is HandoffState.ARRIVED
        chat = self._chat_in_use(case, handoff)
        there = chat or (self._come_by(case, handoff) if handoff is not None else self._come_unasked(case))
        before = uow.cases.get(case.id)
        # The author stays who they are in public, whatever they are called elsewhere.
        post = self._as_post(before.author)
        classifier = self.classifier
        after = add_post(before, post, classifier.assess(post), classifier.policy, self.now)
        saved = uow.cases.save(after)
        message = self._store(saved, there)
        uow.audit.add_many([self._entry(saved, Action.CUSTOMER_WROTE, message)])
        uow.outbox.add(refresh_effects(saved), now=self.now, priority=saved.sort_key)
        if chat is not None or handoff is None or (was_there and not _in_one_breath(before, self.now)):
            notify(uow, saved, before.claimed_by, Action.CUSTOMER_WROTE, actor=SYSTEM, now=self.now)
        self._keep_files(saved, message)
        if self.heard.venue is Venue.CHAT:
            uow.signals.send(chat_topic(there.id))
        return message

    def _chat_in_use(self, case: Case, handoff: Handoff | None) -> Handoff | None:
        """The chat that is open on somebody's screen: what is written elsewhere meanwhile, by whomever, does not end it, unless we offered that place since.

        The agent sees it, and may move the conversation.
        """
        place = arrived_handoff(self.uow, case.id)
        if place is None or place.venue is not Venue.CHAT or self.heard.venue is Venue.CHAT:
            return None
        if (
            handoff is not None
            and handoff.state is HandoffState.OFFERED
            and handoff.venue is self.heard.venue
        ):
            return None
        seen = (session.last_seen_at for session in self.uow.chat_sessions.of_handoff(place.id))
        return place if any(self.now - at < IN_USE for at in (place.arrived_at or self.now, *seen)) else None

    def _left_by_mail(self, handoff: Handoff) -> bool:
        """A mail that carries another venue's hand-off answers what was mailed from there, as a chat's transcript is: they are at their mailbox now."""
        return self.heard.venue is Venue.EMAIL and handoff.venue is not Venue.EMAIL

    def _come_by(self, case: Case, handoff: Handoff) -> Handoff:
        """What belongs to a hand-off but was said elsewhere, as a code is, moves nothing, and shows nobody to have come."""
        if handoff.venue is not self.heard.venue:
            return handoff
        return record_arrival(
            self.uow, handoff.id, now=self.now, address=self._address, proof=self._proof(case), wrote=True
        )

    def _come_unasked(self, case: Case) -> Handoff:
        there = self._come(case)
        save_change(
            self.uow, case, actor=SYSTEM, action=Action.ARRIVED, now=self.now, detail=audit_detail(there)
        )
        return there

    def _come(self, case: Case) -> Handoff:
        heard = self.heard
        nonce = f"{heard.venue.value}:{heard.account_id}:{heard.external_id}"
        return start_unsolicited_handoff(
            self.uow,
            case,
            venue=heard.venue,
            address=self._address,
            nonce=nonce,
            proof=self._proof(case),
            now=self.now,
        )

    @property
    def _address(self) -> str:
        return self.heard.address or self.heard.author.id

    def _proof(self, case: Case) -> Proof | None:
        who = (self.heard.network, self.heard.author.id)
        is_author = self.heard.venue is Venue.DM and who == (case.network, case.author.id)
        return Proof.SAME_ACCOUNT if is_author else None

    def _as_post(self, author: Author) -> Post:
        """What the rules read."""
        heard = self.heard
        return Post(
            network=self.account.network,
            account_id=self.account.id,
            id=heard.external_id,
            revision_id="",
            author=author,
            text=heard.text,
            created_at=heard.at,
            url="",
            conversation_id=f"{heard.venue.value}:{self._address}",
            reply_block=ReplyBlock.NO_POST,
            found_by=heard.venue.value,
        )

    def _store(self, case: Case, handoff: Handoff) -> Message:
        heard = self.heard
        draft = Message(
            id=0,
            case_id=case.id,
            direction=Direction.IN,
            venue=heard.venue,
            author_id=heard.author.id,
            author_name=heard.author.name,
            text=heard.text,
            created_at=min(heard.at, self.now),
            external_id=heard.external_id,
            reply_block=ReplyBlock.NO_POST,
            subject=heard.subject,
            original=heard.original,
            handoff_id=handoff.id if handoff.venue is heard.venue else None,
            vouched=is_sender_proven(self.uow, heard, case, handoff),
        )
        stream = private_stream(heard)
        [message] = self.uow.messages.add_many([draft], network=stream, account_id=heard.account_id)
        return message

    def _entry(self, case: Case, action: Action, message: Message) -> Entry:
        refused = [{"name": f.name, "why": f.refused} for f in self.heard.files if f.refused is not None]
        return Entry(
            at=self.now,
            actor=SYSTEM,
            action=action,
            case_id=case.id,
            version=case.version,
            message_id=message.id,
            detail={"venue": self.heard.venue.value} | ({"refused": refused} if refused else {}),
        )

    def _keep_files(self, case: Case, message: Message) -> None:
        kept = [
            File(
                id=0,
                case_id=case.id,
                message_id=message.id,
                name=file.name,
                media_type=file.media_type,
                size=len(file.content),
                created_at=self.now,
                content=file.content,
            )
            for file in self.heard.files
            if file.refused is None
        ]
        effects = [ShareFile(file.id, case.id, case.channel) for file in self.uow.files.add_many(kept)]
        if effects:
            self.uow.outbox.add(effects, now=self.now, priority=case.sort_key)


def _in_one_breath(case: Case, now: datetime) -> bool:
    """Whether whoever holds the case knows already that the customer is writing just now."""
    told = case.claimed_at is not None and case.claimed_at <= case.last_message_at
    return told and case.waiting_since is not None and now - case.last_message_at < IN_ONE_BREATH


def unshared_files(uow: UnitOfWork, case: Case) -> list[ShareFile]:
    """What brings the customer's files into the thread that are not there yet."""
    theirs = [
        m.id for m in uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES) if m.direction is Direction.IN
    ]
    files = [file for of_message in uow.files.of_messages(theirs).values() for file in of_message]
    return [ShareFile(file.id, case.id, case.channel) for file in files if file.shared_at is None]
