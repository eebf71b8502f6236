"""Take addresses off the e-mail list by what comes back; no report opens a case."""

from collections.abc import AsyncIterator

import pytest

from domain.intake.bounce_reasons import BounceKind
from domain.intake.email import Bounce, Unsubscription
from domain.intake.stream_names import INBOX
from domain.outages.outage import Outage
from domain.outages.subscribers import MAX_SOFT_BOUNCES, SubscriberState
from handlers.delivery.bounces import ingest_bounce, ingest_unsubscription
from handlers.desk import Desk
from storage.engine import Store
from tests.adapters.email.made import US
from tests.adapters.email.places import MailServer, sandbox_server
from tests.handlers.made import NOW, POLICY, alerts, cases, do
from tests.handlers.outages.mail_world import (
    Mailer,
    announced,
    progress,
    publications,
    state_of,
    subscribed,
    updated,
)

ANA = "ana@example.com"


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    async with sandbox_server() as made:
        yield made


async def mailed(store: Store, desk: Desk, mail: MailServer) -> tuple[Outage, int, str]:
    """Mail a notice to Ana and Ben; return the outage, Ana's id, and the Message-ID of her mail."""
    ana, _ = subscribed(store, "ana", "ben")
    email = mail.email()
    outage = announced(store, desk)
    await Mailer.of(desk, email).run()
    await email.close()
    return outage, ana, US.notice_message_id(publications(store, outage)[-1].id, ana)


def bounced(
    store: Store, desk: Desk, mail: MailServer, message_id: str, kind: BounceKind, *, is_proven: bool = True
) -> None:
    bounce = Bounce(
        message_ids=[message_id], reason="the mail came back: gone", kind=kind, is_proven=is_proven
    )
    account = mail.email().account
    for position in ("1", "2"):  # a mailbox may hold the report twice
        do(
            store,
            ingest_bounce,
            bounce,
            account=account,
            position=position,
            wait_for_sent=True,
            policy=POLICY,
            now=NOW,
        )


async def test_a_hard_bounce_takes_the_address_off_and_is_counted(
    store: Store, desk: Desk, mail: MailServer
) -> None:
    outage, _, message_id = await mailed(store, desk, mail)
    bounced(store, desk, mail, message_id, BounceKind.PERMANENT)
    assert state_of(store, ANA) is SubscriberState.BOUNCED
    assert progress(store, outage)["counts"] == {"bounced": 1}
    assert state_of(store, "ben@example.com") is SubscriberState.CONFIRMED
    assert cases(store) == []


@pytest.mark.parametrize(
    ("kinds", "what"),
    [
        ((BounceKind.PERMANENT, BounceKind.COMPLAINT), "could not be delivered"),
        ((BounceKind.COMPLAINT, BounceKind.PERMANENT), "was called spam"),
    ],
)
async def test_a_forged_report_takes_no_address_off_and_on_call_is_told(
    store: Store, desk: Desk, mail: MailServer, kinds: tuple[BounceKind, ...], what: str
) -> None:
    outage, _, message_id = await mailed(store, desk, mail)
    before = progress(store, outage)
    for kind in kinds:
        bounced(store, desk, mail, message_id, kind, is_proven=False)
    assert state_of(store, ANA) is SubscriberState.CONFIRMED
    assert progress(store, outage) == before
    [told] = [text for text in alerts(store) if "Nothing proves" in text]
    assert f"a mail of a notice {what}" in told


async def test_three_soft_bounces_take_the_address_off(store: Store, desk: Desk, mail: MailServer) -> None:
    outage, ana, message_id = await mailed(store, desk, mail)
    email = mail.email()
    for number in range(1, MAX_SOFT_BOUNCES + 1):
        assert state_of(store, ANA) is SubscriberState.CONFIRMED
        bounced(store, desk, mail, message_id, BounceKind.TRANSIENT)
        if number < MAX_SOFT_BOUNCES:
            updated(store, desk, outage)
            await Mailer.of(desk, email).run()
            message_id = US.notice_message_id(publications(store, outage)[-1].id, ana)
    await email.close()
    assert state_of(store, ANA) is SubscriberState.BOUNCED


async def test_a_complaint_takes_the_address_off_and_is_no_bounce(
    store: Store, desk: Desk, mail: MailServer
) -> None:
    outage, _, message_id = await mailed(store, desk, mail)
    bounced(store, desk, mail, message_id, BounceKind.COMPLAINT)
    assert state_of(store, ANA) is SubscriberState.COMPLAINED
    assert progress(store, outage)["counts"] == {}


async def test_a_report_about_another_mail_takes_nobody_off(
    store: Store, desk: Desk, mail: MailServer
) -> None:
    await mailed(store, desk, mail)
    bounced(store, desk, mail, "else@example.com", BounceKind.PERMANENT)
    assert state_of(store, ANA) is SubscriberState.CONFIRMED


async def test_a_mail_can_unsubscribe(store: Store, desk: Desk, mail: MailServer) -> None:
    _, ana, _ = await mailed(store, desk, mail)
    account = mail.email().account
    for position in ("1", "2"):
        do(
            store,
            ingest_unsubscription,
            Unsubscription(subscriber_id=ana),
            account=account,
            position=position,
            policy=POLICY,
            now=NOW,
        )
        with store.unit_of_work() as uow:
            assert uow.cursors.get(account.network, account.id, INBOX).since_id == position
    assert state_of(store, ANA) is SubscriberState.UNSUBSCRIBED
    assert cases(store) == []
