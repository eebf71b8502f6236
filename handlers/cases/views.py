"""Read a case for display: its card, its details, its thread."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.assistance.machine_texts import (
    TextKind,
    stored_reading,
    stored_summary,
    stored_translation,
    text_digest,
)
from domain.assistance.pictures import public_pictures, readable_pictures, reading_source
from domain.assistance.transcript import transcript_digest, transcript_lines
from domain.cases.case import Case
from domain.cases.case_assessment import Statement, needs_suggestion, newest_live_message, statements_of
from domain.cases.files import File
from domain.cases.messages import Delivery, Direction, Message
from domain.cases.views import CaseView, ThreadView
from domain.chat.rating import current_rating
from domain.delivery.answer_wait import AnswerWait
from domain.delivery.pause import Pause, is_held
from domain.handoffs.handoff import Handoff, latest_handoff
from domain.records.audit import Action, Entry, ThreadPost, for_thread
from domain.replies.outgoing_message import send_effect
from domain.triage.drafts import Source, Suggestion
from domain.venues import Venue
from handlers.cases.open_forms import writers
from handlers.cases.outage_links import link_of_case, proposed_links
from storage.unit_of_work import UnitOfWork

MAX_HISTORY_CASES = 20
CONTACTS_WITHIN = timedelta(days=30)
MAX_CARD_MESSAGES = 50
MAX_CASE_MESSAGES = 1000


def view_case(uow: UnitOfWork, *, case_id: int, now: datetime, reader: str | None = None) -> CaseView:
    """Load what the case's card shows; `reader` is who alone sees it, `None` where many do."""
    case = uow.cases.get(case_id)
    handoff, current = latest_handoff(uow.handoffs.of_case(case_id)), uow.handoffs.current(case_id)
    messages = uow.messages.of_case(case_id, limit=MAX_CARD_MESSAGES)
    suggestion, due = current_suggestion(uow, case, messages, now)
    reply = uow.messages.latest_reply(case_id)
    return CaseView(
        case=case,
        messages=messages,
        suggestion=suggestion,
        suggestion_due=due,
        contacts=uow.cases.count_of_author(
            case.network, case.account_id, case.author.id, since=now - CONTACTS_WITHIN
        ),
        latest_reply=reply,
        handoff=handoff,
        offered=current if current != handoff else None,
        opted_out=uow.opt_outs.has(case.network, case.account_id, case.author.id),
        writers=writers(uow, case_id, now),
        blur_abuse=uow.preferences.blur_abuse(reader) if reader is not None else None,
        opens_at=uow.service_levels.hours.opens_at(now),
        is_overdue=case.is_overdue(now),
        pause=_pause_of(uow, reply, case),
        answer_wait=_answer_wait(uow, reply, case, now),
        outage=link_of_case(uow, case),
        tags=uow.tags.of_case(case),
        promises=uow.promises.of_case(case_id),
        unproven=uow.unproven_mails.count_waiting(case_id),
        files=_files_without_words(uow, messages),
        unsolved_at=_unsolved_at(uow, case, handoff, messages),
    )


def _unsolved_at(
    uow: UnitOfWork, case: Case, handoff: Handoff | None, messages: Sequence[Message]
) -> datetime | None:
    """Return when the customer pressed that it is not solved, where they wait since and wrote nothing."""
    newest = newest_live_message(messages)
    if case.waiting_since is None or handoff is None or handoff.venue is not Venue.CHAT:
        return None
    if newest is not None and newest.created_at >= case.waiting_since:
        return None
    rating = current_rating(uow.ratings.of_handoff(handoff.id), case.closed_at)
    return rating.at if rating is not None and not rating.solved else None


def _files_without_words(uow: UnitOfWork, messages: Sequence[Message]) -> Mapping[int, Sequence[File]]:
    """Return the files that are all that such a message says, by message id."""
    wordless = [one.id for one in messages if one.venue.is_private and not one.text.strip()]
    return uow.files.of_messages(wordless) if wordless else {}


def _pause_of(uow: UnitOfWork, reply: Message | None, case: Case) -> Pause | None:
    """Return the pause of all sending where it holds this message of ours."""
    if reply is None or reply.delivery is not Delivery.QUEUED:
        return None
    pause = uow.pauses.current()
    return pause if pause is not None and is_held(send_effect(reply, case), pause) else None


def _answer_wait(uow: UnitOfWork, reply: Message | None, case: Case, now: datetime) -> AnswerWait | None:
    """Return why this message of ours, or one before it, is not sent yet."""
    if reply is None or reply.delivery is not Delivery.QUEUED:
        return None
    return uow.outbox.wait_of_answer(send_effect(reply, case), now=now)


def with_machine_texts(uow: UnitOfWork, view: CaseView) -> CaseView:
    """Add the translations and the summary by a model that fit what the messages say now."""
    digests = {message.id: text_digest(message.text) for message in view.messages}
    shown = {message.id: text_digest(reading_source(message)) for message in view.messages}
    pictures = {
        message_id: len(readable_pictures(files))
        for message_id, files in uow.files.of_messages(digests).items()
    }
    pictures |= {message.id: len(public_pictures(message)) for message in view.messages if message.media}
    transcript = transcript_digest(transcript_lines(view.messages))
    texts = uow.machine_texts.of_case(view.case.id)
    summaries = (text for text in texts if text.kind is TextKind.SUMMARY and text.source == transcript)
    return replace(
        view,
        translations={
            text.message_id: stored_translation(text)
            for text in texts
            if text.kind is TextKind.TRANSLATION
            and text.message_id is not None
            and text.source == digests.get(text.message_id)
        },
        readings={
            text.message_id: stored_reading(text)
            for text in texts
            if text.kind is TextKind.PICTURES
            and text.message_id is not None
            and text.source == shown.get(text.message_id)
        },
        pictures={message_id: count for message_id, count in pictures.items() if count},
        summary=next((stored_summary(text) for text in summaries), None),
    )


def current_suggestion(
    uow: UnitOfWork, case: Case, messages: Sequence[Message], now: datetime
) -> tuple[Suggestion | None, Message | None]:
    """Return the suggestion for the customer's newest message, and that message where none was chosen yet.

    A suggestion for earlier words no longer fits, nor does a saved reply that was retired or has expired
    since.
    """
    chosen, newest = uow.suggestions.latest(case.id), newest_live_message(messages)
    if newest is None:
        return None, None
    if chosen is None or chosen.message_id != newest.id:
        return None, newest if needs_suggestion(case, newest, messages) else None
    if not isinstance(chosen, Suggestion):
        return None, None
    is_saved = chosen.source is Source.SAVED_REPLY
    withdrawn = is_saved and uow.saved_replies.is_withdrawn(chosen.name, now.date())
    return None if withdrawn else chosen, None


def load_statements(uow: UnitOfWork, case: Case) -> list[Statement]:
    """Load what the customer said in the case."""
    return statements_of(case, uow.messages.of_case(case.id, limit=MAX_CASE_MESSAGES))


def newest_inbound_id(messages: list[Message]) -> int:
    """Return the id of the customer's newest message; 0 where there is none."""
    return max((message.id for message in messages if message.direction is Direction.IN), default=0)


def get_case(uow: UnitOfWork, *, case_id: int) -> Case:
    """Load the case; raises `CaseNotFound`."""
    return uow.cases.get(case_id)


def view_thread(uow: UnitOfWork, *, case_id: int) -> ThreadView:
    """Load the audit entries that the case's thread does not show yet."""
    case = uow.cases.get(case_id)
    return _thread_view(uow, case, for_thread(uow.audit.of_case(case_id, after=case.thread_audit_id)))


def view_thread_post(uow: UnitOfWork, *, case_id: int, ts: str) -> tuple[ThreadPost, ThreadView]:
    """Load the audit entries that our thread message `ts` shows.

    Raises `LookupError` where it is none of ours.
    """
    post = uow.thread_posts.get(case_id, ts)
    if post is None:
        raise LookupError(f"the thread of case {case_id} has no message {ts} of ours")
    entries = uow.audit.of_case(case_id, after=post.first_audit_id - 1)
    shown = [entry for entry in entries if entry.id <= post.last_audit_id and entry.is_in_thread]
    return post, _thread_view(uow, uow.cases.get(case_id), shown)


def _thread_view(uow: UnitOfWork, case: Case, entries: Sequence[Entry]) -> ThreadView:
    ids = {entry.message_id for entry in entries if entry.message_id is not None}
    messages = {message_id: uow.messages.get(message_id) for message_id in ids}
    mails = {entry.detail.get("mail") for entry in entries if entry.action is Action.UNPROVEN_MAIL_RECEIVED}
    return ThreadView(
        case=case,
        entries=entries,
        messages=messages,
        files=uow.files.of_messages(ids),
        unproven=uow.unproven_mails.listed([mail for mail in mails if isinstance(mail, int)]),
        handoff=latest_handoff(uow.handoffs.of_case(case.id)),
    )


def view_details(
    uow: UnitOfWork, *, case_id: int, now: datetime, reader: str | None = None
) -> tuple[CaseView, list[Case]]:
    """Load what the case's card shows, and its customer's other cases, newest first."""
    view = with_machine_texts(uow, view_case(uow, case_id=case_id, now=now, reader=reader))
    case = view.case
    causes = [cause for cause, member in uow.causes.of_case(case_id) if member.belongs]
    view = replace(
        view,
        causes=causes,
        has_causes=bool(causes) or any(not one.state.is_over for one in uow.causes.all()),
        notes=uow.notes.of_case(case_id),
        hold=next(iter(uow.records.holds.of_cases([case_id])), None),
        issues=uow.issues.of_case(case_id),
        may_belong_to=proposed_links(uow, case),
        can_link=case.state.is_active and case.outage_id is None and bool(uow.outages.count_open()),
    )
    of_author = uow.cases.of_author(case.network, case.account_id, case.author.id, limit=MAX_HISTORY_CASES)
    return view, [other for other in of_author if other.id != case.id]


_CHANGES_A_POST = frozenset({Action.CUSTOMER_EDITED, Action.POST_GONE})


def messages_since(uow: UnitOfWork, case_id: int, *, seen: int, version: int) -> list[Message]:
    """List the customer's messages that are newer than `seen` or were edited or deleted since `version`."""
    entries = uow.audit.since_version(case_id, version)
    changed = {entry.message_id for entry in entries if entry.action in _CHANGES_A_POST}
    messages = uow.messages.of_case(case_id)
    return [m for m in messages if m.direction is Direction.IN and (m.id > seen or m.id in changed)]


def case_at_card(uow: UnitOfWork, *, channel: str, ts: str) -> int | None:
    """Return the id of the case whose card this message is; `None` where it is no card."""
    case = uow.cases.at_card(channel, ts)
    return None if case is None else case.id
