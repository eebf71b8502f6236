"""A mailing in the sandbox: subscribers, an outage told to the e-mail list, and a loop that mails it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from adapters.destinations.email_list import EMAIL_LIST as ENTRY
from adapters.destinations.email_list import EmailList
from adapters.email import Email
from domain.delivery.effects import EFFECTS
from domain.delivery.outage_effects import MailBatch, SendConfirmation, SendNotice
from domain.delivery.outcomes import Done, Outcome
from domain.outages.destinations import ConnectedDestination, Destinations
from domain.outages.notices import Notice, NoticeKind, NoticeText, Publication
from domain.outages.outage import Outage, Phase
from domain.outages.policy import OutagePolicy
from domain.outages.stated_facts import facts_of
from domain.outages.subscribers import EMAIL_LIST, Choice, Source, Subscriber, SubscriberState
from handlers.delivery.loop import Delivery, Dispatcher
from handlers.delivery.performers import performers
from handlers.delivery.settling import Performer
from handlers.desk import Desk
from handlers.outages.subscribers import count_subscribers
from storage.engine import Store
from tests.handlers.context import a_context
from tests.handlers.delivery.performers.scripted import ManualClock, ScriptedPerformer, turn, unpaced
from tests.handlers.made import NOW, POLICY
from tests.handlers.outages.made import a_notice, an_outage, content, sent

RATE = 10_000.0


def email_list(desk: Desk) -> Destinations:
    """Connect the e-mail list alone."""
    client = EmailList(lambda: desk.run(count_subscribers), mails_per_second=RATE)
    return Destinations([ConnectedDestination(profile=ENTRY.profile, client=client)])


def subscribed(store: Store, *names: str, components: Sequence[str] = (), language: str = "en") -> list[int]:
    """Store confirmed subscribers; return their ids. A name with an @ is the whole address."""
    with store.unit_of_work() as uow:
        return uow.subscribers.add_many(
            [
                Subscriber(
                    id=0,
                    address=name if "@" in name else f"{name}@example.com",
                    choice=Choice(language=language, components=tuple(components)),
                    state=SubscriberState.CONFIRMED,
                    source=Source.PAGE,
                    created_at=NOW,
                    confirmed_at=NOW,
                )
                for name in names
            ]
        )


def state_of(store: Store, address: str) -> SubscriberState:
    with store.unit_of_work() as uow:
        return uow.subscribers.by_address([address])[address].state


def announced(store: Store, desk: Desk, text: str = "Payments fail.") -> Outage:
    """Store an outage whose announcement is released to the list, in English and German."""
    texts = [
        NoticeText(destination=EMAIL_LIST, language="en", text=text),
        NoticeText(destination=EMAIL_LIST, language="de", text="Zahlungen schlagen fehl."),
    ]
    outage, notice = an_outage(store, text, texts=tuple(texts))
    sent(store, notice, email_list(desk))
    return outage


def updated(
    store: Store,
    desk: Desk,
    outage: Outage,
    text: str = "Still failing.",
    *,
    kind: NoticeKind = NoticeKind.UPDATE,
    components: Sequence[str] | None = None,
) -> Notice:
    """Release a further notice to the list; it states these components, or nothing new."""
    facts = None if components is None else replace(facts_of(outage), components=tuple(components))
    phase = Phase.RESOLVED if kind is NoticeKind.RESOLUTION else Phase.IDENTIFIED
    notice: Notice = a_notice(store, outage.id, kind, content(text, EMAIL_LIST, phase=phase, facts=facts))
    return sent(store, notice, email_list(desk))


def publications(store: Store, outage: Outage) -> list[Publication]:
    with store.unit_of_work() as uow:
        return uow.publications.of_outage(outage.id)


def progress(store: Store, outage: Outage) -> dict[str, Any]:
    """Return the progress of the newest publication."""
    told: dict[str, Any] = publications(store, outage)[-1].data["progress"]
    return told


@dataclass
class Mailer:
    """A delivery loop that really mails; Slack's part is scripted."""

    delivery: Delivery
    clock: ManualClock
    batches: Performer

    @classmethod
    def of(cls, desk: Desk, email: Email | None) -> "Mailer":
        clock = ManualClock()
        outages = OutagePolicy(oncall_channel="C0ONCALL", mails_per_second=RATE)
        ctx = a_context(
            desk,
            destinations=email_list(desk),
            clock=clock,
            email=email,
            policy=replace(POLICY, outages=outages),
        )
        kinds = {SendNotice.kind, MailBatch.kind, SendConfirmation.kind}
        real = {kind: one for kind, one in performers(ctx).items() if kind in kinds}
        scripted = ScriptedPerformer(act=_posted)
        dispatcher = Dispatcher(
            performers={**dict.fromkeys(EFFECTS, scripted), **real}, paces=unpaced, owner="me"
        )
        return cls(Delivery(desk, dispatcher, clock, sole_worker=False), clock, real[MailBatch.kind])

    async def start(self) -> None:
        """Deliver what is due once, which starts the mailing."""
        await turn(self.delivery)

    async def run(self) -> None:
        """Deliver everything that is due."""
        while await turn(self.delivery):
            pass


async def _posted(_job: object) -> Outcome:
    return Done({})


def parsed(contents: bytes) -> EmailMessage:
    mail = message_from_bytes(contents, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail
