"""Take back the rest of a mailing: nobody else is mailed, nobody twice, and later notices know who heard."""

from collections.abc import AsyncIterator, Callable, Generator
from contextlib import contextmanager
from typing import Any

import pytest

from adapters.slack.boards.outage import render_outage_board
from adapters.slack.outages.timeline import render_timeline
from domain.errors import Refused
from domain.outages.board import BoardView
from domain.outages.destinations import Preflight
from domain.outages.notices import NoticeKind
from domain.outages.outage import Outage
from domain.outages.subscribers import EMAIL_LIST, MailState
from domain.outages.timeline import timeline_of
from handlers.delivery.performers import subscriber_mails
from handlers.desk import Desk
from handlers.outages.held_notices import take_back_held
from handlers.outages.notices import withdraw_notice
from handlers.outages.pauses import pause_sending, resume_sending
from handlers.outages.reviews import load_review
from handlers.outages.views import view_board, view_trail
from sandbox.faults import Fault
from storage.engine import Store
from tests.adapters.email.places import MailServer, sandbox_server
from tests.adapters.slack.inspection import labels, said
from tests.handlers.made import MIA, NOW, do
from tests.handlers.outages.made import MIA_MAY, OUTAGE_POLICY, SAM_MAY, a_notice, content, sent
from tests.handlers.outages.mail_world import (
    Mailer,
    announced,
    email_list,
    progress,
    publications,
    subscribed,
    updated,
)
from tests.handlers.outages.test_drafting import RULES
from tests.handlers.outages.test_mailings import arrived, inbox, office

NAMES = [f"s{n}" for n in range(30)]


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with sandbox_server() as made:
        yield made


def pause(store: Store) -> None:
    do(store, pause_sending, holds_answers=False, actor=SAM_MAY, now=NOW)


def resume(store: Store) -> None:
    do(store, resume_sending, actor=SAM_MAY, now=NOW)


def take_back(store: Store, outage: Outage) -> int:
    return do(store, take_back_held, outage_id=outage.id, actor=MIA_MAY, now=NOW)


def board(store: Store, desk: Desk, outage: Outage) -> BoardView:
    view: BoardView = do(store, view_board, outage_id=outage.id, destinations=email_list(desk), now=NOW)
    return view


@contextmanager
def at_each_mail(server: MailServer, act: Callable[[], object]) -> Generator[None]:
    """Do something right after the server took a mail."""
    taken = office(server).send
    with pytest.MonkeyPatch.context() as patched:

        def send(*given: Any) -> None:  # noqa: ANN401 - as the server's
            taken(*given)
            act()

        patched.setattr(office(server), "send", send)
        yield


async def half_sent(store: Store, desk: Desk, server: MailServer, mailer: Mailer) -> Outage:
    """Announce an outage to thirty subscribers, and pause in the middle of its mailing."""
    subscribed(store, *NAMES)
    outage = announced(store, desk)
    with at_each_mail(server, lambda: pause(store)):
        await mailer.run()
    assert 1 <= len(arrived(server)) <= subscriber_mails.WAVE
    return outage


@pytest.fixture
async def mailer(desk: Desk, server: MailServer) -> AsyncIterator[Mailer]:
    email = server.email()
    yield Mailer.of(desk, email)
    await email.close()


async def test_nobody_else_is_mailed_and_the_board_says_so(
    store: Store, desk: Desk, server: MailServer, mailer: Mailer
) -> None:
    outage = await half_sent(store, desk, server, mailer)
    view = board(store, desk, outage)
    assert view.holds_notices
    assert "Take back what is held" in labels(render_outage_board(view))
    assert take_back(store, outage) == 1
    heard = arrived(server)
    resume(store)
    mailer.clock.advance(hours=1)
    await mailer.run()
    assert arrived(server) == heard
    told = said(render_outage_board(board(store, desk, outage)))
    assert f"{len(heard)} of 30 were mailed · the rest was taken back by <@{MIA}>" in told
    assert progress(store, outage)["waiting"] is None
    pause(store)
    assert not board(store, desk, outage).holds_notices
    with pytest.raises(Refused, match="nothing of this outage is held"):
        take_back(store, outage)


async def test_the_time_line_says_how_many_were_mailed(
    store: Store, desk: Desk, server: MailServer, mailer: Mailer
) -> None:
    outage = await half_sent(store, desk, server, mailer)
    take_back(store, outage)
    trail = do(store, view_trail, outage_id=outage.id, now=NOW)
    text = render_timeline(
        trail.outage,
        timeline_of(trail.entries, trail.notices),
        names={MIA: "Mia"},
        destinations=email_list(desk),
        zone=NOW.tzinfo,  # type: ignore[arg-type]
    )
    sent = len(arrived(server))
    assert f"Mia took back the rest of the announcement to E-mail list: {sent} of 30 were mailed." in text


async def test_an_update_goes_to_all_and_is_no_answer_to_what_nobody_got(
    store: Store, desk: Desk, server: MailServer, mailer: Mailer
) -> None:
    outage = await half_sent(store, desk, server, mailer)
    take_back(store, outage)
    heard = set(arrived(server))
    resume(store)
    updated(store, desk, outage)
    await mailer.run()
    assert {address for address, count in arrived(server).items() if count == 2} == heard
    assert len(arrived(server)) == 30
    for name in NAMES:
        newest = inbox(server, f"{name}@example.com")[-1]
        assert (newest["References"] is not None) == (f"{name}@example.com" in heard)
        assert newest["Subject"].startswith("Re: ") == (f"{name}@example.com" in heard)


@pytest.mark.parametrize("kind", [NoticeKind.RESOLUTION, NoticeKind.CORRECTION])
async def test_who_heard_of_nothing_is_not_told_that_it_was_wrong_or_is_over(
    store: Store, desk: Desk, server: MailServer, mailer: Mailer, kind: NoticeKind
) -> None:
    office(server).faults.add(Fault("smtp:RCPT", "status", status=550, body="5.7.1 Spam"))
    outage = await half_sent(store, desk, server, mailer)
    take_back(store, outage)
    heard = set(arrived(server))
    resume(store)
    if kind is NoticeKind.CORRECTION:
        corrected(store, desk, outage)
    else:
        updated(store, desk, outage, "It works again.", kind=kind)
    await mailer.run()
    assert arrived(server) == dict.fromkeys(heard, 2)
    expected = {"mailed": len(heard), "total": len(heard), "counts": {}, "waiting": None}
    assert progress(store, outage) == expected


def corrected(store: Store, desk: Desk, outage: Outage) -> None:
    wrong = publications(store, outage)[0].notice_id
    notice = a_notice(
        store, outage.id, NoticeKind.CORRECTION, content("Only cards fail.", EMAIL_LIST), corrects=wrong
    )
    sent(store, notice, email_list(desk))


async def test_the_end_goes_to_all_once_all_heard_of_it(
    store: Store, desk: Desk, server: MailServer, mailer: Mailer
) -> None:
    outage = await half_sent(store, desk, server, mailer)
    take_back(store, outage)
    resume(store)
    updated(store, desk, outage)
    updated(store, desk, outage, "It works again.", kind=NoticeKind.RESOLUTION)
    await mailer.run()
    assert sorted(set(arrived(server).values())) == [2, 3]
    assert len(arrived(server)) == 30


async def test_the_preview_counts_those_who_are_told(
    store: Store, desk: Desk, server: MailServer, mailer: Mailer
) -> None:
    outage = await half_sent(store, desk, server, mailer)
    take_back(store, outage)
    kinds = {NoticeKind.RESOLUTION: len(arrived(server)), NoticeKind.UPDATE: 30}
    for kind, reached in kinds.items():
        notice = a_notice(store, outage.id, kind, content("Next.", EMAIL_LIST))
        review = do(
            store,
            load_review,
            notice_id=notice.id,
            destinations=email_list(desk),
            policy=OUTAGE_POLICY,
            words=RULES.words,
            names=(),
            preflights={EMAIL_LIST: Preflight(audience=30, audience_unit="subscribers")},
            now=NOW,
        )
        assert review.preflights[EMAIL_LIST].audience == reached
        do(store, withdraw_notice, notice_id=notice.id, actor=SAM_MAY, now=NOW)


async def test_what_was_being_sent_and_was_put_off_is_not_sent_later(
    store: Store, desk: Desk, server: MailServer, mailer: Mailer
) -> None:
    subscribed(store, *NAMES)
    outage = announced(store, desk)
    office(server).faults.add(Fault("smtp:DATA", "status", times=1, status=451, body="4.3.0 later"))

    def stop() -> None:
        pause(store)
        if not publications(store, outage)[-1].rest_taken_back:
            take_back(store, outage)

    with at_each_mail(server, stop):
        await mailer.run()
    heard = arrived(server)
    resume(store)
    for _ in range(5):
        mailer.clock.advance(minutes=10)
        await mailer.run()
    assert arrived(server) == heard
    assert 1 <= len(heard) < subscriber_mails.WAVE
    [publication] = publications(store, outage)
    with store.unit_of_work() as uow:
        counts = uow.mailings.counts(publication.id)
    assert set(counts) == {MailState.SENT, MailState.DROPPED}
    assert progress(store, outage)["mailed"] == len(heard)


async def test_a_mailing_that_ended_is_not_taken_back(
    store: Store, desk: Desk, server: MailServer, mailer: Mailer
) -> None:
    subscribed(store, *NAMES)
    outage = announced(store, desk)
    await mailer.run()
    pause(store)
    assert not board(store, desk, outage).holds_notices
    with pytest.raises(Refused, match="nothing of this outage is held"):
        take_back(store, outage)
    assert len(arrived(server)) == 30


async def test_a_held_update_is_taken_back_with_the_rest_of_the_announcement(
    store: Store, desk: Desk, server: MailServer, mailer: Mailer
) -> None:
    outage = await half_sent(store, desk, server, mailer)
    updated(store, desk, outage)
    assert take_back(store, outage) == 2
    told = said(render_outage_board(board(store, desk, outage)))
    assert f"{len(arrived(server))} of 30 were mailed · the rest was taken back" in told
    assert "*not sent:* it was taken back before it was sent" in told
