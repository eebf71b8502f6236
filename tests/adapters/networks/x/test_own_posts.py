"""Publish posts of our own on X, continue, find and delete them, and count who follows us."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from adapters.networks.x.profile import PROFILE
from domain.delivery.outcomes import TARGET_GONE, Absent, Done, Failed, Later, Outcome, Unknown
from domain.intake.streams import SourceError
from sandbox.faults import Fault
from tests.adapters.networks.x.servers import ACME, Answer, sandbox_x, scripted_x

TEXT = "Card payments fail. We are looking into it."
SINCE = datetime.now(UTC) - timedelta(minutes=1)


def the_id(outcome: Outcome) -> str:
    assert isinstance(outcome, Done), outcome
    return str(outcome.result["id"])


async def test_a_post_and_its_continuation_cost_what_the_profile_says() -> None:
    async with sandbox_x() as (x, network):
        first = the_id(await x.post(TEXT, None))
        spent = network.meter.spent
        assert PROFILE.post_price(TEXT) == pytest.approx(spent)
        with_link = "See https://status.acme.com/1"
        the_id(await x.post(with_link, first))
        assert PROFILE.post_price(with_link) == pytest.approx(network.meter.spent - spent) == 0.2
        spent = network.meter.spent
        second = the_id(await x.post("It works again.", first))
        assert PROFILE.post_price("It works again.") == pytest.approx(network.meter.spent - spent) == 0.015
        assert network.posts[second].reply_to == first


async def test_a_post_is_told_from_a_reply_with_the_same_text() -> None:
    async with sandbox_x() as (x, network):
        author = network.accounts.get("ana", "Ana")
        asked = network.post(author, "@acme are you down?").id
        the_id(await x.reply(TEXT, asked))
        assert await x.find_post(ACME, TEXT, None, SINCE) == Absent()
        first = the_id(await x.post(TEXT, None))
        assert the_id(await x.find_post(ACME, TEXT, None, SINCE)) == first  # type: ignore[arg-type]
        update = the_id(await x.post("More soon.", first))
        assert the_id(await x.find_post(ACME, "More soon.", first, SINCE)) == update  # type: ignore[arg-type]
        assert await x.find_post(ACME, "More soon.", None, SINCE) == Absent()


async def test_the_same_text_again_is_looked_up_and_not_repeated() -> None:
    async with sandbox_x() as (x, network):
        network.faults.add(Fault("x:POST /2/tweets", "lost-after"))
        assert isinstance(await x.post(TEXT, None), Unknown)
        assert isinstance(await x.post(TEXT, None), Unknown)
        assert isinstance(await x.find_post(ACME, TEXT, None, SINCE), Done)
        assert len(network.ledger.of("x", "POST /2/tweets")) == 1


async def test_a_deleted_post_takes_no_update() -> None:
    async with sandbox_x() as (x, network):
        first = the_id(await x.post(TEXT, None))
        for _ in range(2):
            assert isinstance(await x.delete_post(first), Done)
        assert network.posts[first].deleted
        outcome = await x.post("More soon.", first)
        assert isinstance(outcome, Failed)
        assert outcome.code == TARGET_GONE


async def test_a_deletion_of_what_is_not_found_is_done() -> None:
    async with scripted_x(Answer('{"title": "Not Found Error"}', status=404)) as (x, _):
        assert isinstance(await x.delete_post("1"), Done)
    async with scripted_x(Answer('{"title": "Forbidden"}', status=403)) as (x, _):
        assert isinstance(await x.delete_post("1"), Failed)


async def test_followers_are_counted_and_a_right_to_read_alone_is_told() -> None:
    told = json.dumps({"data": {"id": "90000001", "public_metrics": {"followers_count": 1234}}})
    async with scripted_x(Answer(told, headers={"x-access-level": "read-write"})) as (x, script):
        assert await x.audience(ACME) == 1234
        assert script.requests[0].path == "/base/2/users/90000001"
    async with scripted_x(Answer(told, headers={"x-access-level": "read"})) as (x, _):
        with pytest.raises(SourceError, match="may only read"):
            await x.audience(ACME)
    async with scripted_x(Answer('{"data": {"id": "90000001"}}')) as (x, _):
        assert await x.audience(ACME) is None
    async with scripted_x(Answer("<html>", status=503)) as (x, _):
        with pytest.raises(SourceError):
            await x.audience(ACME)


async def test_a_rate_limit_waits() -> None:
    async with scripted_x(Answer("{}", status=429)) as (x, _):
        outcome = await x.post(TEXT, None)
        assert isinstance(outcome, Later)
        assert outcome.pause_destination
