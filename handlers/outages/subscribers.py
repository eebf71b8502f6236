"""Subscribe to the e-mail list, confirm, unsubscribe, take bounced addresses off, and import addresses."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.delivery.outage_effects import SendConfirmation
from domain.outages.subscribers import (
    CONFIRMABLE_FOR,
    ENDED,
    MAX_SOFT_BOUNCES,
    Choice,
    Source,
    Subscriber,
    SubscriberState,
    choice_in,
    link_nonce,
    secret_of,
)
from domain.records.audit import Action, Entry
from storage.unit_of_work import UnitOfWork

#: An address gets no second confirmation mail within this time, so that nobody can flood a stranger.
ASK_AGAIN_AFTER = timedelta(minutes=10)
_SERIAL_LENGTH = 6


class Imported(StrEnum):
    """What an import does to an address. `LEFT`: it left the list, and an import does not bring it back."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LEFT = "left"


def count_subscribers(uow: UnitOfWork) -> Mapping[str, int]:
    """Count the confirmed subscribers by language, most first."""
    return uow.subscribers.confirmed_by_language()


def list_subscribers(uow: UnitOfWork) -> Iterator[Subscriber]:
    """Yield all subscribers in the order in which they came."""
    return uow.subscribers.all()


def load_subscriber(uow: UnitOfWork, *, subscriber_id: int) -> Subscriber:
    """Return a subscriber; raises `LookupError`."""
    return uow.subscribers.get(subscriber_id)


def subscribe(uow: UnitOfWork, *, address: str, choice: Choice, nonce: str, now: datetime) -> None:
    """Have a confirmation mail sent to an address, unless it got one just now.

    Nothing else changes before the link in it is used, so that nobody changes what another wants. `address`
    is as `email_address` normalises it; `nonce` cannot be guessed.
    """
    known = uow.subscribers.by_address([address]).get(address)
    if known is None:
        known = Subscriber(
            id=0,
            address=address,
            choice=choice,
            state=SubscriberState.PENDING,
            source=Source.PAGE,
            created_at=now,
        )
        [subscriber_id] = uow.subscribers.add_many([known])
        known = replace(known, id=subscriber_id)
    elif known.asked_at is not None and abs(now - known.asked_at) < _quiet_time(known):
        return
    _ask(uow, known, choice, nonce, now)


def _quiet_time(subscriber: Subscriber) -> timedelta:
    """Return how long an address gets no second confirmation mail.

    Whoever reported a mail of ours as spam is asked once while the link is valid: a stranger must not have
    us write to them all day.
    """
    has_complained = subscriber.state is SubscriberState.COMPLAINED
    return CONFIRMABLE_FOR if has_complained else ASK_AGAIN_AFTER


def _ask(uow: UnitOfWork, subscriber: Subscriber, choice: Choice, nonce: str, now: datetime) -> None:
    is_open = subscriber.may_confirm(subscriber.nonce, now)
    secret = secret_of(subscriber.nonce) if is_open else nonce
    nonce = link_nonce(secret, nonce[:_SERIAL_LENGTH], choice)
    uow.subscribers.save(replace(subscriber, asked=choice, asked_at=now, nonce=nonce))
    uow.outbox.add([SendConfirmation(subscriber.id, nonce)], now=now)


def choice_to_confirm(
    uow: UnitOfWork, *, subscriber_id: int, nonce: str, components: Collection[str], now: datetime
) -> Choice | None:
    """Return what the link with this nonce confirms; `None` where it is not valid."""
    try:
        subscriber = uow.subscribers.get(subscriber_id)
    except LookupError:
        return None
    if not subscriber.may_confirm(nonce, now):
        return None
    return choice_in(nonce, components) or _unstated_choice(subscriber)


def _unstated_choice(subscriber: Subscriber) -> Choice | None:
    """Return what a link confirms that does not say it itself.

    That is what the file says, for an address that was imported: what a stranger asked for on the page
    since then has a link of its own.
    """
    is_of_file = subscriber.source is Source.IMPORT and subscriber.state is SubscriberState.PENDING
    return subscriber.choice if is_of_file else subscriber.asked


def confirm(
    uow: UnitOfWork, *, subscriber_id: int, nonce: str, components: Collection[str], now: datetime
) -> bool:
    """Confirm a subscription with what was chosen when the link was asked for; return whether it was valid.

    `components` are the names that there are to choose from.
    """
    choice = choice_to_confirm(uow, subscriber_id=subscriber_id, nonce=nonce, components=components, now=now)
    if choice is None:
        return False
    subscriber = uow.subscribers.get(subscriber_id)
    uow.subscribers.save(
        replace(
            subscriber,
            choice=choice,
            state=SubscriberState.CONFIRMED,
            asked=None,
            confirmed_at=now,
            ended_at=None,
            soft_bounces=0,
        )
    )
    return True


def forget_unconfirmed(uow: UnitOfWork, *, now: datetime) -> int:
    """Delete the addresses whose link to confirm has expired; return how many."""
    return uow.subscribers.forget_pending(now - CONFIRMABLE_FOR)


def is_subscribed(uow: UnitOfWork, *, subscriber_id: int) -> bool:
    """Return whether the subscription goes on."""
    try:
        return uow.subscribers.get(subscriber_id).state not in ENDED
    except LookupError:
        return False


def unsubscribe(uow: UnitOfWork, *, subscriber_id: int, now: datetime) -> None:
    """End a subscription as its subscriber asked for. A second time changes nothing."""
    end_subscription(uow, subscriber_id=subscriber_id, state=SubscriberState.UNSUBSCRIBED, now=now)


def end_subscription(
    uow: UnitOfWork, *, subscriber_id: int, state: SubscriberState | None, now: datetime
) -> None:
    """End a subscription that goes on, in this state.

    `None` counts a temporary bounce: it ends with `MAX_SOFT_BOUNCES` of them.
    """
    try:
        subscriber = uow.subscribers.get(subscriber_id)
    except LookupError:
        return
    if subscriber.state in ENDED:
        return
    if state is None and subscriber.soft_bounces + 1 < MAX_SOFT_BOUNCES:
        uow.subscribers.save(replace(subscriber, soft_bounces=subscriber.soft_bounces + 1))
        return
    ended = replace(subscriber, state=state or SubscriberState.BOUNCED, asked=None, ended_at=now)
    uow.subscribers.save(ended)


def import_subscribers(
    uow: UnitOfWork,
    *,
    rows: Sequence[tuple[str, Choice]],
    is_confirmed: bool,
    by: str,
    new_nonce: Callable[[], str],
    now: datetime,
) -> list[Imported]:
    """Add addresses from a file; return what became of each.

    With `is_confirmed` they are mailed from now on: whoever imports them vouches for their consent. Without,
    each new one gets a confirmation mail. The addresses differ from one another.
    """
    known = uow.subscribers.by_address([address for address, _ in rows])
    state = SubscriberState.CONFIRMED if is_confirmed else SubscriberState.PENDING
    added = [
        Subscriber(
            id=0,
            address=address,
            choice=choice,
            state=state,
            source=Source.IMPORT,
            added_by=by,
            created_at=now,
            asked=None if is_confirmed else choice,
            asked_at=None if is_confirmed else now,
            nonce="" if is_confirmed else new_nonce(),
            confirmed_at=now if is_confirmed else None,
        )
        for address, choice in rows
        if address not in known
    ]
    ids = uow.subscribers.add_many(added)
    if not is_confirmed:
        asked = zip(ids, added, strict=True)
        uow.outbox.add([SendConfirmation(id_, one.nonce) for id_, one in asked], now=now)
    results = []
    for address, choice in rows:
        subscriber = known.get(address)
        results.append(Imported.ADDED if subscriber is None else _update(uow, subscriber, choice, state, now))
    counts = {result.value: results.count(result) for result in Imported if result in results}
    if set(results) - {Imported.UNCHANGED, Imported.LEFT}:
        detail = {"is_confirmed": is_confirmed, **counts}
        entry = Entry(
            at=now, actor=by, action=Action.SUBSCRIBERS_IMPORTED, case_id=None, version=None, detail=detail
        )
        uow.audit.add_many([entry])
    return results


def _update(
    uow: UnitOfWork, subscriber: Subscriber, choice: Choice, state: SubscriberState, now: datetime
) -> Imported:
    """Change a known subscriber to what the file says, where that is new."""
    if subscriber.state in ENDED:
        return Imported.LEFT
    confirms = state is SubscriberState.CONFIRMED and subscriber.state is SubscriberState.PENDING
    if subscriber.choice == choice and not confirms:
        return Imported.UNCHANGED
    changed = replace(subscriber, choice=choice)
    if confirms:
        changed = replace(changed, state=state, confirmed_at=now, asked=None)
    elif subscriber.state is SubscriberState.PENDING:
        changed = replace(changed, asked=choice)
    uow.subscribers.save(changed)
    return Imported.CHANGED
