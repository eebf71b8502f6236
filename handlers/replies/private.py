"""An agent writes to the customer in private: it goes to wherever the conversation is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.cases.case import Case, CaseEvent
from domain.cases.case_lifecycle import mark_answered
from domain.cases.files import MOST, File, objection
from domain.cases.messages import Delivery, Direction, Message
from domain.chat.topics import chat_topic, typing_topic
from domain.delivery.effects import MarkMessage
from domain.errors import Refused
from domain.handoffs.handoff import Handoff, may_read
from domain.networks import Networks
from domain.records.audit import Action
from domain.replies.forms import PrivateForm
from domain.replies.outgoing_message import OutgoingMessage, new_private_reply, send_effect
from domain.venues import Venue
from handlers.cases.preconditions import require_active, require_not_held_by_another
from handlers.cases.transitions import apply_event
from handlers.cases.views import newest_inbound_id, view_case
from handlers.handoffs.current import arrived_handoff
from handlers.handoffs.opt_out import has_opted_out
from storage.unit_of_work import UnitOfWork

DELIVERED_MARK = "white_check_mark"
FAILED_MARK = "warning"
EARLIER_AT_MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that an agent attached: `source` is the team chat's id of it."""

    source: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateReply:
    """What an agent says to the customer in private.

    `client_key` is the form's or the message's own, so that a second delivery of it is the same message;
    `thread_ts` and `thread_channel` are where it stands in the thread. `seen` is the newest customer message that the
    person was shown, and `handoff_id` where they were told that it goes; `None` where they write in the thread, which
    shows all.
    """

    case_id: int
    user_id: str
    text: str
    client_key: str
    thread_ts: str | None = None
    thread_channel: str | None = None
    files: Sequence[Attachment] = ()
    seen: int | None = None
    handoff_id: int | None = None
    revision: int = 0


def open_private(
    uow: UnitOfWork, *, case_id: int, user_id: str, networks: Networks, now: datetime
) -> PrivateForm:
    """What the form for a private answer shows. Raises `Refused` where nothing can be said in private now."""
    view = view_case(uow, case_id=case_id, now=now)
    require_active(view.case)
    handoff = _require_there(uow, view.case, user_id)
    uow.signals.send(typing_topic(handoff.id))
    failed = view.answer if view.answer and view.answer.delivery is Delivery.FAILED else None
    return PrivateForm(
        view=view,
        handoff=handoff,
        text=failed.text if failed and failed.venue is handoff.venue else "",
        limit=networks.max_private_length(view.case.network, handoff.venue),
        seen=newest_inbound_id(list(view.messages)),
    )


def signal_typing(uow: UnitOfWork, *, handoff_id: int) -> None:
    """Somebody of ours is still writing: whoever is there may see it."""
    uow.signals.send(typing_topic(handoff_id))


def send_private_reply(
    uow: UnitOfWork, said: PrivateReply, *, networks: Networks, now: datetime
) -> Message | PrivateForm:
    """Let an agent's private message go, or give the form back where the customer wrote meanwhile.

    Raises `Refused` where it cannot be said: by somebody who has not claimed the case, to nobody, too long, or to somebody who opted out.
    """
    case = uow.cases.get(said.case_id)
    earlier = uow.messages.by_client_key(said.client_key)
    if earlier is not None:
        return earlier
    require_active(case)
    handoff = _require_there(uow, case, said.user_id)
    if said.handoff_id not in (None, handoff.id):
        raise Refused(
            f"Nothing was sent: the conversation has moved since this form was opened, to {handoff.venue.label.lower()}, where "
            "somebody else may read it. Look at the card, then press Answer… again."
        )
    _require_sayable(said, networks.max_private_length(case.network, handoff.venue))
    if said.seen is not None:
        form = open_private(uow, case_id=case.id, user_id=said.user_id, networks=networks, now=now)
        news = [m for m in form.view.messages if m.direction is Direction.IN and m.id > said.seen]
        if news:
            return replace(form, text=said.text, news=news, revision=said.revision + 1)
    return _enqueue(uow, case, handoff, said, now)


def _enqueue(uow: UnitOfWork, case: Case, handoff: Handoff, said: PrivateReply, now: datetime) -> Message:
    """Store the message: a chat's is with its page from then on, but for one whose files are yet to be fetched; others go by the outbox."""
    at_once = handoff.venue is Venue.CHAT and not said.files
    draft = new_private_reply(
        case, handoff.venue, said.text.strip(), by=said.user_id, client_key=said.client_key, now=now
    )
    draft = replace(
        draft, thread_ts=said.thread_ts, thread_channel=said.thread_channel, handoff_id=handoff.id
    )
    if at_once:
        draft = replace(draft, delivery=Delivery.SENT, sent_at=now)
        case = mark_answered(case, None, now)
    [message] = uow.messages.add_many([draft], network=case.network, account_id=case.account_id)
    uow.files.add_many([_attached(file, message, now) for file in said.files])
    changed = apply_event(
        uow,
        case,
        CaseEvent.ANSWER,
        actor=said.user_id,
        action=Action.REPLY_SENT if at_once else Action.REPLY_QUEUED,
        now=now,
        message_id=message.id,
        detail={"text": message.text, "venue": handoff.venue.value, "files": [f.name for f in said.files]},
        snoozed_until=None,
    )
    if at_once:
        uow.signals.send(chat_topic(handoff.id))
    else:
        uow.outbox.add([send_effect(message, changed)], now=now, priority=changed.sort_key)
    return message


def load_outgoing(uow: UnitOfWork, *, message_id: int) -> OutgoingMessage:
    """The message with everything that its venue needs to send it; raises `LookupError` where it belongs to no hand-off.

    Of what was said before, only what whoever reads it may know.
    """
    message = uow.messages.get(message_id)
    if message.handoff_id is None:
        raise LookupError(f"message {message_id} belongs to no hand-off")
    handoff = uow.handoffs.get(message.handoff_id)
    files = uow.files.of_messages([message_id]).get(message_id, [])
    said = uow.messages.of_case(message.case_id, limit=EARLIER_AT_MOST)
    return OutgoingMessage(
        case=uow.cases.get(message.case_id),
        handoff=handoff,
        message=message,
        earlier=[one for one in said if one.id < message_id and may_read(handoff, one)],
        files=[uow.files.get(file.id) for file in files],
    )


def load_outgoing_to_send(uow: UnitOfWork, *, message_id: int) -> OutgoingMessage:
    """`pack`, of what may still go; raises `Refused` where the customer has opted out since."""
    parcel = load_outgoing(uow, message_id=message_id)
    if parcel.handoff.venue is Venue.DM and has_opted_out(uow, parcel.case):
        raise Refused("the customer has asked not to be written to in private")
    return parcel


def record_delivered(uow: UnitOfWork, *, message_id: int, now: datetime) -> None:
    """The other side has it: what an agent wrote in the thread is marked, once. Not a change of the case."""
    case = uow.cases.get(uow.messages.get(message_id).case_id)
    message = uow.messages.get(message_id)
    if message.delivered_at is not None:
        return
    uow.messages.save(replace(message, delivered_at=now))
    mark_thread_message(uow, case, message, DELIVERED_MARK, now=now)


def mark_thread_message(uow: UnitOfWork, case: Case, message: Message, name: str, *, now: datetime) -> None:
    """Mark the thread message that this was written in, if it was."""
    channel = message.thread_channel or case.card_channel
    if message.thread_ts is not None and channel is not None:
        uow.outbox.add([MarkMessage(channel, message.thread_ts, name)], now=now)


def _require_there(uow: UnitOfWork, case: Case, user_id: str) -> Handoff:
    """Where the conversation is, if it is in private and this person may speak there."""
    handoff = arrived_handoff(uow, case.id)
    if handoff is None and uow.handoffs.current(case.id) is not None:
        raise Refused(
            "Nothing was sent to the customer: they have been told where to go, and are not there yet. "
            "The card will say when they arrive."
        )
    if handoff is None:
        raise Refused(
            "Nothing was sent to the customer: this conversation is public, and in public only the answer form sends. "
            "Press Answer… on the card, or Move to… to go somewhere private."
        )
    require_not_held_by_another(case, user_id)
    if case.claimed_by is None:
        raise Refused(
            "Nothing was sent to the customer: only whoever has claimed the case speaks to them. Press Claim on the card first."
        )
    if handoff.venue is Venue.DM and has_opted_out(uow, case):
        raise Refused(
            "Nothing was sent: the customer has asked not to be written to in private. Press Move to… and Back to public."
        )
    return handoff


def _require_sayable(said: PrivateReply, limit: int) -> None:
    if not said.text.strip() and not said.files:
        raise Refused("Nothing was sent to the customer: there is no text. Write it behind the bot's name.")
    if len(said.text) > limit:
        raise Refused(
            f"Nothing was sent to the customer: the text has {len(said.text):,} characters, and {limit:,} may go. Shorten it."
        )
    if len(said.files) > MOST:
        raise Refused(
            f"Nothing was sent to the customer: {MOST} files may go with one message. Take some out."
        )
    for file in said.files:
        _require_allowed(file)


def _require_allowed(file: Attachment) -> None:
    why = objection(file.media_type, file.size)
    if why is not None:
        raise Refused(
            f"Nothing was sent to the customer: “{file.name}” cannot go along, because {why}. Write again without it."
        )


def _attached(file: Attachment, message: Message, now: datetime) -> File:
    return File(
        id=0,
        case_id=message.case_id,
        message_id=message.id,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        created_at=now,
        source=file.source,
    )
