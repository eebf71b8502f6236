"""Exchange messages between customer and agent over HTTP: nothing lost, nothing duplicated."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from domain.cases.case import CaseState
from domain.cases.messages import Direction
from domain.handoffs.handoff import Proof
from domain.intake.posts import ReplyBlock
from domain.venues import Venue
from handlers.cases.resolution import reopen, resolve
from handlers.handoffs.arrival import record_arrival, return_to_public
from handlers.handoffs.verification import verify_by_code
from storage.engine import Store, open_store
from tests.handlers.made import ANA, BEN, PAYMENT, SAM, audit_actions, case_of, do, messages, queued, trail
from tests.handlers.web.chat.sites import Browser, Site, served
from tests.storage.test_case_changes import round_trips

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(40)


async def test_messages_of_both_sides_arrive_once_and_in_order(site: Site) -> None:
    handoff = site.offer(site.a_case())
    async with Browser(site) as ana:
        assert await ana.open(site.link(handoff)) == (200, {"has_session": True})
        shown = await ana.history()
        assert [message["text"] for message in shown["messages"]] == [PAYMENT]
        assert shown["state"]["agent_name"] == "Sam"
        async with ana.events(shown["cursor"]) as events:
            first = await ana.write("It fails again", key="a" * 32)
            assert await ana.write("It fails again", key="a" * 32) == first
            reply = await site.agent_writes(handoff, "Which card is it?")
            heard = await events.next_messages(2)
        assert [(message["id"], message["from_agent"], message["text"]) for message in heard] == [
            (first["id"], False, "It fails again"),
            (reply.id, True, "Which card is it?"),
        ]
        assert (heard[0]["key"], heard[1]["author_name"]) == ("a" * 32, "Sam")
        assert [message["event_id"] for message in heard] == [str(message["id"]) for message in heard]
        async with ana.events(shown["cursor"], last_event_id=str(first["id"])) as events:
            assert (await events.next("message"))["id"] == reply.id
    stored = [m for m in messages(site.store, handoff.case_id) if m.venue is Venue.CHAT]
    assert [(m.direction, m.text) for m in stored] == [
        (Direction.IN, "It fails again"),
        (Direction.OUT, "Which card is it?"),
    ]


async def test_two_tabs_receive_the_same_messages(site: Site) -> None:
    handoff = site.offer(site.a_case())
    async with Browser(site) as ana:
        await ana.open(site.link(handoff))
        async with ana.events() as one, ana.events() as other:
            sent = await ana.write("Hello?")
            assert [message["id"] for message in await one.next_messages(2)] == [
                message["id"] for message in await other.next_messages(2)
            ]
        assert await ana.open(site.link(handoff)) == (200, {"has_session": True})
        assert (await ana.history())["messages"][-1]["id"] == sent["id"]


async def test_a_seen_message_is_marked_as_delivered_once(site: Site) -> None:
    handoff = site.offer(site.a_case())
    async with Browser(site) as ana:
        await ana.open(site.link(handoff))
        reply = await site.agent_writes(handoff, "Hello Ana")
        for _ in range(2):
            assert (await ana.post("/seen", {"id": reply.id}))[0] == 200
    [message] = [m for m in messages(site.store, handoff.case_id) if m.id == reply.id]
    assert message.delivered_at == site.clock.now()


@pytest.mark.long(8)
async def test_a_seen_message_behind_more_than_100_others_is_marked_as_delivered(site: Site) -> None:
    handoff = site.offer(site.a_case())
    async with Browser(site) as ana:
        await ana.open(site.link(handoff))
        for number in range(105):
            await ana.write(f"line {number}")
        reply, later = [await site.agent_writes(handoff, text) for text in ("Hello Ana", "And one more")]
        assert (await ana.post("/seen", {"id": reply.id}))[0] == 200
    delivered = {m.id: m.delivered_at for m in messages(site.store, handoff.case_id)}
    assert (delivered[reply.id], delivered[later.id]) == (site.clock.now(), None)


async def test_customer_and_agent_write_concurrently(site: Site) -> None:
    handoff = site.offer(site.a_case())
    async with Browser(site) as ana:
        await ana.open(site.link(handoff))
        shown = await ana.history()
        async with ana.events(shown["cursor"]) as events:
            for number in range(8):
                await asyncio.gather(
                    ana.write(f"mine {number}"), site.agent_writes(handoff, f"ours {number}")
                )
            heard = await events.next_messages(16)
    assert {message["text"] for message in heard} == {
        f"{side} {n}" for side in ("mine", "ours") for n in range(8)
    }
    assert [message["id"] for message in heard] == sorted(message["id"] for message in heard)


async def test_a_visitor_sees_only_public_messages_and_this_chat_verified_or_not(site: Site) -> None:
    case = site.a_case()
    async with Browser(site) as first, Browser(site) as second:
        before = site.offer(case)
        await first.open(site.link(before))
        await first.write("my address is 5 Elm Street")
        site.clock.moment += timedelta(minutes=1)
        do(site.store, return_to_public, case_id=case.id, user_id=SAM, now=site.clock.now())
        site.clock.moment += timedelta(minutes=1)
        handoff = site.offer(case)
        await second.open(site.link(handoff))
        await second.write("hello")
        assert [message["text"] for message in (await second.history())["messages"]] == [PAYMENT, "hello"]
        code = (await second.history())["state"]["verification"]
        assert code == {"code": handoff.code, "handle": "@acme", "url": "https://x.example/compose"}
        async with second.events() as events:
            assert (await events.next("state"))["verified"] is False
            await site.chat.ctx.desk.run(
                verify_by_code, handoff_id=handoff.id, network="x", author_id=ANA.id, now=site.clock.now()
            )
            state = await events.next("state")
        assert state["verified"] is True
        assert "verification" not in state
        assert site.handoff(handoff).proof is Proof.CODE
        assert [message["text"] for message in (await second.history())["messages"]] == [PAYMENT, "hello"]
        # The first session sees nothing new, and can no longer write.
        assert [message["text"] for message in (await first.history())["messages"]] == [
            PAYMENT,
            "my address is 5 Elm Street",
        ]
        assert await first.post("/messages", {"key": "b" * 32, "text": "still here"}) == (
            409,
            {"error": "ended"},
        )


async def test_an_ended_chat_names_its_next_venue(site: Site) -> None:
    case = site.a_case()
    mail, newer = (site.offer(case, venue=venue) for venue in (Venue.EMAIL, Venue.CHAT))
    async with Browser(site) as ana, Browser(site) as again:
        await ana.open(site.link(site.offer(case)))
        async with ana.events() as events:
            state = await events.next("state")
            assert (state["is_open"], state["next_venue"]) == (True, None)
            now = site.clock.now()
            await site.chat.ctx.desk.run(
                record_arrival, handoff_id=mail.id, address="ana@example.com", now=now
            )
            state = await events.next("state")
            assert (state["is_open"], state["next_venue"]) == (False, "email")
            await again.open(site.link(newer))
            assert (await events.next("state"))["next_venue"] == "chat"
            await site.chat.ctx.desk.run(return_to_public, case_id=case.id, user_id=SAM, now=now)
            assert (await events.next("state"))["next_venue"] == "public"
        with site.store.unit_of_work() as uow:
            uow.cases.save(replace(uow.cases.get(case.id), reply_block=ReplyBlock.NO_POST))
        assert (await ana.history())["state"]["next_venue"] is None


async def test_uploaded_files_are_served_to_their_own_chat_only(site: Site) -> None:
    handoff = site.offer(site.a_case())
    async with Browser(site) as ana, Browser(site) as other:
        await ana.open(site.link(handoff))
        assert (await ana.send_file(PNG, "../<b>receipt.exe"))[0] == 200
        [file] = (await ana.history())["messages"][-1]["files"]
        assert (file["name"], file["type"], file["size"]) == ("breceipt.exe.png", "image/png", len(PNG))
        async with ana.session.get(f"{site.address}/chat/uploads/{file['id']}") as answer:
            assert await answer.read() == PNG
            assert answer.content_type == "image/png"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Disposition"].startswith("inline; filename*=UTF-8''")
        await other.open(site.link(site.offer(site.a_case(BEN))))
        assert (await other.get(f"/uploads/{file['id']}"))[0] == 404
        assert (await other.get("/uploads/99999999999999999999"))[0] == 404


async def test_a_rating_as_solved_resolves_the_case_and_as_unsolved_reopens_it(site: Site) -> None:
    case = site.a_case()
    handoff = site.offer(case)
    async with Browser(site) as ana:
        await ana.open(site.link(handoff))
        await site.agent_writes(handoff, "It works again")
        async with ana.events() as events:
            await events.next("state")
            assert (await ana.post("/rating", {"solved": True}))[0] == 200
            state = await events.next("state")
        assert (state["resolved"], state["solved"]) == (True, True)
        assert case_of(site.store, case.id).state is CaseState.RESOLVED
        comment = {"solved": True, "comment": "Quick and kind"}
        for _ in range(2):
            assert (await ana.post("/rating", comment))[0] == 200
        rated = [entry.detail for entry in trail(site.store, case.id) if entry.action.value == "rated"]
        assert [one["comment"] for one in rated] == ["", "Quick and kind"]
        await ana.post("/rating", {"solved": False})
        again = case_of(site.store, case.id)
        assert (again.state, again.waiting_since, again.closed_at) == (CaseState.OPEN, site.clock.now(), None)
        assert again.reopened_at == site.clock.now()
        told_of = [row["payload"]["action"] for row in queued(site.store, "tell_person")]
        assert told_of.count("rated") == 3, "the assignee hears each of it"
        with site.store.unit_of_work() as uow:
            rating = uow.ratings.of_handoff(handoff.id)
        assert rating is not None
        assert not rating.solved


async def test_a_rating_before_any_answer_or_after_the_end_resolves_no_case(site: Site) -> None:
    case = site.a_case()
    handoff = site.offer(case)
    async with Browser(site) as stranger:
        await stranger.open(site.link(handoff))
        assert (await stranger.post("/rating", {"solved": True}))[0] == 200
        assert case_of(site.store, case.id).state.is_active
        await site.agent_writes(handoff, "Hello, who is there?")
        do(site.store, return_to_public, case_id=case.id, user_id=SAM, now=site.clock.now())
        assert await stranger.post("/rating", {"solved": True, "comment": "x"}) == (409, {"error": "ended"})
    assert case_of(site.store, case.id).state.is_active


async def test_a_case_that_is_resolved_again_needs_another_rating(site: Site) -> None:
    case = site.a_case()
    async with Browser(site) as ana:
        handoff = site.offer(case)
        await ana.open(site.link(handoff))
        await site.agent_writes(handoff, "It works again")
        await ana.post("/rating", {"solved": True})
        assert (await ana.history())["state"]["solved"] is True
        for act, solved in ((reopen, True), (partial(resolve, version=None), None)):
            site.clock.moment += timedelta(minutes=1)
            do(site.store, act, case_id=case.id, user_id=SAM, now=site.clock.now())
            assert (await ana.history())["state"]["solved"] is solved
        await ana.post("/rating", {"solved": True})
        assert (await ana.history())["state"]["solved"] is True


async def test_a_new_message_reopens_a_resolved_case(site: Site) -> None:
    case = site.a_case()
    async with Browser(site) as ana:
        await ana.open(site.link(site.offer(case)))
        do(site.store, resolve, case_id=case.id, version=None, user_id=SAM, now=site.clock.now())
        assert (await ana.history())["state"]["resolved"] is True
        await ana.write("One more thing")
    assert case_of(site.store, case.id).state is CaseState.OPEN
    assert audit_actions(site.store, case.id)[-1][1].value == "customer_wrote"


async def test_one_of_two_concurrent_browsers_opens_the_link(site: Site) -> None:
    handoff = site.offer(site.a_case())
    async with Browser(site) as one, Browser(site) as other:
        answers = await asyncio.gather(*(browser.open(site.link(handoff)) for browser in (one, other)))
        assert sorted(status for status, _ in answers) == [200, 403]
    with site.store.unit_of_work() as uow:
        assert len(uow.chat_sessions.of_handoff(handoff.id)) == 1


async def test_two_processes_serve_one_chat(postgres: Store, fresh_postgres: str) -> None:
    async with served(postgres) as here, served(open_store(fresh_postgres)) as there:
        handoff = here.offer(here.a_case())
        async with Browser(here) as ana:
            await ana.open(here.link(handoff))
            async with ana.events() as events:
                await events.next("state")
                for number in range(5):
                    await there.agent_writes(handoff, f"from the other copy {number}")
                heard = [message["text"] for message in await events.next_messages(5)]
        assert heard == [f"from the other copy {number}" for number in range(5)]


async def test_a_message_takes_15_round_trips_until_it_is_stored(postgres: Store) -> None:
    """Three use cases: who writes, which saved replies and examples there are, and the message."""
    async with served(postgres) as site, Browser(site) as ana:
        await ana.open(site.link(site.offer(site.a_case())))
        await ana.write("It fails again")
        with round_trips(postgres) as counted:
            await ana.write("It is still the same, and I have tried twice")
    assert counted == [15]
