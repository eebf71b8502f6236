"""Assess a case by the customer's messages in it: what it is about now, and how urgent it is.

The newest words decide what it is about. The gravest unanswered words decide how urgent it is, until they are
answered, or taken back by thanks. What a person said of a message precedes what the customer wrote before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from domain.cases.case import Case, CaseState
from domain.cases.messages import Delivery, Direction, Message
from domain.intake.posts import ReplyBlock
from domain.triage.assessment import Assessment, Urgency
from domain.triage.language import proves_language, shows_language
from domain.triage.message_kind import THANKS_FROM, MessageKind, kind_of
from domain.triage.situations import Reason, Situation

#: These say nothing of what the case is about.
_NO_TOPIC = frozenset({Situation.OTHER, Situation.SPAM})
#: These do so only where nothing more specific is unanswered: who still waits and asks again or rants does it
#: about that, and must not fall in the queue for it.
_NO_TOPIC_WHILE_WAITING = frozenset({Situation.QUESTION, Situation.RANT, Situation.PRAISE})
#: Thanks do not take these back: a person answers them.
_KEPT_UNTIL_ANSWERED = frozenset({Reason.SAFETY.value, Reason.DISTRESS.value, Reason.LEGAL_THREAT.value})


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A customer's message, as far as the assessment of its case depends on it.

    `is_answered` is whether a reply that was written after it has been sent, `is_private` whether it was
    written in a private venue.
    """

    text: str
    at: datetime
    assessment: Assessment
    is_answered: bool = False
    is_private: bool = False

    @cached_property
    def kind(self) -> MessageKind:
        """What the message asks for."""
        return kind_of(self.text, self.assessment)

    @cached_property
    def shows_language(self) -> bool:
        """Whether it is long enough for its language to be likely."""
        return shows_language(self.text)

    @property
    def has_topic(self) -> bool:
        """Whether it says what the case is about."""
        is_topical = self.kind in {MessageKind.REQUEST, MessageKind.THANKS}
        return is_topical and self.assessment.situation not in _NO_TOPIC


@dataclass(frozen=True, slots=True)
class CaseAssessment:
    """The assessment of a case, and when its first unanswered statement was written."""

    assessment: Assessment
    unanswered_since: datetime


def statements_of(case: Case, messages: Iterable[Message]) -> list[Statement]:
    """Return the statements of a case's messages, without deleted ones.

    Messages without an assessment of their own have that of the case.
    """
    messages = list(messages)
    sent = (m.id for m in messages if m.direction is Direction.OUT and m.delivery is Delivery.SENT)
    last_sent_id = max(sent, default=0)
    return [
        Statement(
            text=message.words,
            at=message.created_at,
            assessment=message.assessment or case.assessment,
            is_answered=message.id < last_sent_id,
            is_private=message.venue.is_private,
        )
        for message in messages
        if message.direction is Direction.IN and message.deleted_at is None
    ]


def is_language_certain(statements: Iterable[Statement]) -> bool:
    """Return whether a person said the case's language, or a statement is long enough to prove it."""
    return any(said.assessment.is_corrected or proves_language(said.text) for said in statements)


def assess_case(statements: Iterable[Statement]) -> CaseAssessment | None:
    """Assess a case by its statements; `None` where all are answered.

    Words that no reply answers count even where the case was closed meanwhile.
    """
    waiting: list[Statement] = []  # unanswered
    counting: list[Statement] = []  # those of them that decide how urgent the case is
    topic: Statement | None = None
    language, is_served = "", False
    for statement in sorted(statements, key=lambda statement: statement.at):
        if statement.shows_language or not language:
            language = statement.assessment.language
        if not statement.is_answered and statement.kind is MessageKind.THANKS:
            waiting = list(filter(is_kept_until_answered, waiting))
            counting = list(filter(is_kept_until_answered, counting))
        # Our invitation to a private venue answers nothing: who comes there goes on about the same.
        is_arriving = statement.is_private and not is_served and statement.kind is not MessageKind.THANKS
        is_served |= statement.is_private and statement.is_answered
        before = topic
        unserved = [topic] if is_arriving and topic is not None else waiting
        if topic is None or statement.assessment.is_corrected or _changes_topic(statement, topic, unserved):
            topic = statement
        if not statement.is_answered:
            waiting.append(statement)
            counting = [*([] if statement.assessment.is_corrected else counting), statement]
            is_judged = statement.assessment.is_corrected
            if is_arriving and not is_judged and before is not None and _is_about_the_same(topic, before):
                counting.append(before)
    if topic is None or not waiting:
        return None
    newest = next((s for s in reversed(waiting) if s.kind is not MessageKind.DATA), topic)
    urgency = max(_urgency_of(statement, topic) for statement in counting)
    gravest = [statement for statement in counting if _urgency_of(statement, topic) is urgency]
    reasons = (reason for statement in [*gravest, newest] for reason in statement.assessment.reasons)
    return CaseAssessment(
        Assessment(
            language=language,
            situation=topic.assessment.situation,
            urgency=urgency,
            reasons=tuple(dict.fromkeys(reasons)),
            sentiment=newest.assessment.sentiment,
        ),
        waiting[0].at,
    )


def _changes_topic(statement: Statement, topic: Statement, waiting: Sequence[Statement]) -> bool:
    """Return whether a statement changes what the case is about; `waiting` are the unanswered ones so far."""
    if not topic.has_topic:
        return statement.has_topic or statement.kind is MessageKind.REQUEST
    if topic in waiting and statement.assessment.situation in _NO_TOPIC_WHILE_WAITING:
        return topic.assessment.situation in _NO_TOPIC_WHILE_WAITING
    return statement.has_topic


def _is_about_the_same(topic: Statement, before: Statement) -> bool:
    return before.has_topic and topic.assessment.situation is before.assessment.situation


def _urgency_of(statement: Statement, topic: Statement) -> Urgency:
    """Return the urgency of a statement.

    Data and remarks go on with the topic, often because we asked: they have some of its urgency, and all of
    it where it is about danger or the law. A friendly remark has its own ("ok, thanks, I'll wait"). What a
    person said of the message itself decides, and what they said of the topic is not raised by a remark.
    """
    own, of_topic = statement.assessment, topic.assessment.urgency
    if own.is_corrected:
        return own.urgency
    carried = of_topic if is_kept_until_answered(topic) else min(of_topic, Urgency.NORMAL)
    match statement.kind:
        case MessageKind.DATA:
            return carried
        case MessageKind.REMARK if own.sentiment < THANKS_FROM:
            return carried if topic.assessment.is_corrected else max(own.urgency, carried)
        case _:
            return own.urgency


def is_kept_until_answered(statement: Statement) -> bool:
    """Return whether thanks do not take the statement back."""
    return not _KEPT_UNTIL_ANSWERED.isdisjoint(statement.assessment.reasons)


def wants_suggestion(statement: Statement, earlier: Sequence[Statement]) -> bool:
    """Return whether a reply should be suggested for the newest statement of a case.

    None for thanks, remarks and data in the middle of a conversation, and none for a message of which a
    person said that it wants nothing, unless it is thanks.
    """
    if statement.assessment.is_corrected and statement.kind is MessageKind.REMARK:
        return False
    return not earlier or statement.kind is MessageKind.REQUEST


def needs_suggestion(case: Case, message: Message, messages: Iterable[Message]) -> bool:
    """Return whether a reply should be suggested for the customer's newest message; `messages` are all.

    None in private after the first message.
    """
    earlier = [m for m in messages if m.direction is Direction.IN and m.id < message.id]
    [statement], before = statements_of(case, [message]), statements_of(case, earlier)
    return wants_suggestion(statement, before) and not (message.venue.is_private and before)


def newest_live_message(messages: Iterable[Message]) -> Message | None:
    """Return the customer's newest message that is not deleted."""
    live = (m for m in messages if m.direction is Direction.IN and m.deleted_at is None)
    return max(live, key=lambda message: (message.created_at, message.id), default=None)


def asks_nothing(case: Case, messages: Iterable[Message]) -> bool:
    """Return whether the customer's newest words are thanks, a remark ("sent you a DM") or only data."""
    newest = newest_live_message(messages)
    return newest is not None and statements_of(case, [newest])[0].kind is not MessageKind.REQUEST


def deciding_message(case: Case, messages: Iterable[Message]) -> Message | None:
    """Return the customer's newest live message that says something, or else the newest live one.

    What a person has said something of does. That is the one that a person means who says what the case is
    about.
    """
    live = [m for m in messages if m.direction is Direction.IN and m.deleted_at is None]
    saying = [m for m in live if _says_something(m.text, m.assessment or case.assessment)]
    return newest_live_message(saying) or newest_live_message(live)


def _says_something(text: str, assessment: Assessment) -> bool:
    is_said = kind_of(text, assessment) in {MessageKind.REQUEST, MessageKind.THANKS}
    return is_said or assessment.is_corrected


def offers_resolve(case: Case, messages: Sequence[Message]) -> bool:
    """Return whether the case is likely resolved.

    That is where the newest words are thanks, and not the first words, or where all that asked is gone.
    """
    if case.state is CaseState.OPEN and case.waiting_since is None and case.reply_block is ReplyBlock.GONE:
        return True
    newest = newest_live_message(messages)
    if newest is None or not case.state.is_active or case.assessment.urgency is not Urgency.LOW:
        return False
    is_thanks = kind_of(newest.text, newest.assessment or case.assessment) is MessageKind.THANKS
    return is_thanks and any(
        m.direction is Direction.IN or m.delivery is Delivery.SENT for m in messages if m.id != newest.id
    )
