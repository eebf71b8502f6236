"""Send an agent's private reply to the venue where the case's conversation is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.cases.case import Case, CaseEvent
from domain.cases.case_lifecycle import mark_answered
from domain.cases.files import File
from domain.cases.messages import Delivery, Direction, Message
from domain.cases.preconditions import require_active, require_not_assigned_to_another
from domain.chat.topics import chat_topic, typing_topic
from domain.delivery.thread_effects import AddReaction
from domain.errors import ConversationMoved, Refused
from domain.handoffs.handoff import Handoff, may_read
from domain.networks import Networks
from domain.records.audit import Action
from domain.replies.checks.reply import Reply
from domain.replies.forms import PrivateReplyForm
from domain.replies.outgoing_message import OutgoingMessage, new_private_reply, send_effect
from domain.replies.private_limits import OutgoingAttachment, require_within_limits
from domain.replies.rules_of_engagement import RulesBroken, RulesOfEngagement, RuleViolation
from domain.venues import Venue
from handlers.cases.assignment import claim, take_over_to_send
from handlers.cases.open_forms import close_form, without_writer
from handlers.cases.promises import record_promises
from handlers.cases.rules_of_engagement import check_reply
from handlers.cases.transitions import apply_event, doubt_detail
from handlers.cases.views import newest_inbound_id, view_case, with_machine_texts
from handlers.cases.waits import answer_wait
from handlers.handoffs.opt_out import has_opted_out
from handlers.replies.private_handoff import require_private_handoff
from storage.unit_of_work import UnitOfWork

DELIVERED_REACTION = "white_check_mark"
FAILED_REACTION = "warning"
MAX_EARLIER_MESSAGES = 50  # messages before a private one that its venue may quote


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateReply:
    """A private reply as an agent submitted it, in the form or in the case's thread.

    `client_key` is the idempotency key: the form's or the thread message's own id. `thread_ts` and
    `thread_channel` locate the thread message, where there is one. `seen` is the id of the newest customer
    message that the form showed and `handoff_id` the recipient that it named; both are `None` for the thread,
    which shows everything. `confirmed` names the soft rules that the agent has been warned of.
    `take_over_from` is whom the form named as having the case: sending takes it over.
    """

    case_id: int
    user_id: str
    text: str
    client_key: str
    thread_ts: str | None = None
    thread_channel: str | None = None
    files: Sequence[OutgoingAttachment] = ()
    seen: int | None = None
    handoff_id: int | None = None
    confirmed: frozenset[str] = frozenset()
    revision: int = 0
    take_over_from: str = ""


def open_private_reply_form(
    uow: UnitOfWork, *, case_id: int, user_id: str, networks: Networks, now: datetime
) -> PrivateReplyForm:
    """Build the form for a private reply, and signal "typing" to the customer.

    Pre-fills the text of a reply that failed at the same venue. Raises `Refused` where no private reply can
    be sent now.
    """
    view = with_machine_texts(uow, view_case(uow, case_id=case_id, now=now, reader=user_id))
    require_active(view.case)
    handoff = require_private_handoff(uow, view.case, by_form=True)
    uow.signals.send(typing_topic(handoff.id))
    failed = (
        view.latest_reply if view.latest_reply and view.latest_reply.delivery is Delivery.FAILED else None
    )
    return PrivateReplyForm(
        view=without_writer(view, user_id),
        handoff=handoff,
        text=failed.text if failed and failed.venue is handoff.venue else "",
        limit=networks.max_private_length(view.case.network, handoff.venue),
        seen=newest_inbound_id(list(view.messages)),
        assigned_to=view.case.claimed_by if view.case.claimed_by != user_id else None,
    )


def signal_typing(uow: UnitOfWork, *, handoff_id: int) -> None:
    """Publish the "agent is typing" signal of the hand-off's chat."""
    uow.signals.send(typing_topic(handoff_id))


def send_private_reply(
    uow: UnitOfWork, reply: PrivateReply, *, rules: RulesOfEngagement, networks: Networks, now: datetime
) -> Message | PrivateReplyForm:
    """Enqueue an agent's private reply, or return the form again with what prevents it.

    The form is returned where the customer wrote after `seen`, a rule of engagement is broken that is hard or
    not `confirmed`, or somebody has the case whom the form did not name; the thread, which has no form, gets
    `RulesBroken` and `AssignedToAnother`. An unclaimed case becomes the person's by the form. Idempotent by
    `client_key`. Raises `Refused` where nobody has arrived in private or, in the thread, claimed the case,
    where the text or files break a limit, or the customer opted out.
    """
    case = uow.cases.get(reply.case_id)
    earlier = uow.messages.by_client_key(reply.client_key)
    if earlier is not None:
        return earlier
    require_active(case)
    handoff = require_private_handoff(uow, case, by_form=reply.seen is not None)
    if reply.seen is None:
        require_not_assigned_to_another(case, reply.user_id)
    if reply.handoff_id not in (None, handoff.id):
        raise ConversationMoved(handoff.venue)
    max_length = networks.max_private_length(case.network, handoff.venue)
    require_within_limits(reply.text, reply.files, max_length)
    checkable = _checkable(case, handoff, reply.text, networks)
    checked = check_reply(uow, case, checkable, rules=rules, confirmed=reply.confirmed, now=now)
    if reply.seen is None and checked.violations:
        raise RulesBroken(checked.violations)
    if reply.seen is not None:
        form = open_private_reply_form(
            uow, case_id=case.id, user_id=reply.user_id, networks=networks, now=now
        )
        new_messages = [m for m in form.view.messages if m.direction is Direction.IN and m.id > reply.seen]
        is_held = case.claimed_by not in (None, reply.user_id, reply.take_over_from)
        if new_messages or checked.violations or is_held:
            return replace(
                form,
                text=reply.text,
                new_messages=new_messages,
                violations=checked.violations,
                revision=reply.revision + 1,
            )
    rules_detail = {"rules": rules.version, "confirmed": list(checked.overridden)}
    return _enqueue(uow, case, handoff, reply, now, rules_detail | doubt_detail(uow, case, handoff.venue))


def check_private_reply(
    uow: UnitOfWork, form: PrivateReplyForm, *, rules: RulesOfEngagement, networks: Networks, now: datetime
) -> Sequence[RuleViolation]:
    """Return the rules that the text of the form would break if it were submitted now."""
    case = uow.cases.get(form.view.case.id)
    reply = _checkable(case, form.handoff, form.text, networks)
    return check_reply(uow, case, reply, rules=rules, confirmed=frozenset(), now=now).violations


def _checkable(case: Case, handoff: Handoff, text: str, networks: Networks) -> Reply:
    venue = handoff.venue
    return Reply(
        text=text,
        length=len(text),
        limit=networks.max_private_length(case.network, venue),
        venue=venue,
        awaits_code=venue is not Venue.DM and bool(handoff.code) and not handoff.is_verified,
        links=networks.links(case.network, text),
    )


def _enqueue(
    uow: UnitOfWork,
    case: Case,
    handoff: Handoff,
    reply: PrivateReply,
    now: datetime,
    rules_detail: dict[str, Any],
) -> Message:
    """Store the reply and enqueue its delivery.

    A chat message without files needs no outbox: it is stored as sent and the chat page shows it. One with
    files goes through the outbox, which downloads them first.
    """
    is_immediate = handoff.venue is Venue.CHAT and not reply.files
    draft = new_private_reply(
        case, handoff.venue, reply.text.strip(), by=reply.user_id, client_key=reply.client_key, now=now
    )
    draft = replace(
        draft,
        thread_ts=reply.thread_ts,
        thread_channel=reply.thread_channel,
        handoff_id=handoff.id,
        rules_version=rules_detail["rules"],
    )
    if reply.seen is not None:
        if case.claimed_by is None:
            case = claim(uow, case_id=case.id, user_id=reply.user_id, now=now)
        case = take_over_to_send(uow, case, user_id=reply.user_id, now=now)
        close_form(uow, case_id=case.id, user_id=reply.user_id, now=now)
    if is_immediate:
        draft = replace(draft, delivery=Delivery.SENT, sent_at=now)
        case = mark_answered(case, None, now, levels=uow.service_levels)
    [message] = uow.messages.add_many([draft], network=case.network, account_id=case.account_id)
    uow.files.add_many([_new_file(file, message, now) for file in reply.files])
    changed = apply_event(
        uow,
        case,
        CaseEvent.ANSWER,
        actor=reply.user_id,
        action=Action.REPLY_SENT if is_immediate else Action.REPLY_QUEUED,
        now=now,
        message_id=message.id,
        detail={
            "text": message.text,
            "venue": handoff.venue.value,
            "files": [f.name for f in reply.files],
            **rules_detail,
        },
        snoozed_until=None,
    )
    if is_immediate:
        answer_wait(uow, changed, message, at=now)
        record_promises(uow, changed, message, at=now, now=now)
        uow.signals.send(chat_topic(handoff.id))
    else:
        uow.outbox.add([send_effect(message, changed)], now=now, priority=changed.sort_key)
    return message


def load_outgoing(uow: UnitOfWork, *, message_id: int) -> OutgoingMessage:
    """Load a private message with everything that its venue needs to send it.

    `earlier` is limited to the lines that whoever is at the hand-off may read. Raises `LookupError` for a
    message of no hand-off.
    """
    message = uow.messages.get(message_id)
    if message.handoff_id is None:
        raise LookupError(f"message {message_id} belongs to no hand-off")
    handoff = uow.handoffs.get(message.handoff_id)
    files = uow.files.of_messages([message_id]).get(message_id, [])
    messages = uow.messages.of_case(message.case_id, limit=MAX_EARLIER_MESSAGES)
    return OutgoingMessage(
        case=uow.cases.get(message.case_id),
        handoff=handoff,
        message=message,
        earlier=[other for other in messages if other.id < message_id and may_read(handoff, other)],
        files=[uow.files.get(file.id) for file in files],
    )


def load_outgoing_to_send(uow: UnitOfWork, *, message_id: int) -> OutgoingMessage:
    """Load a private message for sending, as `load_outgoing` does.

    Raises `Refused` for a direct message to a customer who has opted out since it was queued.
    """
    outgoing = load_outgoing(uow, message_id=message_id)
    if outgoing.handoff.venue is Venue.DM and has_opted_out(uow, outgoing.case):
        raise Refused("the customer has asked not to be written to in private")
    return outgoing


def record_delivered(uow: UnitOfWork, *, message_id: int, now: datetime) -> None:
    """Record that the customer's side shows the message, and react to the agent's thread message. Idempotent.

    Not a change of the case: its version stays.
    """
    case = uow.cases.get(uow.messages.get(message_id).case_id)
    message = uow.messages.get(message_id)
    if message.delivered_at is not None:
        return
    uow.messages.save(replace(message, delivered_at=now))
    add_delivery_reaction(uow, case, message, DELIVERED_REACTION, now=now)


def add_delivery_reaction(uow: UnitOfWork, case: Case, message: Message, name: str, *, now: datetime) -> None:
    """Enqueue an emoji reaction `name` on the thread message that the reply was written in, if any."""
    channel = message.thread_channel or case.card_channel
    if message.thread_ts is not None and channel is not None:
        uow.outbox.add([AddReaction(channel, message.thread_ts, name)], now=now)


def _new_file(file: OutgoingAttachment, message: Message, now: datetime) -> File:
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
