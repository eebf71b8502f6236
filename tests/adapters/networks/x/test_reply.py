"""Reply on X: the outcome of each response, and of none."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from domain.delivery.outcomes import Done, Failed, Later, Outcome, Unknown
from sandbox.faults import Fault
from tests.adapters.networks.x.servers import Answer, adapter_at, payload, sandbox_x, scripted_x

TEXT = "Hola Ana, lo sentimos & lo miramos"
CREATED = '{"data": {"id": "1991", "text": "x", "edit_history_tweet_ids": ["1991"]}}'


async def reply_to(said: Answer, *, total_seconds: float = 5) -> Outcome:
    async with scripted_x(said, total_seconds=total_seconds) as (x, script):
        outcome = await x.reply(TEXT, "1990")
    assert len(script.requests) == 1, "one call of reply is one try"
    return outcome


async def test_a_reply_lands_once_under_the_post_and_says_where() -> None:
    async with sandbox_x() as (x, network):
        post = network.post(network.accounts.get("ana", "Ana"), "@acme help")
        outcome = await x.reply(TEXT, post.id)
    assert isinstance(outcome, Done)
    [landed] = network.ledger.of("x", "POST /2/tweets")
    assert (landed.detail["text"], landed.detail["in_reply_to"]) == (TEXT, post.id)
    assert outcome.result == {
        "id": landed.detail["id"],
        "url": f"https://x.com/i/status/{landed.detail['id']}",
    }


async def test_the_text_is_sent_as_it_is() -> None:
    async with scripted_x(Answer(CREATED, status=201)) as (x, script):
        await x.reply("a\u0301 😡 <b> & \u202e", "1990")
    assert script.bodies == [{"text": "a\u0301 😡 <b> & \u202e", "reply": {"in_reply_to_tweet_id": "1990"}}]


async def test_who_else_is_named_is_not_notified() -> None:
    async with sandbox_x() as (x, network):
        bob = network.accounts.get("bob", "Bob")
        post = network.post(network.accounts.get("ana", "Ana"), "@acme @bob my parcel is late")
        await x.reply(TEXT, post.id)
        await x.reply(f"{TEXT}!", post.id, unnotified=[bob.id])
    first, second = network.by_author[network.brand.id]
    assert (first.auto_mentions, second.auto_mentions) == (("ana", "bob"), ("ana",))


FAILS: list[tuple[Answer, str, str]] = [
    (Answer(payload("403_not_summoned.json"), status=403), "not_summoned", "Open on X"),
    (Answer(payload("403_target_gone.json"), status=403), "gone", "post is gone"),
    (Answer(payload("403_app_permissions.json"), status=403), "403", "oauth1 app permissions"),
    (Answer("<html>blocked", status=403, content_type="text/html"), "403", "Open on X"),
    (Answer(payload("401_unauthorized.json"), status=401), "401", "Try again"),
    (Answer(payload("402_credits_depleted.json"), status=402), "402", "Top it up"),
    (Answer(payload("429_usage_cap.json"), status=429), "usage_cap", "Try again"),
    (Answer(payload("400_bad_text.json"), status=400), "400", "must be a string"),
    (Answer('{"detail": "Your Tweet text is too long."}', status=422), "422", "too long"),
    (Answer("{}", status=404), "404", "did not take"),
    (Answer("{}", status=413), "413", "did not take"),
    (Answer("", status=307, headers={"Location": "http://127.0.0.1:9/"}), "307", "did not take"),
]


@pytest.mark.parametrize(
    ("said", "code", "told"), FAILS, ids=[f"{code}-{told[:9]}" for _, code, told in FAILS]
)
async def test_what_is_refused_for_good_fails_in_words(said: Answer, code: str, told: str) -> None:
    outcome = await reply_to(said)
    assert isinstance(outcome, Failed)
    assert outcome.code == code
    assert told in outcome.reason


@pytest.mark.parametrize(
    "said",
    [
        Answer(payload("503_over_capacity.html"), status=503, content_type="text/html"),
        Answer('{"title": "Internal"}', status=500),
        Answer("", status=502),
        Answer("<html>", status=520, content_type="text/html"),
        Answer("", status=408),
    ],
)
async def test_a_fault_of_xs_own_leaves_it_unknown_and_answered(said: Answer) -> None:
    outcome = await reply_to(said)
    assert isinstance(outcome, Unknown)
    assert outcome.responded


@pytest.mark.parametrize(
    "said",
    [
        Answer("<html>", content_type="text/html"),
        Answer("{", status=201),
        Answer("null", status=201),
        Answer("[]", status=201),
        Answer("{}", status=201),
        Answer('{"data": {}}', status=201),
        Answer('{"data": {"id": ""}}', status=201),
        Answer('{"data": {"id": true}}', status=201),
        Answer('{"data": {"id": "../7"}}', status=201),
    ],
)
async def test_a_success_that_cannot_be_read_is_never_taken_for_a_failure(said: Answer) -> None:
    outcome = await reply_to(said)
    assert isinstance(outcome, Unknown)
    assert not outcome.responded, "the text is not sent again"


@pytest.mark.parametrize("given", ["7", '"7"'])
async def test_the_new_posts_id_may_be_a_number(given: str) -> None:
    outcome = await reply_to(Answer(f'{{"data": {{"id": {given}}}}}', status=201))
    assert outcome == Done({"id": "7", "url": "https://x.com/i/status/7"})


async def test_the_new_posts_id_may_be_a_name() -> None:
    outcome = await reply_to(Answer('{"data": {"id": "reply-7"}}', status=201))
    assert outcome == Done({"id": "reply-7", "url": "https://x.com/i/status/reply-7"})


@pytest.mark.parametrize("said", [Answer(lost=True), Answer(CREATED, seconds=3)], ids=["lost", "slow"])
async def test_no_answer_leaves_it_unknown(said: Answer) -> None:
    outcome = await reply_to(said, total_seconds=0.3)
    assert isinstance(outcome, Unknown)
    assert not outcome.responded


async def test_a_duplicate_may_be_our_own_earlier_try() -> None:
    outcome = await reply_to(Answer(payload("403_duplicate.json"), status=403))
    assert isinstance(outcome, Unknown)
    assert not outcome.responded, "a person is asked rather than the text sent again"


@pytest.mark.parametrize("body", [payload("429_rate_limit.json"), "<html>"])
async def test_a_rate_limit_waits_until_it_ends_and_holds_back_the_rest(body: str) -> None:
    ends = int(datetime.now(UTC).timestamp()) + 300
    outcome = await reply_to(Answer(body, status=429, headers={"x-rate-limit-reset": str(ends)}))
    assert isinstance(outcome, Later)
    assert outcome.wait is not None
    assert timedelta(seconds=295) < outcome.wait < timedelta(seconds=303)
    assert outcome.pause_destination
    assert not outcome.counts


@pytest.mark.parametrize(("reset", "seconds"), [(None, 60), ("soon", 60), ("1", 1), ("99999999999", 86_400)])
async def test_a_rate_limit_without_a_sensible_end_still_waits_sensibly(
    reset: str | None, seconds: int
) -> None:
    headers = {} if reset is None else {"x-rate-limit-reset": reset}
    outcome = await reply_to(Answer(payload("429_rate_limit.json"), status=429, headers=headers))
    assert isinstance(outcome, Later)
    assert outcome.wait == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("told", "seconds"), [("7", 7), ("0", 1), ("1e9", 86_400), ("soon", 60), ("nan", 60)]
)
async def test_a_rate_limit_may_be_told_as_others_do(told: str, seconds: int) -> None:
    outcome = await reply_to(Answer("{}", status=429, headers={"Retry-After": told}))
    assert isinstance(outcome, Later)
    assert outcome.wait == timedelta(seconds=seconds)


async def test_nobody_there_means_it_surely_was_not_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        async with adapter_at(f"http://127.0.0.1:{taken.getsockname()[1]}") as x:
            outcome = await x.reply(TEXT, "1990")
    assert isinstance(outcome, Later)
    assert "cannot be reached" in outcome.reason


async def test_a_name_that_does_not_resolve_means_it_surely_was_not_sent() -> None:
    async with adapter_at("http://nowhere.invalid") as x:
        assert isinstance(await x.reply(TEXT, "1990"), Later)


async def test_a_connection_that_breaks_in_the_request_leaves_it_unknown() -> None:
    async def close_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.transport.abort()

    server = await asyncio.start_server(close_connection, "127.0.0.1", 0)
    async with server, adapter_at(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as x:
        assert isinstance(await x.reply(TEXT, "1990"), Unknown)


@pytest.mark.parametrize(("mode", "landed"), [("lost-before", 0), ("lost-after", 1)])
async def test_a_lost_answer_is_settled_by_looking(
    mode: Literal["lost-before", "lost-after"], landed: int
) -> None:
    began = datetime.now(UTC)
    async with sandbox_x() as (x, network):
        account = await x.account()
        post = network.post(network.accounts.get("ana", "Ana"), "@acme help")
        network.faults.add(Fault(call="x:POST /2/tweets", mode=mode))
        assert isinstance(await x.reply(TEXT, post.id), Unknown)
        found = await x.find_reply(account, TEXT, post.id, began)
        assert isinstance(found, Done) == bool(landed)
        assert len(network.ledger.of("x", "POST /2/tweets")) == landed


async def test_the_pretend_xs_own_refusals_are_understood() -> None:
    async with sandbox_x() as (x, network):
        author = network.accounts.get("ana", "Ana")
        unasked, asked = network.post(author, "acme is down"), network.post(author, "@acme is down")
        gone = network.post(author, "@acme never mind")
        network.delete(gone.id)
        assert isinstance(await x.reply(TEXT, asked.id), Done)
        outcomes = [
            await x.reply(TEXT, unasked.id),
            await x.reply(TEXT, gone.id),
            await x.reply(TEXT, asked.id),
            await x.reply("x" * 281, asked.id),
        ]
    assert [getattr(o, "code", type(o).__name__) for o in outcomes] == [
        "not_summoned",
        "gone",
        "Unknown",
        "400",
    ]
