"""Answers, bulk answers and notices of a rehearsal are kept there; the real clients are not even asked."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from domain.cases.case import Case
from domain.cases.messages import Delivery as SentState
from domain.cases.messages import Direction
from domain.intake.posts import Author
from domain.outages.destinations import Destinations
from domain.outages.outage import Severity
from domain.outages.rehearsal import NETWORK
from handlers.context import AppContext
from handlers.delivery.loop import Delivery
from handlers.delivery.performers import dispatcher_of
from handlers.desk import Desk
from handlers.intake.mentions import ingest_posts
from handlers.outages.bulk_answers import start_bulk_answer
from handlers.outages.links import confirm_links
from handlers.outages.notices import OutageFacts, approve_notice, open_outage, submit_notice
from handlers.outages.rehearsals import read_marks
from handlers.rehearsal.context import rehearsal_context
from handlers.replies.public import submit_public_reply
from storage.engine import Store
from storage.outbox_tables import outbox
from storage.tables import messages
from tests.handlers.context import NotUsed, a_context
from tests.handlers.delivery.performers.scripted import ManualClock, turn
from tests.handlers.made import NOW, a_post, cases, do, networks
from tests.handlers.outages.made import MIA_MAY, SAM_MAY, ListDestination, content, destinations
from tests.handlers.outages.test_bulk_answers import request
from tests.handlers.rehearsal.made import KeptChat
from tests.handlers.rehearsal.test_context import AnyModals
from tests.handlers.replies.test_public import an_attempt

DRILL = "C0DRILL"
PAGE = ListDestination()
EMAIL_LIST = ListDestination()


class EverybodyIsThere:
    """A directory in which nobody has left."""

    async def is_active(self, _user_id: str) -> bool:
        return True

    async def agents(self) -> frozenset[str]:
        return frozenset()

    async def names_of(self, _user_ids: frozenset[str]) -> frozenset[str]:
        return frozenset()


def a_rehearsal(desk: Desk, chat: KeptChat, clock: ManualClock) -> AppContext:
    """Return the context of a rehearsal beside a real network that may not be used, and real destinations."""
    where: Destinations = destinations(page=PAGE, email_list=EMAIL_LIST)
    real = a_context(
        desk,
        clock=clock,
        team_chat=chat,
        modals=AnyModals(),
        directory=EverybodyIsThere(),
        networks=networks(NotUsed(), direct=NotUsed()),
        destinations=where,
        email=NotUsed(),
        drafter=NotUsed(),
        assistant=NotUsed(),
    )
    return rehearsal_context(real, desk, DRILL)


def arrive(store: Store, ctx: AppContext, people: int) -> None:
    """Let a post of each of these people arrive."""
    account = ctx.networks[NETWORK].account
    posts = [
        a_post(
            str(number),
            network=NETWORK,
            account_id=account.id,
            author=Author(id=f"u{number}", handle=f"user{number}", name=f"User {number}"),
        )
        for number in range(1, people + 1)
    ]
    do(
        store,
        ingest_posts,
        account=account,
        profile=ctx.networks[NETWORK].profile,
        posts=posts,
        stream="mentions",
        newest_id=str(people),
        classifier=ctx.live_classifier.current,
        now=NOW,
    )


def announce(store: Store, ctx: AppContext) -> int:
    """Announce an outage at every destination; return its id."""
    policy, names = ctx.policy.outages, list(ctx.destinations)
    facts = OutageFacts(title="Payments fail", severity=Severity.MAJOR)
    outage, notice = do(
        store,
        open_outage,
        facts=facts,
        content=content("Payments fail", *names),
        policy=policy,
        actor=SAM_MAY,
        now=NOW,
    )
    assert outage.is_rehearsal
    seen: Mapping[str, Any] = {"notice_id": notice.id, "seen": notice.digest, "now": NOW}
    to = ctx.destinations
    do(store, submit_notice, destinations=to, policy=policy, actor=SAM_MAY, **seen)
    do(store, approve_notice, destinations=to, actor=MIA_MAY, **seen)
    return outage.id


def answer(store: Store, ctx: AppContext, case: Case) -> None:
    """Answer a case in public."""
    do(
        store,
        submit_public_reply,
        an_attempt(store, case),
        classifier=ctx.live_classifier.current,
        rules=ctx.rules,
        networks=ctx.networks,
        now=NOW,
    )


async def test_everything_is_kept_and_nothing_is_sent(store: Store, desk: Desk) -> None:
    chat, clock = KeptChat(), ManualClock()
    ctx = a_rehearsal(desk, chat, clock)
    arrive(store, ctx, 4)
    outage_id = announce(store, ctx)
    first, *others = cases(store)
    answer(store, ctx, first)
    ids = [case.id for case in others]
    do(store, confirm_links, outage_id=outage_id, case_ids=ids, actor=SAM_MAY, now=NOW)
    do(
        store,
        start_bulk_answer,
        request=request(outage_id),
        client_key="bulk",
        networks=ctx.networks,
        rules=ctx.rules,
        actor=SAM_MAY,
        now=NOW,
    )
    delivery = Delivery(desk, dispatcher_of(ctx, owner="me"), clock, sole_worker=False)
    for _ in range(60):
        clock.advance(seconds=5)
        await turn(delivery)

    with store.engine.connect() as connection:
        ours = connection.execute(
            select(messages.c.delivery, messages.c.url).where(messages.c.direction == Direction.OUT.value)
        ).all()
        unsettled = connection.scalars(select(outbox.c.key).where(outbox.c.state != "sent")).all()
        kinds = set(connection.scalars(select(outbox.c.kind)))
    assert [(row.delivery, row.url) for row in ours] == [(SentState.SENT.value, None)] * 4
    assert unsettled == []
    assert {"send_reply", "send_linked_answer", "send_notice", "post_card", "post_board"} <= kinds
    assert "mail_batch" not in kinds
    assert (PAGE.published, EMAIL_LIST.published) == ([], [])
    assert {channel for channel, _, _ in chat.posted} | {channel for channel, _ in chat.updated} == {DRILL}
    marks = do(store, read_marks, urgent_keys=["1"])
    assert marks.announced is not None
    assert len(marks.answers or {}) == 4
