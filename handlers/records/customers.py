"""Find, export and erase what is stored of one customer."""

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from domain.cases.case import CLOSED, Case, CaseEvent, next_state
from domain.cases.messages import Message
from domain.cases.waits import EndReason
from domain.delivery.effect import Effect
from domain.delivery.effects import (
    LinkReply,
    NotifyPerson,
    SendLinkedAnswer,
    SendPrivateReply,
    SendPublicReply,
    SendTranscript,
    UpdateCard,
)
from domain.delivery.erasure_effects import DeleteMessage, DeleteThreadFiles
from domain.delivery.surge_effects import UpdateSpike
from domain.delivery.thread_effects import RedrawThread, ShareFile
from domain.errors import Refused
from domain.knowledge.reply_drafts import is_quote_of
from domain.records.audit import Action, Entry
from domain.records.erasure import ERASED, Customer, CustomerName, SimilarCustomers
from domain.records.legal_hold import LegalHold
from handlers.cases.waits import end_wait
from handlers.intake.references import forget_references
from storage.unit_of_work import UnitOfWork

#: What must not be under way while its text is erased: it would be sent empty, or be there twice. Where a
#: notification that names the customer is, is known only once it was sent.
_SENDS = [
    kind.kind
    for kind in (
        SendPublicReply,
        SendLinkedAnswer,
        SendPrivateReply,
        SendTranscript,
        LinkReply,
        ShareFile,
        NotifyPerson,
    )
]


class CustomerHeld(Refused):
    """Cases of the customer are under legal hold."""

    def __init__(self, holds: Sequence[LegalHold]) -> None:
        super().__init__(holds)
        self.holds = holds


class AnswersUnderWay(Refused):
    """Something is being sent to the customer, or nobody knows whether it was."""


def find_customer(uow: UnitOfWork, *, name: CustomerName) -> Customer:
    """Return by what everything that is stored of a customer is found."""
    return uow.records.customers.find(name)


def find_similar_customers(uow: UnitOfWork, *, name: CustomerName, customer: Customer) -> SimilarCustomers:
    """Return who may be the same person, and is neither exported nor erased with the customer."""
    return uow.records.similar_customers(name, customer)


def customer_rows(uow: UnitOfWork, *, customer: Customer) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every row about the customer, with the name of its table."""
    uow.read_snapshot()
    yield from uow.records.customers.rows(customer)


def erase_customer(uow: UnitOfWork, *, name: CustomerName, by: str, now: datetime) -> dict[str, int]:
    """Erase everything that is stored of a customer, and have it deleted in Slack; return what it was.

    Facts that hold nothing of them stay: how many messages there were, when, and how they were read. Cases
    that are open are dismissed. The record is in the audit trail. Raises `CustomerHeld` and
    `AnswersUnderWay`.
    """
    found = _locked(uow, name)
    customer, elsewhere = found.customer, found.elsewhere
    cases = [_closed(uow, case_id, by=by, now=now) for case_id in customer.cases]
    texts = uow.records.erasure.texts(customer.cases)
    others = [uow.messages.get(message_id) for message_id in elsewhere]
    for text in (*(text for text, _ in texts.values()), *(message.text for message in others)):
        if text:
            uow.saved_replies.delete_examples(partial(is_quote_of, text))
    uow.saved_replies.lock()
    uow.marks.count_erasure(now)  # a form that is open may quote them
    counts = _erase(uow, customer, texts, elsewhere, now=now)
    deleted = uow.records.outbox.clear(customer.cases, customer.names)
    uow.audit.add_many(
        [
            *(_entry(Action.CUSTOMER_ERASED, by, now, case=case) for case in cases),
            _entry(Action.CUSTOMER_ERASED, by, now, counts=counts),
        ]
    )
    times = [*(at for _, at in texts.values()), *(message.created_at for message in others)]
    uow.outbox.add([DeleteMessage(channel, ts) for channel, ts in deleted], now=now)
    uow.outbox.add(_spikes(uow, times, now=now), now=now)
    _redraw(uow, found, cases, others, now=now)
    return counts


@dataclass(frozen=True, slots=True)
class _Found:
    """A customer whose cases are locked, and where else they are.

    `elsewhere` are their messages in cases of others, by id, with the case; `beside` the cases of others
    beside which mails of theirs stand apart.
    """

    customer: Customer
    elsewhere: Mapping[int, int]
    beside: Collection[int]


def _locked(uow: UnitOfWork, name: CustomerName) -> _Found:
    """Find the customer and lock all that is about them; raises `CustomerHeld` and `AnswersUnderWay`."""
    customer = uow.records.customers.find(name)
    beside = {mail.case_id for mail in uow.unproven_mails.listed(customer.unproven).values()}
    uow.cases.lock(
        [
            *customer.cases,
            *uow.records.customers.messages_elsewhere(customer).values(),
            *uow.records.customers.quoted_in(customer).values(),
            *beside,
        ]
    )
    customer = uow.records.customers.find(name)
    elsewhere = uow.records.customers.messages_elsewhere(customer)
    if holds := uow.records.holds.of_cases({*customer.cases, *elsewhere.values(), *beside}):
        raise CustomerHeld(holds)
    uow.records.outbox.drop_queued(customer.cases)
    if uow.records.outbox.is_under_way(customer.cases, _SENDS):
        raise AnswersUnderWay
    return _Found(customer, elsewhere, beside)


def _erase(
    uow: UnitOfWork, customer: Customer, texts: Collection[int], elsewhere: Collection[int], *, now: datetime
) -> dict[str, int]:
    """Erase the words, files and names, and what the customer asked for; return how much there was."""
    uow.records.erasure.erase_words([*texts, *elsewhere], now=now)
    pseudonym = f"{ERASED}{secrets.token_hex(8)}"
    counts = {
        "messages": len(texts) + len(elsewhere),
        "files": uow.records.erasure.erase_files([*texts, *elsewhere], now=now),
    }
    counts |= uow.records.erasure.erase_people(customer.cases, pseudonym=pseudonym, now=now)
    uow.records.erasure.erase_senders(elsewhere, pseudonym=pseudonym)
    uow.unproven_mails.delete(customer.unproven)
    authors = {author_id for _, _, author_id in customer.authors}
    for message_id in uow.records.customers.quoted_in(customer):
        forget_references(uow, message_id=message_id, author_ids=authors, now=now)
    uow.records.customers.end_subscriptions(customer, now=now)
    uow.records.customers.forget_opt_outs(customer)
    uow.records.customers.forget_tags(customer)
    return counts | {"subscriptions": len(customer.subscribers)}


def _redraw(
    uow: UnitOfWork, found: _Found, cases: Sequence[Case], others: Sequence[Message], *, now: datetime
) -> None:
    """Have Slack show the customer's cases, and what they wrote in cases of others, as they are now."""
    for case in cases:
        uow.outbox.add(_redrawn(uow, case), now=now)
    for case_id in sorted(set(found.beside) - set(found.customer.cases)):
        uow.outbox.add(_redrawn_thread(uow, case_id), now=now)
    for message in others:
        posts = uow.thread_posts.about_message(message.case_id, message.id)
        uow.outbox.add([UpdateCard(message.case_id)], now=now)
        uow.outbox.add([RedrawThread(message.case_id, post.ts) for post in posts], now=now)


def _closed(uow: UnitOfWork, case_id: int, *, by: str, now: datetime) -> Case:
    case = uow.cases.get(case_id)
    if case.state in CLOSED:
        return case
    state = next_state(case.state, CaseEvent.DISMISS)
    closed = uow.cases.save(replace(case, state=state, closed_by=by, closed_at=now, snoozed_until=None))
    end_wait(uow, closed, EndReason.GONE, now=now)
    return closed


def _spikes(uow: UnitOfWork, times: Sequence[datetime], *, now: datetime) -> list[Effect]:
    """Return the updates of the alerts that may show messages of these times as examples."""
    if not times:
        return []
    return [
        UpdateSpike(spike.id)
        for spike in uow.spikes.since(min(times))
        if spike.ts is not None and any(spike.since <= at <= (spike.ended_at or now) for at in times)
    ]


def _redrawn_thread(uow: UnitOfWork, case_id: int) -> list[Effect]:
    posts = [RedrawThread(case_id, post.ts) for post in uow.thread_posts.of_case(case_id)]
    return [UpdateCard(case_id), *posts]


def _redrawn(uow: UnitOfWork, case: Case) -> list[Effect]:
    """Return what removes the customer from the card and its thread."""
    if case.card_channel is None or case.card_ts is None:
        return [UpdateCard(case.id)]  # a card may be on its way
    return [*_redrawn_thread(uow, case.id), DeleteThreadFiles(case.id, case.card_channel, case.card_ts)]


def _entry(
    action: Action, by: str, now: datetime, *, case: Case | None = None, counts: dict[str, int] | None = None
) -> Entry:
    return Entry(
        at=now,
        actor=by,
        action=action,
        case_id=case.id if case is not None else None,
        version=case.version + 1 if case is not None else None,
        detail=counts or {},
    )
