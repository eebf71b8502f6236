"""Apply the tags of customers when a case of theirs opens: those of the settings, and the watch list."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.accounts import Account
from domain.cases.case import Case
from domain.cases.tags import WATCH, CustomerTag
from domain.delivery.effects import Alert, NotifyPerson
from domain.intake.posts import Author
from domain.policy import Policy
from domain.records.audit import SYSTEM, Action
from handlers.cases.alerts import channel_name
from storage.unit_of_work import UnitOfWork


def tags_of_authors(
    uow: UnitOfWork, account: Account, authors: Iterable[Author], policy: Policy, *, now: datetime
) -> dict[str, Sequence[CustomerTag]]:
    """Return the tags of authors whose cases are about to open, by author id.

    Tags that the settings list are stored first, and those that they list no more are removed. What a person
    has tagged stays.
    """
    by_id = {author.id: author for author in authors}
    stored = uow.tags.of_authors(account.network, account.id, by_id)
    return {
        author_id: tags
        for author_id, author in by_id.items()
        if (tags := _listed_too(uow, account, author, stored.get(author_id, []), policy, now=now))
    }


def _listed_too(
    uow: UnitOfWork,
    account: Account,
    author: Author,
    stored: Sequence[CustomerTag],
    policy: Policy,
    *,
    now: datetime,
) -> Sequence[CustomerTag]:
    listed = {
        one.tag: CustomerTag(name=one.tag, reason=one.reason, added_by=SYSTEM, added_at=now)
        for one in policy.listed_customers
        if one.is_author(account.network, author.handle)
    }
    tags = {tag.name: tag for tag in stored if tag.added_by != SYSTEM or tag.name in listed}
    if outdated := [tag.name for tag in stored if tag.name not in tags]:
        uow.tags.remove_of_customer(account.network, account.id, author.id, outdated)
    for tag in listed.values():
        known = tags.get(tag.name)
        if known is None or (known.added_by == SYSTEM and known.reason != tag.reason):
            uow.tags.save_of_customer(account.network, account.id, author.id, tag)
            tags[tag.name] = tag
    return list(tags.values())


def notify_watchers(
    uow: UnitOfWork, case: Case, tags: Iterable[CustomerTag], policy: Policy, *, now: datetime
) -> None:
    """Notify watchers of a customer that their new case was opened; on-call where the settings list them."""
    for tag in tags:
        if tag.name != WATCH:
            continue
        if tag.added_by != SYSTEM:
            key = f"{case.id}.{WATCH}"
            uow.outbox.add(
                [NotifyPerson(tag.added_by, SYSTEM, Action.CASE_OPENED.value, case.id, key)], now=now
            )
            continue
        text = f"@{case.author.handle}, whom switchboard.toml lists to watch ({tag.reason}), has written. "
        text += f"The card is in {channel_name(case.channel)}."
        alert = Alert(text=text, dedupe_key=f"{WATCH}:{case.id}", channel=policy.alert_channel)
        uow.outbox.add([alert], now=now)
