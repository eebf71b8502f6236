"""Choose which of the customer's words a card shows: those that ask something, not a code after them."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.cases.case import Case
from domain.cases.case_assessment import newest_live_message, statements_of
from domain.cases.messages import Delivery, Direction, Message
from domain.triage.features import MAX_READ_LENGTH, encodable
from domain.triage.message_kind import MessageKind
from domain.triage.pointed_at import words_of_topic
from domain.triage.situations import Situation

#: Words of a message that may only ask again.
MAX_NUDGE_WORDS = 5
_NO_TOPIC = frozenset({Situation.QUESTION, Situation.RANT, Situation.OTHER})
_SAYS_SOMETHING = frozenset({MessageKind.REQUEST, MessageKind.THANKS})


@dataclass(frozen=True, slots=True)
class ShownWords:
    """The message whose words are shown, and what the customer sent after it that is only data.

    `data` are numbers, codes and addresses, oldest first: such as a verification code, or the order number
    that we asked for.
    """

    message: Message
    data: Sequence[Message] = ()


def shown_words(case: Case, newest: Message, messages: Sequence[Message]) -> ShownWords:
    """Return what is shown of the customer's words; `newest` is their newest message, `messages` are all.

    That is the newest message, unless it is only data and another one before it says something.
    """
    if newest.deleted_at is not None or _kind(case, newest) is not MessageKind.DATA:
        return ShownWords(newest)
    before = [
        one
        for one in messages
        if one.direction is Direction.IN and one.deleted_at is None and one.id < newest.id
    ]
    said = [one for one in before if _kind(case, one) is not MessageKind.DATA and not one.is_withheld]
    saying = [one for one in said if _kind(case, one) in _SAYS_SOMETHING]
    if not said:
        return ShownWords(newest)
    shown = (saying or said)[-1]
    data = [one for one in before if one.id > shown.id and _kind(case, one) is MessageKind.DATA]
    return ShownWords(shown, [*data, newest])


def topic_words(case: Case, messages: Sequence[Message], shown: Sequence[Message]) -> Message | None:
    """Return the newest of the customer's messages that says what the case is about.

    `None` where `shown`, some of the messages, has such a one already.
    """
    about = [one for one in messages if _is_about(case, one)]
    return about[-1] if about and not any(one in shown for one in about) else None


def asked_before(case: Case, shown: Message, messages: Sequence[Message]) -> Message | None:
    """Return the unanswered message that the `shown` one asks about again ("any news?").

    `None` where `shown` says itself what the case is about, gives thanks or is deleted.
    """
    if shown.deleted_at is not None or _kind(case, shown) is MessageKind.THANKS:
        return None
    until = [one for one in messages if one.id <= shown.id]
    topic = topic_words(case, until, [shown])
    topic = _longer_request(case, topic or shown, until) or topic
    if topic is None or any(one.delivery is Delivery.SENT and one.id > topic.id for one in messages):
        return None
    return topic


def _longer_request(case: Case, shown: Message, messages: Sequence[Message]) -> Message | None:
    """Return the newest request before a short one without a topic ("hello? anybody?"), if that says more."""
    read = shown.assessment or case.assessment
    length = len(encodable(shown.text[:MAX_READ_LENGTH]).split())
    if shown.media or read.situation not in _NO_TOPIC or length > MAX_NUDGE_WORDS:
        return None
    before = (one for one in reversed(messages) if one.direction is Direction.IN and one.id < shown.id)
    longer = (one for one in before if len(encodable(one.text[:MAX_READ_LENGTH]).split()) > MAX_NUDGE_WORDS)
    return next((one for one in longer if _kind(case, one) is MessageKind.REQUEST), None)


def words_to_answer(message: Message) -> str:
    """Return the words by which an answer to the message is chosen."""
    read = message.assessment
    return words_of_topic(message.words, read, message.context.pointed_at) if read else message.words


def asked_words(case: Case, messages: Sequence[Message]) -> Message | None:
    """Return the message that an answer is for: the newest, or what that asks about again."""
    newest = newest_live_message(messages)
    return newest and (asked_before(case, newest, messages) or newest)


def _is_about(case: Case, message: Message) -> bool:
    if message.direction is not Direction.IN or message.deleted_at is not None or message.is_withheld:
        return False
    read = message.assessment or case.assessment
    return read.situation is case.assessment.situation and _kind(case, message) is MessageKind.REQUEST


def _kind(case: Case, message: Message) -> MessageKind:
    if message.media:
        return MessageKind.REQUEST  # a picture says something beside a number
    return statements_of(case, [message])[0].kind
