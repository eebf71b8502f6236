"""Store subscribers and mailings: who is mailed, and what became of each mail."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.outages.notices import (
    Notice,
    NoticeKind,
    NoticeState,
    NoticeText,
    Publication,
    PublicationState,
    Version,
)
from domain.outages.outage import Outage, OutageKind, OutageState, Phase, Severity
from domain.outages.subscribers import (
    EMAIL_LIST,
    Choice,
    Mailing,
    MailResult,
    MailState,
    Source,
    Subscriber,
    SubscriberState,
)
from storage.engine import Store

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


def a_subscriber(name: str = "ana", *components: str, language: str = "en", **changes: object) -> Subscriber:
    subscriber = Subscriber(
        id=0,
        address=f"{name}@example.com",
        choice=Choice(language=language, components=components),
        state=SubscriberState.CONFIRMED,
        source=Source.PAGE,
        created_at=NOW,
        confirmed_at=NOW,
    )
    return replace(subscriber, **changes)  # type: ignore[arg-type]


def a_publication(store: Store) -> Publication:
    with store.unit_of_work() as uow:
        outage = uow.outages.add(
            Outage(
                id=0,
                kind=OutageKind.OUTAGE,
                title="Payments fail",
                severity=Severity.MAJOR,
                components=(),
                state=OutageState.ANNOUNCED,
                phase=Phase.INVESTIGATING,
                lead="U1",
                opened_by="U1",
                opened_at=NOW,
            )
        )
        notice = uow.notices.add(
            Notice(
                id=0,
                outage_id=outage.id,
                kind=NoticeKind.ANNOUNCEMENT,
                phase=Phase.INVESTIGATING,
                state=NoticeState.APPROVED,
                versions=(Version(language="en", problem="Payments fail"),),
                texts=(NoticeText(destination=EMAIL_LIST, language="en", text="Payments fail."),),
                authors=("U1",),
                created_at=NOW,
            )
        )
        publication = Publication(
            id=0,
            notice_id=notice.id,
            outage_id=outage.id,
            destination=EMAIL_LIST,
            language="",
            state=PublicationState.SENT,
        )
        [publication_id] = uow.publications.add_many([publication])
    return replace(publication, id=publication_id)


def a_mailing(store: Store, *components: str) -> Mailing:
    publication = a_publication(store)
    with store.unit_of_work() as uow:
        total, last_id = uow.subscribers.count_wanting(components)
        mailing = Mailing(
            publication_id=publication.id,
            outage_id=publication.outage_id,
            components=components,
            total=total,
            position=0,
            last_id=last_id,
            started_at=NOW,
        )
        uow.mailings.start(mailing)
    return mailing


def message_id_of(publication_id: int, subscriber_id: int) -> str:
    return f"n{publication_id}-{subscriber_id}@acme.example"


def test_a_subscriber_is_stored_with_everything(store: Store) -> None:
    asked = a_subscriber(
        "ana",
        "Payments",
        "100%_sure",
        state=SubscriberState.PENDING,
        source=Source.IMPORT,
        added_by="sam",
        asked=Choice(language="de", components=("Login",)),
        asked_at=NOW,
        nonce="n0",
        ended_at=NOW,
        soft_bounces=2,
    )
    with store.unit_of_work() as uow:
        [one, other] = uow.subscribers.add_many([asked, a_subscriber("ben")])
        assert uow.subscribers.get(one) == replace(asked, id=one)
        uow.subscribers.save(a_subscriber("ben", "Login", id=other))
    with store.unit_of_work() as uow:
        assert uow.subscribers.by_address(["ben@example.com", "eve@example.com"]) == {
            "ben@example.com": a_subscriber("ben", "Login", id=other)
        }
        assert [each.address for each in uow.subscribers.all()] == ["ana@example.com", "ben@example.com"]


def test_only_those_who_never_confirmed_are_forgotten(store: Store) -> None:
    before = NOW - timedelta(days=1)
    with store.unit_of_work() as uow:
        uow.subscribers.add_many(
            [
                a_subscriber("old", state=SubscriberState.PENDING, asked_at=before),
                a_subscriber("new", state=SubscriberState.PENDING, asked_at=NOW),
                a_subscriber("confirmed", asked_at=before),
                a_subscriber("left", state=SubscriberState.UNSUBSCRIBED, asked_at=before),
            ]
        )
        assert uow.subscribers.forget_pending(NOW) == 1
        assert [one.address.partition("@")[0] for one in uow.subscribers.all()] == [
            "new",
            "confirmed",
            "left",
        ]


def test_only_the_confirmed_who_want_the_component_are_counted(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.subscribers.add_many(
            [
                a_subscriber("all"),
                a_subscriber("payments", "Login", "Payments", language="de"),
                a_subscriber("pay", "Pay"),
                a_subscriber("odd", "100%_sure"),
                a_subscriber("pending", state=SubscriberState.PENDING),
                a_subscriber("gone", state=SubscriberState.BOUNCED),
            ]
        )
        assert uow.subscribers.confirmed_by_language() == {"en": 3, "de": 1}
        assert [uow.subscribers.count_wanting(names)[0] for names in ((), ("Payments",), ("100%_sure",))] == [
            4,
            2,
            2,
        ]
        assert uow.subscribers.count_wanting(("100 __sure", "Fax"))[0] == 1
        last = uow.subscribers.by_address(["odd@example.com"])["odd@example.com"]
        assert uow.subscribers.count_wanting(())[1] == last.id


def test_mails_are_queued_page_by_page_and_begun_once(store: Store) -> None:
    with store.unit_of_work() as uow:
        ids = uow.subscribers.add_many([a_subscriber(f"s{n}") for n in range(5)])
    mailing = a_mailing(store)
    with store.unit_of_work() as uow:
        position = uow.mailings.add(mailing, 3, message_id_of, NOW)
        assert position == ids[2]
        first = uow.mailings.queued(mailing, 10, NOW)
        assert [mail.subscriber_id for mail in first] == ids[:3]
        assert uow.mailings.add(replace(mailing, position=position), 3, message_id_of, NOW) == mailing.last_id
    with store.unit_of_work() as uow:
        assert uow.mailings.begin([mail.id for mail in first[:2]], now=NOW) == {first[0].id, first[1].id}
        assert uow.mailings.begin([mail.id for mail in first], now=NOW) == {first[2].id}
        later = NOW + timedelta(minutes=1)
        uow.mailings.finish(
            [
                MailResult(mail_id=first[0].id, state=MailState.SENT),
                MailResult(mail_id=first[1].id, state=MailState.QUEUED, reason="busy", due_at=later),
            ],
            NOW,
        )
        assert len(uow.mailings.queued(mailing, 10, NOW)) == 2
        assert uow.mailings.next_due(mailing.publication_id) == NOW
        waiting = uow.mailings.queued(mailing, 10, later)
        assert (waiting[0].id, waiting[0].attempts) == (first[1].id, 1)
        uow.mailings.settle_interrupted(mailing.publication_id, NOW)
        assert uow.mailings.counts(mailing.publication_id) == {
            MailState.SENT: 1,
            MailState.UNSURE: 1,
            MailState.QUEUED: 3,
        }


def test_a_bounce_is_not_undone_by_a_late_result_and_those_who_left_are_dropped(store: Store) -> None:
    with store.unit_of_work() as uow:
        [one, two] = uow.subscribers.add_many([a_subscriber("one"), a_subscriber("two")])
    mailing = a_mailing(store)
    with store.unit_of_work() as uow:
        uow.mailings.add(mailing, 5, message_id_of, NOW)
        [mail, _] = uow.mailings.queued(mailing, 5, NOW)
        uow.mailings.begin([mail.id], now=NOW)
        assert uow.mailings.by_message_id([mail.message_id, "x@y"]) == [
            (mail.id, one, mailing.publication_id)
        ]
        uow.mailings.record_bounced(mail.id, "gone")
        uow.mailings.finish([MailResult(mail_id=mail.id, state=MailState.SENT)], NOW)
        left = replace(uow.subscribers.get(two), state=SubscriberState.UNSUBSCRIBED)
        uow.subscribers.save(left)
        uow.mailings.drop_ended(mailing.publication_id)
        assert uow.mailings.counts(mailing.publication_id) == {MailState.BOUNCED: 1, MailState.DROPPED: 1}


def test_who_heard_of_it_only_later_is_not_mailed_what_is_for_those_who_heard(store: Store) -> None:
    """A correction that waits for its turn is overtaken by an update, which goes to everybody."""
    with store.unit_of_work() as uow:
        ids = uow.subscribers.add_many([a_subscriber("one"), a_subscriber("two")])
    first = a_mailing(store)
    correction, update = (replace(a_mailing(store), outage_id=first.outage_id) for _ in range(2))
    correction = replace(correction, heard_only=True)
    with store.unit_of_work() as uow:
        for mailing, most in ((first, 1), (update, 5)):
            uow.mailings.save(mailing)
            uow.mailings.add(mailing, most, message_id_of, NOW)
            mails = uow.mailings.queued(mailing, 5, NOW)
            uow.mailings.begin([mail.id for mail in mails], now=NOW)
            uow.mailings.finish([MailResult(mail_id=mail.id, state=MailState.SENT) for mail in mails], NOW)
        uow.mailings.save(correction)
        uow.mailings.add(correction, 5, message_id_of, NOW)
        assert [mail.subscriber_id for mail in uow.mailings.queued(correction, 5, NOW)] == ids[:1]


def test_later_mails_of_the_outage_follow_the_first_that_left(store: Store) -> None:
    with store.unit_of_work() as uow:
        ids = uow.subscribers.add_many([a_subscriber("one"), a_subscriber("two")])
    first = a_mailing(store)
    with store.unit_of_work() as uow:
        uow.mailings.add(first, 5, message_id_of, NOW)
        one, two = uow.mailings.queued(first, 5, NOW)
        uow.mailings.begin([one.id, two.id], now=NOW)
        uow.mailings.finish([MailResult(mail_id=one.id, state=MailState.SENT)], NOW)
        uow.mailings.finish([MailResult(mail_id=two.id, state=MailState.REFUSED, reason="no")], NOW)
    second = replace(a_mailing(store), outage_id=first.outage_id)
    with store.unit_of_work() as uow:
        uow.mailings.save(second)
        uow.mailings.add(second, 5, message_id_of, NOW)
        found = {mail.subscriber_id: mail.thread for mail in uow.mailings.queued(second, 5, NOW)}
    assert found == {ids[0]: one.message_id, ids[1]: None}
